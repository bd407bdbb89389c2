// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.prior;

import org.semimage.compute.wavelet.Pyramid;

import java.util.Arrays;

/**
 * What is known of quantized coefficients between two layers: their cells; see {@link RefinementTables#cell}.
 *
 * @param height of the padded picture or the tile
 * @param width  of the padded picture or the tile
 * @param low    {@code [3][area]}; empty for a tile
 * @param detail {@code [level - 1][channel][area]}; empty for levels that the item lacks
 */
public record Cells(int height, int width, int[][] low, int[][][] detail) {

    /** What the base layer leaves. */
    public static Cells of(Pyramid base) {
        int[][][] detail = Arrays.stream(base.detail()).map(Cells::cells).toArray(int[][][]::new);
        return new Cells(base.height(), base.width(), cells(base.low()), detail);
    }

    private static int[][] cells(float[][] planes) {
        int[][] cells = new int[planes.length][];
        for (int c = 0; c < planes.length; c++) {
            cells[c] = new int[planes[c].length];
            for (int i = 0; i < cells[c].length; i++) {
                cells[c][i] = RefinementTables.cell(planes[c][i]);
            }
        }
        return cells;
    }

    /** The coefficients in the layer's quantizer steps. */
    public Pyramid coefficients() {
        return new Pyramid(height, width, values(low), Arrays.stream(detail).map(Cells::values).toArray(float[][][]::new));
    }

    private static float[][] values(int[][] cells) {
        float[][] planes = new float[cells.length][];
        for (int c = 0; c < cells.length; c++) {
            planes[c] = new float[cells[c].length];
            for (int i = 0; i < planes[c].length; i++) {
                planes[c][i] = RefinementTables.value(cells[c][i]) / 16f;
            }
        }
        return planes;
    }

    /** The planes of a level; 0 is the low band. */
    public int[][] bands(int level) {
        return level == 0 ? low : detail[level - 1];
    }

    /** The same planes in new arrays, so that another layer can fill them. */
    Cells copy() {
        return new Cells(height, width, low.clone(), Arrays.stream(detail).map(int[][]::clone).toArray(int[][][]::new));
    }
}
