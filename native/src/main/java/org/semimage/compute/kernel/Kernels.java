// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.kernel;

import org.semimage.compute.Cancellation;
import org.semimage.compute.entropy.JavaSymbolDecoder;
import org.semimage.compute.entropy.RansDecoder;
import org.semimage.compute.entropy.ScaleTables;
import org.semimage.compute.entropy.SymbolDecoder;
import org.semimage.compute.entropy.SymbolEncoder;
import org.semimage.compute.entropy.SymbolStep;

import java.util.List;

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
     * @throws java.util.concurrent.CancellationException if the request is made before all is done
     */
    void convolve(IntConv conv, byte[] input, int height, int width, int[] sums, Cancellation cancellation);

    /** Convolves in one go; see {@link #convolve(IntConv, byte[], int, int, int[], Cancellation)}. */
    default void convolve(IntConv conv, byte[] input, int height, int width, int[] sums) {
        convolve(conv, input, height, width, sums, Cancellation.NEVER);
    }

    /**
     * Rounds accumulators to activations: {@code output = clamp((sum + (1 << shift >> 1)) >> shift, 0, 127)}.
     *
     * @param shifts one per channel, 0..16
     * @param area   height * width
     * @param output {@code shifts.length * area} int8 values, overwritten
     */
    void activate(int[] sums, byte[] shifts, int area, byte[] output);

    /**
     * Codes symbols (FORMAT.md, "Symbols"). The reference in Java, unless an implementation has a faster one.
     *
     * @param steps in coding order
     * @param lanes 1..{@link RansDecoder#MAX_LANES}
     * @return the rANS stream
     * @throws IllegalArgumentException if a symbol or {@code lanes} is out of range, or a row is not what a decoder will find
     */
    default byte[] encode(ScaleTables tables, List<SymbolStep> steps, int lanes) {
        SymbolEncoder encoder = new SymbolEncoder(tables, lanes);
        steps.forEach(step -> encoder.encode(step.symbols(), step.rows()));
        return encoder.finish();
    }

    /**
     * A decoder of the symbols in bytes {@code from..to-1}; the caller closes it. Which implementations have their own, see
     * {@link #encode}.
     *
     * @param lanes as given to the encoder
     * @throws IllegalArgumentException if {@code lanes} is out of range, or the array has no such bytes
     */
    default SymbolDecoder decoder(ScaleTables tables, byte[] bytes, int from, int to, int lanes) {
        return new JavaSymbolDecoder(tables, bytes, from, to, lanes);
    }

    /**
     * A stream to encode.
     *
     * @param steps in coding order
     * @param lanes 1..{@link RansDecoder#MAX_LANES}
     */
    record Stream(List<SymbolStep> steps, int lanes) {
    }

    /** Codes many streams in one call, together where that is faster; see {@link #encode}. */
    default List<byte[]> encodeAll(ScaleTables tables, List<Stream> streams) {
        return streams.parallelStream().map(stream -> encode(tables, stream.steps, stream.lanes)).toList();
    }
}
