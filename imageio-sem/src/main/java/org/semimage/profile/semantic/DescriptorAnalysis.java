// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.semantic;

import org.semimage.compute.Cancellation;
import org.semimage.compute.wavelet.Pyramid;
import org.semimage.compute.wavelet.Wavelet97;
import org.semimage.generate.Descriptors;
import org.semimage.picture.ColourTransform;
import org.semimage.picture.PixelPlanes;
import org.semimage.picture.TransparentFill;

/**
 * Measures a picture's descriptors, and gives them back as numbers about pixels (FORMAT.md, "Descriptors").
 *
 * <p>Layout: the discrete cosine transform of a coarse grid, as in Kasutani and Yamada, "The MPEG-7 color layout descriptor", ICIP
 * 2001. Texture: the cepstrum, a cosine transform of logarithmic band energies, of oriented wavelet bands, after Davis and Mermelstein's
 * cepstral coefficients of speech (1980); the idea to describe pictures so is Lovera's (2024).
 */
public final class DescriptorAnalysis {

    /** Cells along a picture's longer side: the least if it has that many samples, and the most. */
    static final int LEAST_CELLS = 32;
    static final int MOST_CELLS = 48;

    /** Samples of a cell's side, if these numbers of cells allow it. */
    private static final int CELL = 16;

    /** The smallest standard deviation that is told from none, in sample values. */
    private static final float FLOOR = 0.25f;

    private DescriptorAnalysis() {
    }

    /** Cells along a side of a picture whose longer side is given. */
    static int cells(int side, int longSide) {
        long most = Math.max(LEAST_CELLS, Math.min(MOST_CELLS, longSide / CELL));
        return (int) Math.max(1, Math.min(Math.min(side, most), (2 * most * side + longSide) / (2L * longSide)));
    }

    /** Wavelet levels whose details are finer than a cell. */
    static int levels(int longSide) {
        return Math.max(0, Math.min(Pyramid.LEVELS, 31 - Integer.numberOfLeadingZeros(Math.max(1, longSide / LEAST_CELLS))));
    }

    /** All descriptors of a picture, unquantized. */
    public static Descriptors of(PixelPlanes image) {
        int height = Pyramid.padded(image.height());
        int width = Pyramid.padded(image.width());
        int longSide = Math.max(image.width(), image.height());
        float[][] components = ColourTransform.forward(TransparentFill.apply(image, Cancellation.NEVER), height, width);
        int columns = cells(image.width(), longSide);
        int rows = cells(image.height(), longSide);
        float[][] layout = new float[3][];
        for (int c = 0; c < 3; c++) {
            layout[c] = cosines(average(components[c], width, image, columns, rows), columns, rows);
        }
        float[][][] texture = texture(Wavelet97.analyse(components, height, width), image, levels(longSide));
        return new Descriptors(columns, rows, layout, 3 * columns * rows, texture,
                texture.length * 3 * Descriptors.REGIONS * Descriptors.REGIONS);
    }

    private static float[] average(float[] plane, int stride, PixelPlanes image, int columns, int rows) {
        float[] cells = new float[columns * rows];
        for (int row = 0; row < rows; row++) {
            int y0 = (int) ((long) row * image.height() / rows);
            int y1 = (int) ((row + 1L) * image.height() / rows);
            for (int column = 0; column < columns; column++) {
                int x0 = (int) ((long) column * image.width() / columns);
                int x1 = (int) ((column + 1L) * image.width() / columns);
                double sum = 0;
                for (int y = y0; y < y1; y++) {
                    for (int x = x0; x < x1; x++) {
                        sum += plane[y * stride + x];
                    }
                }
                cells[row * columns + column] = (float) (sum / ((long) (y1 - y0) * (x1 - x0)));
            }
        }
        return cells;
    }

    /** Amplitudes of the cosines whose sum a grid is. */
    private static float[] cosines(float[] grid, int columns, int rows) {
        float[] half = new float[rows * columns];
        float[] amplitudes = new float[rows * columns];
        float[][] alongX = basis(columns, columns);
        float[][] alongY = basis(rows, rows);
        for (int y = 0; y < rows; y++) {
            for (int u = 0; u < columns; u++) {
                for (int x = 0; x < columns; x++) {
                    half[y * columns + u] += grid[y * columns + x] * alongX[u][x] / columns;
                }
            }
        }
        for (int v = 0; v < rows; v++) {
            for (int u = 0; u < columns; u++) {
                for (int y = 0; y < rows; y++) {
                    amplitudes[v * columns + u] += half[y * columns + u] * alongY[v][y] / rows;
                }
            }
        }
        return amplitudes;
    }

    /** The first cosines of a side, sampled in the middle of equal parts: 1, then sqrt(2) cos. */
    static float[][] basis(int cosines, int parts) {
        float[][] basis = new float[cosines][parts];
        for (int u = 0; u < cosines; u++) {
            for (int x = 0; x < parts; x++) {
                basis[u][x] = (float) (u == 0 ? 1 : Math.sqrt(2) * Math.cos(Math.PI * u * (x + 0.5) / parts));
            }
        }
        return basis;
    }

    private static float[][][] texture(Pyramid pyramid, PixelPlanes image, int levels) {
        int regions = Descriptors.REGIONS;
        float[][][] texture = new float[levels][3][regions * regions];
        for (int level = 1; level <= levels; level++) {
            int stride = pyramid.width() >> level;
            int[][] columns = parts(image.width() >> level, stride);
            int[][] rows = parts(image.height() >> level, pyramid.height() >> level);
            for (int orientation = 0; orientation < 3; orientation++) {
                float[] band = pyramid.detail()[level - 1][orientation];
                for (int region = 0; region < regions * regions; region++) {
                    double sum = 0;
                    int count = 0;
                    for (int y = rows[region / regions][0]; y < rows[region / regions][1]; y++) {
                        for (int x = columns[region % regions][0]; x < columns[region % regions][1]; x++) {
                            sum += (double) band[y * stride + x] * band[y * stride + x];
                            count++;
                        }
                    }
                    texture[level - 1][orientation][region] = (float) (Math.log(Math.sqrt(sum / count) + FLOOR) / Math.log(2));
                }
            }
        }
        return texture;
    }

    /**
     * The parts of a band's side that regions take, each from its first coefficient to the one behind its last. Parts of a side of fewer
     * coefficients than regions overlap.
     *
     * @param picture   coefficients of the picture's own samples
     * @param available coefficients that the band has, with those of the padding
     */
    private static int[][] parts(int picture, int available) {
        int side = Math.min(available, Math.max(Descriptors.REGIONS, picture));
        int[][] parts = new int[Descriptors.REGIONS][];
        for (int i = 0; i < parts.length; i++) {
            int from = (int) ((long) i * side / parts.length);
            parts[i] = new int[] {from, Math.max(from + 1, (int) ((i + 1L) * side / parts.length))};
        }
        return parts;
    }
}
