// SPDX-License-Identifier: Apache-2.0
package org.semimage.generate;

import java.util.Objects;

/**
 * How a picture looks, in numbers that take a few dozen bytes (FORMAT.md, "Descriptors"). Arrays are owned by this object, not copied.
 *
 * @param columns     cells of the layout's grid along a row, 1..48
 * @param rows        and along a column
 * @param layout      {@code [3][rows * columns]}: amplitudes of cosines, row by row, of the three components of FORMAT.md's colour
 *                    transform
 * @param layoutCount how many of the amplitudes were known, most important first; the others are 0
 * @param texture     {@code [level][orientation][region]}: log2 of the standard deviation that luma's wavelet coefficients have in each
 *                    of 3x3 regions, finest level first, orientations HL, LH, HH
 * @param textureCount how many of the texture's cepstral coefficients were known; if 0, {@code texture} says nothing
 */
public record Descriptors(int columns, int rows, float[][] layout, int layoutCount, float[][][] texture, int textureCount) {

    /** Regions to a side. */
    public static final int REGIONS = 3;

    /**
     * Checks the layout; arrays are not copied.
     *
     * @throws IllegalArgumentException if the layout does not fit the grid
     */
    public Descriptors {
        Objects.requireNonNull(texture, "texture");
        if (layout.length != 3 || layout[0].length != columns * rows) {
            throw new IllegalArgumentException("layout of " + layout.length + " planes of " + layout[0].length + " in a grid of " + columns
                    + "x" + rows);
        }
    }
}
