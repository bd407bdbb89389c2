// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.entropy;

import java.util.Arrays;

/**
 * Interleaved rANS encoder: 32-bit states, 16-bit words, 16-bit probabilities.
 *
 * <p>Operations are given in the order in which the decoder will perform them; {@link #finish} codes them backwards, so that
 * the decoder reads states and words front to back and any prefix of the bytes decodes a prefix of the operations.
 * Duda, "Asymmetric numeral systems", 2013; word-based interleaving after Giesen, "Interleaved entropy coders", 2014.
 */
public final class RansEncoder {

    /** Bits of a probability: frequencies of one table sum to {@code 1 << PRECISION}. */
    public static final int PRECISION = 16;

    private final int lanes;
    private long[] operations = new long[1024];
    private int count;

    /** @param lanes number of interleaved states, 1..{@link RansDecoder#MAX_LANES} */
    public RansEncoder(int lanes) {
        SymbolArguments.checkLanes(lanes);
        this.lanes = lanes;
    }

    /**
     * Codes the interval of a symbol.
     *
     * @param lane  0..lanes-1
     * @param start cumulative frequency, 0..65535
     * @param freq  frequency, 1..65535, {@code start + freq <= 65536}
     */
    public void put(int lane, int start, int freq) {
        if (count == operations.length) {
            operations = Arrays.copyOf(operations, count * 2);
        }
        operations[count++] = (long) lane << 32 | (long) start << 16 | freq;
    }

    /**
     * Codes equiprobable bits.
     *
     * @param bits  1..15
     * @param value {@code 0..(1 << bits) - 1}
     */
    public void putBits(int lane, int value, int bits) {
        put(lane, value << PRECISION - bits, 1 << PRECISION - bits);
    }

    /** Operations given so far. */
    public int size() {
        return count;
    }

    /** The coded bytes: all states, little-endian, then all words, little-endian. */
    public byte[] finish() {
        RansStack stack = new RansStack(lanes);
        for (int i = count - 1; i >= 0; i--) {
            long operation = operations[i];
            stack.push((int) (operation >>> 32), (int) (operation >>> 16) & 0xFFFF, (int) operation & 0xFFFF);
        }
        return stack.bytes();
    }
}
