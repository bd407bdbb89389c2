// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.entropy;

import org.semimage.compute.kernel.Kernels;

/**
 * Decodes what {@link Kernels#encode} coded, a symbol step at a time: the scale indices of a symbol step depend on the symbols before it.
 *
 * <p>Every implementation gives the same symbols for any bytes. For use by one thread at a time; closing it frees its memory.
 */
public interface SymbolDecoder extends AutoCloseable {

    /**
     * Decodes one symbol step.
     *
     * @param scaleIndices of the symbols, 0..127
     * @param symbols filled, in {@code -MAX_SYMBOL..MAX_SYMBOL} whatever the bytes, zero from the first symbol that the stream no
     *                longer holds; with tables of two quantizers filled with the symbols' reconstruction levels, up to twice as large
     * @return symbols decoded: fewer than asked for when the stream ends early
     * @throws IllegalArgumentException if there are fewer scale indices than symbols, or one is out of range
     */
    int decode(byte[] scaleIndices, int[] symbols);

    /** Whether the stream ended before the symbols did. */
    boolean exhausted();

    @Override
    void close();
}
