// SPDX-License-Identifier: Apache-2.0
package org.semimage.picture;

import org.junit.jupiter.api.Test;
import org.semimage.compute.Cancellation;
import org.semimage.container.PixelFormat;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

class TransparentFillTest {

    private static PixelPlanes grayAlpha(int width, short[] gray, short[] alpha) {
        return new PixelPlanes(width, gray.length / width, PixelFormat.GRAY_ALPHA, new short[][] {gray, alpha});
    }

    private static PixelPlanes fill(PixelPlanes picture) {
        return TransparentFill.apply(picture, Cancellation.NEVER);
    }

    @Test
    void picturesWithoutInvisibleSamplesStayAsTheyAre() {
        PixelPlanes opaque = PixelPlanes.blank(3, 3, PixelFormat.RGB);
        assertSame(opaque, fill(opaque));
        PixelPlanes visible = grayAlpha(2, new short[] {1, 2}, new short[] {1, 255});
        assertSame(visible, fill(visible));
    }

    @Test
    void gapsAreInterpolatedAndEndsExtended() {
        PixelPlanes filled = fill(grayAlpha(6, new short[] {99, 10, 99, 99, 40, 99}, new short[] {0, 255, 0, 0, 255, 0}));
        assertArrayEquals(new short[] {10, 10, 20, 30, 40, 40}, filled.samples()[0]);
        assertArrayEquals(new short[] {0, 255, 0, 0, 255, 0}, filled.alpha());
    }

    @Test
    void rowsWithNothingVisibleLieBetweenTheirNeighbours() {
        PixelPlanes filled = fill(grayAlpha(2, new short[] {10, 99, 99, 99, 30, 99}, new short[] {255, 0, 0, 0, 255, 0}));
        assertArrayEquals(new short[] {10, 10, 20, 20, 30, 30}, filled.samples()[0]);
    }

    @Test
    void aPictureWithNothingVisibleIsFlat() {
        assertArrayEquals(new short[] {128, 128}, fill(grayAlpha(1, new short[] {3, 9}, new short[2])).samples()[0]);
    }
}
