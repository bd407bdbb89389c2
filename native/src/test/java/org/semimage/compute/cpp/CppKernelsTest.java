// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.cpp;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.abort;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.semimage.compute.backend.UnavailableException;
import org.semimage.compute.cpp.CppKernels.InstructionSet;
import org.semimage.compute.kernel.IntConv;
import org.semimage.compute.kernel.Kernels;
import org.semimage.compute.kernel.KernelsTest;

/** The C++ kernels with every instruction set that this processor has. */
class CppKernelsTest {

    private abstract static class WithInstructionSet extends KernelsTest {

        abstract InstructionSet instructionSet();

        @Override
        protected Kernels kernels() {
            try {
                return CppKernels.load(instructionSet());
            } catch (UnavailableException e) {
                return abort("No native kernels: " + e.getMessage());
            }
        }

        @Override
        protected String name() {
            return "native";
        }
    }

    @Nested
    class Portable extends WithInstructionSet {
        @Override
        InstructionSet instructionSet() {
            return InstructionSet.PORTABLE;
        }

        @Test
        void refusesArraysThatAreTooSmall() {
            Kernels kernels = kernels();
            IntConv conv = new IntConv(2, 3, 3, new byte[54]);
            assertThrows(IllegalArgumentException.class, () -> kernels.convolve(conv, new byte[23], 4, 3, new int[36]));
            assertThrows(IllegalArgumentException.class, () -> kernels.convolve(conv, new byte[24], 4, 3, new int[35]));
            assertThrows(IllegalArgumentException.class, () -> kernels.convolve(conv, new byte[24], -4, -3, new int[36]));
            assertThrows(IllegalArgumentException.class, () -> kernels.activate(new int[7], new byte[2], 4, new byte[8]));
            assertThrows(IllegalArgumentException.class, () -> kernels.activate(new int[8], new byte[2], 4, new byte[7]));
            assertThrows(IllegalArgumentException.class, () -> kernels.activate(new int[1], new byte[] {17}, 1, new byte[1]));
        }
    }

    @Nested
    class Sse2 extends WithInstructionSet {
        @Override
        InstructionSet instructionSet() {
            return InstructionSet.SSE2;
        }
    }

    @Nested
    class Avx2 extends WithInstructionSet {
        @Override
        InstructionSet instructionSet() {
            return InstructionSet.AVX2;
        }
    }

    @Nested
    class Avx512 extends WithInstructionSet {
        @Override
        InstructionSet instructionSet() {
            return InstructionSet.AVX512_VNNI;
        }
    }

    @Nested
    class Neon extends WithInstructionSet {
        @Override
        InstructionSet instructionSet() {
            return InstructionSet.NEON;
        }
    }

    @Nested
    class NeonDot extends WithInstructionSet {
        @Override
        InstructionSet instructionSet() {
            return InstructionSet.NEON_DOT;
        }
    }
}
