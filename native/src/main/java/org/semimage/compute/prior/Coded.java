// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.prior;

import org.semimage.compute.entropy.SymbolStep;

import java.util.List;

/**
 * What coding a batch item gives: all of its levels, or one of them.
 *
 * @param <C>          of a base layer {@link org.semimage.compute.wavelet.Pyramid}, of one of its levels
 *                     {@code float[channel][height * width]}; of a refinement layer {@link Cells} or {@code int[channel][height * width]}
 * @param steps        of each level its symbol steps in coding order; those of a decoder are empty
 * @param coefficients what a decoder has, in quantizer steps: multiples of 1/16
 * @param context      for the level that follows; empty after level 1
 */
public record Coded<C>(List<List<SymbolStep>> steps, C coefficients, byte[] context) {

    /** The symbol steps of all levels, one behind the other. */
    public List<SymbolStep> allSteps() {
        return steps.stream().flatMap(List::stream).toList();
    }
}
