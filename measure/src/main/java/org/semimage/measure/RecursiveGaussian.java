// SPDX-License-Identifier: Apache-2.0
package org.semimage.measure;

import java.util.Arrays;

/**
 * A Gaussian blur of sigma 1.5 with zeros outside the picture: D. Charalampidis, "Recursive implementation of the Gaussian filter using
 * truncated cosine functions", IEEE Trans. Signal Processing 64 (2016), three cosines, radius 5.
 *
 * <p>In exact arithmetic these are nine taps. Scores of {@link Ssimulacra2} hold what the recursion rounds in single precision, up to two
 * points where pictures are smooth: so this one rounds in the reference program's order, rows four steps at once and columns one.
 */
final class RecursiveGaussian {

    private static final int RADIUS = 5;
    /** Zeros before and behind a row or column, for the recursion to run in and out. */
    private static final int BEFORE = 2 * RADIUS;
    private static final int BEHIND = RADIUS - 1;
    private static final Cosine FIRST = new Cosine(1, 0.17893914164149127);
    private static final Cosine THIRD = new Cosine(3, 0.07272614473619018);
    private static final Cosine FIFTH = new Cosine(5, 0.012955819110517063);

    private final int width;
    private final int height;
    private final float[] row;
    /** Rows blurred along. */
    private final float[] rows;

    /** For planes of one size; serves one thread. */
    RecursiveGaussian(int width, int height) {
        this.width = width;
        this.height = height;
        this.row = new float[BEFORE + width + BEHIND];
        this.rows = new float[width * (BEFORE + height + BEHIND)];
    }

    /** A blurred row-major plane. */
    float[] of(float[] plane) {
        for (int y = 0; y < height; y++) {
            System.arraycopy(plane, y * width, row, BEFORE, width);
            along(y);
        }
        return down();
    }

    /** The blurred product of two planes. */
    float[] ofProduct(float[] a, float[] b) {
        for (int y = 0; y < height; y++) {
            int from = y * width;
            for (int x = 0; x < width; x++) {
                row[BEFORE + x] = a[from + x] * b[from + x];
            }
            along(y);
        }
        return down();
    }

    private void along(int y) {
        int to = (BEFORE + y) * width;
        Arrays.fill(rows, to, to + width, 0);
        FIFTH.addTo(rows, to, width, row);
        THIRD.addTo(rows, to, width, row);
        FIRST.addTo(rows, to, width, row);
    }

    private float[] down() {
        float[] out = new float[width * height];
        float[][] last = new float[3][width];
        float[][] older = new float[3][width];
        for (int y = -BEHIND; y < height; y++) {
            int bottom = BEFORE + y + RADIUS - 1;
            int top = bottom - 2 * RADIUS;
            down(top * width, bottom * width, last, older, out, Math.max(0, y) * width);
            float[][] newest = older;
            older = last;
            last = newest;
        }
        return out;
    }

    /** One step of all columns, which leaves its terms in {@code older}; what runs in above the first row is overwritten by it. */
    private void down(int top, int bottom, float[][] last, float[][] older, float[] out, int to) {
        float[] last1 = last[0];
        float[] last3 = last[1];
        float[] last5 = last[2];
        float[] older1 = older[0];
        float[] older3 = older[1];
        float[] older5 = older[2];
        for (int x = 0; x < width; x++) {
            float sum = rows[top + x] + rows[bottom + x];
            float term1 = Math.fma(FIRST.gain[0], sum, Math.fma(FIRST.turn[1], last1[x], -older1[x]));
            float term3 = Math.fma(THIRD.gain[0], sum, Math.fma(THIRD.turn[1], last3[x], -older3[x]));
            float term5 = Math.fma(FIFTH.gain[0], sum, Math.fma(FIFTH.turn[1], last5[x], -older5[x]));
            older1[x] = term1;
            older3[x] = term3;
            older5[x] = term5;
            out[to + x] = term1 + (term3 + term5);
        }
    }

    /**
     * One term: {@code y[n] = gain (x[n-6] + x[n+4]) + turn y[n-1] - y[n-2]}. Chebyshev polynomials of the second kind, of half the turn,
     * carry it over several steps.
     */
    private static final class Cosine {
        private static final int STEPS = 4;
        /** From this place on, and up to so many before the end, four steps at once. */
        private static final int FIRST_FOUR = 8;
        private static final int LAST_FOUR = RADIUS + 2;

        final float[] turn = new float[STEPS + 1];
        final float[] gain = new float[STEPS];

        /** A cosine of so many times the first one's frequency. */
        Cosine(int multiple, double amplitude) {
            double angle = multiple * Math.PI / (2 * RADIUS);
            double[] chebyshev = new double[STEPS + 1];
            chebyshev[0] = 1;
            chebyshev[1] = 2 * Math.cos(angle);
            for (int i = 2; i <= STEPS; i++) {
                chebyshev[i] = chebyshev[1] * chebyshev[i - 1] - chebyshev[i - 2];
            }
            for (int i = 0; i <= STEPS; i++) {
                turn[i] = (float) chebyshev[i];
            }
            for (int i = 0; i < STEPS; i++) {
                gain[i] = (float) (-amplitude * Math.cos(angle * (RADIUS + 1)) * chebyshev[i]);
            }
        }

        /** Adds this term of a row, which has its zeros around it. */
        void addTo(float[] out, int to, int width, float[] in) {
            float last = 0;
            float older = 0;
            int n = -BEHIND;
            while (n < width) {
                int left = BEFORE + n - RADIUS - 1;
                int right = BEFORE + n + RADIUS - 1;
                float x0 = in[left] + in[right];
                if (n >= FIRST_FOUR && n + LAST_FOUR < width) {
                    float x1 = in[left + 1] + in[right + 1];
                    float x2 = in[left + 2] + in[right + 2];
                    float x3 = in[left + 3] + in[right + 3];
                    float y0 = gain[0] * x0;
                    float y1 = Math.fma(gain[0], x1, gain[1] * x0);
                    float y2 = Math.fma(gain[0], x2, Math.fma(gain[1], x1, gain[2] * x0));
                    float y3 = Math.fma(gain[0], x3, Math.fma(gain[1], x2, Math.fma(gain[2], x1, gain[3] * x0)));
                    y0 = Math.fma(turn[1], last, Math.fma(-turn[0], older, y0));
                    y1 = Math.fma(turn[2], last, Math.fma(-turn[1], older, y1));
                    y2 = Math.fma(turn[3], last, Math.fma(-turn[2], older, y2));
                    y3 = Math.fma(turn[4], last, Math.fma(-turn[3], older, y3));
                    out[to + n] += y0;
                    out[to + n + 1] += y1;
                    out[to + n + 2] += y2;
                    out[to + n + 3] += y3;
                    older = y2;
                    last = y3;
                    n += STEPS;
                } else {
                    float y = Math.fma(turn[1], last, gain[0] * x0 - older);
                    older = last;
                    last = y;
                    if (n >= 0) {
                        out[to + n] += y;
                    }
                    n++;
                }
            }
        }
    }
}
