// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.cpp;

import static org.junit.jupiter.api.Assumptions.abort;

import org.junit.jupiter.api.Nested;
import org.semimage.compute.backend.UnavailableException;
import org.semimage.compute.cpp.CppKernels.InstructionSet;
import org.semimage.compute.kernel.Kernels;
import org.semimage.compute.prior.PriorLevelsTest;

/** The prior's levels in C++ with every instruction set that this processor has. */
class CppPriorLevelsTest {

    private abstract static class WithInstructionSet extends PriorLevelsTest {

        abstract InstructionSet instructionSet();

        @Override
        protected Kernels kernels() {
            try {
                return CppKernels.load(instructionSet());
            } catch (UnavailableException e) {
                return abort("No native kernels: " + e.getMessage());
            }
        }
    }

    @Nested
    class Portable extends WithInstructionSet {
        @Override
        InstructionSet instructionSet() {
            return InstructionSet.PORTABLE;
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
