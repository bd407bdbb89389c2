package org.semimage.profile;

import org.semimage.compute.Pyramid;
import org.semimage.model.TransformModel;

/**
 * Coefficients between their own units and quantizer steps (FORMAT.md, "Quantizer steps"): a band's step is the picture's times
 * the band's relative step, divided by the gain of the block.
 *
 * @param model has the relative steps
 * @param gains factors by blocks of 64x64 samples, {@code [rows][columns]}
 */
record QuantizerSteps(TransformModel model, float[][] gains) {

    private static final int LOG2_BLOCK = 6;

    /** The quantizer step of a quality index 0..255, in sample values: {@code 2^(8 - index/32)}. */
    static float of(int quality) {
        return (float) Math.pow(2, 8 - quality / 32.0);
    }

    /** Coefficients of levels {@code coarsest..finest} in quantizer steps, in {@code to}. @param step the picture's */
    void quantize(Pyramid from, Pyramid to, int coarsest, int finest, float step) {
        each(from, to, coarsest, finest, 1 / step, true);
    }

    /** The reverse of {@link #quantize} with a step of 1: what comes is in units of the picture's step. */
    void dequantize(Pyramid from, Pyramid to, int coarsest, int finest) {
        each(from, to, coarsest, finest, 1, false);
    }

    /** Multiplies planes of a level by the gains, or divides them. */
    void gain(float[][] planes, int level, int width, boolean multiply) {
        for (float[] plane : planes) {
            scale(plane, plane, 1, level, width, multiply);
        }
    }

    private void each(Pyramid from, Pyramid to, int coarsest, int finest, float factor, boolean quantize) {
        if (coarsest == Pyramid.LEVELS) {
            for (int c = 0; c < 3; c++) {
                float relative = model.lowSteps()[c];
                scale(from.low()[c], to.low()[c], quantize ? factor / relative : factor * relative, Pyramid.LEVELS, from.width() >> Pyramid.LEVELS, quantize);
            }
        }
        for (int level = finest; level <= coarsest; level++) {
            float[][] bands = from.detail()[level - 1];
            for (int c = 0; c < bands.length; c++) {
                float relative = model.detailSteps()[level - 1][c];
                scale(bands[c], to.detail()[level - 1][c], quantize ? factor / relative : factor * relative, level, from.width() >> level, quantize);
            }
        }
    }

    private void scale(float[] from, float[] to, float factor, int level, int width, boolean multiply) {
        int block = 1 << LOG2_BLOCK - level;
        for (int i = 0, y = 0; i < from.length; y++) {
            float[] row = gains[y / block];
            for (int x = 0; x < width; x += block) {
                float f = multiply ? factor * row[x / block] : factor / row[x / block];
                for (int end = i + block; i < end; i++) {
                    to[i] = from[i] * f;
                }
            }
        }
    }
}
