// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.network;

import org.semimage.compute.tensor.NamedTensors;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Weights of a coefficient network as a pack gives them (FORMAT.md, "Coefficient networks").
 * Networks that no decoder has to run alike may hold the weights of convolutions in bytes (MODELS.md).
 *
 * @param convolutions  head, two of each block, tail; all 3x3
 * @param qualityShift  embeddings {@code [KNOTS][width]} that are added to what the head gives
 * @param qualityFactor embeddings {@code [KNOTS][width]} of factors before the tail
 */
public record CoefficientWeights(List<Convolution> convolutions, float[] qualityShift, float[] qualityFactor) {

    private static final int MOST_INPUTS = 1024;

    /**
     * One convolution.
     *
     * @param inputs  channels
     * @param outputs channels
     * @param weights {@code [outputs][inputs][3][3]}
     * @param bias    per output channel
     */
    public record Convolution(int inputs, int outputs, float[] weights, float[] bias) {
    }

    /**
     * @param prefix of the tensors' names, "synthesis" or "analysis"
     * @throws IllegalArgumentException if a tensor is missing or does not fit
     */
    public static CoefficientWeights of(NamedTensors weights, String prefix) {
        List<Convolution> convolutions = new ArrayList<>();
        eachConvolution(weights, prefix, convolutions::add);
        return new CoefficientWeights(convolutions, quality(weights, prefix, "quality"), quality(weights, prefix, "gain"));
    }

    /**
     * Gives the convolutions in order, one at a time: all together, as numbers of four bytes, they take twice what they take in the pack.
     *
     * @param prefix of the tensors' names, "synthesis" or "analysis"
     * @throws IllegalArgumentException if a tensor is missing or does not fit; those before have been given
     */
    public static void eachConvolution(NamedTensors weights, String prefix, Consumer<Convolution> use) {
        int inputs = inputs(weights, prefix);
        Convolution head = convolution(weights, prefix + ".head", inputs, -1);
        int n = head.outputs;
        use.accept(head);
        for (int i = 0; weights.has(prefix + ".blocks." + i + ".conv1.weight"); i++) {
            use.accept(convolution(weights, prefix + ".blocks." + i + ".conv1", n, n));
            use.accept(convolution(weights, prefix + ".blocks." + i + ".conv2", n, n));
        }
        Convolution tail = convolution(weights, prefix + ".tail", n, -1);
        if (tail.outputs != CoefficientNet.CHANNELS && tail.outputs != CoefficientNet.OUTPUTS_WITH_DIVISIVE_GAINS) {
            throw new IllegalArgumentException("The network gives " + tail.outputs + " channels");
        }
        use.accept(tail);
    }

    /**
     * Embeddings of the quality index.
     *
     * @param which "quality" for the shift, "gain" for the factor
     * @throws IllegalArgumentException if the tensor is missing or does not fit
     */
    public static float[] quality(NamedTensors weights, String prefix, String which) {
        int width = weights.halves(prefix + ".head.bias", -1).length;
        return weights.halves(prefix + "." + which, CoefficientNet.KNOTS, width);
    }

    /**
     * Channels of packed coefficients and of what stands behind them.
     *
     * @throws IllegalArgumentException if there are fewer than coefficients have
     */
    public static int inputs(NamedTensors weights, String prefix) {
        long[] shape = weights.get(prefix + ".head.weight").shape();
        if (shape.length != 4 || shape[1] < CoefficientNet.CHANNELS || shape[1] > MOST_INPUTS) {
            throw new IllegalArgumentException("The network takes " + Arrays.toString(shape));
        }
        return (int) shape[1];
    }

    private static Convolution convolution(NamedTensors weights, String name, int inputs, int outputs) {
        float[] w = weights.has(name + ".scale") ? scaled(weights, name, outputs, inputs)
                : weights.halves(name + ".weight", outputs, inputs, 3, 3);
        int actual = w.length / (9 * inputs);
        return new Convolution(inputs, actual, w, weights.halves(name + ".bias", actual));
    }

    /** Weights in bytes, with a scale for each output. */
    private static float[] scaled(NamedTensors weights, String name, int outputs, int inputs) {
        byte[] stored = weights.bytes(name + ".weight", outputs, inputs, 3, 3);
        int ofOutput = 9 * inputs;
        float[] scale = weights.floats(name + ".scale", stored.length / ofOutput);
        float[] w = new float[stored.length];
        for (int i = 0; i < w.length; i++) {
            w[i] = scale[i / ofOutput] * stored[i];
        }
        return w;
    }
}
