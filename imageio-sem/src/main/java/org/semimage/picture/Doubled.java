// SPDX-License-Identifier: Apache-2.0
package org.semimage.picture;

import org.semimage.container.PixelFormat;

import javax.imageio.IIOException;
import java.awt.Rectangle;
import java.util.Arrays;

/**
 * The colour samples of a picture at twice its size (FORMAT.md, "Shrunk pictures"). Four samples lie around the middle of the one that they
 * come from. Alpha is left at zero.
 *
 * @param half   the picture
 * @param width  twice that of the half, or one less
 * @param height twice that of the half, or one less
 */
public record Doubled(PixelSource half, int width, int height) implements PixelSource {

    /**
     * Weights of three samples before the one that a first of two comes from, of that one, and of two behind it; of the second the other
     * way round. Lanczos' windowed sinc of three lobes (Duchon, 1979), a quarter of a sample off.
     */
    private static final int[] TAPS = {2, -17, 69, 228, -34, 8};
    private static final int REACH = TAPS.length / 2;
    private static final int LOG2_SUM = 8;

    @Override
    public PixelFormat format() {
        return half.format();
    }

    @Override
    public PixelPlanes read(Rectangle region) throws IIOException {
        int left = region.x / 2 - REACH;
        int top = region.y / 2 - REACH;
        Rectangle around = new Rectangle(left, top, (region.x + region.width - 1) / 2 + REACH + 1 - left,
                (region.y + region.height - 1) / 2 + REACH + 1 - top).intersection(new Rectangle(half.width(), half.height()));
        PixelPlanes from = half.read(around);
        PixelPlanes twice = PixelPlanes.blank(region.width, region.height, format());
        int[] wide = new int[around.height * region.width];
        int[] line = new int[region.width / 2 + 2 * REACH + 2];
        int[] sums = new int[region.width];
        for (int c = 0; c < format().colourPlanes(); c++) {
            for (int y = 0; y < around.height; y++) {
                for (int i = 0; i < line.length; i++) {
                    line[i] = from.samples()[c][y * around.width + clamp(left + i - around.x, around.width - 1)];
                }
                widen(line, region, wide, y * region.width);
            }
            for (int y = 0; y < region.height; y++) {
                heighten(wide, around, region, region.y + y, sums);
                for (int x = 0; x < region.width; x++) {
                    int rounded = sums[x] + (1 << 2 * LOG2_SUM - 1) >> 2 * LOG2_SUM;
                    twice.samples()[c][y * region.width + x] = (short) Math.max(0, Math.min(format().maxSample(), rounded));
                }
            }
        }
        return twice;
    }

    /** A row of the region's columns from samples of which the first is the first that the region needs. */
    private static void widen(int[] line, Rectangle region, int[] wide, int at) {
        for (int x = 0; x < region.width; x++) {
            int first = (region.x + x) / 2 - region.x / 2;
            boolean second = (region.x + x) % 2 == 1;
            int sum = 0;
            for (int tap = 0; tap < TAPS.length; tap++) {
                sum += TAPS[second ? TAPS.length - 1 - tap : tap] * line[first + tap + (second ? 1 : 0)];
            }
            wide[at + x] = sum;
        }
    }

    /** A row of the region from rows that are wide already. */
    private static void heighten(int[] wide, Rectangle around, Rectangle region, int y, int[] sums) {
        Arrays.fill(sums, 0);
        for (int tap = 0; tap < TAPS.length; tap++) {
            int weight = TAPS[y % 2 == 1 ? TAPS.length - 1 - tap : tap];
            int row = clamp(y / 2 - REACH + tap + y % 2 - around.y, around.height - 1) * region.width;
            for (int x = 0; x < region.width; x++) {
                sums[x] += weight * wide[row + x];
            }
        }
    }

    private static int clamp(int place, int most) {
        return Math.max(0, Math.min(most, place));
    }
}
