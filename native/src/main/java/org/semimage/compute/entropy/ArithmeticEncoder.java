// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.entropy;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * An arithmetic coder for payloads of a few bytes: its output ends with the bit that tells the last symbol, and costs no state
 * (FORMAT.md, "Arithmetic coding"; Witten, Neal and Cleary, "Arithmetic coding for data compression", CACM 30(6), 1987).
 */
public final class ArithmeticEncoder {

    /** The largest total of a symbol's frequencies. */
    static final int MAX_TOTAL = 1 << 30;

    static final long HALF = 1L << 31;
    static final long QUARTER = 1L << 30;
    static final long MASK = (1L << 32) - 1;

    /** The most zero bytes that {@link #finish} leaves away. */
    static final int MAX_IMPLIED = 4;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private long low;
    private long high = MASK;
    private int pending;
    private int bits;
    private int bitCount;

    /**
     * Codes a symbol.
     *
     * @param start sum of the frequencies of the symbols before it
     * @param freq  its own, at least 1
     * @param total of all, at most {@link #MAX_TOTAL}
     */
    public void encode(int start, int freq, int total) {
        if (start < 0 || freq < 1 || total > MAX_TOTAL || start > total - freq) {
            throw new IllegalArgumentException("interval " + start + " + " + freq + " of " + total);
        }
        long range = high - low + 1;
        high = low + range * (start + freq) / total - 1;
        low += range * start / total;
        while (true) {
            if (high < HALF) {
                bit(0);
            } else if (low >= HALF) {
                bit(1);
                low -= HALF;
                high -= HALF;
            } else if (low >= QUARTER && high < 3 * QUARTER) {
                pending++;
                low -= QUARTER;
                high -= QUARTER;
            } else {
                return;
            }
            low <<= 1;
            high = high << 1 | 1;
        }
    }

    /** The shortest string that the decoder, which reads zeros behind its end, takes for the symbols coded so far. */
    public byte[] finish() {
        if (low > 0 || pending > 0) {
            bit(1);
        }
        while (bitCount != 0) {
            put(0);
        }
        byte[] bytes = out.toByteArray();
        int length = bytes.length;
        while (length > 0 && bytes.length - length < MAX_IMPLIED && bytes[length - 1] == 0) {
            length--;
        }
        return Arrays.copyOf(bytes, length);
    }

    private void bit(int value) {
        put(value);
        for (; pending > 0; pending--) {
            put(1 - value);
        }
    }

    private void put(int value) {
        bits = bits << 1 | value;
        if (++bitCount == 8) {
            out.write(bits);
            bitCount = 0;
        }
    }
}
