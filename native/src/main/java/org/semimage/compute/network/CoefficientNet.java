// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.network;

import org.semimage.compute.Cancellation;
import org.semimage.compute.wavelet.Pyramid;

import java.util.Arrays;

/**
 * A residual network on packed wavelet coefficients at an eighth of the picture's size (FORMAT.md, "Coefficient networks").
 *
 * <p>As synthesis network it corrects quantized coefficients; as analysis network it changes coefficients before they are
 * quantized. Implementations are safe for use by many threads.
 */
public interface CoefficientNet extends AutoCloseable {

    /** Channels of the packed coefficients, see {@link PackedCoefficients}. */
    int CHANNELS = 96;

    /** Channels of the low band, which take no divisive gains: their mean is not zero. */
    int LOW_CHANNELS = 3;

    /**
     * Outputs of the last convolution of a network with divisive gains: corrections of all channels, then gains of all but the low band's.
     */
    int OUTPUTS_WITH_DIVISIVE_GAINS = 2 * CHANNELS - LOW_CHANNELS;

    /** Unit of divisive gains. */
    float GAIN_UNIT = 1 / 16f;

    /** Learned quality embeddings, at quality index 0, 32, ..., 256. */
    int KNOTS = 9;

    /** Slope of the activations for negative values. */
    float SLOPE = 0.1f;

    /** Where softening turns from linear to square root, in quantizer steps. */
    float KNEE = 4f;

    /**
     * Computes the correction.
     *
     * @param packed  NCHW with N = 1: {@code CHANNELS * height * width} coefficients in quantizer steps, then what else the network takes
     * @param qualityIndex 0..255
     * @return what to add to the coefficients, in their shape and units
     * @throws java.util.concurrent.CancellationException if the request is made before all is done
     */
    float[] correction(float[] packed, int height, int width, int qualityIndex, Cancellation cancellation);

    /** The correction in one go; see {@link #correction(float[], int, int, int, Cancellation)}. */
    default float[] correction(float[] packed, int height, int width, int qualityIndex) {
        return correction(packed, height, width, qualityIndex, Cancellation.NEVER);
    }

    /**
     * Adds the correction to the coefficients that it is of.
     *
     * @param low3         the low band of level 3, {@code [3]} planes in quantizer steps; changed
     * @param pyramid      details of levels 3 to 1 in quantizer steps; changed
     * @param heard        by position of a plane, what the correction is multiplied by first; empty if by 1 everywhere
     * @param qualityIndex 0..255
     * @throws java.util.concurrent.CancellationException if the request is made before all is done; coefficients have no meaning then
     */
    default void correct(float[][] low3, Pyramid pyramid, float[] heard, int qualityIndex, Cancellation cancellation) {
        float[] correction = correction(PackedCoefficients.pack(low3, pyramid), pyramid.height() >> PackedCoefficients.LEVELS,
                pyramid.width() >> PackedCoefficients.LEVELS, qualityIndex, cancellation);
        PackedCoefficients.fade(correction, heard);
        PackedCoefficients.add(correction, low3, pyramid);
    }

    /** What synthesises windows of pictures with this network, which must be open as long; to be closed by the caller. */
    default SynthesisWindow window() {
        return new PyramidWindow(this);
    }

    /** Frees native memory; the network must not be used afterwards. */
    @Override
    void close();

    /** Interpolates an embedding table {@code [KNOTS][n]} at a quality index. */
    static float[] embedding(float[] table, int qualityIndex) {
        int n = table.length / KNOTS;
        int knot = Math.min(qualityIndex / 32, KNOTS - 2);
        float t = qualityIndex / 32f - knot;
        float[] out = new float[n];
        for (int i = 0; i < n; i++) {
            out[i] = table[knot * n + i] * (1 - t) + table[(knot + 1) * n + i] * t;
        }
        return out;
    }

    /**
     * The correction by what the last convolution gives: that itself, or, in a network with divisive gains, what moves coefficients to
     * where correction and gain together put them, {@code (x + correction) * factor(gain)} with gains in {@link #GAIN_UNIT}: divisive
     * normalization and its inverse (J. Ball&eacute;, V. Laparra, E. P. Simoncelli, "End-to-end optimization of nonlinear transform codes
     * for perceptual quality", PCS 2016).
     *
     * @param packed as the network got it
     * @param last   {@code CHANNELS} or {@link #OUTPUTS_WITH_DIVISIVE_GAINS} planes of the size of those of packed
     */
    static float[] withDivisiveGains(float[] packed, float[] last) {
        if (last.length <= packed.length) {
            return last;
        }
        float[] correction = Arrays.copyOf(last, packed.length);
        int low = packed.length / CHANNELS * LOW_CHANNELS;
        for (int i = low; i < packed.length; i++) {
            float gain = GAIN_UNIT * last[packed.length - low + i];
            float factor = gain < 0 ? 1 / (1 - gain) : 1 + gain;
            correction[i] += (factor - 1) * (packed[i] + correction[i]);
        }
        return correction;
    }

    /** {@code sign(x) * KNEE * (sqrt(1 + 2|x|/KNEE) - 1)}: linear near zero, square root far out; a new array. */
    static float[] soften(float[] x) {
        float[] out = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            float magnitude = KNEE * ((float) Math.sqrt(1 + 2 * Math.abs(x[i]) / KNEE) - 1);
            out[i] = x[i] < 0 ? -magnitude : magnitude;
        }
        return out;
    }
}
