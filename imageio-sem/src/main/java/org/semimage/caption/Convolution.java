// SPDX-License-Identifier: Apache-2.0
package org.semimage.caption;

import org.semimage.compute.tensor.NamedTensors;

/**
 * A convolution over planes whose channels lie side by side, {@code [y][x][channel]}, zeros around them. Weights are stored in bytes, with
 * a scale for each channel that comes out.
 *
 * @param kernel   samples of the kernel's side
 * @param stride   input samples from one output to the next
 * @param channels that go in
 * @param weights  {@code [y][x][channel in][channel out]}
 * @param bias     by channel that comes out
 */
record Convolution(int kernel, int stride, int channels, float[] weights, float[] bias) {

    /**
     * A map of features.
     *
     * @param width   of columns
     * @param height  of rows
     * @param samples {@code [y][x][channel]}
     */
    record Map(int width, int height, float[] samples) {

        int channels() {
            return samples.length / (width * height);
        }

        /** Negative values become 0. */
        Map rectified() {
            float[] rectified = new float[samples.length];
            for (int i = 0; i < samples.length; i++) {
                rectified[i] = Math.max(0, samples[i]);
            }
            return new Map(width, height, rectified);
        }

        Map plus(Map other) {
            float[] sum = new float[samples.length];
            for (int i = 0; i < samples.length; i++) {
                sum[i] = samples[i] + other.samples[i];
            }
            return new Map(width, height, sum);
        }

        /** Means of squares of {@code side} samples a side. */
        Map shrunk(int side) {
            int channels = channels();
            float[] means = new float[width / side * (height / side) * channels];
            for (int y = 0; y < height / side * side; y++) {
                for (int x = 0; x < width / side * side; x++) {
                    int to = (y / side * (width / side) + x / side) * channels;
                    for (int c = 0; c < channels; c++) {
                        means[to + c] += samples[(y * width + x) * channels + c] / (side * side);
                    }
                }
            }
            return new Map(width / side, height / side, means);
        }

        /** Means over all places, by channel. */
        float[] mean() {
            float[] mean = new float[channels()];
            for (int i = 0; i < samples.length; i++) {
                mean[i % mean.length] += samples[i] / (width * height);
            }
            return mean;
        }
    }

    /** A convolution whose tensors are {@code name.weight} [out, in, y, x], {@code name.scale} [out] and {@code name.bias} [out]. */
    static Convolution of(NamedTensors tensors, String name, int stride) {
        long[] shape = tensors.get(name + ".weight").shape();
        int out = (int) shape[0];
        int in = (int) shape[1];
        int kernel = (int) shape[2];
        byte[] stored = tensors.bytes(name + ".weight", out, in, kernel, kernel);
        float[] scale = tensors.floats(name + ".scale", out);
        float[] weights = new float[stored.length];
        for (int o = 0; o < out; o++) {
            for (int i = 0; i < in; i++) {
                for (int k = 0; k < kernel * kernel; k++) {
                    weights[(k * in + i) * out + o] = stored[(o * in + i) * kernel * kernel + k] * scale[o];
                }
            }
        }
        return new Convolution(kernel, stride, in, weights, tensors.floats(name + ".bias", out));
    }

    /** Kernels of 3 samples reach one sample beyond the border, all others none. */
    Map apply(Map map) {
        int reach = kernel == 3 ? 1 : 0;
        int width = (map.width + 2 * reach - kernel) / stride + 1;
        int height = (map.height + 2 * reach - kernel) / stride + 1;
        float[] out = new float[width * height * bias.length];
        float[] sums = new float[bias.length];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                System.arraycopy(bias, 0, sums, 0, sums.length);
                for (int ky = Math.max(0, reach - y * stride); ky < Math.min(kernel, map.height + reach - y * stride); ky++) {
                    for (int kx = Math.max(0, reach - x * stride); kx < Math.min(kernel, map.width + reach - x * stride); kx++) {
                        int from = ((y * stride + ky - reach) * map.width + x * stride + kx - reach) * channels;
                        add(map.samples, from, (ky * kernel + kx) * channels, sums);
                    }
                }
                System.arraycopy(sums, 0, out, (y * width + x) * sums.length, sums.length);
            }
        }
        return new Map(width, height, out);
    }

    private void add(float[] samples, int from, int row, float[] sums) {
        for (int c = 0; c < channels; c++) {
            float value = samples[from + c];
            // Half of what was rectified is 0.
            if (value != 0) {
                int at = (row + c) * sums.length;
                for (int o = 0; o < sums.length; o++) {
                    sums[o] += value * weights[at + o];
                }
            }
        }
    }
}
