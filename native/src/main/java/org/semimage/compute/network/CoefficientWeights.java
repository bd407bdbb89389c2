// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.network;

import org.semimage.compute.tensor.NamedTensors;

import java.util.ArrayList;
import java.util.List;

/**
 * Weights of a coefficient network as a pack gives them (FORMAT.md, "Coefficient networks").
 *
 * @param layers  head, two of each block, tail; all 3x3
 * @param quality embeddings {@code [KNOTS][width]} that are added to what the head gives
 * @param gain    embeddings {@code [KNOTS][width]} of factors before the tail
 */
public record CoefficientWeights(List<Layer> layers, float[] quality, float[] gain) {

    /** Channels that the tail gives: corrections, and gains if the network has some. */
    public int outputs() {
        return layers.get(layers.size() - 1).outputs;
    }

    /**
     * One convolution.
     *
     * @param weights {@code [outputs][inputs][3][3]}
     * @param bias    per output channel
     */
    public record Layer(int inputs, int outputs, float[] weights, float[] bias) {
    }

    /**
     * @param prefix of the tensors' names, "synthesis" or "analysis"
     * @throws IllegalArgumentException if a tensor is missing or does not fit
     */
    public static CoefficientWeights of(NamedTensors weights, String prefix) {
        List<Layer> layers = new ArrayList<>();
        Layer head = layer(weights, prefix + ".head", CoefficientNet.CHANNELS, -1);
        int n = head.outputs;
        layers.add(head);
        for (int i = 0; weights.has(prefix + ".blocks." + i + ".conv1.weight"); i++) {
            layers.add(layer(weights, prefix + ".blocks." + i + ".conv1", n, n));
            layers.add(layer(weights, prefix + ".blocks." + i + ".conv2", n, n));
        }
        Layer tail = layer(weights, prefix + ".tail", n, -1);
        if (tail.outputs != CoefficientNet.CHANNELS && tail.outputs != CoefficientNet.OUTPUTS_WITH_GAINS) {
            throw new IllegalArgumentException("The network gives " + tail.outputs + " channels");
        }
        layers.add(tail);
        return new CoefficientWeights(layers, weights.halves(prefix + ".quality", CoefficientNet.KNOTS, n),
                weights.halves(prefix + ".gain", CoefficientNet.KNOTS, n));
    }

    private static Layer layer(NamedTensors weights, String name, int inputs, int outputs) {
        float[] w = weights.halves(name + ".weight", outputs, inputs, 3, 3);
        int actual = w.length / (9 * inputs);
        return new Layer(inputs, actual, w, weights.halves(name + ".bias", actual));
    }
}
