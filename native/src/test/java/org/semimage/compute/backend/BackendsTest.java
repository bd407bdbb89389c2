// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.semimage.compute.Cancellation;
import org.semimage.compute.entropy.ScaleTables;
import org.semimage.compute.entropy.SymbolStep;
import org.semimage.compute.kernel.IntConv;
import org.semimage.compute.kernel.JavaKernels;
import org.semimage.compute.kernel.Kernels;
import org.semimage.compute.prior.PriorKernels;
import org.semimage.compute.prior.PriorLevels;
import org.semimage.compute.prior.PriorWeights;

class BackendsTest {

    @Test
    void javaIsAlwaysThere() {
        assertInstanceOf(JavaKernels.class, Backends.choose("java"));
        assertSame(Backends.of("java"), Backends.of("java"));
    }

    @Test
    void withoutForceOneIsChosen() {
        assertTrue(List.of("native", "java").contains(Backends.choose(null).name()));
        assertSame(Backends.get(), Backends.get());
    }

    @Test
    void anUnknownNameIsAnErrorThatListsTheKnown() {
        IllegalStateException e = assertThrows(IllegalStateException.class, () -> Backends.choose("abacus"));
        assertEquals("Backend 'abacus' is not available: there are only [java, native]", e.getMessage());
    }

    @Test
    void aReasonGoesDownToTheFirstCause() {
        Throwable link = new UnsatisfiedLinkError("none").initCause(new IllegalStateException("outer", new SecurityException("no right")));
        assertEquals("it does not load: java.lang.UnsatisfiedLinkError: none: java.lang.IllegalStateException: outer: "
                + "java.lang.SecurityException: no right",
                new UnavailableException("it does not load", link).getMessage());
        assertEquals("it fails: java.lang.RuntimeException: java.lang.SecurityException: no right",
                new UnavailableException("it fails", new RuntimeException(new SecurityException("no right"))).getMessage());
    }

    @Test
    void wrongResultsDoNotPassTheSelfTest() throws UnavailableException {
        SelfTest.check(new JavaKernels());
        JavaKernels right = new JavaKernels();
        Kernels wrongSymbols = new RightKernels(right) {
            @Override
            public byte[] encode(ScaleTables tables, List<SymbolStep> steps, int lanes) {
                byte[] stream = right.encode(tables, steps, lanes);
                stream[stream.length - 1]++;
                return stream;
            }
        };
        assertThrows(UnavailableException.class, () -> SelfTest.check(wrongSymbols));
        Kernels wrong = new RightKernels(right) {
            @Override
            public void convolve(IntConv conv, byte[] input, int height, int width, int[] sums, Cancellation cancellation) {
                right.convolve(conv, input, height, width, sums);
                sums[sums.length - 1]++;
            }
        };
        assertThrows(UnavailableException.class, () -> SelfTest.check(wrong));
        Kernels wrongLevels = new RightPriorKernels(right) {
            @Override
            public PriorLevels levels(PriorWeights weights) {
                int[] low = weights.low().clone();
                low[0] += 16;
                return super.levels(new PriorWeights(weights.levels(), weights.tables(), weights.compand(), low, weights.refinement()));
            }
        };
        UnavailableException e = assertThrows(UnavailableException.class, () -> SelfTest.check(wrongLevels));
        assertEquals("it fails the self-test on level 0 of the prior", e.getMessage());
    }

    /** Offers kernels that the self-test counts, and may refuse. */
    private static KernelsProvider provider(Path passed, AtomicInteger tests, boolean wrong) {
        JavaKernels right = new JavaKernels();
        Kernels kernels = new RightKernels(right) {
            @Override
            public void convolve(IntConv conv, byte[] input, int height, int width, int[] sums, Cancellation cancellation) {
                tests.incrementAndGet();
                right.convolve(conv, input, height, width, sums);
                sums[0] += wrong ? 1 : 0;
            }
        };
        return new KernelsProvider() {
            @Override
            public String name() {
                return kernels.name();
            }

            @Override
            public Kernels create() {
                return kernels;
            }

            @Override
            public Optional<Path> passed() {
                return Optional.ofNullable(passed);
            }
        };
    }

    private static boolean tests(Path passed) throws UnavailableException {
        AtomicInteger tests = new AtomicInteger();
        Backends.tested(provider(passed, tests, false));
        return tests.get() > 0;
    }

    @Test
    void whatHasPassedOnAMachineIsNotTestedAgain(@TempDir Path folder) throws UnavailableException {
        Path passed = folder.resolve("passed");
        assertTrue(tests(passed));
        assertTrue(Files.exists(passed));
        assertFalse(tests(passed));
        assertTrue(tests(folder.resolve("passed-elsewhere")));
    }

    @Test
    void withoutAPlaceToNoteItEveryProcessTests(@TempDir Path folder) throws UnavailableException {
        assertTrue(tests(null));
        Path missing = folder.resolve("missing").resolve("passed");
        assertTrue(tests(missing));
        assertTrue(tests(missing));
    }

    @Test
    void whatFailsIsTestedAgain(@TempDir Path folder) {
        Path passed = folder.resolve("passed");
        AtomicInteger tests = new AtomicInteger();
        assertThrows(UnavailableException.class, () -> Backends.tested(provider(passed, tests, true)));
        assertFalse(Files.exists(passed));
        int first = tests.get();
        assertThrows(UnavailableException.class, () -> Backends.tested(provider(passed, tests, true)));
        assertTrue(tests.get() > first);
    }

    /** Does what other kernels do, under another name. */
    private static class RightKernels implements Kernels {

        private final Kernels kernels;

        RightKernels(Kernels kernels) {
            this.kernels = kernels;
        }

        @Override
        public String name() {
            return "wrong";
        }

        @Override
        public void convolve(IntConv conv, byte[] input, int height, int width, int[] sums, Cancellation cancellation) {
            kernels.convolve(conv, input, height, width, sums);
        }

        @Override
        public void activate(int[] sums, byte[] shifts, int area, byte[] output) {
            kernels.activate(sums, shifts, area, output);
        }
    }

    /** The same with levels of its own. */
    private static class RightPriorKernels extends RightKernels implements PriorKernels {

        private final Kernels kernels;

        RightPriorKernels(Kernels kernels) {
            super(kernels);
            this.kernels = kernels;
        }

        @Override
        public PriorLevels levels(PriorWeights weights) {
            return PriorLevels.of(kernels, weights);
        }
    }
}
