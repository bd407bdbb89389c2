// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.kernel;

import org.semimage.compute.Cancellation;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The reference kernels: what the arithmetic means, fast enough to be used where nothing else is there.
 *
 * <p>A 3x3 convolution is computed as nine pointwise ones, each added at its own distance. The inner loop then has one index for
 * all its arrays, which is the form that the JVM's compiler turns into vector instructions.
 */
public final class JavaKernels implements Kernels {

    private static final long PARALLEL_FROM = 1 << 18;

    /** Positions whose partial sums stay in the first-level cache. */
    private static final int BLOCK = 1024;

    /** Input channels of one pass: more, and the compiler no longer unrolls the loop to whole vectors. */
    private static final int GROUP = 4;

    @Override
    public String name() {
        return "java";
    }

    @Override
    public void convolve(IntConv conv, byte[] input, int height, int width, int[] sums, Cancellation cancellation) {
        int margin = conv.kernel() / 2;
        int[][] planes = padded(input, conv.inputs(), height, width, margin);
        IntStream outputs = IntStream.range(0, conv.outputs());
        if ((long) conv.weights().length * height * width >= PARALLEL_FROM) {
            outputs = outputs.parallel();
        }
        outputs.forEach(o -> {
            int[] padded = convolve(conv, o, planes, width + 2 * margin, cancellation);
            for (int y = 0; y < height; y++) {
                int from = (y + margin) * (width + 2 * margin) + margin;
                int to = (o * height + y) * width;
                for (int x = 0; x < width; x++) {
                    sums[to + x] += padded[from + x];
                }
            }
        });
        cancellation.check();
    }

    /** Planes with a zero margin, so that every tap is one distance away; all-zero ones fill the last group. */
    private static int[][] padded(byte[] input, int inputs, int height, int width, int margin) {
        int stride = width + 2 * margin;
        int[][] planes = new int[(inputs + GROUP - 1) / GROUP * GROUP][(height + 2 * margin) * stride];
        for (int c = 0; c < inputs; c++) {
            for (int y = 0; y < height; y++) {
                int from = (c * height + y) * width;
                int to = (y + margin) * stride + margin;
                for (int x = 0; x < width; x++) {
                    planes[c][to + x] = input[from + x];
                }
            }
        }
        return planes;
    }

    /** One output channel, padded as its inputs are; its margins hold nonsense. */
    private static int[] convolve(IntConv conv, int output, int[][] planes, int stride, Cancellation cancellation) {
        int margin = conv.kernel() / 2;
        int taps = conv.kernel() * conv.kernel();
        int positions = planes[0].length;
        int[] sum = new int[positions];
        int[] part = new int[positions];
        int[] weights = new int[planes.length];
        for (int tap = 0; tap < taps && !cancellation.requested(); tap++) {
            for (int i = 0; i < conv.inputs(); i++) {
                weights[i] = conv.weights()[(output * conv.inputs() + i) * taps + tap];
            }
            Arrays.fill(part, 0);
            for (int from = 0; from < positions; from += BLOCK) {
                pointwise(planes, weights, from, Math.min(positions, from + BLOCK), part);
            }
            int distance = (tap / conv.kernel() - margin) * stride + tap % conv.kernel() - margin;
            int end = Math.min(positions, positions - distance);
            for (int p = Math.max(0, -distance); p < end; p++) {
                sum[p] += part[p + distance];
            }
        }
        return sum;
    }

    private static void pointwise(int[][] planes, int[] weights, int from, int to, int[] sum) {
        for (int i = 0; i < planes.length; i += GROUP) {
            accumulate(sum, from, to, planes[i], planes[i + 1], planes[i + 2], planes[i + 3],
                    weights[i], weights[i + 1], weights[i + 2], weights[i + 3]);
        }
    }

    private static void accumulate(int[] sum, int from, int to, int[] a, int[] b, int[] c, int[] d, int wa, int wb, int wc, int wd) {
        for (int p = from; p < to; p++) {
            sum[p] += wa * a[p] + wb * b[p] + wc * c[p] + wd * d[p];
        }
    }

    @Override
    public void activate(int[] sums, byte[] shifts, int area, byte[] output) {
        for (int c = 0; c < shifts.length; c++) {
            int shift = shifts[c];
            int half = 1 << shift >> 1;
            for (int i = c * area; i < (c + 1) * area; i++) {
                output[i] = (byte) Math.max(0, Math.min(127, sums[i] + half >> shift));
            }
        }
    }

    @Override
    public String toString() {
        return name();
    }
}
