// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.entropy;

import static org.semimage.compute.entropy.ArithmeticEncoder.HALF;
import static org.semimage.compute.entropy.ArithmeticEncoder.MASK;
import static org.semimage.compute.entropy.ArithmeticEncoder.QUARTER;

/** Decodes what {@link ArithmeticEncoder} wrote (FORMAT.md, "Arithmetic coding"). Behind the last byte it reads zeros. */
public final class ArithmeticDecoder {

    private final byte[] bytes;
    private final int end;
    private final int from;
    private long position;
    private long low;
    private long high = MASK;
    private long code;
    private long unknown;

    /** Decodes the bytes {@code from..end - 1} of an array, which is not copied. */
    public ArithmeticDecoder(byte[] bytes, int from, int end) {
        this.bytes = bytes;
        this.from = from;
        this.end = end;
        for (int i = 0; i < Integer.SIZE; i++) {
            shiftIn();
        }
    }

    /** Decodes a symbol of frequencies {@code frequencies[0..count - 1]}, whose sum is {@code total}. */
    public int decode(int[] frequencies, int count, int total) {
        int symbol = symbol(frequencies, count, target(code, total));
        consume(frequencies, symbol, total);
        return symbol;
    }

    /** The same if the bytes that are there leave no other symbol, whatever might have followed them; -1 if they do not. */
    public int decodeIfCertain(int[] frequencies, int count, int total) {
        int symbol = symbol(frequencies, count, target(code, total));
        if (code + unknown > high || symbol(frequencies, count, target(code + unknown, total)) != symbol) {
            return -1;
        }
        consume(frequencies, symbol, total);
        return symbol;
    }

    /** Decodes a number of {@code 0..count - 1}, all equally probable. */
    public int decodeUniform(int count) {
        int value = target(code, count);
        consume(value, 1, count);
        return value;
    }

    /** How many bytes the encoder wrote at most for the symbols decoded so far. */
    public long length() {
        return (position - Integer.SIZE + 8) / 8;
    }

    /** Whether more symbols were decoded than an encoder can have put into the bytes. */
    public boolean exhausted() {
        return length() > end - from + ArithmeticEncoder.MAX_IMPLIED + 1L;
    }

    private int target(long value, int total) {
        return (int) (((value - low + 1) * total - 1) / (high - low + 1));
    }

    private static int symbol(int[] frequencies, int count, int target) {
        int symbol = 0;
        for (int sum = frequencies[0]; sum <= target && symbol < count - 1; sum += frequencies[symbol]) {
            symbol++;
        }
        return symbol;
    }

    private void consume(int[] frequencies, int symbol, int total) {
        int start = 0;
        for (int i = 0; i < symbol; i++) {
            start += frequencies[i];
        }
        consume(start, frequencies[symbol], total);
    }

    private void consume(int start, int freq, int total) {
        long range = high - low + 1;
        high = low + range * (start + freq) / total - 1;
        low += range * start / total;
        while (true) {
            long offset;
            if (high < HALF) {
                offset = 0;
            } else if (low >= HALF) {
                offset = HALF;
            } else if (low >= QUARTER && high < 3 * QUARTER) {
                offset = QUARTER;
            } else {
                return;
            }
            low = low - offset << 1;
            high = high - offset << 1 | 1;
            code -= offset;
            shiftIn();
        }
    }

    private void shiftIn() {
        boolean known = position >> 3 < end - from;
        int bit = known ? bytes[from + (int) (position >> 3)] >> 7 - (position & 7) & 1 : 0;
        code = code << 1 | bit;
        unknown = unknown << 1 & MASK | (known ? 0 : 1);
        position++;
    }
}
