// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.lossless;

/** Decides which neighbouring contexts share a table: those whose tables cost more to send apart than they save. */
final class TableTraining {

    /** About what a table costs: its head, and each of its tokens. */
    private static final double TABLE_BITS = 16;
    private static final double TOKEN_BITS = 6;

    private TableTraining() {
    }

    /** The frequencies of all contexts of a plane. */
    static int[][] frequencies(LosslessCodec.Residuals[] bands, int plane) {
        int[][] counts = sum(bands, plane);
        int[][] frequencies = new int[counts.length][];
        int[] zeroOnly = new int[counts[0].length];
        zeroOnly[0] = 1;
        int[] merged = new int[counts[0].length];
        double mergedBits = 0;
        int first = 0;
        for (int c = 0; c <= counts.length; c++) {
            double bits = c == counts.length ? 0 : bits(counts[c]);
            int[] together = c == counts.length ? merged : plus(merged, counts[c]);
            double togetherBits = bits(together);
            if (c == counts.length || togetherBits > mergedBits + bits && mergedBits > 0) {
                int[] table = LosslessParameters.frequencies(mergedBits > 0 ? merged : zeroOnly);
                while (first < c) {
                    frequencies[first++] = table;
                }
                together = c == counts.length ? merged : counts[c];
                togetherBits = bits;
            }
            merged = together;
            mergedBits = togetherBits;
        }
        return frequencies;
    }

    private static int[][] sum(LosslessCodec.Residuals[] bands, int plane) {
        int[][] sum = bands[0].counts()[plane];
        for (int b = 1; b < bands.length; b++) {
            for (int c = 0; c < sum.length; c++) {
                sum[c] = plus(sum[c], bands[b].counts()[plane][c]);
            }
        }
        return sum;
    }

    private static int[] plus(int[] a, int[] b) {
        int[] sum = a.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += b[i];
        }
        return sum;
    }

    /** What coding so many of each token takes, the table included; 0 for none at all. */
    private static double bits(int[] counts) {
        double total = 0;
        double sum = 0;
        int distinct = 0;
        for (int count : counts) {
            if (count > 0) {
                total += count;
                sum -= count * Math.log(count);
                distinct++;
            }
        }
        return total == 0 ? 0 : (sum + total * Math.log(total)) / Math.log(2) + TABLE_BITS + TOKEN_BITS * distinct;
    }
}
