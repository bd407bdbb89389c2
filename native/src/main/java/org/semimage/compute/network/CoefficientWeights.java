// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.network;

import org.semimage.compute.tensor.NamedTensors;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Weights of a coefficient network as a pack gives them (FORMAT.md, "Coefficient networks").
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
        int inputs = inputs(weights, prefix + ".head");
        Convolution head = convolution(weights, prefix + ".head", inputs, -1);
        int n = head.outputs;
        convolutions.add(head);
        for (int i = 0; weights.has(prefix + ".blocks." + i + ".conv1.weight"); i++) {
            convolutions.add(convolution(weights, prefix + ".blocks." + i + ".conv1", n, n));
            convolutions.add(convolution(weights, prefix + ".blocks." + i + ".conv2", n, n));
        }
        Convolution tail = convolution(weights, prefix + ".tail", n, -1);
        if (tail.outputs != CoefficientNet.CHANNELS && tail.outputs != CoefficientNet.OUTPUTS_WITH_DIVISIVE_GAINS) {
            throw new IllegalArgumentException("The network gives " + tail.outputs + " channels");
        }
        convolutions.add(tail);
        return new CoefficientWeights(convolutions, weights.halves(prefix + ".quality", CoefficientNet.KNOTS, n),
                weights.halves(prefix + ".gain", CoefficientNet.KNOTS, n));
    }

    /** Channels of packed coefficients and of what stands behind them. */
    private static int inputs(NamedTensors weights, String head) {
        long[] shape = weights.get(head + ".weight").shape();
        if (shape.length != 4 || shape[1] < CoefficientNet.CHANNELS || shape[1] > MOST_INPUTS) {
            throw new IllegalArgumentException("The network takes " + Arrays.toString(shape));
        }
        return (int) shape[1];
    }

    private static Convolution convolution(NamedTensors weights, String name, int inputs, int outputs) {
        float[] w = weights.halves(name + ".weight", outputs, inputs, 3, 3);
        int actual = w.length / (9 * inputs);
        return new Convolution(inputs, actual, w, weights.halves(name + ".bias", actual));
    }
}
