package org.semimage.compute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

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
    void wrongResultsDoNotPassTheSelfTest() throws UnavailableException {
        SelfTest.check(new JavaKernels());
        JavaKernels right = new JavaKernels();
        Kernels wrong = new Kernels() {
            @Override
            public String name() {
                return "wrong";
            }

            @Override
            public void convolve(IntConv conv, byte[] input, int height, int width, int[] sums) {
                right.convolve(conv, input, height, width, sums);
                sums[sums.length - 1]++;
            }

            @Override
            public void activate(int[] sums, byte[] shifts, int area, byte[] output) {
                right.activate(sums, shifts, area, output);
            }
        };
        assertThrows(UnavailableException.class, () -> SelfTest.check(wrong));
    }
}
