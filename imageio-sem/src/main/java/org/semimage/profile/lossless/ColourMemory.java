// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.lossless;

/**
 * Remembers which colour followed a neighbourhood, and how often in a row (FORMAT.md, "Mixed strips"). The idea of a match model, as
 * in Mahoney's PAQ, for two dimensions.
 *
 * <p>For each pixel: {@link #find}, questions about what was found, {@link #learn}.
 */
final class ColourMemory {

    private static final int MOST = 100;

    private final int bits;
    private final int[] keys;
    private final long[] colours;
    private final byte[] counts;
    private int place;
    private int key;

    /** @param bits log2 of the neighbourhoods that can be remembered */
    ColourMemory(int bits) {
        this.bits = bits;
        keys = new int[1 << bits];
        colours = new long[1 << bits];
        counts = new byte[1 << bits];
    }

    /** Looks a neighbourhood up by its hash. */
    void find(long hash) {
        place = Hash.place(hash, bits);
        key = (int) hash | 1;
    }

    /** Whether the neighbourhood found last has been seen. */
    boolean knows() {
        return keys[place] == key;
    }

    /** The colour that followed it; meaningless if it is not known. */
    long colour() {
        return colours[place];
    }

    /** How often that colour followed, in classes 0 for never, 1, 2 to 3, 4 to 15, more. */
    int confidence() {
        int count = knows() ? counts[place] : 0;
        return count < 2 ? count : count < 4 ? 2 : count < 16 ? 3 : 4;
    }

    /** Takes the colour that followed now. */
    void learn(long colour) {
        if (keys[place] == key && colours[place] == colour) {
            counts[place] = (byte) Math.min(MOST, counts[place] + 1);
        } else if (keys[place] == key && counts[place] >= 4) {
            counts[place] >>= 2;
        } else {
            keys[place] = key;
            colours[place] = colour;
            counts[place] = 1;
        }
    }
}
