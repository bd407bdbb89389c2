// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.network;

import org.semimage.compute.Cancellation;
import org.semimage.compute.tensor.NamedTensors;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The coefficient network in pure Java: the reference, and what runs where libtorch does not. */
public final class JavaCoefficientNet implements CoefficientNet {

    private final CoefficientWeights weights;

    /**
     * A network of weights that are there.
     *
     * @param weights not copied
     */
    public JavaCoefficientNet(CoefficientWeights weights) {
        this.weights = weights;
    }

    /**
     * @param prefix of the tensors' names, "synthesis" or "analysis"
     * @throws IllegalArgumentException if a tensor is missing or does not fit
     */
    public JavaCoefficientNet(NamedTensors weights, String prefix) {
        this(CoefficientWeights.of(weights, prefix));
    }

    @Override
    public float[] correction(float[] packed, int height, int width, int qualityIndex, Cancellation cancellation) {
        int area = height * width;
        List<CoefficientWeights.Convolution> convolutions = weights.convolutions();
        int last = convolutions.size() - 1;
        float[] x = convolve(convolutions.get(0), CoefficientNet.soften(packed), height, width, null, false, cancellation);
        float[] shift = CoefficientNet.embedding(weights.qualityShift(), qualityIndex);
        for (int c = 0; c < shift.length; c++) {
            for (int i = c * area; i < (c + 1) * area; i++) {
                x[i] += shift[c];
            }
        }
        for (int i = 1; i < last; i += 2) {
            float[] inner = convolve(convolutions.get(i), x, height, width, null, true, cancellation);
            x = convolve(convolutions.get(i + 1), inner, height, width, x, false, cancellation);
        }
        float[] factor = CoefficientNet.embedding(weights.qualityFactor(), qualityIndex);
        for (int c = 0; c < factor.length; c++) {
            for (int i = c * area; i < (c + 1) * area; i++) {
                float v = x[i] * factor[c];
                x[i] = v < 0 ? SLOPE * v : v;
            }
        }
        return CoefficientNet.withDivisiveGains(packed, convolve(convolutions.get(last), x, height, width, null, false, cancellation));
    }

    /** 3x3, zero padding; then the addition of {@code plus} if given, or the leaky rectifier if asked. */
    private static float[] convolve(CoefficientWeights.Convolution conv, float[] input, int height, int width, float[] plus,
                                    boolean rectify, Cancellation cancellation) {
        int stride = width + 2;
        int plane = (height + 2) * stride;
        float[] padded = new float[conv.inputs() * plane];
        for (int c = 0; c < conv.inputs(); c++) {
            for (int y = 0; y < height; y++) {
                System.arraycopy(input, (c * height + y) * width, padded, c * plane + (y + 1) * stride + 1, width);
            }
        }
        float[] output = new float[conv.outputs() * height * width];
        IntStream.range(0, conv.outputs()).parallel().forEach(o -> {
            float[] row = new float[width];
            for (int y = 0; y < height && !cancellation.requested(); y++) {
                Arrays.fill(row, conv.bias()[o]);
                for (int i = 0; i < conv.inputs(); i++) {
                    int k = (o * conv.inputs() + i) * 9;
                    int top = i * plane + y * stride;
                    accumulate(row, padded, top, conv.weights(), k);
                    accumulate(row, padded, top + stride, conv.weights(), k + 3);
                    accumulate(row, padded, top + 2 * stride, conv.weights(), k + 6);
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
