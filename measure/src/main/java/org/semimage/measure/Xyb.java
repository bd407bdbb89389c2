// SPDX-License-Identifier: Apache-2.0
package org.semimage.measure;

/**
 * JPEG XL's opponent colours (ISO/IEC 18181-1), shifted and scaled for {@link Ssimulacra2}: X, Y and B-Y, each about 0..1. Sums and roots
 * round as in the reference programs' single precision.
 */
final class Xyb {

    static final int COMPONENTS = 3;

    private static final float BIAS = 0.0037930732552754493f;
    private static final float BIAS_ROOT = (float) Math.cbrt(BIAS);
    private static final float[] LONG = {0.3f, 1 - 0.078f - 0.3f, 0.078f};
    private static final float[] MEDIUM = {0.23f, 1 - 0.078f - 0.23f, 0.078f};
    private static final float[] SHORT = {0.24342268924547819f, 0.20476744424496821f, 1 - 0.24342268924547819f - 0.20476744424496821f};

    private Xyb() {
    }

    /** The three components, row-major. */
    static float[][] of(LinearRgb picture) {
        float[] red = picture.rgb()[0];
        float[] green = picture.rgb()[1];
        float[] blue = picture.rgb()[2];
        float[][] xyb = new float[COMPONENTS][red.length];
        for (int i = 0; i < red.length; i++) {
            float l = response(LONG, red[i], green[i], blue[i]);
            float m = response(MEDIUM, red[i], green[i], blue[i]);
            float s = response(SHORT, red[i], green[i], blue[i]);
            float luminance = 0.5f * (l + m);
            xyb[0][i] = 0.5f * (l - m) * 14 + 0.42f;
            xyb[1][i] = luminance + 0.01f;
            xyb[2][i] = s - luminance + 0.55f;
        }
        return xyb;
    }

    /** What one kind of cone answers. */
    private static float response(float[] weights, float red, float green, float blue) {
        float absorbed = Math.fma(weights[0], red, Math.fma(weights[1], green, Math.fma(weights[2], blue, BIAS)));
        return cubeRootLessBias(absorbed);
    }

    /** By Newton's method for the power -1/3, from a guess by the exponent. */
    private static float cubeRootLessBias(float value) {
        float third = 1f / 3;
        float r = Float.intBitsToFloat(0x54800000 - (Float.floatToRawIntBits(value) >>> 23) * 0x002AAAAA);
        for (int step = 0; step < 3; step++) {
            float square = r * r;
            r = Math.fma(-(third * value), square * square, 4f / 3 * r);
        }
        float square = r * r;
        r = Math.fma(third, Math.fma(-value, square * square, r), r);
        return Math.fma(r * r, value, -BIAS_ROOT);
    }
}
