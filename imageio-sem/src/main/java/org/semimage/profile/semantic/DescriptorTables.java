// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.semantic;

/**
 * The static tables of the descriptors' entropy coding (FORMAT.md, "Descriptors"). Magnitudes are in quarter octaves, 0 for one half.
 */
public final class DescriptorTables {

    /** Octaves of the squared frequency that the layout's magnitudes are told apart by; the first holds the mean alone. */
    public static final int BUCKETS = 13;

    /** Mean magnitude of layout amplitudes, by component and octave. */
    static final int[][] LAYOUT = {
            {28, 21, 21, 21, 22, 18, 16, 14, 11, 9, 6, 4, -1},
            {22, 15, 15, 15, 15, 12, 10, 7, 5, 3, 0, -3, -8},
            {16, 8, 8, 8, 8, 6, 4, 1, -1, -3, -6, -8, -13}};

    /** Means of the cepstral coefficients in order of importance. */
    static final float[] TEXTURE_MEAN = {4.5f, 0, -0.25f, 0, 1.25f, 0.25f, 0, -0.25f, 0, -0.25f, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};

    /** Mean magnitude of their distance from it. */
    public static final int[] TEXTURE = {3, -4, -1, -7, -4, -7, -13, -4, -8, -3, -15, -13, -14, -7, -8, -16, -13, -12, -11, -19};

    /** The probability of magnitude 0 in units of 2^-16, by mean magnitude, from 2^-4 steps on. */
    public static final int[] ZERO = {
            65000, 65000, 65000, 65000, 65000, 65000, 65000, 65000, 64416, 62014, 56706, 50696, 46083, 41206, 36331, 31878, 26574, 23399,
            19029, 15903, 13229, 11040, 9636, 8265, 6980, 5953, 5132, 4557, 4490, 3604, 2933, 2933, 2798, 2447, 2447, 1615, 1615, 1002,
            1002, 443, 443, 443, 324, 284, 227, 215, 181, 152};

    /** The probability that a magnitude is yet larger, if it is not 0. */
    static final int[] MORE = {
            32, 32, 32, 32, 489, 824, 824, 851, 1292, 1364, 2492, 3778, 4840, 6857, 9964, 13346, 17690, 23340, 28783, 33659, 37871, 42218,
            45543, 48953, 50992, 53270, 55151, 56201, 57672, 58588, 59983, 60177, 60607, 61044, 61825, 61979, 62752, 63247, 63247, 64000,
            64000, 64000, 65260, 65260, 65300, 65300, 65300, 65300};

    private DescriptorTables() {
    }
}
