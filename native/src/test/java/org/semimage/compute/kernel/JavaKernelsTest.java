// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import java.util.Random;

/** The reference against its definition, written down as slowly as it reads. */
class JavaKernelsTest {

    private final Kernels kernels = new JavaKernels();

    @Property(tries = 200)
    void convolvesAsDefined(@ForAll @IntRange(min = 1, max = 20) int inputs, @ForAll @IntRange(min = 1, max = 20) int outputs,
                            @ForAll @IntRange(max = 1) int margin, @ForAll @IntRange(min = 1, max = 40) int height,
                            @ForAll @IntRange(min = 1, max = 40) int width, @ForAll long seed) {
        int side = 2 * margin + 1;
        Random random = new Random(seed);
        byte[] weights = new byte[inputs * outputs * side * side];
        byte[] input = new byte[inputs * height * width];
        random.nextBytes(weights);
        random.nextBytes(input);
        int[] sums = random.ints((long) outputs * height * width).toArray();
        int[] expected = sums.clone();
        for (int o = 0; o < outputs; o++) {
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    expected[(o * height + y) * width + x] += sumAt(weights, input, inputs, o, margin, height, width, y, x);
                }
            }
        }
        kernels.convolve(new IntConv(inputs, outputs, side, weights), input, height, width, sums);
        assertArrayEquals(expected, sums);
    }

    private static int sumAt(byte[] weights, byte[] input, int inputs, int o, int margin, int height, int width, int y, int x) {
        int side = 2 * margin + 1;
        int sum = 0;
        for (int i = 0; i < inputs; i++) {
            for (int ky = 0; ky < side; ky++) {
                for (int kx = 0; kx < side; kx++) {
                    int fromY = y + ky - margin;
                    int fromX = x + kx - margin;
                    if (fromY >= 0 && fromY < height && fromX >= 0 && fromX < width) {
                        sum += weights[((o * inputs + i) * side + ky) * side + kx] * input[(i * height + fromY) * width + fromX];
                    }
                }
            }
        }
        return sum;
    }

    @Property
    void activatesAsDefined(@ForAll @IntRange(min = -(1 << 30), max = 1 << 30) int sum, @ForAll @IntRange(max = 16) int shift) {
        byte[] output = new byte[1];
        kernels.activate(new int[] {sum}, new byte[] {(byte) shift}, 1, output);
        long rounded = Math.floorDiv(sum + (1L << shift) / 2, 1L << shift);
        assertEquals(Math.max(0, Math.min(127, rounded)), output[0]);
    }
}
