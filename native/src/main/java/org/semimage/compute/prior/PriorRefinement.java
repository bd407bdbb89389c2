// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.prior;

import org.semimage.compute.Cancellation;

import java.util.List;

/**
 * The levels of a refinement layer on one backend (FORMAT.md, "Refinement"): the prior's networks run again at half the quantizer step,
 * and say how likely the parts of every coefficient's cell are.
 *
 * <p>Levels and batch items are as in {@link PriorLevels}, the quality index is the layer's. {@link JavaPriorLevels} is the reference; all
 * implementations give the same bits. Safe for use by many threads.
 */
public interface PriorRefinement {

    /**
     * Refines a level of each of many pictures.
     *
     * @throws IllegalArgumentException if an item does not fit the level
     * @throws IllegalStateException    if the weights have no refinement tables
     * @throws java.util.concurrent.CancellationException if the request is made before all is done
     */
    List<Coded<int[][]>> refine(int level, List<Refinement<Target>> targets, Cancellation cancellation);

    /**
     * Decodes a level of each of many pictures; throws as {@link #refine}. Coefficients without a symbol are where
     * {@link RefinementTables#expected} says.
     */
    List<Coded<int[][]>> decodeRefinement(int level, List<Refinement<Source>> sources, Cancellation cancellation);
}
