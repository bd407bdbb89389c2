// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.diffusion;

/**
 * Noise that is a function of a seed and a place: Philox 4x32 with ten rounds, turned into normal deviates by Box and Muller's method
 * (FORMAT.md, "Noise"; Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011).
 */
public final class Philox {

    private static final int ROUNDS = 10;
    private static final int MULTIPLIER_0 = 0xD2511F53;
    private static final int MULTIPLIER_1 = 0xCD9E8D57;
    private static final int WEYL_0 = 0x9E3779B9;
    private static final int WEYL_1 = 0xBB67AE85;
    private static final int WORDS = 4;

    private Philox() {
    }

    /**
     * One block of the generator.
     *
     * @param counter four words, the lowest first
     * @param key     two words
     * @return four words that are as good as random
     */
    static int[] block(int[] counter, int[] key) {
        int c0 = counter[0];
        int c1 = counter[1];
        int c2 = counter[2];
        int c3 = counter[3];
        int k0 = key[0];
        int k1 = key[1];
        for (int round = 0; round < ROUNDS; round++) {
            long p0 = (MULTIPLIER_0 & 0xFFFFFFFFL) * (c0 & 0xFFFFFFFFL);
            long p1 = (MULTIPLIER_1 & 0xFFFFFFFFL) * (c2 & 0xFFFFFFFFL);
            c0 = (int) (p1 >>> 32) ^ c1 ^ k0;
            c2 = (int) (p0 >>> 32) ^ c3 ^ k1;
            c1 = (int) p1;
            c3 = (int) p0;
            k0 += WEYL_0;
            k1 += WEYL_1;
        }
        return new int[] {c0, c1, c2, c3};
    }

    /**
     * Planes of normal deviates, of magnitudes below 6.8. Value <i>i</i> comes from word <i>i</i> mod 4 of the block whose counter is
     * (<i>i</i> / 4, 0, draw, 0).
     *
     * @param seed the key, its lower half first
     * @param draw which of the seed's draws
     */
    public static Planes normal(long seed, int draw, int channels, int height, int width) {
        Planes planes = Planes.of(channels, height, width);
        float[] values = planes.data();
        int[] key = {(int) seed, (int) (seed >>> 32)};
        float[] four = new float[WORDS];
        for (int i = 0; i < values.length; i += WORDS) {
            deviates(block(new int[] {i / WORDS, 0, draw, 0}, key), four);
            System.arraycopy(four, 0, values, i, Math.min(WORDS, values.length - i));
        }
        return planes;
    }

    /**
     * Four normal deviates of a place, whose counter is (x, y, draw, 1).
     *
     * @param key two words
     * @param to  gets them
     */
    public static void normal(int[] key, int x, int y, int draw, float[] to) {
        deviates(block(new int[] {x, y, draw, 1}, key), to);
    }

    /** Four words as four deviates, by Box and Muller. */
    private static void deviates(int[] words, float[] to) {
        for (int pair = 0; pair < WORDS; pair += 2) {
            double radius = Math.sqrt(-2 * StrictMath.log(uniform(words[pair])));
            double angle = 2 * Math.PI * uniform(words[pair + 1]);
            to[pair] = (float) (radius * StrictMath.cos(angle));
            to[pair + 1] = (float) (radius * StrictMath.sin(angle));
        }
    }

    /** In the middle of one of 2^32 parts of 0..1. */
    private static double uniform(int word) {
        return ((word & 0xFFFFFFFFL) + 0.5) * 0x1p-32;
    }
}
