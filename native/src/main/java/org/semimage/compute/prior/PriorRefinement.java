// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.prior;

import org.semimage.compute.Cancellation;
import org.semimage.compute.entropy.SymbolDecoder;
import org.semimage.compute.entropy.SymbolStep;

import java.util.List;

/**
 * The levels of a refinement layer on one backend (FORMAT.md, "Refinement"): the prior's networks run again at half the quantizer step,
 * and say how likely the parts of every coefficient's cell are.
 *
 * <p>Levels and parts are as in {@link PriorLevels}, the quality index is the layer's. {@link JavaPriorLevels} is the reference; all
 * implementations give the same bits. Safe for use by many threads.
 */
public interface PriorRefinement {

    /**
     * A level to refine.
     *
     * @param cells  {@code [channel][height * width]} from the layer before; see {@link RefinementTables#cell}
     * @param bands  coefficients in the layer's quantizer steps
     * @param lambda price of a bit in squared steps
     */
    record RefineTarget(PriorLevels.Part part, int[][] cells, float[][] bands, float lambda) {
    }

    /**
     * A level to decode; coefficients behind the end of the stream are where {@link RefinementTables#expected} says.
     *
     * @param cells {@code [channel][height * width]} from the layer before
     */
    record RefineSource(PriorLevels.Part part, int[][] cells, SymbolDecoder symbols) {
    }

    /**
     * A level that is refined.
     *
     * @param steps   for the entropy coder, with classes in place of scale indices; empty if it was decoded
     * @param cells   {@code [channel][height * width]} in the layer's steps
     * @param context for the next level; empty after level 1
     */
    record Refined(List<SymbolStep> steps, int[][] cells, byte[] context) {
    }

    /**
     * Refines a level of each of many pictures.
     *
     * @throws IllegalArgumentException if a part does not fit the level
     * @throws IllegalStateException    if the weights have no refinement tables
     * @throws java.util.concurrent.CancellationException if the request is made before all is done
     */
    List<Refined> refine(int level, List<RefineTarget> targets, Cancellation cancellation);

    /** Decodes a level of each of many pictures; throws as {@link #refine}. */
    List<Refined> decodeRefinement(int level, List<RefineSource> sources, Cancellation cancellation);
}
