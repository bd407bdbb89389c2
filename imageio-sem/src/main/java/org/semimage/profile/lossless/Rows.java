// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.lossless;

/**
 * What is done with rows of numbers, one thought each: the compiler makes vector instructions neither of loops that look at one array in
 * several places nor of long ones. Arrays of a call have the same length.
 */
final class Rows {

    private Rows() {
    }

    /** Moves rows one place up and takes the last one for the next row, the first. */
    static <T> void rotate(T[] rows) {
        T last = rows[rows.length - 1];
        System.arraycopy(rows, 0, rows, 1, rows.length - 1);
        rows[0] = last;
    }

    /** The bits of a number without leading zeros. */
    static int bitLength(int value) {
        return Integer.SIZE - Integer.numberOfLeadingZeros(value);
    }

    /** The distances of numbers in the same places. */
    static void distance(int[] a, int[] b, int[] distances) {
        for (int x = 0; x < distances.length; x++) {
            distances[x] = Math.abs(a[x] - b[x]);
        }
    }

    /** Adds the distances of numbers in the same places. */
    static void addDistance(int[] a, int[] b, int[] sums) {
        for (int x = 0; x < sums.length; x++) {
            sums[x] += Math.abs(a[x] - b[x]);
        }
    }

    /** Adds numbers to those in the same places. */
    static void add(int[] values, int[] sums) {
        for (int x = 0; x < sums.length; x++) {
            sums[x] += values[x];
        }
    }

    /** Adds twice the numbers to those in the same places. */
    static void addDoubled(int[] values, int[] sums) {
        for (int x = 0; x < sums.length; x++) {
            sums[x] += 2 * values[x];
        }
    }

    /** Quarters numbers, rounding down. */
    static void quarter(int[] values) {
        for (int x = 0; x < values.length; x++) {
            values[x] >>= 2;
        }
    }

    /** Sums of weights times differences to whole samples, rounding to the nearest. */
    static void round(int[] steps) {
        for (int x = 0; x < steps.length; x++) {
            steps[x] = steps[x] + (1 << PlanePredictor.WEIGHT_SHIFT - 1) >> PlanePredictor.WEIGHT_SHIFT;
        }
    }

    /** The differences of samples and predictions, wrapped into so many bits less than an int has, with sign. */
    static void residuals(int[] samples, int[] predictions, int shift, int[] residuals) {
        for (int x = 0; x < residuals.length; x++) {
            residuals[x] = samples[x] - predictions[x] << shift >> shift;
        }
    }

    /** Limits values to 0..max; the compiler has no vector instructions for {@link Math#min}. */
    static void clamp(int[] values, int max) {
        for (int x = 0; x < values.length; x++) {
            int above = (values[x] & ~(values[x] >> 31)) - max;
            values[x] = max + (above & above >> 31);
        }
    }

    /** The magnitudes of numbers. */
    static void absolute(int[] values, int[] absolutes) {
        for (int x = 0; x < absolutes.length; x++) {
            absolutes[x] = Math.abs(values[x]);
        }
    }
}
