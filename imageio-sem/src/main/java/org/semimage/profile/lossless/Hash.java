// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.lossless;

/** Hashes lists of numbers, one number after the other (FORMAT.md, "Mixed strips"). */
final class Hash {

    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;
    private static final long FINISHER = 0xD6E8FEB86659FD93L;

    private Hash() {
    }

    /** The hash of a list and one more number; that of the empty list is 0. */
    static long add(long hash, long value) {
        long x = (hash * MULTIPLIER + value) * FINISHER;
        return x ^ x >>> 29;
    }

    static long of(long first, long second) {
        return add(add(0, first), second);
    }

    static long of(long first, long second, long third) {
        return add(of(first, second), third);
    }

    /** One of {@code 1 << bits} places for a hash. */
    static int place(long hash, int bits) {
        return (int) (hash >>> Long.SIZE - bits);
    }
}
