// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.cpp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.semimage.compute.backend.Backends;
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

    /** Restores the property of the process. */
    private static void withInstructions(String name, Executable test) throws Throwable {
        String before = System.getProperty(CppKernels.INSTRUCTIONS);
        System.setProperty(CppKernels.INSTRUCTIONS, name);
        try {
            test.execute();
        } finally {
            if (before == null) {
                System.clearProperty(CppKernels.INSTRUCTIONS);
            } else {
                System.setProperty(CppKernels.INSTRUCTIONS, before);
            }
        }
    }

    @Test
    void aPropertyChoosesTheInstructionSet() throws Throwable {
        assumeTrue(Backends.isAvailable("native"), "There are no native kernels");
        withInstructions("portable", () -> {
            assertEquals(InstructionSet.PORTABLE, CppKernels.load().instructionSet());
            assertTrue(CppKernels.passed().stream().allMatch(file -> file.getFileName().toString().startsWith("passed-PORTABLE-")));
        });
        withInstructions("abacus", () -> {
            String message = assertThrows(UnavailableException.class, CppKernels::load).getMessage();
            assertTrue(message.contains("'abacus'") && message.contains("portable, sse2"), message);
        });
    }

    @Test
    void anInstructionSetOfAnotherProcessorIsRefused() throws Throwable {
        assumeTrue(Backends.isAvailable("native"), "There are no native kernels");
        boolean arm = System.getProperty("os.arch").equals("aarch64");
        withInstructions(arm ? "sse2" : "neon", () -> {
            String message = assertThrows(UnavailableException.class, CppKernels::load).getMessage();
            assertTrue(message.contains("this processor has no"), message);
        });
    }
}
