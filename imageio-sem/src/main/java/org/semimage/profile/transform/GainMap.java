// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.transform;

import org.semimage.profile.EncodeOptions;

import java.awt.Rectangle;
import java.util.Arrays;
import java.util.List;

/**
 * Where quantizer steps are finer or coarser than elsewhere (FORMAT.md, "Gains"): a gain for each square block of the padded picture.
 *
 * @param log2Block log2 of the samples of a block's side, 4..6
 * @param rows      of blocks
 * @param columns   of blocks
 * @param gains     row by row, -32..32 quarter octaves: the step is divided by {@code 2^(gain/4)}
 */
public record GainMap(int log2Block, int rows, int columns, byte[] gains) {

    static final int MIN_LOG2_BLOCK = 4;
    static final int MAX_LOG2_BLOCK = 6;
    static final int MAX_GAIN = 32;

    /** No gains: all steps are the picture's. */
    public static final GainMap NONE = new GainMap(MAX_LOG2_BLOCK, 0, 0, new byte[0]);

    /** Blocks of the maps that this encoder makes unless something asks for others: 32 x 32 samples. */
    private static final int LOG2_BLOCK = 5;

    /** Thirty-seconds of an octave, the unit of regions of interest, in a gain's unit. */
    private static final int FINE_UNITS = 8;

    private static final double UNITS_PER_OCTAVE = 4;

    /** The most that a region of interest gets: beyond, coefficients in quantizer steps leave the range that priors are trained for. */
    private static final int MAX_INTEREST = 16;

    /** Networks, which are told the picture's quality index, fade where gains make steps this much finer, until they are silent. */
    private static final int FADING_FROM = 8;
    private static final int SILENT_FROM = 16;

    /** log2 of the samples from one position of a network to the next. */
    private static final int LOG2_POSITION = 3;

    /**
     * Factors of the quantized values on a level.
     *
     * @param values by row and column of cells
     * @param cell   coefficients along a cell's side
     */
    public record Factors(float[][] values, int cell) {
    }

    /** The map of a padded picture without any gain yet. */
    static GainMap blank(int height, int width) {
        return blank(height, width, LOG2_BLOCK);
    }

    /** The same, of blocks of {@code 2^log2Block} samples to a side. */
    static GainMap blank(int height, int width, int log2Block) {
        int rows = height >> log2Block;
        int columns = width >> log2Block;
        return new GainMap(log2Block, rows, columns, new byte[rows * columns]);
    }

    boolean isEmpty() {
        return this == NONE;
    }

    /**
     * The same with the gain of regions of interest on top, in every block that one touches; where several overlap, the greatest counts.
     */
    GainMap plus(List<EncodeOptions.RegionOfInterest> interest) {
        byte[] sum = gains.clone();
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                Rectangle block = new Rectangle(column << log2Block, row << log2Block, 1 << log2Block, 1 << log2Block);
                int most = interest.stream().filter(roi -> roi.area().intersects(block)).mapToInt(EncodeOptions.RegionOfInterest::gain)
                        .max().orElse(0);
                int i = row * columns + column;
                sum[i] = (byte) Math.min(MAX_GAIN, sum[i] + Math.min(MAX_INTEREST, (most + FINE_UNITS / 2) / FINE_UNITS));
            }
        }
        return new GainMap(log2Block, rows, columns, sum);
    }

    /**
     * Factors on a level of part of the picture: those of the blocks, or of the mean gain where a coefficient covers several.
     *
     * @param part in samples, multiples of 64
     */
    public Factors factors(Rectangle part, int level) {
        int cell = Math.max(1, 1 << Math.max(0, log2Block - level));
        int covered = 1 << Math.max(0, level - log2Block);
        float[][] values = new float[(part.height >> level) / cell][(part.width >> level) / cell];
        for (int y = 0; y < values.length; y++) {
            for (int x = 0; x < values[y].length; x++) {
                values[y][x] = isEmpty() ? 1 : factor((part.y >> log2Block) + y * covered, (part.x >> log2Block) + x * covered, covered);
            }
        }
        return new Factors(values, cell);
    }

    /**
     * How far a network can be heard in part of the picture (FORMAT.md, "Coefficient networks").
     *
     * @param part in samples, multiples of 64
     * @return a factor for each 8x8 samples; empty if all are 1
     */
    float[] heard(Rectangle part) {
        if (loudest() <= FADING_FROM) {
            return new float[0];
        }
        int width = part.width >> LOG2_POSITION;
        float[] heard = new float[width * (part.height >> LOG2_POSITION)];
        for (int i = 0; i < heard.length; i++) {
            int row = part.y + (i / width << LOG2_POSITION) >> log2Block;
            int column = part.x + (i % width << LOG2_POSITION) >> log2Block;
            int over = Math.max(0, gains[row * columns + column] - FADING_FROM);
            heard[i] = Math.max(0, SILENT_FROM - FADING_FROM - over) / (float) (SILENT_FROM - FADING_FROM);
        }
        return heard;
    }

    private int loudest() {
        int most = 0;
        for (byte gain : gains) {
            most = Math.max(most, gain);
        }
        return most;
    }

    private float factor(int top, int left, int covered) {
        int sum = 0;
        for (int y = top; y < top + covered; y++) {
            for (int x = left; x < left + covered; x++) {
                sum += gains[y * columns + x];
            }
        }
        return (float) Math.pow(2, sum / (UNITS_PER_OCTAVE * covered * covered));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof GainMap map && log2Block == map.log2Block && rows == map.rows && columns == map.columns
                && Arrays.equals(gains, map.gains);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * (31 * log2Block + rows) + columns) + Arrays.hashCode(gains);
    }

    @Override
    public String toString() {
        return "gains of " + columns + "x" + rows + " blocks of " + (1 << log2Block);
    }
}
