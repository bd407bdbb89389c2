// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.prior;

import org.semimage.compute.Cancellation;
import org.semimage.compute.entropy.SymbolDecoder;
import org.semimage.compute.entropy.SymbolStep;
import org.semimage.compute.kernel.Kernels;
import org.semimage.compute.wavelet.Pyramid;

import java.util.List;

/**
 * The levels of the integer prior on one backend (FORMAT.md, "Integer prior"): each takes the context of the level before and
 * gives means and scale indices of its coefficients, step by step.
 *
 * <p>Level 0 is the low band, which comes first, then levels 6 to 1. Every implementation gives the same bits;
 * {@link JavaPriorLevels} is the reference. A call takes parts of many pictures, of any sizes, since a device needs them together.
 * Safe for use by many threads, but for {@link #close}.
 */
public interface PriorLevels extends AutoCloseable {

    /**
     * What one level of one picture is coded under.
     *
     * @param height  of the level's bands; even, but for levels 6 and 0
     * @param width   of the level's bands; even, but for levels 6 and 0
     * @param gray    whether components 1 and 2 are left out, as on level 1 of pictures without fine colour
     * @param quality quality index, 0..255
     * @param context of the level, from the level before: {@code [channels][grid height][grid width]}, where the grid is half the
     *                bands' size, or the bands' own on level 6; empty on level 0; activations 0..127, on level 6 values -127..127
     */
    record Part(int height, int width, boolean gray, int quality, byte[] context) {

        /** Bands of the level: those of the low band's three components; else nine, or three on level 1 if colour is left out. */
        public int bands(int level) {
            return level == 0 ? 3 : Pyramid.channels(level, !gray);
        }

        /** @throws IllegalArgumentException if a number is out of range, or the context does not fit the level */
        public void check(int level, PriorWeights weights) {
            int step = level % Pyramid.LEVELS == 0 ? 1 : 2;
            int expected = level == 0 ? 0
                    : Math.multiplyExact(weights.levels().get(level - 1).context().conv().inputs(),
                            Math.multiplyExact(height / step, width / step));
            if (height < 1 || width < 1 || height % step != 0 || width % step != 0 || quality < 0 || quality > 255
                    || context.length != expected) {
                throw new IllegalArgumentException("level " + level + ": bands of " + width + "x" + height + ", quality " + quality + ", "
                        + context.length + " context values, " + expected + " expected");
            }
        }
    }

    /**
     * A level to quantize.
     *
     * @param bands  {@code [channel][height * width]} coefficients in quantizer steps; as many as the part has
     * @param lambda price of a bit in squared steps for rate-distortion optimized rounding; 0 rounds to nearest
     */
    record Target(Part part, float[][] bands, float lambda) {
    }

    /**
     * A level to decode.
     *
     * @param symbols gives the level's symbols, and has given those of the levels before; best of the same backend, since another one
     *                may take the reference's way
     */
    record Source(Part part, SymbolDecoder symbols) {
    }

    /**
     * A level that is decoded.
     *
     * @param bands   {@code [channel][height * width]} coefficients in quantizer steps, multiples of 1/16
     * @param context for the next level; empty after level 1
     */
    record Decoded(float[][] bands, byte[] context) {
    }

    /**
     * A level that is quantized.
     *
     * @param steps   for the entropy coder, in coding order
     * @param decoded what a decoder will have
     */
    record Quantized(List<SymbolStep> steps, Decoded decoded) {
    }

    /**
     * Quantizes a level of each of many pictures.
     *
     * @throws IllegalArgumentException if a part does not fit the level
     * @throws java.util.concurrent.CancellationException if the request is made before all is done
     */
    List<Quantized> quantize(int level, List<Target> targets, Cancellation cancellation);

    /** Quantizes in one go; see {@link #quantize(int, List, Cancellation)}. */
    default List<Quantized> quantize(int level, List<Target> targets) {
        return quantize(level, targets, Cancellation.NEVER);
    }

    /**
     * Decodes a level of each of many pictures.
     *
     * @throws IllegalArgumentException if a part does not fit the level
     * @throws java.util.concurrent.CancellationException if the request is made before all is done
     */
    List<Decoded> decode(int level, List<Source> sources, Cancellation cancellation);

    /** Decodes in one go; see {@link #decode(int, List, Cancellation)}. */
    default List<Decoded> decode(int level, List<Source> sources) {
        return decode(level, sources, Cancellation.NEVER);
    }

    /** The levels on these kernels, which the caller closes: their own, or the reference over their layers. */
    static PriorLevels of(Kernels kernels, PriorWeights weights) {
        return kernels instanceof PriorKernels own ? own.levels(weights) : new JavaPriorLevels(weights, kernels);
    }

    @Override
    void close();
}
