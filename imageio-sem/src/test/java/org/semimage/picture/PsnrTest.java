// SPDX-License-Identifier: Apache-2.0
package org.semimage.picture;

import org.junit.jupiter.api.Test;

import java.awt.image.BufferedImage;
import java.util.Arrays;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class PsnrTest {

    @Test
    void equalPicturesAreInfinitelyGood() {
        assertEquals(Double.POSITIVE_INFINITY, Psnr.of(plain(4, 4, 0x123456), plain(4, 4, 0x123456)));
    }

    @Test
    void averagesTheErrorOverTheThreeChannels() {
        assertEquals(10 * Math.log10(255 * 255 / (100.0 / 3)), Psnr.of(plain(4, 4, 0x000000), plain(4, 4, 0x000A00)), 1e-12);
    }

    @Test
    void refusesPicturesOfDifferentSize() {
        assertThrows(IllegalArgumentException.class, () -> Psnr.of(plain(4, 4, 0), plain(4, 5, 0)));
    }

    @Test
    void takesGraySamplesAsTheyAre() {
        BufferedImage gray = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_GRAY);
        gray.getRaster().setSample(0, 0, 0, 100);
        gray.getRaster().setSample(1, 0, 0, 255);
        assertArrayEquals(new int[] {0x646464, 0xFFFFFF}, RgbSamples.of(gray).rgb());
    }

    @Test
    void leavesAlphaOut() {
        BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB);
        image.setRGB(0, 0, 0x80112233);
        assertArrayEquals(new int[] {0x112233}, RgbSamples.of(image).rgb());
    }

    static RgbSamples plain(int width, int height, int rgb) {
        int[] pixels = new int[width * height];
        Arrays.fill(pixels, rgb);
        return new RgbSamples(width, height, pixels);
    }
}
