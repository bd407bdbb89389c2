// SPDX-License-Identifier: Apache-2.0
package org.semimage.latent;

/**
 * The CDF 9/7 wavelet on planes of any size (FORMAT.md, "Latents"): of n samples, (n + 1) / 2 go to the low half. Whole-sample symmetric
 * extension, nearly orthonormal, as in {@link org.semimage.compute.wavelet.Wavelet97}, whose sizes are multiples of 64.
 */
final class SpatialWavelet {

    private static final float[] LIFTING = {-1.586134342059924f, -0.052980118572961f, 0.882911075530934f, 0.443506852043971f};
    private static final float K = 1.149604398860241f;

    private SpatialWavelet() {
    }

    /** Analyses in place; the low band of {@code levels} ends up in the upper left corner, as usual. */
    static void analyse(float[] plane, int height, int width, int levels) {
        int h = height;
        int w = width;
        for (int level = 0; level < levels; level++) {
            for (int y = 0; y < h; y++) {
                split(plane, y * width, 1, w);
            }
            for (int x = 0; x < w; x++) {
                split(plane, x, width, h);
            }
            h = h + 1 >> 1;
            w = w + 1 >> 1;
        }
    }

    /** The inverse of {@link #analyse}. */
    static void synthesise(float[] plane, int height, int width, int levels) {
        for (int level = levels - 1; level >= 0; level--) {
            int h = half(height, level);
            int w = half(width, level);
            for (int x = 0; x < w; x++) {
                join(plane, x, width, h);
            }
            for (int y = 0; y < h; y++) {
                join(plane, y * width, 1, w);
            }
        }
    }

    /** A side after some halvings, rounded up. */
    static int half(int side, int levels) {
        return (side - 1 >> levels) + 1;
    }

    private static void split(float[] plane, int from, int stride, int n) {
        if (n == 1) {
            return;
        }
        float[] line = new float[n];
        for (int i = 0; i < n; i++) {
            line[i] = plane[from + i * stride];
        }
        for (int step = 0; step < LIFTING.length; step++) {
            lift(line, 1 - step % 2, LIFTING[step]);
        }
        int low = n + 1 >> 1;
        for (int i = 0; i < n; i++) {
            plane[from + ((i & 1) == 0 ? i / 2 : low + i / 2) * stride] = (i & 1) == 0 ? line[i] * K : line[i] / K;
        }
    }

    private static void join(float[] plane, int from, int stride, int n) {
        if (n == 1) {
            return;
        }
        float[] line = new float[n];
        int low = n + 1 >> 1;
        for (int i = 0; i < n; i++) {
            float value = plane[from + ((i & 1) == 0 ? i / 2 : low + i / 2) * stride];
            line[i] = (i & 1) == 0 ? value / K : value * K;
        }
        for (int step = LIFTING.length - 1; step >= 0; step--) {
            lift(line, 1 - step % 2, -LIFTING[step]);
        }
        for (int i = 0; i < n; i++) {
            plane[from + i * stride] = line[i];
        }
    }

    /** Adds to every other sample, from the first one given, its neighbours' sum times a factor; the line is mirrored at its ends. */
    private static void lift(float[] line, int first, float factor) {
        for (int i = first; i < line.length; i += 2) {
            float before = line[i == 0 ? 1 : i - 1];
            float after = line[i == line.length - 1 ? i - 1 : i + 1];
            line[i] += factor * (before + after);
        }
    }
}
