// SPDX-License-Identifier: Apache-2.0
package org.semimage.container;

/**
 * The slices that the transform profile cuts a thin picture into along its longer side, to code them side by side: so padding
 * costs no more than a few samples for each of the picture (FORMAT.md, "Thin pictures"). Other pictures are one slice.
 *
 * @param count  at least 1
 * @param length samples of a slice along the picture's longer side; the last one may have fewer
 */
public record Slices(int count, int length) {

    /** The longest shorter side of a thin picture. */
    private static final int THIN = 32;

    /** What both sides are padded to multiples of. */
    private static final int BLOCK = 64;

    /** The slices of a picture of a size. */
    public static Slices of(int width, int height) {
        int shorter = Math.min(width, height);
        int longer = Math.max(width, height);
        if (shorter > THIN || longer <= BLOCK) {
            return new Slices(1, longer);
        }
        int most = BLOCK / shorter;
        int length = (longer + most - 1) / most;
        return new Slices((longer + length - 1) / length, length);
    }
}
