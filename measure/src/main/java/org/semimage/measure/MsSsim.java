// SPDX-License-Identifier: Apache-2.0
package org.semimage.measure;

import org.semimage.picture.RgbSamples;

import java.util.OptionalDouble;

/**
 * Multi-scale structural similarity of BT.601 luma: Z. Wang, E. P. Simoncelli, A. C. Bovik, "Multiscale structural similarity
 * for image quality assessment", Asilomar 2003. Five scales, 11-tap Gaussian window of sigma 1.5 without padding, scales
 * halved by averaging 2x2 samples, an odd last row or column dropped.
 */
public final class MsSsim {

    /** The shortest side that leaves one window at the coarsest scale. */
    public static final int MIN_SIDE = 176;

    private static final double[] SCALE_WEIGHTS = {0.0448, 0.2856, 0.3001, 0.2363, 0.1333};
    private static final int TAPS = 11;
    private static final double[] WINDOW = gaussian(1.5);
    private static final double C1 = square(0.01 * 255);
    private static final double C2 = square(0.03 * 255);

    private MsSsim() {
    }

    /**
     * The similarity of two pictures.
     *
     * @return 0..1, 1 for equal pictures; empty if a side is shorter than {@link #MIN_SIDE}
     * @throws IllegalArgumentException if the sizes differ
     */
    public static OptionalDouble of(RgbSamples a, RgbSamples b) {
        a.requireSameSize(b);
        if (Math.min(a.width(), a.height()) < MIN_SIDE) {
            return OptionalDouble.empty();
        }
        Plane p = new Plane(a.width(), a.height(), a.luma());
        Plane q = new Plane(b.width(), b.height(), b.luma());
        double product = 1;
        for (int scale = 0; scale < SCALE_WEIGHTS.length; scale++) {
            boolean coarsest = scale == SCALE_WEIGHTS.length - 1;
            double mean = meanSimilarity(p, q, coarsest);
            product *= Math.pow(Math.max(mean, 0), SCALE_WEIGHTS[scale]);
            if (!coarsest) {
                p = p.halved();
                q = q.halved();
            }
        }
        return OptionalDouble.of(product);
    }

    /** A similarity in dB, {@code -10 log10(1 - similarity)}; positive infinity for 1. */
    public static double decibels(double similarity) {
        return -10 * Math.log10(1 - similarity);
    }

    /** The mean of contrast-structure terms, times the luminance term at the coarsest scale. */
    private static double meanSimilarity(Plane p, Plane q, boolean withLuminance) {
        double[] meanP = p.windowed().samples;
        double[] meanQ = q.windowed().samples;
        double[] squareP = p.times(p).windowed().samples;
        double[] squareQ = q.times(q).windowed().samples;
        double[] cross = p.times(q).windowed().samples;
        double sum = 0;
        for (int i = 0; i < meanP.length; i++) {
            double varianceP = squareP[i] - meanP[i] * meanP[i];
            double varianceQ = squareQ[i] - meanQ[i] * meanQ[i];
            double covariance = cross[i] - meanP[i] * meanQ[i];
            double similarity = (2 * covariance + C2) / (varianceP + varianceQ + C2);
            if (withLuminance) {
                similarity *= (2 * meanP[i] * meanQ[i] + C1) / (meanP[i] * meanP[i] + meanQ[i] * meanQ[i] + C1);
            }
            sum += similarity;
        }
        return sum / meanP.length;
    }

    private static double[] gaussian(double sigma) {
        double[] window = new double[TAPS];
        double sum = 0;
        for (int i = 0; i < TAPS; i++) {
            window[i] = Math.exp(-square(i - TAPS / 2) / (2 * sigma * sigma));
            sum += window[i];
        }
        for (int i = 0; i < TAPS; i++) {
            window[i] /= sum;
        }
        return window;
    }

    private static double square(double x) {
        return x * x;
    }

    private static final class Plane {
        final int width;
        final int height;
        final double[] samples;

        Plane(int width, int height, double[] samples) {
            this.width = width;
            this.height = height;
            this.samples = samples;
        }

        Plane times(Plane other) {
            double[] product = new double[samples.length];
            for (int i = 0; i < product.length; i++) {
                product[i] = samples[i] * other.samples[i];
            }
            return new Plane(width, height, product);
        }

        /** Weighted means under every position of the window that lies inside the plane. */
        Plane windowed() {
            int outWidth = width - TAPS + 1;
            int outHeight = height - TAPS + 1;
            double[] rows = new double[outWidth * height];
            for (int y = 0; y < height; y++) {
                for (int tap = 0; tap < TAPS; tap++) {
                    addScaled(samples, y * width + tap, WINDOW[tap], rows, y * outWidth, outWidth);
                }
            }
            double[] out = new double[outWidth * outHeight];
            for (int y = 0; y < outHeight; y++) {
                for (int tap = 0; tap < TAPS; tap++) {
                    addScaled(rows, (y + tap) * outWidth, WINDOW[tap], out, y * outWidth, outWidth);
                }
            }
            return new Plane(outWidth, outHeight, out);
        }

        Plane halved() {
            int outWidth = width / 2;
            int outHeight = height / 2;
            double[] out = new double[outWidth * outHeight];
            for (int y = 0; y < outHeight; y++) {
                int upper = 2 * y * width;
                int lower = upper + width;
                for (int x = 0; x < outWidth; x++) {
                    out[y * outWidth + x] = (samples[upper + 2 * x] + samples[upper + 2 * x + 1]
                            + samples[lower + 2 * x] + samples[lower + 2 * x + 1]) / 4;
                }
            }
            return new Plane(outWidth, outHeight, out);
        }

        private static void addScaled(double[] from, int fromIndex, double factor, double[] to, int toIndex, int count) {
            for (int i = 0; i < count; i++) {
                to[toIndex + i] += factor * from[fromIndex + i];
            }
        }
    }
}
