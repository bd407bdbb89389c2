package org.semimage.compute;

/**
 * The format's hot path in integers; every implementation gives the same bits.
 *
 * <p>Arrays are channel-major planes: channel {@code c}, row {@code y}, column {@code x} at {@code (c * height + y) * width + x}.
 * Implementations are stateless and safe for use by many threads. {@link JavaKernels} is the reference.
 */
public interface Kernels {

    /** Short name for logs: "java", "native", "cuda". */
    String name();

    /**
     * Adds a convolution to accumulators: {@code sums[o] += conv.weights[o] * input}, zero outside the plane.
     *
     * @param input int8 activations, {@code conv.inputs() * height * width}
     * @param sums  {@code conv.outputs() * height * width}, updated in place
     */
    void convolve(IntConv conv, byte[] input, int height, int width, int[] sums);

    /**
     * Rounds accumulators to activations: {@code output = clamp((sum + (1 << shift >> 1)) >> shift, 0, 127)}.
     *
     * @param shifts one per channel, 0..16
     * @param area   height * width
     * @param output {@code shifts.length * area} int8 values, overwritten
     */
    void activate(int[] sums, byte[] shifts, int area, byte[] output);
}
