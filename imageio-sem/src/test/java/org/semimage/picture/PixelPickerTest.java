// SPDX-License-Identifier: Apache-2.0
package org.semimage.picture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.Rectangle;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.semimage.container.PixelFormat;
import org.semimage.imageio.Subsampling;

class PixelPickerTest {

    private static final int WIDTH = 61;
    private static final int HEIGHT = 47;

    /** Samples that tell their place. */
    private static PixelPlanes picture(int width, int height) {
        PixelPlanes picture = PixelPlanes.blank(width, height, PixelFormat.GRAY);
        for (int i = 0; i < width * height; i++) {
            picture.samples()[0][i] = (short) i;
        }
        return picture;
    }

    @Test
    void partsInAnyShapeGiveEveryPixelThatIsAskedForOnce() {
        Random random = new Random(1);
        for (int round = 0; round < 300; round++) {
            int scale = 1 << random.nextInt(4);
            Rectangle region = new Rectangle(random.nextInt(40), random.nextInt(30), 0, 0);
            region.width = 1 + random.nextInt(WIDTH - region.x);
            region.height = 1 + random.nextInt(HEIGHT - region.y);
            int periodX = scale + random.nextInt(9);
            int periodY = scale + random.nextInt(9);
            int columns = (region.width + periodX - 1) / periodX;
            int rows = (region.height + periodY - 1) / periodY;
            PixelPlanes decoded = picture((WIDTH + scale - 1) / scale, (HEIGHT + scale - 1) / scale);
            PixelPicker picker = new PixelPicker(region, periodX, periodY, scale, columns, rows);
            int[] found = new int[columns * rows];
            Arrays.fill(found, -1);
            int cutX = 1 + random.nextInt(decoded.width());
            int cutY = 1 + random.nextInt(decoded.height());
            for (int y = 0; y < decoded.height(); y += cutY) {
                for (int x = 0; x < decoded.width(); x += cutX) {
                    Rectangle place = new Rectangle(x, y, Math.min(cutX, decoded.width() - x), Math.min(cutY, decoded.height() - y));
                    put(picker.pick(decoded.crop(place), x, y), found, columns);
                }
            }
            int[] expected = new int[columns * rows];
            for (int i = 0; i < expected.length; i++) {
                int x = (region.x + i % columns * periodX) / scale;
                int y = (region.y + i / columns * periodY) / scale;
                expected[i] = decoded.samples()[0][y * decoded.width() + x];
            }
            assertArrayEquals(expected, found);
        }
    }

    private static void put(PixelPicker.Picked picked, int[] found, int columns) {
        if (picked == null) {
            return;
        }
        for (int i = 0; i < picked.pixels().samples()[0].length; i++) {
            int at = (picked.y() + i / picked.pixels().width()) * columns + picked.x() + i % picked.pixels().width();
            assertEquals(-1, found[at]);
            found[at] = picked.pixels().samples()[0][i];
        }
    }

    @Test
    void subsamplingDecodesSmallerFromPeriodsOfFourOn() {
        assertEquals(1, Subsampling.EXACT.scale(16, 16));
        assertEquals(1, Subsampling.AUTO.scale(3, 16));
        assertEquals(4, Subsampling.AUTO.scale(7, 4));
        assertEquals(8, Subsampling.AUTO.scale(100, 9));
        assertEquals(2, Subsampling.FAST.scale(2, 3));
        assertEquals(1, Subsampling.FAST.scale(1, 8));
    }
}
