package org.semimage.compute.cpp;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.abort;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.semimage.compute.EntropyCoderTest;
import org.semimage.compute.IntegerPrior;
import org.semimage.compute.Kernels;
import org.semimage.compute.ScaleTables;
import org.semimage.compute.SymbolDecoder;
import org.semimage.compute.SyntheticTables;
import org.semimage.compute.UnavailableException;
import org.semimage.compute.cpp.NativeKernels.InstructionSet;

/** The entropy coder in C++, with and without vectors. */
class NativeEntropyCoderTest {

    private static Kernels load(InstructionSet instructionSet) {
        try {
            return NativeKernels.load(instructionSet);
        } catch (UnavailableException e) {
            return abort("No native kernels: " + e.getMessage());
        }
    }

    @Nested
    class Portable extends EntropyCoderTest {

        private final Kernels kernels = load(InstructionSet.PORTABLE);

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
            List<IntegerPrior.Step> steps = List.of(new IntegerPrior.Step(new int[1000], new byte[1000]));
            byte[] bytes;
            try (PointerScope scope = new PointerScope()) {
                bytes = kernels.encode(tables, steps, 32);
            }
            try (SymbolDecoder decoder = kernels.decoder(tables, bytes, 0, bytes.length, 32)) {
                decoder.decode(new byte[1000], new int[1000]);
            }
        }
    }

    @Nested
    class Avx2 extends EntropyCoderTest {

        private final Kernels kernels = load(InstructionSet.AVX2);

        @Override
        protected Kernels kernels() {
            return kernels;
        }
    }
}
