// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.measure;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What one codec reaches at a ladder of rates, in one measure of quality.
 *
 * @param points by rising rate and rising quality, both strict
 */
public record RateCurve(List<Point> points) {

    /**
     * One rung of the ladder.
     *
     * @param bpp     rate in bits per pixel, above 0
     * @param quality finite, the higher the better
     */
    public record Point(double bpp, double quality) {

        /**
         * Checks that the rate is positive and the quality finite.
         *
         * @throws IllegalArgumentException if the rate is not positive or the quality not finite
         */
        public Point {
            if (!(bpp > 0) || !Double.isFinite(quality)) {
                throw new IllegalArgumentException("quality " + quality + " at " + bpp + " bpp");
            }
        }
    }

    /** Takes points in any order and leaves out those that a point of no higher rate reaches or passes. */
    public RateCurve {
        List<Point> sorted = new ArrayList<>(points);
        sorted.sort(Comparator.comparingDouble(Point::bpp).thenComparing(Comparator.comparingDouble(Point::quality).reversed()));
        List<Point> rising = new ArrayList<>();
        for (Point point : sorted) {
            if (rising.isEmpty() || point.quality() > rising.get(rising.size() - 1).quality()) {
                rising.add(point);
            }
        }
        points = List.copyOf(rising);
    }

    /** The rate at a quality, its logarithm interpolated over the quality; empty outside the measured qualities. */
    public OptionalDouble rateAt(double quality) {
        if (points.size() < 2) {
            return OptionalDouble.empty();
        }
        Pchip curve = new Pchip(qualities(), logRates());
        boolean reached = quality >= curve.first() && quality <= curve.last();
        return reached ? OptionalDouble.of(Math.exp(curve.at(quality))) : OptionalDouble.empty();
    }

    /** The quality at a rate, interpolated over the logarithm of the rate; empty outside the measured rates. */
    public OptionalDouble qualityAt(double bpp) {
        if (points.size() < 2) {
            return OptionalDouble.empty();
        }
        Pchip curve = new Pchip(logRates(), qualities());
        double place = Math.log(bpp);
        return place >= curve.first() && place <= curve.last() ? OptionalDouble.of(curve.at(place)) : OptionalDouble.empty();
    }

    double[] logRates() {
        return points.stream().mapToDouble(p -> Math.log(p.bpp())).toArray();
    }

    double[] qualities() {
        return points.stream().mapToDouble(Point::quality).toArray();
    }
}
