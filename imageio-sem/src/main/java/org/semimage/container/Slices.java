// SPDX-License-Identifier: Apache-2.0
package org.semimage.container;

/**
 * The slices that the transform profile cuts a thin picture into along its longer side, to code them side by side: so padding
 * costs no more than a few samples for each of the picture (FORMAT.md, "Thin pictures"). Other pictures are one slice.
 *
 * @param width  of the picture
 * @param height of the picture
 * @param count  at least 1
 * @param length samples of a slice along the picture's longer side; the last one may have fewer
 */
public record Slices(int width, int height, int count, int length) {

    /** The longest shorter side of a thin picture. */
    private static final int THIN = 32;

    /** What both sides are padded to multiples of. */
    private static final int BLOCK = 64;

    /** The slices of a picture of a size. */
    public static Slices of(int width, int height) {
        int shorter = Math.min(width, height);
        int longer = Math.max(width, height);
        if (shorter > THIN || longer <= BLOCK) {
            return new Slices(width, height, 1, longer);
        }
        int most = BLOCK / shorter;
        int length = (longer + most - 1) / most;
        return new Slices(width, height, (longer + length - 1) / length, length);
    }

    /** Whether the longer side is the height. */
    public boolean isUpright() {
        return height > width;
    }

    /** Columns of all slices side by side, before padding. */
    public int codedWidth() {
        return count == 1 ? width : isUpright() ? count * width : length;
    }

    /** Rows of all slices side by side, before padding. */
    public int codedHeight() {
        return count == 1 ? height : isUpright() ? length : count * height;
    }
}
