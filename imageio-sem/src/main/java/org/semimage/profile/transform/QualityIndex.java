// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.transform;

/** The quality index 0..255 of a picture, which sets its quantizer steps (FORMAT.md, "Quantizer steps"). */
public final class QualityIndex {

    /** The best one. */
    public static final int MAX = 255;

    /** Indices that make the quantizer step half as wide. */
    private static final double PER_OCTAVE = 32;

    /** log2 of the quantizer step at index 0. */
    private static final double COARSEST = 8;

    /** Makes equal changes of the quality about equally visible. */
    private static final double EXPONENT = 1.2;

    private QualityIndex() {
    }

    /** The index of a quality 0..1: {@code 255 * quality^1.2}. */
    public static int ofQuality(float quality) {
        return (int) Math.round(MAX * Math.pow(quality, EXPONENT));
    }

    /** A quality 0..1 that has an index. */
    public static float toQuality(double index) {
        return (float) Math.pow(index / MAX, 1 / EXPONENT);
    }

    /** The quantizer step of an index, in sample values: {@code 2^(8 - index/32)}. */
    public static float step(int index) {
        return (float) Math.pow(2, COARSEST - index / PER_OCTAVE);
    }
}
