// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.measure;

import java.util.OptionalDouble;

/**
 * The mean difference in rate at equal quality: G. Bjøntegaard, "Calculation of average PSNR differences between RD-curves",
 * ITU-T VCEG-M33 (2001), with {@link Pchip} in place of one cubic through all points.
 */
public final class BjontegaardDelta {

    private BjontegaardDelta() {
    }

    /**
     * How many percent more bits a codec spends than another, averaged over the logarithm of the rate across the qualities that
     * both reach.
     *
     * @return percent, negative if {@code tested} needs fewer bits; empty if the curves share no range of quality
     */
    public static OptionalDouble rate(RateCurve tested, RateCurve anchor) {
        if (tested.points().size() < 2 || anchor.points().size() < 2) {
            return OptionalDouble.empty();
        }
        Pchip testedRate = new Pchip(tested.qualities(), tested.logRates());
        Pchip anchorRate = new Pchip(anchor.qualities(), anchor.logRates());
        double from = Math.max(testedRate.first(), anchorRate.first());
        double to = Math.min(testedRate.last(), anchorRate.last());
        if (!(from < to)) {
            return OptionalDouble.empty();
        }
        double meanLogRatio = (testedRate.integral(from, to) - anchorRate.integral(from, to)) / (to - from);
        return OptionalDouble.of(100 * Math.expm1(meanLogRatio));
    }
}
