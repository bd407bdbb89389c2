// SPDX-License-Identifier: Apache-2.0
package org.semimage.picture;

import org.semimage.container.PixelFormat;

import javax.imageio.IIOException;
import java.awt.Rectangle;

/**
 * The colour samples of a picture at half its size, sides rounded up. Each sample lies in the middle of the four that it stands for. Alpha
 * is left at zero.
 *
 * @param whole the picture, whose last columns and rows are repeated where the filter reaches beyond
 */
public record Halved(PixelSource whole) implements PixelSource {

    /** {@link Doubled} of what these weights give comes closest to the picture: least squares over photographs. */
    private static final int[] TAPS = {-17, 37, -30, -74, 139, 457, 457, 139, -74, -30, 37, -17};
    private static final int BEFORE = TAPS.length / 2 - 1;
    private static final int LOG2_SUM = 10;

    @Override
    public int width() {
        return (whole.width() + 1) / 2;
    }

    @Override
    public int height() {
        return (whole.height() + 1) / 2;
    }

    @Override
    public PixelFormat format() {
        return whole.format();
    }

    @Override
    public PixelPlanes read(Rectangle region) throws IIOException {
        Rectangle around = new Rectangle(2 * region.x - BEFORE, 2 * region.y - BEFORE, 2 * region.width + TAPS.length,
                2 * region.height + TAPS.length).intersection(new Rectangle(whole.width(), whole.height()));
        PixelPlanes from = whole.read(around);
        PixelPlanes half = PixelPlanes.blank(region.width, region.height, format());
        for (int c = 0; c < format().colourPlanes(); c++) {
            int[] narrow = new int[around.height * region.width];
            for (int y = 0; y < around.height; y++) {
                int row = y * around.width;
                for (int x = 0; x < region.width; x++) {
                    int sum = 0;
                    for (int tap = 0; tap < TAPS.length; tap++) {
                        int column = clamp(2 * (region.x + x) - BEFORE + tap - around.x, around.width - 1);
                        sum += TAPS[tap] * from.samples()[c][row + column];
                    }
                    narrow[y * region.width + x] = sum;
                }
            }
            shorten(narrow, around, half.samples()[c], region);
        }
        return half;
    }

    private void shorten(int[] narrow, Rectangle around, short[] half, Rectangle region) {
        for (int y = 0; y < region.height; y++) {
            for (int x = 0; x < region.width; x++) {
                long sum = 0;
                for (int tap = 0; tap < TAPS.length; tap++) {
                    int row = clamp(2 * (region.y + y) - BEFORE + tap - around.y, around.height - 1);
                    sum += (long) TAPS[tap] * narrow[row * region.width + x];
                }
                long rounded = sum + (1L << 2 * LOG2_SUM - 1) >> 2 * LOG2_SUM;
                half[y * region.width + x] = (short) Math.max(0, Math.min(format().maxSample(), rounded));
            }
        }
    }

    private static int clamp(int place, int most) {
        return Math.max(0, Math.min(most, place));
    }
}
