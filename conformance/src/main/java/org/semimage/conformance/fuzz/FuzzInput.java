// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.fuzz;

import java.util.Arrays;

/** A fuzzer's bytes, from the first on; behind the last there are zeros. */
final class FuzzInput {

    private final byte[] bytes;
    private int position;

    FuzzInput(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The next byte, 0..255. */
    int u8() {
        return position < bytes.length ? bytes[position++] & 0xFF : 0;
    }

    /** The next byte, brought to {@code 0..bound-1}; two bytes for bounds above 256. */
    int below(int bound) {
        int high = bound > 256 ? u8() << 8 : 0;
        return (high | u8()) % bound;
    }

    /** The lowest bit of the next byte. */
    boolean flag() {
        return (u8() & 1) == 1;
    }

    /** The next bytes, or those that are left. */
    byte[] take(int count) {
        byte[] taken = Arrays.copyOfRange(bytes, position, Math.min(bytes.length, position + count));
        position += taken.length;
        return taken;
    }

    /** The bytes that are left. */
    byte[] rest() {
        return take(bytes.length);
    }

    /** Whether there are none left. */
    boolean isEmpty() {
        return position == bytes.length;
    }
}
