// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.cpp;

import java.lang.ref.Reference;
import org.semimage.compute.entropy.SymbolArguments;
import org.semimage.compute.entropy.SymbolDecoder;

/** The decoder in C++, with a copy of the stream in its own memory. */
final class CppSymbolDecoder implements SymbolDecoder {

    /** C++ uses arrays in place, which can hold up the garbage collector; calls of so many groups take well under a millisecond. */
    static final int GROUPS_PER_CALL = 2048;

    /** Kept with the decoder that refers to them. */
    private final CppLibrary.EntropyTables tables;
    private final CppLibrary.EntropyDecoder decoder;
    private final int lanes;

    CppSymbolDecoder(CppLibrary.EntropyTables tables, byte[] stream, int lanes) {
        this.tables = tables;
        this.decoder = new CppLibrary.EntropyDecoder(tables, stream, lanes);
        this.lanes = lanes;
    }

    @Override
    public int decode(byte[] scaleIndices, int[] symbols) {
        SymbolArguments.checkDecode(scaleIndices, symbols);
        open();
        int decoded = 0;
        int run = GROUPS_PER_CALL * lanes;
        for (int from = 0; from >= 0 && from < symbols.length; from += run) {
            decoded += decoder.decode(scaleIndices, symbols, symbols.length, from, from + Math.min(symbols.length - from, run));
        }
        Reference.reachabilityFence(tables);
        return decoded;
    }

    @Override
    public boolean exhausted() {
        return open().exhausted();
    }

    /** The decoder in C++; whoever uses it keeps this object reachable. */
    CppLibrary.EntropyDecoder open() {
        if (decoder.isNull()) {
            throw new IllegalStateException("the decoder is closed");
        }
        return decoder;
    }

    /** Frees the memory; no call may follow. */
    @Override
    public void close() {
        decoder.close();
    }
}
