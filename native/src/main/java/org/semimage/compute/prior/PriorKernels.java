// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.prior;

import org.semimage.compute.kernel.Kernels;

/** Kernels that have an implementation of the prior's levels of their own; see {@link PriorLevels#of}. */
public interface PriorKernels extends Kernels {

    /** The levels of the integer prior with these weights; the caller closes them. */
    PriorLevels levels(PriorWeights weights);
}
