// SPDX-License-Identifier: Apache-2.0
package org.semimage.measure;

import org.semimage.picture.RgbSamples;

/**
 * A picture's red, green and blue in linear light.
 *
 * @param width  columns
 * @param height rows
 * @param rgb    three row-major planes of 0..1, owned by this object
 */
record LinearRgb(int width, int height, float[][] rgb) {

    private static final int CHANNELS = 3;
    private static final int LEVELS = 256;
    private static final float[] LINEAR = new float[LEVELS];

    /**
     * The upper part of sRGB's curve as JPEG XL's reference programs fit it, numerator and denominator by rising power: SSIMULACRA 2
     * sums up errors so small that the true curve's last bits would change scores of smooth pictures by a tenth.
     */
    private static final float[] NUMERATOR = {2.200248328e-4f, 1.043637593e-2f, 1.624820318e-1f, 7.961564959e-1f, 8.210152774e-1f};
    private static final float[] DENOMINATOR = {2.631846970e-1f, 1.076976492f, 4.987528350e-1f, -5.512498495e-2f, 6.521209011e-3f};

    static {
        for (int level = 0; level < LEVELS; level++) {
            float encoded = level * (1f / (LEVELS - 1));
            LINEAR[level] = encoded > 0.04045f
                    ? polynomial(NUMERATOR, encoded) / polynomial(DENOMINATOR, encoded)
                    : encoded * (1f / 12.92f);
        }
    }

    static LinearRgb of(RgbSamples samples) {
        int[] pixels = samples.rgb();
        float[][] rgb = new float[CHANNELS][pixels.length];
        for (int i = 0; i < pixels.length; i++) {
            rgb[0][i] = LINEAR[pixels[i] >> 16 & 0xFF];
            rgb[1][i] = LINEAR[pixels[i] >> 8 & 0xFF];
            rgb[2][i] = LINEAR[pixels[i] & 0xFF];
        }
        return new LinearRgb(samples.width(), samples.height(), rgb);
    }

    /** Means of 2x2 samples; an odd last row or column counts twice. */
    LinearRgb halved() {
        int halfWidth = (width + 1) / 2;
        int halfHeight = (height + 1) / 2;
        float[][] half = new float[CHANNELS][halfWidth * halfHeight];
        for (int c = 0; c < CHANNELS; c++) {
            float[] in = rgb[c];
            for (int y = 0; y < halfHeight; y++) {
                int upper = 2 * y * width;
                int lower = Math.min(2 * y + 1, height - 1) * width;
                for (int x = 0; x < halfWidth; x++) {
                    int left = 2 * x;
                    int right = Math.min(left + 1, width - 1);
                    half[c][y * halfWidth + x] = (in[upper + left] + in[upper + right] + in[lower + left] + in[lower + right]) / 4;
                }
            }
        }
        return new LinearRgb(halfWidth, halfHeight, half);
    }

    private static float polynomial(float[] coefficients, float x) {
        float value = 0;
        for (int power = coefficients.length - 1; power >= 0; power--) {
            value = Math.fma(value, x, coefficients[power]);
        }
        return value;
    }
}
