// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.kernel;

import java.util.Objects;

/**
 * Integer convolution weights: odd square kernel, stride 1, zero padding (FORMAT.md, "Integer layers").
 *
 * @param inputs  input channels
 * @param outputs output channels
 * @param kernel  side of the kernel, 1 or 3
 * @param weights int8, {@code [outputs][inputs][kernel][kernel]} flattened; owned by this object, not copied
 */
public record IntConv(int inputs, int outputs, int kernel, byte[] weights) {

    /** The most inputs times taps: four such convolutions and their bias fit an accumulator of 32 bits. */
    private static final int MAX_TERMS = Integer.MAX_VALUE / (8 * 128 * 128);

    /**
     * Checks weights, which are not copied.
     *
     * @throws IllegalArgumentException if the weights do not fit the shape, or an accumulator could overflow
     */
    public IntConv {
        Objects.requireNonNull(weights, "weights");
        if (inputs < 1 || outputs < 1 || kernel != 1 && kernel != 3 || weights.length != inputs * outputs * kernel * kernel) {
            throw new IllegalArgumentException(
                    weights.length + " weights for " + inputs + " -> " + outputs + " channels, kernel " + kernel);
        }
        if (inputs * kernel * kernel > MAX_TERMS) {
            throw new IllegalArgumentException(inputs + " inputs could overflow an accumulator");
        }
    }

    /** The weights of some of the input channels, in the order given. */
    public IntConv ofInputs(int[] channels) {
        int taps = kernel * kernel;
        byte[] chosen = new byte[outputs * channels.length * taps];
        for (int o = 0; o < outputs; o++) {
            for (int i = 0; i < channels.length; i++) {
                System.arraycopy(weights, (o * inputs + channels[i]) * taps, chosen, (o * channels.length + i) * taps, taps);
            }
        }
        return new IntConv(channels.length, outputs, kernel, chosen);
    }
}
