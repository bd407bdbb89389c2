// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.measure;


import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * How many percent more bytes a codec takes than another at the same score. Per picture, {@link Pchip} interpolates the logarithm of bytes
 * over the score; the mean difference over the pictures where both curves hold the score gives the percentage.
 *
 * @param percent  negative if the tested codec takes fewer bytes; empty if no picture is left
 * @param pictures that both codecs' curves reach the score on
 */
public record EqualScore(OptionalDouble percent, int pictures) {

    /**
     * Compares two codecs at one score.
     *
     * @param tested  a curve for each picture
     * @param anchor  the other codec's, of the same pictures in the same order
     * @param quality the score
     * @throws IllegalArgumentException if the numbers of curves differ
     */
    public static EqualScore at(double quality, List<RateCurve> tested, List<RateCurve> anchor) {
        if (tested.size() != anchor.size()) {
            throw new IllegalArgumentException(tested.size() + " curves and " + anchor.size());
        }
        List<Double> logRatios = new ArrayList<>();
        for (int i = 0; i < tested.size(); i++) {
            OptionalDouble ours = tested.get(i).rateAt(quality);
            OptionalDouble theirs = anchor.get(i).rateAt(quality);
            if (ours.isPresent() && theirs.isPresent()) {
                logRatios.add(Math.log(ours.getAsDouble() / theirs.getAsDouble()));
            }
        }
        OptionalDouble mean = logRatios.stream().mapToDouble(Double::doubleValue).average();
        return new EqualScore(mean.isPresent() ? OptionalDouble.of(100 * Math.expm1(mean.getAsDouble())) : mean, logRatios.size());
    }
}
