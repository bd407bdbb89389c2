// SPDX-License-Identifier: Apache-2.0
package org.semimage.picture;

import org.semimage.compute.Cancellation;

import java.awt.Rectangle;

/** Smaller pictures: averages of blocks of samples, or what comes close to them without decoding the samples. */
public final class Downscale {

    /**
     * Taps at -1, 0, 1, 2 that turn low bands of levels 1, 2 and 3 into block averages: the low band's samples lie on the first of the
     * samples they stand for, not in their middle, and its filter is longer than a block. Least squares over photographs.
     */
    private static final float[][] AREA_TAPS = {
        {-0.0904f, 0.8586f, 0.2920f, -0.0602f}, {-0.1052f, 0.7470f, 0.4471f, -0.0889f}, {-0.1113f, 0.6836f, 0.5232f, -0.0955f}};

    private Downscale() {
    }

    /**
     * @param region in samples of the smaller picture
     * @param scale  side of the blocks; those at the right and lower border are averaged over what there is
     * @throws java.util.concurrent.CancellationException if the request is made before all is done
     */
    public static PixelPlanes box(PixelPlanes picture, Rectangle region, int scale, Cancellation cancellation) {
        PixelPlanes small = PixelPlanes.blank(region.width, region.height, picture.format());
        for (int p = 0; p < small.samples().length; p++) {
            for (int y = 0; y < region.height; y++) {
                cancellation.check();
                for (int x = 0; x < region.width; x++) {
                    small.samples()[p][y * region.width + x] = mean(picture, p, (region.x + x) * scale, (region.y + y) * scale, scale);
                }
            }
        }
        return small;
    }

    private static short mean(PixelPlanes picture, int plane, int left, int top, int scale) {
        int right = Math.min(picture.width(), left + scale);
        int bottom = Math.min(picture.height(), top + scale);
        long sum = 0;
        for (int y = top; y < bottom; y++) {
            for (int x = left; x < right; x++) {
                sum += picture.samples()[plane][y * picture.width() + x] & 0xFFFF;
            }
        }
        int count = (right - left) * (bottom - top);
        return (short) ((sum + count / 2) / count);
    }

    /**
     * Block averages of a picture from one of its low bands, at the low band's size.
     *
     * @param planes low bands of components
     * @param level  1..3
     */
    public static float[][] area(float[][] planes, int height, int width, int level) {
        float[] taps = AREA_TAPS[level - 1];
        float[][] averages = new float[planes.length][];
        for (int c = 0; c < planes.length; c++) {
            float[] plane = planes[c];
            float[] rows = new float[height * width];
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    rows[y * width + x] = filter(plane, y * width, 1, x, width, taps);
                }
            }
            averages[c] = new float[height * width];
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    averages[c][y * width + x] = filter(rows, x, width, y, height, taps);
                }
            }
        }
        return averages;
    }

    /** The filter at one place of a line; the line's ends are repeated. */
    private static float filter(float[] values, int from, int stride, int place, int length, float[] taps) {
        float sum = 0;
        for (int tap = 0; tap < taps.length; tap++) {
            sum += taps[tap] * values[from + stride * Math.max(0, Math.min(length - 1, place + tap - 1))];
        }
        return sum;
    }
}
