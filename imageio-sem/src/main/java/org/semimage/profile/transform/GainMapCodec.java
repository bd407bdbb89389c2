// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.transform;

import org.semimage.compute.entropy.ArithmeticDecoder;
import org.semimage.compute.entropy.ArithmeticEncoder;

/**
 * Codes a {@link GainMap} (FORMAT.md, "Gains"): each gain is predicted from its neighbours, and the residual coded in binary decisions,
 * whose probabilities adapt within contexts of the neighbours' residuals. The predictor is LOCO-I's: Weinberger, Seroussi and Sapiro,
 * "The LOCO-I lossless image compression algorithm", IEEE Trans. Image Processing 9(8), 2000.
 */
final class GainMapCodec {

    private static final int ACTIVITIES = 4;
    private static final int LENGTHS = 7;
    private static final int MAX_RESIDUAL = 2 * GainMap.MAX_GAIN;

    private GainMapCodec() {
    }

    /** Codes or decodes one binary decision in a context. */
    private interface Decision {
        boolean of(int[] counts, boolean value);
    }

    static byte[] encode(GainMap map) {
        ArithmeticEncoder out = new ArithmeticEncoder();
        byte[] gains = map.gains().clone();
        walk(map.rows(), map.columns(), gains, (counts, value) -> {
            out.encode(value ? counts[0] : 0, counts[value ? 1 : 0], counts[0] + counts[1]);
            return value;
        });
        return out.finish();
    }

    /** Decodes the bytes {@code from..to - 1}; behind the last it reads zeros, and any bytes mean something. */
    static GainMap decode(byte[] bytes, int from, int to, int log2Block, int rows, int columns) {
        ArithmeticDecoder in = new ArithmeticDecoder(bytes, from, to);
        byte[] gains = new byte[rows * columns];
        walk(rows, columns, gains, (counts, value) -> in.decode(counts, 2, counts[0] + counts[1]) == 1);
        return new GainMap(log2Block, rows, columns, gains);
    }

    /** Passes every gain through the decisions that tell it; what they say replaces it. */
    private static void walk(int rows, int columns, byte[] gains, Decision decision) {
        int[][] zero = contexts(ACTIVITIES);
        int[][] negative = contexts(1);
        int[][] longer = contexts(LENGTHS);
        int[] above = new int[columns];
        for (int row = 0; row < rows; row++) {
            int left = 0;
            for (int column = 0; column < columns; column++) {
                int i = row * columns + column;
                int prediction = predict(gains, i, row, column, columns);
                int residual = gains[i] - prediction;
                int magnitude = 0;
                if (!decide(decision, zero[Math.min(ACTIVITIES - 1, left + above[column])], residual == 0)) {
                    boolean down = decide(decision, negative[0], residual < 0);
                    magnitude = 1;
                    while (magnitude < MAX_RESIDUAL
                            && decide(decision, longer[Math.min(LENGTHS, magnitude) - 1], Math.abs(residual) > magnitude)) {
                        magnitude++;
                    }
                    residual = down ? -magnitude : magnitude;
                } else {
                    residual = 0;
                }
                gains[i] = (byte) Math.max(-GainMap.MAX_GAIN, Math.min(GainMap.MAX_GAIN, prediction + residual));
                left = magnitude;
                above[column] = magnitude;
            }
        }
    }

    private static boolean decide(Decision decision, int[] counts, boolean value) {
        boolean decided = decision.of(counts, value);
        counts[decided ? 1 : 0] += 2;
        if (counts[0] + counts[1] > 1 << 12) {
            counts[0] = counts[0] + 1 >> 1;
            counts[1] = counts[1] + 1 >> 1;
        }
        return decided;
    }

    private static int[][] contexts(int count) {
        int[][] contexts = new int[count][];
        for (int i = 0; i < count; i++) {
            contexts[i] = new int[] {1, 1};
        }
        return contexts;
    }

    /** What a gain is taken to be by those left of it and above. */
    static int predict(byte[] gains, int i, int row, int column, int columns) {
        if (row == 0 || column == 0) {
            return row > 0 ? gains[i - columns] : column > 0 ? gains[i - 1] : 0;
        }
        int left = gains[i - 1];
        int above = gains[i - columns];
        int plane = left + above - gains[i - columns - 1];
        return Math.max(Math.min(left, above), Math.min(Math.max(left, above), plane));
    }
}
