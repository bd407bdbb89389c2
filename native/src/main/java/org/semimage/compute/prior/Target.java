// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.prior;

import org.semimage.compute.wavelet.Pyramid;

/**
 * Something to quantize or refine.
 *
 * @param coefficients of the item's levels in quantizer steps
 * @param lambda       price of a bit in squared quantizer steps for rate-distortion optimized rounding; 0 rounds to nearest
 */
public record Target(BatchItem item, Pyramid coefficients, float lambda) {

    Target with(BatchItem now) {
        return new Target(now, coefficients, lambda);
    }
}
