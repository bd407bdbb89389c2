// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.transform;

import org.semimage.compute.wavelet.Pyramid;

/**
 * Whether the colour of a picture's finest level is worth coding. Photographs hardly have any above the quantizer step; lettering and
 * shapes in saturated colours do. What is known of each band is a histogram of magnitudes, so that one look at the picture serves every
 * quality index.
 */
final class FineColour {

    /** Bins of a histogram, two an octave from a magnitude of 2^-4 on. */
    private static final int BINS = 32;
    private static final int FIRST_OCTAVE = -4;

    /** Squared steps of a coefficient that its symbol takes back: the error that is left, and about six bits at the encoder's price. */
    private static final double SYMBOL = 1;

    /** Squared steps that a coefficient without a symbol costs: about a hundredth of a bit. */
    private static final double NO_SYMBOL = 0.002;

    private final long[][] counts = new long[Pyramid.CHANNELS][BINS];
    private final double[][] squares = new double[Pyramid.CHANNELS][BINS];
    private long coefficients;

    /** Looks at level 1 of a part of the picture, whose coefficients are in sample values. */
    void add(Pyramid part) {
        float[][] bands = part.detail()[0];
        for (int c = Pyramid.channels(1, false); c < bands.length; c++) {
            for (float value : bands[c]) {
                float magnitude = Math.abs(value);
                int bin = bin(magnitude);
                counts[c][bin]++;
                squares[c][bin] += magnitude * magnitude;
            }
            coefficients += bands[c].length;
        }
    }

    private static int bin(float magnitude) {
        int octave = Math.max(FIRST_OCTAVE, Math.getExponent(magnitude));
        boolean upperHalf = magnitude > Math.scalb((float) Math.sqrt(2), octave);
        return Math.min(BINS - 1, 2 * (octave - FIRST_OCTAVE) + (upperHalf ? 1 : 0));
    }

    /** Whether it pays under the quantizer steps of level 1's bands, in sample values. */
    boolean pays(float[] steps) {
        double gain = 0;
        for (int c = 0; c < Pyramid.CHANNELS; c++) {
            for (int bin = 0; bin < BINS; bin++) {
                gain += Math.max(0, squares[c][bin] / ((double) steps[c] * steps[c]) - SYMBOL * counts[c][bin]);
            }
        }
        return gain > NO_SYMBOL * coefficients;
    }
}
