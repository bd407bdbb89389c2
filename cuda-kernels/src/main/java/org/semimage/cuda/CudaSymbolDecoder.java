// SPDX-License-Identifier: Apache-2.0
package org.semimage.cuda;

import org.semimage.compute.entropy.SymbolArguments;
import org.semimage.compute.entropy.SymbolDecoder;

/** The decoder on the device, where its stream and its states stay; {@link CudaPriorLevels} decodes from it without the host. */
final class CudaSymbolDecoder implements SymbolDecoder {

    private final CudaLibrary.CudaDecoder decoder;

    CudaSymbolDecoder(CudaLibrary.CudaDecoder decoder) {
        this.decoder = decoder;
    }

    /** The {@code sem::CudaDecoder}, for as long as this object is open. */
    CudaLibrary.CudaDecoder decoder() {
        if (decoder.isNull()) {
            throw new IllegalStateException("the decoder is closed");
        }
        return decoder;
    }

    @Override
    public int decode(byte[] scaleIndices, int[] symbols) {
        SymbolArguments.checkDecode(scaleIndices, symbols);
        return decoder().decode(scaleIndices, symbols, symbols.length);
    }

    @Override
    public boolean exhausted() {
        return decoder().exhausted();
    }

    /** Frees the memory; no call may follow. */
    @Override
    public void close() {
        decoder.close();
    }
}
