// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.lossless;

/**
 * Predicts a sample as a weighted sum of differences, with weights that follow the picture: normalized least mean squares, in integers
 * (FORMAT.md, "Mixed strips"; Nagumo and Noda, "A learning method for system identification", IEEE Trans. Automatic Control 12(3), 1967).
 */
final class AdaptivePredictor {

    /** Fraction bits of a weight. */
    private static final int WEIGHT_BITS = 16;

    /** Keeps flat places from moving weights far. */
    private static final int FLOOR = 512;

    private final int rate;
    private final long[] weights;

    /**
     * @param rate how far weights move towards what would have been right, in 2^-13
     * @param taps differences
     */
    AdaptivePredictor(int rate, int taps) {
        this.rate = rate;
        weights = new long[taps];
    }

    /** Sets a weight, in 2^-16. */
    void set(int tap, int weight) {
        weights[tap] = weight;
    }

    /** The weighted sum of differences, in their units. */
    long sum(int[] differences) {
        long sum = 0;
        for (int t = 0; t < weights.length; t++) {
            sum += weights[t] * differences[t];
        }
        return sum >> WEIGHT_BITS;
    }

    /**
     * Takes what was wrong with a sum.
     *
     * @param power of the differences, from {@link #power}
     */
    void learn(int[] differences, long power, int error) {
        for (int t = 0; t < weights.length; t++) {
            weights[t] += (long) error * differences[t] * rate / power;
        }
    }

    /** The eighth of the differences' squared length, kept from nothing. */
    static long power(int[] differences) {
        long power = FLOOR;
        for (int difference : differences) {
            power += (long) difference * difference >> 3;
        }
        return power;
    }
}
