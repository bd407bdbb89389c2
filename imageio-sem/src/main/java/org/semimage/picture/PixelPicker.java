// SPDX-License-Identifier: Apache-2.0
package org.semimage.picture;

import java.awt.Rectangle;

/**
 * Finds in parts of a decoded picture the pixels that a reader is asked for: every so many-th of a region.
 *
 * @param region in samples of the full picture
 * @param periodX every how many-th column of the region is asked for, beginning with its first
 * @param periodY every how many-th row of the region is asked for, beginning with its first
 * @param scale  one over the size at which the picture is decoded
 * @param width  columns that are asked for
 * @param height rows that are asked for
 */
public record PixelPicker(Rectangle region, int periodX, int periodY, int scale, int width, int height) {

    /**
     * Pixels of a part.
     *
     * @param pixels row by row, in the picture's format
     * @param x column among those that are asked for
     * @param y row among those that are asked for
     */
    public record Picked(PixelPlanes pixels, int x, int y) {
    }

    /**
     * @param part decoded pixels
     * @param left the part's first column in the decoded picture
     * @param top  its first row
     * @return those that are asked for; null if there are none
     */
    public Picked pick(PixelPlanes part, int left, int top) {
        int firstColumn = first(region.x, periodX, left);
        int firstRow = first(region.y, periodY, top);
        int columns = Math.min(width, first(region.x, periodX, left + part.width())) - firstColumn;
        int rows = Math.min(height, first(region.y, periodY, top + part.height())) - firstRow;
        if (columns <= 0 || rows <= 0) {
            return null;
        }
        if (columns == part.width() && rows == part.height()) {
            return new Picked(part, firstColumn, firstRow);
        }
        PixelPlanes picked = PixelPlanes.blank(columns, rows, part.format());
        for (int row = 0; row < rows; row++) {
            int from = ((region.y + (firstRow + row) * periodY) / scale - top) * part.width();
            for (int column = 0; column < columns; column++) {
                int at = from + (region.x + (firstColumn + column) * periodX) / scale - left;
                for (int p = 0; p < picked.samples().length; p++) {
                    picked.samples()[p][row * columns + column] = part.samples()[p][at];
                }
            }
        }
        return new Picked(picked, firstColumn, firstRow);
    }

    /** The first pixel of a line that is asked for and whose sample in the decoded picture is not before a place. */
    private int first(int start, int period, int place) {
        return Math.max(0, -Math.floorDiv(start - place * scale, period));
    }
}
