// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.prior;

import org.semimage.compute.Cancellation;
import org.semimage.compute.kernel.Kernels;

import java.util.List;

/**
 * The levels of the integer prior on one backend (FORMAT.md, "Integer prior"): each takes the context of the level before and
 * gives means and scale indices of its coefficients, symbol step by symbol step.
 *
 * <p>Level 0 is the low band, which comes first, then levels 6 to 1. Every implementation gives the same bits;
 * {@link JavaPriorLevels} is the reference. A call takes items of many pictures, of any sizes, since a device needs them together. Of their
 * levels it codes one, and what it gives has the bands of that level alone. Safe for use by many threads, but for {@link #close}.
 */
public interface PriorLevels extends AutoCloseable {

    /**
     * Quantizes a level of each of many pictures.
     *
     * @throws IllegalArgumentException if an item does not fit the level
     * @throws java.util.concurrent.CancellationException if the request is made before all is done
     */
    List<Coded<float[][]>> quantize(int level, List<Target> targets, Cancellation cancellation);

    /** Quantizes in one go; see {@link #quantize(int, List, Cancellation)}. */
    default List<Coded<float[][]>> quantize(int level, List<Target> targets) {
        return quantize(level, targets, Cancellation.NEVER);
    }

    /**
     * Decodes a level of each of many pictures, and gives what is kept of it.
     *
     * @throws IllegalArgumentException if an item does not fit the level
     * @throws java.util.concurrent.CancellationException if the request is made before all is done
     */
    List<Coded<float[][]>> decode(int level, List<Source> sources, Cancellation cancellation);

    /** Decodes in one go; see {@link #decode(int, List, Cancellation)}. */
    default List<Coded<float[][]>> decode(int level, List<Source> sources) {
        return decode(level, sources, Cancellation.NEVER);
    }

    /** The levels on these kernels, which the caller closes: their own, or the reference over their convolutions. */
    static PriorLevels of(Kernels kernels, PriorWeights weights) {
        return kernels instanceof PriorKernels own ? own.levels(weights) : new JavaPriorLevels(weights, kernels);
    }

    @Override
    void close();
}
