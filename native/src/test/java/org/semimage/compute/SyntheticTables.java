package org.semimage.compute;

/** Scale tables that need no training: discretised Laplacians, eight to the octave, and an escape. */
public final class SyntheticTables {

    private static final int TOTAL = 1 << RansEncoder.PRECISION;

    private SyntheticTables() {
    }

    /** Tables of up to 256 entries; the first has two, 0 and the escape. */
    public static ScaleTables create() {
        int[][] rows = new int[ScaleTables.TABLES][];
        for (int t = 0; t < rows.length; t++) {
            double scale = 0.05 * Math.pow(2, t / 8.0);
            rows[t] = laplacian(scale, t == 0 ? 0 : Math.min(127, (int) Math.ceil(scale * 8)));
        }
        return new ScaleTables(rows);
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
