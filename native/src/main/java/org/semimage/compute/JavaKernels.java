package org.semimage.compute;

import java.util.Arrays;
import java.util.stream.IntStream;

/** The reference kernels: what the arithmetic means, fast enough to be used where nothing else is there. */
public final class JavaKernels implements Kernels {

    private static final long PARALLEL_FROM = 1 << 18;

    @Override
    public String name() {
        return "java";
    }

    @Override
    public void convolve(IntConv conv, byte[] input, int height, int width, int[] sums) {
        // Rows get a zero on either side, planes a zero row above and below, so that the inner loops need no borders.
        int margin = conv.kernel() / 2;
        int stride = width + 2 * margin;
        int plane = (height + 2 * margin) * stride;
        int[] padded = new int[conv.inputs() * plane];
        for (int c = 0; c < conv.inputs(); c++) {
            for (int y = 0; y < height; y++) {
                int from = (c * height + y) * width;
                int to = c * plane + (y + margin) * stride + margin;
                for (int x = 0; x < width; x++) {
                    padded[to + x] = input[from + x];
                }
            }
        }
        IntStream outputs = IntStream.range(0, conv.outputs());
        if ((long) conv.weights().length * height * width >= PARALLEL_FROM) {
            outputs = outputs.parallel();
        }
        if (conv.kernel() == 1) {
            outputs.forEach(o -> pointwise(conv, o, padded, plane, sums));
        } else {
            outputs.forEach(o -> threeByThree(conv, o, padded, height, width, sums));
        }
    }

    private static void pointwise(IntConv conv, int output, int[] input, int area, int[] sums) {
        int[] sum = new int[area];
        byte[] w = conv.weights();
        int at = output * conv.inputs();
        for (int i = 0; i < conv.inputs(); i++) {
            int weight = w[at + i];
            if (weight != 0) {
                int plane = i * area;
                for (int p = 0; p < area; p++) {
                    sum[p] += weight * input[plane + p];
                }
            }
        }
        add(sum, sums, output * area);
    }

    private static void threeByThree(IntConv conv, int output, int[] input, int height, int width, int[] sums) {
        int stride = width + 2;
        int[] row = new int[width];
        byte[] w = conv.weights();
        for (int y = 0; y < height; y++) {
            Arrays.fill(row, 0);
            for (int i = 0; i < conv.inputs(); i++) {
                int k = (output * conv.inputs() + i) * 9;
                int top = (i * (height + 2) + y) * stride;
                accumulate(row, input, top, w[k], w[k + 1], w[k + 2]);
                accumulate(row, input, top + stride, w[k + 3], w[k + 4], w[k + 5]);
                accumulate(row, input, top + 2 * stride, w[k + 6], w[k + 7], w[k + 8]);
            }
            add(row, sums, (output * height + y) * width);
        }
    }

    private static void accumulate(int[] row, int[] input, int from, int left, int middle, int right) {
        for (int x = 0; x < row.length; x++) {
            row[x] += left * input[from + x] + middle * input[from + x + 1] + right * input[from + x + 2];
        }
    }

    private static void add(int[] from, int[] to, int offset) {
        for (int i = 0; i < from.length; i++) {
            to[offset + i] += from[i];
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
