// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.lossless;

import java.util.Arrays;

/**
 * Finds weights for {@link PlanePredictor}: least squares over a sample of a plane, in each class of texture by itself. Errors
 * count the less the busier their surroundings, so that the sum follows the bits that residuals cost. A class keeps the weights
 * before it where that is no worse.
 */
final class PredictorTraining {

    /** About so many samples of a plane are enough. */
    private static final int SAMPLES = 1 << 14;

    /** A class takes at least so many samples per weight. */
    private static final int SAMPLES_PER_WEIGHT = 8;

    /** Weights are judged by one in so many samples. */
    private static final int JUDGED = 4;

    private static final double RIDGE = 1e-3;

    private final int references;
    private final int taps;
    private final int[] differences;
    private final int[][] records = new int[PlanePredictor.CLASSES][1 << 10];
    private final int[] used = new int[PlanePredictor.CLASSES];

    /** @param references how many planes the plane is predicted from */
    PredictorTraining(int references) {
        this.references = references;
        taps = PlanePredictor.taps(references);
        differences = new int[taps];
    }

    /** Every so many-th of so many samples is to be given to {@link #add}. */
    static int period(long samples) {
        return (int) Math.max(1, samples / SAMPLES);
    }

    /** Takes a sample of a row that the predictor has. A record is the differences, the sample's own, and how busy the place is. */
    void add(PlanePredictor predictor, int x, int sample) {
        int c = predictor.differences(x, differences);
        if (used[c] + taps + 2 > records[c].length) {
            records[c] = Arrays.copyOf(records[c], 2 * records[c].length);
        }
        System.arraycopy(differences, 0, records[c], used[c], taps);
        int busy = 8;
        for (int t = 0; t < PlanePredictor.OWN_TAPS; t++) {
            busy += Math.abs(differences[t]);
        }
        records[c][used[c] + taps] = sample - predictor.left(x);
        records[c][used[c] + taps + 1] = busy;
        used[c] += taps + 2;
    }

    /** The weights of all classes. */
    int[] solve() {
        int[] weights = PlanePredictor.defaultWeights(references);
        int[] last = Arrays.copyOf(weights, taps);
        for (int c = 0; c < PlanePredictor.CLASSES; c++) {
            if (used[c] >= (taps + 2) * taps * SAMPLES_PER_WEIGHT) {
                int[] solved = leastSquares(c);
                if (cost(c, solved) < cost(c, last)) {
                    last = solved;
                }
            }
            System.arraycopy(last, 0, weights, c * taps, taps);
        }
        return weights;
    }

    /** About the bits of a class's residuals. */
    private double cost(int c, int[] weights) {
        int[] data = records[c];
        double cost = 0;
        for (int at = 0; at < used[c]; at += JUDGED * (taps + 2)) {
            int sum = 1 << PlanePredictor.WEIGHT_SHIFT - 1;
            for (int t = 0; t < taps; t++) {
                sum += weights[t] * data[at + t];
            }
            cost += Math.log(1 + Math.abs(data[at + taps] - (sum >> PlanePredictor.WEIGHT_SHIFT)));
        }
        return cost;
    }

    private int[] leastSquares(int c) {
        int[] data = records[c];
        int n = taps;
        double[][] products = new double[n][n];
        double[] targets = new double[n];
        double[] d = new double[n];
        for (int at = 0; at < used[c]; at += n + 2) {
            for (int i = 0; i < n; i++) {
                d[i] = data[at + i];
            }
            double weight = 1.0 / data[at + n + 1];
            double target = weight * data[at + n];
            for (int i = 0; i < n; i++) {
                double factor = weight * d[i];
                double[] row = products[i];
                for (int j = 0; j <= i; j++) {
                    row[j] += factor * d[j];
                }
                targets[i] += target * d[i];
            }
        }
        double[] solution = cholesky(products, targets);
        int[] weights = new int[n];
        for (int t = 0; t < n; t++) {
            double scaled = Math.rint(solution[t] * (1 << PlanePredictor.WEIGHT_SHIFT));
            weights[t] = (int) Math.max(-PlanePredictor.MAX_WEIGHT, Math.min(PlanePredictor.MAX_WEIGHT, scaled));
        }
        return weights;
    }

    /** Solves a symmetric positive system, given by its lower triangle, which becomes its Cholesky factor. */
    private static double[] cholesky(double[][] a, double[] b) {
        int n = b.length;
        double[] x = b.clone();
        for (int i = 0; i < n; i++) {
            a[i][i] += RIDGE * a[i][i] + 1;
            for (int j = 0; j <= i; j++) {
                double sum = a[i][j];
                for (int k = 0; k < j; k++) {
                    sum -= a[i][k] * a[j][k];
                }
                a[i][j] = i == j ? Math.sqrt(sum) : sum / a[j][j];
            }
            for (int k = 0; k < i; k++) {
                x[i] -= a[i][k] * x[k];
            }
            x[i] /= a[i][i];
        }
        for (int i = n - 1; i >= 0; i--) {
            for (int k = i + 1; k < n; k++) {
                x[i] -= a[k][i] * x[k];
            }
            x[i] /= a[i][i];
        }
        return x;
    }
}
