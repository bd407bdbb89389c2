package org.semimage.compute;

import java.util.Arrays;
import java.util.stream.IntStream;

/** The coefficient network in pure Java: the reference, and what runs where libtorch does not. */
public final class JavaCoefficientNet implements CoefficientNet {

    private record Conv(int inputs, int outputs, float[] weights, float[] bias) {
    }

    private final Conv head;
    private final Conv[] blocks;
    private final Conv tail;
    private final float[] quality;
    private final float[] gain;

    /**
     * @param prefix of the tensors' names, "synthesis" or "analysis"
     * @throws IllegalArgumentException if a tensor is missing or does not fit
     */
    public JavaCoefficientNet(NamedTensors weights, String prefix) {
        this.head = conv(weights, prefix + ".head", CHANNELS, -1);
        int n = head.outputs;
        int count = 0;
        while (weights.has(prefix + ".blocks." + count + ".conv1.weight")) {
            count++;
        }
        this.blocks = new Conv[2 * count];
        for (int i = 0; i < count; i++) {
            blocks[2 * i] = conv(weights, prefix + ".blocks." + i + ".conv1", n, n);
            blocks[2 * i + 1] = conv(weights, prefix + ".blocks." + i + ".conv2", n, n);
        }
        this.tail = conv(weights, prefix + ".tail", n, CHANNELS);
        this.quality = weights.halves(prefix + ".quality", KNOTS, n);
        this.gain = weights.halves(prefix + ".gain", KNOTS, n);
    }

    private static Conv conv(NamedTensors weights, String name, int inputs, int outputs) {
        float[] w = weights.halves(name + ".weight", outputs, inputs, 3, 3);
        int actual = w.length / (9 * inputs);
        return new Conv(inputs, actual, w, weights.halves(name + ".bias", actual));
    }

    @Override
    public float[] correction(float[] packed, int height, int width, int qualityIndex, Cancellation cancellation) {
        int area = height * width;
        float[] x = convolve(head, CoefficientNet.soften(packed), height, width, null, false, cancellation);
        float[] shift = CoefficientNet.embedding(quality, qualityIndex);
        for (int c = 0; c < shift.length; c++) {
            for (int i = c * area; i < (c + 1) * area; i++) {
                x[i] += shift[c];
            }
        }
        for (int b = 0; b < blocks.length; b += 2) {
            x = convolve(blocks[b + 1], convolve(blocks[b], x, height, width, null, true, cancellation), height, width, x, false, cancellation);
        }
        float[] factor = CoefficientNet.embedding(gain, qualityIndex);
        for (int c = 0; c < factor.length; c++) {
            for (int i = c * area; i < (c + 1) * area; i++) {
                float v = x[i] * factor[c];
                x[i] = v < 0 ? SLOPE * v : v;
            }
        }
        return convolve(tail, x, height, width, null, false, cancellation);
    }

    /** 3x3, zero padding; then the addition of {@code plus} if given, or the leaky rectifier if asked. */
    private static float[] convolve(Conv conv, float[] input, int height, int width, float[] plus, boolean rectify,
                                    Cancellation cancellation) {
        int stride = width + 2;
        int plane = (height + 2) * stride;
        float[] padded = new float[conv.inputs * plane];
        for (int c = 0; c < conv.inputs; c++) {
            for (int y = 0; y < height; y++) {
                System.arraycopy(input, (c * height + y) * width, padded, c * plane + (y + 1) * stride + 1, width);
            }
        }
        float[] output = new float[conv.outputs * height * width];
        IntStream.range(0, conv.outputs).parallel().forEach(o -> {
            float[] row = new float[width];
            for (int y = 0; y < height && !cancellation.requested(); y++) {
                Arrays.fill(row, conv.bias[o]);
                for (int i = 0; i < conv.inputs; i++) {
                    int k = (o * conv.inputs + i) * 9;
                    int top = i * plane + y * stride;
                    accumulate(row, padded, top, conv.weights, k);
                    accumulate(row, padded, top + stride, conv.weights, k + 3);
                    accumulate(row, padded, top + 2 * stride, conv.weights, k + 6);
                }
                int to = (o * height + y) * width;
                for (int x = 0; x < width; x++) {
                    float v = row[x];
                    output[to + x] = plus != null ? v + plus[to + x] : rectify && v < 0 ? SLOPE * v : v;
                }
            }
        });
        cancellation.check();
        return output;
    }

    private static void accumulate(float[] row, float[] input, int from, float[] weights, int k) {
        float left = weights[k];
        float middle = weights[k + 1];
        float right = weights[k + 2];
        for (int x = 0; x < row.length; x++) {
            row[x] += left * input[from + x] + middle * input[from + x + 1] + right * input[from + x + 2];
        }
    }

    @Override
    public void close() {
        // Heap memory only.
    }
}
