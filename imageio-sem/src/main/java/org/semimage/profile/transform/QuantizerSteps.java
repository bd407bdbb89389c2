// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.transform;

import org.semimage.compute.network.PackedCoefficients;
import org.semimage.compute.network.SynthesisWindow;
import org.semimage.compute.wavelet.Pyramid;
import org.semimage.model.RelativeSteps;

import java.awt.Rectangle;

/**
 * Coefficients between their own units and quantizer steps (FORMAT.md, "Quantizer steps"): a band's step is the picture's times
 * the band's relative step and, but for the low band, divided by the gain of the block.
 *
 * @param relative steps of the bands, at the quality index of the whole picture
 * @param gains of the picture
 * @param part  of the picture that the coefficients belong to, in samples, multiples of 64
 */
public record QuantizerSteps(RelativeSteps relative, GainMap gains, Rectangle part) {

    /**
     * Coefficients of levels {@code coarsest..finest} in quantizer steps, of those bands that {@code to} has.
     *
     * @param step the picture's
     */
    public void quantize(Pyramid from, Pyramid to, int coarsest, int finest, float step) {
        each(from, to, coarsest, finest, 1 / step, true);
    }

    /** The reverse of {@link #quantize} with a step of 1: what comes is in units of the picture's step. */
    public void dequantize(Pyramid from, Pyramid to, int coarsest, int finest) {
        each(from, to, coarsest, finest, 1, false);
    }

    /** Multiplies planes of a level by the gains, or divides them. */
    void gain(float[][] planes, int level, boolean multiply) {
        GainMap.Factors factors = gains.factors(part, level);
        for (float[] plane : planes) {
            scale(plane, plane, 1, factors, multiply);
        }
    }

    /** What a window of this part is synthesised with. */
    SynthesisWindow.Steps synthesis() {
        SynthesisWindow.Gains[] ofLevels = new SynthesisWindow.Gains[PackedCoefficients.LEVELS];
        for (int level = 1; level <= ofLevels.length; level++) {
            GainMap.Factors factors = gains.factors(part, level);
            ofLevels[level - 1] = new SynthesisWindow.Gains(factors.values(), factors.cell());
        }
        return new SynthesisWindow.Steps(relative.detail(), ofLevels, heard());
    }

    /** How far a network's correction of packed coefficients is heard: less where gains are too large for the network. */
    float[] heard() {
        return gains.heard(part);
    }

    private void each(Pyramid from, Pyramid to, int coarsest, int finest, float factor, boolean quantize) {
        if (coarsest == Pyramid.LEVELS) {
            for (int c = 0; c < 3; c++) {
                float f = quantize ? factor / relative.low()[c] : factor * relative.low()[c];
                for (int i = 0; i < from.low()[c].length; i++) {
                    to.low()[c][i] = from.low()[c][i] * f;
                }
            }
        }
        for (int level = finest; level <= coarsest; level++) {
            float[][] bands = to.detail()[level - 1];
            GainMap.Factors factors = gains.factors(part, level);
            for (int c = 0; c < bands.length; c++) {
                float f = quantize ? factor / relative.detail()[level - 1][c] : factor * relative.detail()[level - 1][c];
                scale(from.detail()[level - 1][c], bands[c], f, factors, quantize);
            }
        }
    }

    private static void scale(float[] from, float[] to, float factor, GainMap.Factors gains, boolean multiply) {
        for (int i = 0, y = 0; y < gains.values().length * gains.cell(); y++) {
            float[] row = gains.values()[y / gains.cell()];
            for (float gain : row) {
                float f = multiply ? factor * gain : factor / gain;
                for (int end = i + gains.cell(); i < end; i++) {
                    to[i] = from[i] * f;
                }
            }
        }
    }
}
