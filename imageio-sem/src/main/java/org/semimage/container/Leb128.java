// SPDX-License-Identifier: Apache-2.0
package org.semimage.container;

import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** Unsigned numbers in as many groups of seven bits as they need, the lowest first (FORMAT.md, "Conventions"). */
public final class Leb128 {

    private static final int GROUP = 7;
    private static final int MORE = 1 << GROUP;

    private Leb128() {
    }

    /**
     * Where a number is read from, and what is said of one that breaks the rules.
     *
     * @param <E> how that is said
     */
    public interface Source<E extends IOException> {

        /**
         * The next byte, 0..255.
         *
         * @return 0..255
         */
        int next() throws E;

        /** A number of more bytes than it may have. */
        E tooLong();

        /** A number that takes more bytes than it needs. */
        E notShortest(long value, int bytes);
    }

    /**
     * Writes a number in as few bytes as it takes.
     *
     * @param value not negative
     */
    public static void write(ByteArrayOutputStream out, int value) {
        int rest = value;
        while (rest >= MORE) {
            out.write(rest & MORE - 1 | MORE);
            rest >>>= GROUP;
        }
        out.write(rest);
    }

    /**
     * @param maxBytes at most 9
     * @throws E if the source ends, or the number is too long or not the shortest
     */
    public static <E extends IOException> long read(Source<E> source, int maxBytes) throws E {
        long value = 0;
        for (int i = 0; i < maxBytes; i++) {
            int b = source.next();
            value |= (long) (b & MORE - 1) << GROUP * i;
            if (b < MORE) {
                if (b == 0 && i > 0) {
                    throw source.notShortest(value, i + 1);
                }
                return value;
            }
        }
        throw source.tooLong();
    }
}
