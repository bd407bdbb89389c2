// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.entropy;

/** Scale tables that need no training: discretised Laplacians, eight to the octave, and an escape. */
public final class SyntheticTables {

    private static final int TOTAL = 1 << RansEncoder.PRECISION;

    private SyntheticTables() {
    }

    /** Tables of one quantizer, of up to 256 entries; the first has two, 0 and the escape. */
    public static ScaleTables create() {
        return create(1);
    }

    /** Tables of one quantizer, or of both of dependent quantization, which differ. */
    public static ScaleTables create(int quantizers) {
        int[][] rows = new int[quantizers * ScaleTables.TABLES][];
        for (int t = 0; t < rows.length; t++) {
            double scale = (t < ScaleTables.TABLES ? 0.05 : 0.07) * Math.pow(2, t % ScaleTables.TABLES / 8.0);
            rows[t] = laplacian(scale, t == 0 ? 0 : Math.min(127, (int) Math.ceil(scale * 8)));
        }
        return new ScaleTables(rows);
    }

    /** What a decoder gives for a step: its symbols, or their levels. */
    public static int[] decoded(ScaleTables tables, int[] symbols, byte[] rows) {
        int[] decoded = symbols.clone();
        for (int i = 0; tables.quantizers() == 2 && i < decoded.length; i++) {
            decoded[i] = Trellis.reconstructionLevel(symbols[i], rows[i] < 0 ? 1 : 0);
        }
        return decoded;
    }

    /** Every entry gets at least 1; what rounding leaves goes to the zero. */
    private static int[] laplacian(double scale, int radius) {
        int[] row = new int[2 * radius + 2];
        int sum = 0;
        for (int k = 1; k < row.length; k++) {
            double edge = (k + 1) / 2 - 0.5;
            double tail = 0.5 * Math.exp(-edge / scale);
            double mass = k == row.length - 1 ? 2 * tail : tail - 0.5 * Math.exp(-(edge + 1) / scale);
            row[k] = Math.max(1, (int) (mass * (TOTAL - row.length)));
            sum += row[k];
        }
        row[0] = TOTAL - sum;
        return row;
    }
}
