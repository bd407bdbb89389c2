// SPDX-License-Identifier: Apache-2.0
package org.semimage.picture;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.semimage.container.PixelFormat;

import java.awt.Rectangle;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

class ColourTransformTest {

    private static PixelPlanes random(PixelFormat format) {
        PixelPlanes image = PixelPlanes.blank(7, 5, format);
        Random random = new Random(1);
        for (short[] plane : image.samples()) {
            for (int i = 0; i < plane.length; i++) {
                plane[i] = (short) random.nextInt(256);
            }
        }
        return image;
    }

    @ParameterizedTest
    @EnumSource(names = {"GRAY", "GRAY_ALPHA", "RGB", "RGB_ALPHA"})
    void theInverseGivesTheSamplesBack(PixelFormat format) {
        PixelPlanes image = random(format);
        PixelPlanes again = PixelPlanes.blank(7, 5, format);
        ColourTransform.inverse(ColourTransform.forward(image, 64, 64), 64, new Rectangle(again.width(), again.height()), 1, again);
        for (int c = 0; c < format.colourPlanes(); c++) {
            assertArrayEquals(image.samples()[c], again.samples()[c]);
        }
    }

    @Test
    void paddingRepeatsTheLastColumnAndRow() {
        float[] luma = ColourTransform.forward(random(PixelFormat.RGB), 64, 64)[0];
        assertEquals(luma[2 * 64 + 6], luma[2 * 64 + 63]);
        assertEquals(luma[4 * 64 + 3], luma[63 * 64 + 3]);
    }

    @Test
    void squaredErrorsAreKept() {
        PixelPlanes image = PixelPlanes.blank(1, 1, PixelFormat.RGB);
        float[][] black = ColourTransform.forward(image, 64, 64);
        image.samples()[0][0] = 30;
        image.samples()[1][0] = 50;
        image.samples()[2][0] = 70;
        float[][] other = ColourTransform.forward(image, 64, 64);
        double sum = 0;
        for (int c = 0; c < 3; c++) {
            sum += Math.pow(other[c][0] - black[c][0], 2);
        }
        assertEquals(30 * 30 + 50 * 50 + 70 * 70, sum, 0.01);
    }
}
