// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What every implementation of {@link Kernels} has to pass: the same bits as {@link JavaKernels}, whatever the input. */
public abstract class KernelsTest {

    private static final Kernels REFERENCE = new JavaKernels();

    /** The implementation; aborts the test where it is not available. */
    protected abstract Kernels kernels();

    protected abstract String name();

    @Test
    void bearsItsName() {
        assertEquals(name(), kernels().name());
    }

    @ParameterizedTest(name = "{0} -> {1} channels, kernel {2}, {3} x {4}")
    @CsvSource({
            "1, 1, 1, 1, 1", "1, 1, 3, 1, 1", "2, 2, 3, 1, 2", "2, 2, 3, 2, 1", "3, 5, 3, 1, 33", "3, 5, 3, 33, 1", "1, 4, 3, 7, 7",
            "100, 1, 1, 5, 3", "1, 100, 3, 5, 3", "100, 100, 3, 4, 6", "100, 100, 1, 1, 1", "31, 33, 3, 9, 11", "6, 96, 3, 3, 2",
            "16, 8, 3, 2, 300", "16, 8, 3, 300, 2", "64, 96, 3, 31, 47", "48, 48, 1, 65, 129", "5, 3, 1, 2, 24", "5, 3, 1, 2, 25",
            "7, 7, 3, 5, 22", "7, 7, 3, 5, 23", "128, 20, 3, 40, 17", "12, 12, 3, 0, 5", "12, 12, 3, 5, 0"})
    void convolvesRandomValues(int inputs, int outputs, int kernel, int height, int width) {
        Random random = new Random(inputs * 31L + width);
        byte[] weights = new byte[inputs * outputs * kernel * kernel];
        byte[] input = new byte[inputs * height * width];
        random.nextBytes(weights);
        random.nextBytes(input);
        int[] sums = random.ints(outputs * height * width).toArray();
        assertSameSums(new IntConv(inputs, outputs, kernel, weights), input, height, width, sums);
    }

    @ParameterizedTest(name = "weights {0}, values {1}")
    @CsvSource({"127, 127", "-127, 127", "127, -127", "-127, -127", "-128, -128", "-128, 127", "0, 127", "1, 0"})
    void convolvesExtremeValues(byte weight, byte value) {
        for (int kernel = 1; kernel <= 3; kernel += 2) {
            byte[] weights = new byte[100 * 9 * kernel * kernel];
            byte[] input = new byte[100 * 13 * 10];
            Arrays.fill(weights, weight);
            Arrays.fill(input, value);
            assertSameSums(new IntConv(100, 9, kernel, weights), input, 13, 10, new int[9 * 130]);
        }
    }

    @Test
    void sumsWrapAround() {
        int[] sums = {Integer.MAX_VALUE, Integer.MIN_VALUE, Integer.MAX_VALUE - 1, 0};
        assertSameSums(new IntConv(1, 2, 1, new byte[] {127, -128}), new byte[] {127, -128}, 1, 2, sums);
    }

    @Test
    void everyWeightMeetsItsOwnTapAndChannel() {
        for (int hot = 0; hot < 3 * 2 * 9; hot++) {
            byte[] weights = new byte[3 * 2 * 9];
            weights[hot] = 1;
            byte[] input = new byte[3 * 5 * 4];
            for (int i = 0; i < input.length; i++) {
                input[i] = (byte) (i + 1);
            }
            assertSameSums(new IntConv(3, 2, 3, weights), input, 5, 4, new int[2 * 5 * 4]);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 100", "100, 1", "17, 33", "3, 4099"})
    void activatesRandomValues(int channels, int area) {
        Random random = new Random(channels);
        byte[] shifts = new byte[channels];
        for (int c = 0; c < channels; c++) {
            shifts[c] = (byte) (c % 17);
        }
        for (int bound = 8; bound <= 31; bound++) {
            int down = 31 - bound;
            assertSameActivations(random.ints((long) channels * area).map(v -> v >> down).toArray(), shifts, area);
        }
    }

    @Test
    void activatesAroundEveryEdge() {
        byte[] shifts = new byte[17];
        int[] sums = new int[17 * 20];
        for (int shift = 0; shift < 17; shift++) {
            shifts[shift] = (byte) shift;
            int half = 1 << shift >> 1;
            int[] edges = {-half - 1, -half, -half + 1, -1, 0, 1, half - 1, half, half + 1, (1 << shift) - half - 1, (1 << shift) - half,
                (127 << shift) - half - 1, (127 << shift) - half, (128 << shift) - half - 1, (128 << shift) - half,
                Integer.MAX_VALUE, Integer.MAX_VALUE - half, Integer.MAX_VALUE - half + 1, Integer.MIN_VALUE, Integer.MIN_VALUE + half};
            System.arraycopy(edges, 0, sums, 20 * shift, 20);
        }
        assertSameActivations(sums, shifts, 20);
    }

    @Test
    void manyThreadsGetTheSameResults() {
        Random random = new Random(7);
        byte[] weights = new byte[40 * 40 * 9];
        byte[] input = new byte[40 * 30 * 20];
        random.nextBytes(weights);
        random.nextBytes(input);
        IntConv conv = new IntConv(40, 40, 3, weights);
        int[] expected = new int[40 * 600];
        REFERENCE.convolve(conv, input, 30, 20, expected);
        Kernels kernels = kernels();
        IntStream.range(0, 32).parallel().forEach(i -> {
            int[] sums = new int[40 * 600];
            kernels.convolve(conv, input, 30, 20, sums);
            assertArrayEquals(expected, sums);
        });
    }

    private void assertSameSums(IntConv conv, byte[] input, int height, int width, int[] sums) {
        int[] expected = sums.clone();
        REFERENCE.convolve(conv, input, height, width, expected);
        byte[] weightsBefore = conv.weights().clone();
        byte[] inputBefore = input.clone();
        kernels().convolve(conv, input, height, width, sums);
        assertArrayEquals(expected, sums);
        assertArrayEquals(weightsBefore, conv.weights());
        assertArrayEquals(inputBefore, input);
    }

    private void assertSameActivations(int[] sums, byte[] shifts, int area) {
        byte[] expected = new byte[sums.length];
        byte[] output = new byte[sums.length];
        REFERENCE.activate(sums, shifts, area, expected);
        kernels().activate(sums, shifts, area, output);
        assertArrayEquals(expected, output);
    }
}
