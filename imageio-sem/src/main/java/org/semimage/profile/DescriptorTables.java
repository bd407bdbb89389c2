package org.semimage.profile;

/**
 * The static tables of the descriptors' entropy coding (FORMAT.md, "Descriptors"). Magnitudes are in quarter octaves, 0 for one half.
 */
final class DescriptorTables {

    /** Octaves of the squared frequency that the layout's magnitudes are told apart by; the first holds the mean alone. */
    static final int BUCKETS = 13;

    /** Mean magnitude of layout amplitudes, by component and octave. */
    static final int[][] LAYOUT = {
            {29, 21, 21, 21, 21, 18, 16, 14, 11, 9, 7, 4, 1},
            {22, 14, 14, 14, 13, 11, 9, 7, 5, 3, 1, -1, -4},
            {16, 8, 8, 8, 7, 6, 4, 2, 0, -1, -3, -4, -6}};

    /** Means of the cepstral coefficients in order of importance. */
    static final float[] TEXTURE_MEAN = {4.5f, 0, -0.25f, 0, 1.25f, 0.25f, 0, 0, 0, -0.25f, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};

    /** Mean magnitude of their distance from it. */
    static final int[] TEXTURE = {3, -4, -1, -5, -4, -7, -12, -5, -8, -3, -14, -13, -13, -8, -8, -16, -13, -13, -11, -18};

    /** The probability of magnitude 0 in units of 2^-16, by mean magnitude, from 2^-4 steps on. */
    static final int[] ZERO = {
            65000, 65000, 65000, 65000, 64997, 64378, 63336, 61761, 59591, 56826, 53528, 49806, 45797, 41644, 37484, 33429,
            29569, 25966, 22659, 19665, 16986, 14612, 12527, 10707, 9129, 7766, 6595, 5592, 4735, 4006, 3385, 2858, 2412,
            2034, 1715, 1445, 1217, 1025, 863, 727, 612, 515, 433, 364, 306, 258, 217, 182};

    /** The probability that a magnitude is yet larger, if it is not 0. */
    static final int[] MORE = {
            32, 32, 32, 32, 32, 79, 229, 563, 1200, 2268, 3874, 6075, 8869, 12192, 15933, 19953, 24109, 28267, 32314, 36162,
            39750, 43041, 46019, 48681, 51039, 53111, 54917, 56484, 57835, 58997, 59992, 60842, 61565, 62181, 62703, 63145,
            63520, 63836, 64104, 64329, 64520, 64681, 64816, 64930, 65026, 65107, 65175, 65232};

    private DescriptorTables() {
    }
}
