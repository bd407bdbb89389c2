// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.measure;

import java.util.List;
import java.util.Optional;

/**
 * One picture through several codecs at the same size of file.
 *
 * @param image   the picture's file name
 * @param width   columns
 * @param height  rows
 * @param bpp     the bits per pixel that were asked for
 * @param details the squares that every column shows enlarged
 * @param columns the original first, this format last
 */
record Comparison(String image, int width, int height, double bpp, List<Detail> details, List<Column> columns) {

    /**
     * A square of the picture.
     *
     * @param x    left column
     * @param y    top row
     * @param side in pixels
     */
    record Detail(int x, int y, int side) {
    }

    /**
     * What one codec made of the picture.
     *
     * @param codec  its name
     * @param remark how it was set, or why it is missing
     * @param view   empty if it is missing
     * @param score  empty if it is missing, and for the original
     */
    record Column(String codec, String remark, Optional<View> view, Optional<Score> score) {
    }

    /**
     * A picture to look at.
     *
     * @param whole   all of it, scaled to fit, as a JPEG file
     * @param details the squares, pixel by pixel, as PNG files
     */
    record View(byte[] whole, List<byte[]> details) {
    }

    /**
     * What a codec's picture cost and is worth.
     *
     * @param bytes  size of the file
     * @param bpp    bits per pixel, the whole file counted
     * @param scores what its picture is worth
     */
    record Score(long bytes, double bpp, Scores scores) {
    }
}
