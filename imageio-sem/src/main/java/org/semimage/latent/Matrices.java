// SPDX-License-Identifier: Apache-2.0
package org.semimage.latent;

import java.util.Comparator;
import java.util.Optional;
import java.util.stream.IntStream;

/** The little linear algebra that bases need, for a few dozen channels. */
final class Matrices {

    private static final int MAX_SWEEPS = 50;

    private Matrices() {
    }

    /** The inverse by Gauss and Jordan's elimination; empty if there is none. */
    static Optional<float[][]> inverse(float[][] matrix) {
        int n = matrix.length;
        double[][] a = new double[n][2 * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                a[i][j] = matrix[i][j];
            }
            a[i][n + i] = 1;
        }
        for (int column = 0; column < n; column++) {
            int pivot = column;
            for (int row = column + 1; row < n; row++) {
                pivot = Math.abs(a[row][column]) > Math.abs(a[pivot][column]) ? row : pivot;
            }
            if (!(Math.abs(a[pivot][column]) > 1e-12)) {
                return Optional.empty();
            }
            double[] top = a[pivot];
            a[pivot] = a[column];
            a[column] = top;
            double scale = 1 / top[column];
            for (int j = column; j < 2 * n; j++) {
                top[j] *= scale;
            }
            for (int row = 0; row < n; row++) {
                double factor = a[row][column];
                for (int j = column; row != column && j < 2 * n; j++) {
                    a[row][j] -= factor * top[j];
                }
            }
        }
        float[][] inverse = new float[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                inverse[i][j] = (float) a[i][n + j];
            }
        }
        return Optional.of(inverse);
    }

    /**
     * Eigenvectors of a symmetric matrix as columns, those of the largest eigenvalues first, by Jacobi's rotations.
     *
     * @param symmetric is overwritten
     */
    static double[][] eigenvectors(double[][] symmetric) {
        int n = symmetric.length;
        double[][] a = symmetric;
        double[][] v = new double[n][n];
        for (int i = 0; i < n; i++) {
            v[i][i] = 1;
        }
        for (int sweep = 0; sweep < MAX_SWEEPS && offDiagonal(a) > 1e-12 * trace(a); sweep++) {
            for (int p = 0; p < n; p++) {
                for (int q = p + 1; q < n; q++) {
                    if (a[p][q] != 0) {
                        rotate(a, v, p, q);
                    }
                }
            }
        }
        int[] order = IntStream.range(0, n).boxed().sorted(Comparator.comparingDouble(i -> -a[i][i])).mapToInt(i -> i).toArray();
        double[][] sorted = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                sorted[i][j] = v[i][order[j]];
            }
        }
        return sorted;
    }

    private static void rotate(double[][] a, double[][] v, int p, int q) {
        double theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
        double t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        double c = 1 / Math.sqrt(t * t + 1);
        double s = t * c;
        for (int k = 0; k < a.length; k++) {
            double kp = a[k][p];
            double kq = a[k][q];
            a[k][p] = c * kp - s * kq;
            a[k][q] = s * kp + c * kq;
        }
        for (int k = 0; k < a.length; k++) {
            double pk = a[p][k];
            double qk = a[q][k];
            a[p][k] = c * pk - s * qk;
            a[q][k] = s * pk + c * qk;
            double kp = v[k][p];
            double kq = v[k][q];
            v[k][p] = c * kp - s * kq;
            v[k][q] = s * kp + c * kq;
        }
    }

    private static double offDiagonal(double[][] a) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < a.length; j++) {
                sum += i == j ? 0 : a[i][j] * a[i][j];
            }
        }
        return Math.sqrt(sum);
    }

    private static double trace(double[][] a) {
        return IntStream.range(0, a.length).mapToDouble(i -> Math.abs(a[i][i])).sum() + Double.MIN_NORMAL;
    }

    /** The covariance of channels over all places, {@code [channel][channel]}. */
    static double[][] covariance(float[] planes, int channels, int area) {
        float[] means = new float[channels];
        for (int c = 0; c < channels; c++) {
            double sum = 0;
            for (int i = 0; i < area; i++) {
                sum += planes[c * area + i];
            }
            means[c] = (float) (sum / area);
        }
        return moments(planes, means, area);
    }

    /** Second moments of channels around given values, {@code [channel][channel]}. */
    static double[][] moments(float[] planes, float[] around, int area) {
        int channels = around.length;
        double[][] moments = new double[channels][channels];
        for (int a = 0; a < channels; a++) {
            for (int b = 0; b <= a; b++) {
                double sum = 0;
                for (int i = 0; i < area; i++) {
                    sum += (planes[a * area + i] - around[a]) * (planes[b * area + i] - around[b]);
                }
                moments[a][b] = sum / area;
                moments[b][a] = sum / area;
            }
        }
        return moments;
    }

    /** A matrix with a value on its diagonal. */
    static float[][] diagonal(int n, float value) {
        float[][] matrix = new float[n][n];
        for (int i = 0; i < n; i++) {
            matrix[i][i] = value;
        }
        return matrix;
    }

    /** Whether all numbers are finite; networks of broken weights give others. */
    static boolean isFinite(float[] values) {
        return IntStream.range(0, values.length).allMatch(i -> Float.isFinite(values[i]));
    }

    /** A symmetric matrix without negative eigenvalues times a number that makes its determinant 1. */
    static double[][] normalized(double[][] symmetric) {
        double[][] a = power(symmetric, 1);
        double[][] scaled = power(symmetric, 1);
        eigenvectors(a);
        double logs = IntStream.range(0, a.length).mapToDouble(i -> Math.log(Math.max(a[i][i], 1e-300))).sum();
        double factor = Math.exp(-logs / a.length);
        for (double[] row : scaled) {
            for (int i = 0; i < row.length; i++) {
                row[i] *= factor;
            }
        }
        return scaled;
    }

    static double[][] product(double[][] a, double[][] b) {
        int n = a.length;
        double[][] product = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < n; k++) {
                for (int j = 0; j < n; j++) {
                    product[i][j] += a[i][k] * b[k][j];
                }
            }
        }
        return product;
    }

    /**
     * A power of a symmetric matrix without negative eigenvalues; tiny ones are raised to a thousandth of the largest, so that bytes can
     * hold what comes of them.
     */
    static double[][] power(double[][] symmetric, double exponent) {
        int n = symmetric.length;
        double[][] a = new double[n][];
        for (int i = 0; i < n; i++) {
            a[i] = symmetric[i].clone();
        }
        double[][] v = eigenvectors(a);
        double[] values = IntStream.range(0, n).mapToDouble(i -> a[i][i]).map(x -> -x).sorted().map(x -> -x).toArray();
        double[][] result = new double[n][n];
        for (int k = 0; k < n; k++) {
            double raised = Math.pow(Math.max(values[k], Math.max(values[0] * 1e-3, 1e-12)), exponent);
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    result[i][j] += v[i][k] * raised * v[j][k];
                }
            }
        }
        return result;
    }
}
