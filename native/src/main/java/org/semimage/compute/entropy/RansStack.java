// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.entropy;

import java.util.Arrays;

/**
 * The states and words of an rANS stream in the making, last operation first: what is pushed last is decoded first.
 *
 * <p>{@link RansEncoder} and {@link SymbolEncoder} turn the order around.
 */
public final class RansStack {

    private final int[] states;
    private char[] words = new char[1024];
    private int count;

    /** @param lanes number of interleaved states, 1..{@link RansDecoder#MAX_LANES} */
    public RansStack(int lanes) {
        SymbolArguments.checkLanes(lanes);
        states = new int[lanes];
        Arrays.fill(states, RansDecoder.LOWER_BOUND);
    }

    /**
     * Codes the interval {@code start..start+freq-1} on a lane.
     *
     * @param lane  0..lanes-1
     * @param start cumulative frequency, 0..65535
     * @param freq  frequency, 1..65536, {@code start + freq <= 65536}
     */
    public void push(int lane, int start, int freq) {
        long x = states[lane] & 0xFFFFFFFFL;
        if (x >= (long) freq << 16) {
            pushWord((char) x);
            x >>>= 16;
        }
        // Exact: the quotient has 16 bits, and its fraction is a multiple of 1/freq. A division of longs takes three times as long.
        int quotient = (int) ((double) x / freq);
        states[lane] = (quotient << RansEncoder.PRECISION) + (int) x - quotient * freq + start;
    }

    /**
     * Codes an interval as {@link #push(int, int, int)} does, without a division.
     *
     * @param freq       at least 3
     * @param reciprocal of {@code freq}, from {@link #reciprocal}
     */
    public void push(int lane, int start, int freq, long reciprocal) {
        long x = states[lane] & 0xFFFFFFFFL;
        if (count == words.length) {
            words = Arrays.copyOf(words, count * 2);
        }
        // Without a branch, which would be mispredicted every other time: the word counts or is overwritten by the next.
        int full = (int) ((((long) freq << 16) - 1 - x) >>> 63);
        words[count] = (char) x;
        count += full;
        x >>>= full << 4;
        // Exact: the reciprocal is too large by less than 1, the product by less than 2^32, and 2^64/freq would be needed to reach the
        // next whole.
        int quotient = (int) Math.multiplyHigh(x, reciprocal);
        states[lane] = (quotient << RansEncoder.PRECISION) + (int) x - quotient * freq + start;
    }

    /**
     * {@code 2^64 / freq}, rounded up.
     *
     * @param freq 3..65536
     */
    public static long reciprocal(int freq) {
        if (freq < 3) {
            throw new IllegalArgumentException("frequency " + freq);
        }
        return Long.divideUnsigned(-1, freq) + 1;
    }

    /**
     * Codes equiprobable bits on a lane.
     *
     * @param value {@code 0..(1 << bits) - 1}
     * @param bits  1..15
     */
    public void pushBits(int lane, int value, int bits) {
        push(lane, value << RansEncoder.PRECISION - bits, 1 << RansEncoder.PRECISION - bits);
    }

    private void pushWord(char word) {
        if (count == words.length) {
            words = Arrays.copyOf(words, count * 2);
        }
        words[count++] = word;
    }

    /** The coded bytes: all states, little-endian, then all words, little-endian. */
    public byte[] bytes() {
        byte[] out = new byte[4 * states.length + 2 * count];
        int at = 0;
        for (int state : states) {
            for (int shift = 0; shift < 32; shift += 8) {
                out[at++] = (byte) (state >>> shift);
            }
        }
        for (int i = count - 1; i >= 0; i--) {
            out[at++] = (byte) words[i];
            out[at++] = (byte) (words[i] >>> 8);
        }
        return out;
    }
}
