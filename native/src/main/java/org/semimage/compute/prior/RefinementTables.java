// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.prior;

import org.semimage.compute.entropy.RansEncoder;
import org.semimage.compute.entropy.ScaleTables;

import java.util.Arrays;

/**
 * What refinement layers are coded with (FORMAT.md, "Refinement"): how the cell of a coefficient is split when the quantizer step is
 * halved, and how likely its parts are, in {@link ScaleTables#TABLES} classes.
 *
 * <p>Nested quantizers for embedded codes with probabilities from a learned prior: Lee et al., "DPICT: Deep progressive image
 * compression using trit-planes", CVPR 2022; here a cell is halved, or keeps its middle where the prior expects little. Both were fitted
 * as entropy-constrained quantizers: Chou et al., IEEE TASSP 1989.
 */
public class RefinementTables {

    /** Symbols are {@code -2..2}. */
    public static final int SYMBOLS = 5;

    private static final int ENTRIES = SYMBOLS + 1;

    /** Distances of the mean, in sixteenths of the new quantizer step, from which the next column of classes is taken. */
    private static final int[] DISTANCES = {3, 6, 10, 16, 28};
    private static final int SCALE_INDEX_ROWS = 11;
    private static final int FIRST_SCALE_INDEX = 28;

    /** The first class of narrow cells. */
    public static final int NARROW = SCALE_INDEX_ROWS * (DISTANCES.length + 1);
    private static final int NARROW_DISTANCE = 8;
    private static final int NARROW_ROWS = 7;
    private static final int NARROW_FIRST_SCALE_INDEX = 32;

    /** Coefficients are in {@code -MAX_VALUE..MAX_VALUE} sixteenths, whatever the bytes. */
    private static final int MAX_VALUE = 1 << 28;

    private final ScaleTables tables;
    private final float[] bits = new float[ScaleTables.TABLES * SYMBOLS];
    private final byte[] cells;
    private final byte[] expected = new byte[ScaleTables.TABLES];

    /**
     * @param frequencies {@code [80][6]} of the symbols 0, 1, -1, 2, -2 and of the escape, which no symbol takes
     * @param cells       {@code [80][5][2]}: for the symbols 0, 1, -1, 2, -2 where the part lies from the cell's centre, in sixteenths of
     *                    the new quantizer step, and 1 if it is narrow
     * @throws IllegalArgumentException if sizes or values do not fit
     */
    public RefinementTables(int[] frequencies, byte[] cells) {
        if (frequencies.length != ScaleTables.TABLES * ENTRIES || cells.length != ScaleTables.TABLES * SYMBOLS * 2) {
            throw new IllegalArgumentException(frequencies.length + " refinement frequencies and " + cells.length + " cell values");
        }
        int[][] rows = new int[ScaleTables.TABLES][];
        for (int t = 0; t < rows.length; t++) {
            rows[t] = Arrays.copyOfRange(frequencies, t * ENTRIES, (t + 1) * ENTRIES);
            for (int k = 0; k < SYMBOLS; k++) {
                bits[t * SYMBOLS + k] = (float) (RansEncoder.PRECISION - Math.log(rows[t][k]) / Math.log(2));
            }
            int sum = 0;
            for (int k = 0; k < SYMBOLS; k++) {
                sum += rows[t][k] * cells[2 * (t * SYMBOLS + k)];
            }
            expected[t] = (byte) (sum + (1 << RansEncoder.PRECISION - 1) >> RansEncoder.PRECISION);
        }
        for (int i = 1; i < cells.length; i += 2) {
            if ((cells[i] & ~1) != 0) {
                throw new IllegalArgumentException("refined cell is narrow: " + cells[i]);
            }
        }
        this.tables = new ScaleTables(rows);
        this.cells = cells.clone();
    }

    /** The tables that refinement symbols are coded with; a class takes the place of the scale index. */
    public ScaleTables tables() {
        return tables;
    }

    /** {@code [class][symbol][offset, narrow]}, symbols in the order 0, 1, -1, 2, -2; a copy. */
    public byte[] cells() {
        return cells.clone();
    }

    /**
     * For each class, where a coefficient is to be expected whose symbol is not known, in sixteenths of the new quantizer step from its
     * cell's centre.
     */
    public byte[] expected() {
        return expected.clone();
    }

    /**
     * The cell of a coefficient in sixteenths of a quantizer step, as the base layer leaves it: twice the value, plus 1 if it is narrow.
     */
    public static int cell(float value) {
        return Math.max(-MAX_VALUE, Math.min(MAX_VALUE, Math.round(16 * value))) << 1;
    }

    /** A cell's value in sixteenths of its quantizer step. */
    public static int value(int cell) {
        return cell >> 1;
    }

    /** The centre of a cell in sixteenths of half its quantizer step. */
    static int centre(int cell) {
        return Math.max(-MAX_VALUE, Math.min(MAX_VALUE, 2 * value(cell)));
    }

    /** A cell that the next layer says nothing of, in its quantizer step. */
    static int unrefined(int cell) {
        return centre(cell) << 1;
    }

    /**
     * The class that a cell's symbol is coded in.
     *
     * @param distance of the prior's mean from the centre, in sixteenths of the new quantizer step
     * @param scaleIndex    the prior's scale index
     */
    static byte classOf(int cell, int distance, int scaleIndex) {
        int away = Math.abs(distance);
        if ((cell & 1) == 1) {
            int row = Math.max(0, Math.min(NARROW_ROWS - 1, (scaleIndex - NARROW_FIRST_SCALE_INDEX) / 6));
            return (byte) (NARROW + 2 * row + (away >= NARROW_DISTANCE ? 1 : 0));
        }
        int row = Math.max(0, Math.min(SCALE_INDEX_ROWS - 1, scaleIndex - FIRST_SCALE_INDEX >> 2));
        int column = 0;
        while (column < DISTANCES.length && away >= DISTANCES[column]) {
            column++;
        }
        return (byte) (row * (DISTANCES.length + 1) + column);
    }

    /**
     * The part of a cell that a symbol stands for.
     *
     * @param distance its sign is the direction of symbol 1
     */
    int refined(int cell, int distance, int refinementClass, int symbol) {
        int at = 2 * (refinementClass * SYMBOLS + part(symbol));
        int offset = distance < 0 ? -cells[at] : cells[at];
        return Math.max(-MAX_VALUE, Math.min(MAX_VALUE, centre(cell) + offset)) << 1 | cells[at + 1];
    }

    /**
     * The cell of a coefficient whose symbol is missing.
     *
     * @param distance its sign is the direction of symbol 1
     */
    int expected(int cell, int distance, int refinementClass) {
        int offset = distance < 0 ? -expected[refinementClass] : expected[refinementClass];
        return Math.max(-MAX_VALUE, Math.min(MAX_VALUE, centre(cell) + offset)) << 1;
    }

    /**
     * Ideal code length in bits of symbols in their classes; that of {@link ScaleTables} is for symmetric tables.
     *
     * @param classes one per symbol, 0..79
     * @param symbols -2..2
     */
    public double cost(byte[] classes, int[] symbols) {
        double sum = 0;
        for (int i = 0; i < symbols.length; i++) {
            sum += bits[classes[i] * SYMBOLS + part(symbols[i])];
        }
        return sum;
    }

    /** Ideal code length in bits of every symbol, class by class in the order 0, 1, -1, 2, -2. */
    public float[] bits() {
        return bits.clone();
    }

    /** The order of parts; symbols out of range, which no encoder writes, are the outermost ones. */
    private static int part(int symbol) {
        int magnitude = Math.min(SYMBOLS / 2, Math.abs(symbol));
        return symbol > 0 ? 2 * magnitude - 1 : 2 * magnitude;
    }

    /**
     * The symbol that costs least: squared error plus lambda times bits.
     *
     * @param residual from the centre, in sixteenths of the new quantizer step
     * @param lambda   price of a bit in squared new quantizer steps
     */
    public int quantize(float residual, int distance, int refinementClass, float lambda) {
        float towards = distance < 0 ? -residual : residual;
        int best = 0;
        float least = Float.POSITIVE_INFINITY;
        for (int k = 0; k < SYMBOLS; k++) {
            float error = (towards - cells[2 * (refinementClass * SYMBOLS + k)]) / 16;
            float cost = error * error + lambda * bits[refinementClass * SYMBOLS + k];
            if (cost < least) {
                least = cost;
                best = k;
            }
        }
        return (best & 1) == 1 ? best + 1 >> 1 : -(best >> 1);
    }
}
