// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.transform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import javax.imageio.IIOException;
import org.junit.jupiter.api.Test;
import org.semimage.compute.Watcher;
import org.semimage.container.PixelFormat;
import org.semimage.picture.PixelPlanes;

class ContrastMaskingTest {

    private static PixelPlanes picture(int width, int height, double deviation) {
        PixelPlanes picture = PixelPlanes.blank(width, height, PixelFormat.RGB);
        Random random = new Random(1);
        for (int i = 0; i < width * height; i++) {
            boolean right = i % width >= width / 2;
            short sample = (short) Math.max(0, Math.min(255, 128 + (right ? deviation * random.nextGaussian() : 0)));
            for (short[] plane : picture.samples()) {
                plane[i] = sample;
            }
        }
        return picture;
    }

    @Test
    void busyBlocksTakeCoarserStepsThanSmoothOnes() throws IIOException {
        GainMap map = ContrastMasking.of(picture(128, 64, 100), 64, 128, Watcher.NONE).narrow();
        assertEquals(8, map.columns());
        assertTrue(map.gains()[0] > map.gains()[7] + 2, "smooth: " + map.gains()[0]);
        assertTrue(map.gains()[7] < -2, "busy: " + map.gains()[7]);
    }

    @Test
    void busyBlocksTakeCoarserStepsThanSmoothOnesAtLowQualityToo() throws IIOException {
        GainMap map = ContrastMasking.of(picture(128, 64, 100), 64, 128, Watcher.NONE).wide();
        assertEquals(4, map.columns());
        assertTrue(map.gains()[3] < -2, "busy: " + map.gains()[3]);
        assertTrue(map.gains()[0] > map.gains()[3] + 2, "smooth: " + map.gains()[0]);
    }

    @Test
    void moreContrastHidesMore() throws IIOException {
        int last = Integer.MAX_VALUE;
        for (double deviation : new double[] {0, 40, 100}) {
            int gain = ContrastMasking.of(picture(128, 64, deviation), 64, 128, Watcher.NONE).narrow().gains()[7];
            assertTrue(gain < last, deviation + ": " + gain);
            last = gain;
        }
    }

    @Test
    void blocksAreNarrowerAtHighQuality() throws IIOException {
        ContrastMasking masking = ContrastMasking.of(picture(128, 64, 40), 64, 128, Watcher.NONE);
        assertEquals(5, masking.at(40).log2Block());
        assertEquals(4, masking.at(120).log2Block());
        assertEquals(8, masking.at(120).columns());
    }

    @Test
    void gainsStayAsPredictedWhereThatIsNearEnough() throws IIOException {
        PixelPlanes picture = picture(128, 64, 40);
        PixelPlanes uneven = picture(128, 64, 44);
        for (short[] plane : picture.samples()) {
            System.arraycopy(uneven.samples()[0], 32 * 128, plane, 32 * 128, 32 * 128);
        }
        GainMap map = ContrastMasking.of(picture, 64, 128, Watcher.NONE).wide();
        assertEquals(map.gains()[3], map.gains()[7]);
    }

    @Test
    void paddingRepeatsTheLastRowAndColumn() throws IIOException {
        PixelPlanes picture = picture(70, 33, 40);
        PixelPlanes padded = PixelPlanes.blank(128, 64, PixelFormat.RGB);
        for (int i = 0; i < 128 * 64; i++) {
            for (int plane = 0; plane < 3; plane++) {
                padded.samples()[plane][i] = picture.samples()[plane][Math.min(32, i / 128) * 70 + Math.min(69, i % 128)];
            }
        }
        assertEquals(ContrastMasking.of(padded, 64, 128, Watcher.NONE),
                ContrastMasking.of(picture, 64, 128, Watcher.NONE));
    }
}
