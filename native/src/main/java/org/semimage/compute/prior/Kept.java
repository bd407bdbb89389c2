// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.prior;

import org.semimage.compute.wavelet.Pyramid;

/**
 * Part of an item whose coefficients are wanted, in samples; all of them are decoded.
 *
 * @param top    of its first row, a multiple of 64
 * @param left   of its first column, a multiple of 64
 * @param height a positive multiple of 64
 * @param width  a positive multiple of 64
 */
public record Kept(int top, int left, int height, int width) {

    /** All of an item, whatever its sides. */
    public static Kept all(BatchItem item) {
        return new Kept(0, 0, item.height(), item.width());
    }

    /** @throws IllegalArgumentException if this is not all of an item, and does not lie inside it or between multiples of 64 */
    void check(BatchItem item) {
        boolean between = (top | left | height | width) % Pyramid.MULTIPLE == 0;
        // Not equals: Java keeps the class loader of the first record that is compared.
        boolean whole = (top | left) == 0 && isAll(item);
        if (!whole && (!between || top < 0 || left < 0 || height < 1 || width < 1 || top + height > item.height()
                || left + width > item.width())) {
            throw new IllegalArgumentException(this + " of " + item.width() + "x" + item.height());
        }
    }

    /** Whether all of an item is wanted. */
    public boolean isAll(BatchItem item) {
        return height == item.height() && width == item.width();
    }

    /** Rows on a level; 0 is the low band. */
    public int rows(int level) {
        return height >> shift(level);
    }

    /** Columns on a level. */
    public int columns(int level) {
        return width >> shift(level);
    }

    /** Where a row begins in a whole plane of a level. */
    public int at(BatchItem item, int level, int row) {
        return ((top >> shift(level)) + row) * item.width(level) + (left >> shift(level));
    }

    /** What of a level is wanted: the same object if that is all. */
    public Coded<float[][]> of(BatchItem item, int level, Coded<float[][]> whole) {
        if (isAll(item)) {
            return whole;
        }
        float[][] bands = new float[whole.coefficients().length][rows(level) * columns(level)];
        for (int c = 0; c < bands.length; c++) {
            for (int y = 0; y < rows(level); y++) {
                System.arraycopy(whole.coefficients()[c], at(item, level, y), bands[c], y * columns(level), columns(level));
            }
        }
        return new Coded<>(whole.steps(), bands, whole.context());
    }

    private static int shift(int level) {
        return level == 0 ? Pyramid.LEVELS : level;
    }
}
