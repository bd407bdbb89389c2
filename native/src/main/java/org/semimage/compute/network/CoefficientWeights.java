// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.network;

import org.semimage.compute.tensor.NamedTensors;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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
     * Where a pack has a convolution.
     *
     * @param name    of its tensors, without what follows the last dot
     * @param inputs  channels
     * @param outputs channels
     * @param halves  whether its weights are in F16, not in bytes with a scale for each output
     */
    public record Place(String name, int inputs, int outputs, boolean halves) {

        /** The tensor of weights, {@code [outputs][inputs][3][3]}. */
        public String weights() {
            return name + ".weight";
        }

        /** How many weights there are. */
        public int size() {
            return 9 * inputs * outputs;
        }

        /** What is added per output channel. */
        public float[] bias(NamedTensors pack) {
            return pack.halves(name + ".bias", outputs);
        }

        /** The convolution, in numbers of four bytes. */
        public Convolution convolution(NamedTensors pack) {
            float[] w = halves ? pack.halves(weights(), outputs, inputs, 3, 3) : scaled(pack, this);
            return new Convolution(inputs, outputs, w, bias(pack));
        }
    }

    /**
     * @param prefix of the tensors' names, "synthesis" or "analysis"
     * @throws IllegalArgumentException if a tensor is missing or does not fit
     */
    public static CoefficientWeights of(NamedTensors weights, String prefix) {
        List<Convolution> convolutions = new ArrayList<>();
        for (Place place : places(weights, prefix)) {
            convolutions.add(place.convolution(weights));
        }
        return new CoefficientWeights(convolutions, quality(weights, prefix, "quality"), quality(weights, prefix, "gain"));
    }

    /**
     * Where the convolutions are, in order.
     *
     * @param prefix of the tensors' names, "synthesis" or "analysis"
     * @throws IllegalArgumentException if a tensor of weights is missing or does not fit
     */
    public static List<Place> places(NamedTensors weights, String prefix) {
        List<Place> places = new ArrayList<>();
        Place head = place(weights, prefix + ".head", inputs(weights, prefix), -1);
        int n = head.outputs;
        places.add(head);
        for (int i = 0; weights.has(prefix + ".blocks." + i + ".conv1.weight"); i++) {
            places.add(place(weights, prefix + ".blocks." + i + ".conv1", n, n));
            places.add(place(weights, prefix + ".blocks." + i + ".conv2", n, n));
        }
        Place tail = place(weights, prefix + ".tail", n, -1);
        if (tail.outputs != CoefficientNet.CHANNELS && tail.outputs != CoefficientNet.OUTPUTS_WITH_DIVISIVE_GAINS) {
            throw new IllegalArgumentException("The network gives " + tail.outputs + " channels");
        }
        places.add(tail);
        return places;
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

    private static Place place(NamedTensors weights, String name, int inputs, int outputs) {
        boolean halves = !weights.has(name + ".scale");
        NamedTensors.Type type = halves ? NamedTensors.Type.F16 : NamedTensors.Type.I8;
        return new Place(name, inputs, (int) weights.get(name + ".weight", type, outputs, inputs, 3, 3).shape()[0], halves);
    }

    /** Weights in bytes, with a scale for each output. */
    private static float[] scaled(NamedTensors weights, Place place) {
        byte[] stored = weights.bytes(place.weights(), place.outputs, place.inputs, 3, 3);
        int ofOutput = 9 * place.inputs;
        float[] scale = weights.floats(place.name + ".scale", place.outputs);
        float[] w = new float[stored.length];
        for (int i = 0; i < w.length; i++) {
            w[i] = scale[i / ofOutput] * stored[i];
        }
        return w;
    }
}
