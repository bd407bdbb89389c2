// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.cpp;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.abort;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;
import org.semimage.compute.backend.UnavailableException;
import org.semimage.compute.entropy.EntropyCoderTest;
import org.semimage.compute.entropy.ScaleTables;
import org.semimage.compute.entropy.SymbolDecoder;
import org.semimage.compute.entropy.SymbolStep;
import org.semimage.compute.entropy.SyntheticTables;
import org.semimage.compute.kernel.Kernels;

/** The entropy coder in C++. */
class CppEntropyCoderTest extends EntropyCoderTest {

    private final Kernels kernels = load();

    private static Kernels load() {
        try {
            return CppKernels.load();
        } catch (UnavailableException e) {
            return abort("No native kernels: " + e.getMessage());
        }
    }

    @Override
    protected Kernels kernels() {
        return kernels;
    }

    @Test
    void aClosedDecoderRefuses() {
        SymbolDecoder decoder = kernels.decoder(SyntheticTables.create(), new byte[200], 0, 200, 32);
        decoder.close();
        assertThrows(IllegalStateException.class, decoder::exhausted);
        assertThrows(IllegalStateException.class, () -> decoder.decode(new byte[1], new int[1]));
    }

    @Test
    @SuppressWarnings("try")
    void tablesOutliveTheScopeThatTheyWereMadeIn() {
        ScaleTables tables = SyntheticTables.create();
        List<SymbolStep> steps = List.of(new SymbolStep(new int[1000], new byte[1000]));
        byte[] bytes;
        try (PointerScope scope = new PointerScope()) {
            bytes = kernels.encode(tables, steps, 32);
        }
        try (SymbolDecoder decoder = kernels.decoder(tables, bytes, 0, bytes.length, 32)) {
            decoder.decode(new byte[1000], new int[1000]);
        }
    }
}
