// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.measure;

import java.util.Arrays;

/**
 * Monotone piecewise cubic Hermite interpolation: F. N. Fritsch, R. E. Carlson, "Monotone piecewise cubic interpolation", SIAM
 * J. Numer. Anal. 17 (1980), with the weighted harmonic slopes of Fritsch and Butland (1984) and one-sided three-point slopes at
 * the ends.
 */
public final class Pchip {

    private final double[] x;
    private final double[] y;
    private final double[] slope;

    /**
     * @param x knots, strictly increasing, at least two
     * @param y values at the knots
     * @throws IllegalArgumentException if there are fewer than two knots, lengths differ or the order is not strict
     */
    public Pchip(double[] x, double[] y) {
        if (x.length < 2 || x.length != y.length) {
            throw new IllegalArgumentException(x.length + " knots and " + y.length + " values");
        }
        for (int i = 1; i < x.length; i++) {
            if (!(x[i] > x[i - 1])) {
                throw new IllegalArgumentException("knot " + i + " is " + x[i] + " after " + x[i - 1]);
            }
        }
        this.x = x.clone();
        this.y = y.clone();
        this.slope = slopes(this.x, this.y);
    }

    /** The least place with a value. */
    public double first() {
        return x[0];
    }

    /** The greatest place with a value. */
    public double last() {
        return x[x.length - 1];
    }

    /**
     * The value at a place.
     *
     * @throws IllegalArgumentException if it lies outside {@link #first()}..{@link #last()}
     */
    public double at(double place) {
        requireInside(place);
        int k = piece(place);
        double h = x[k + 1] - x[k];
        double t = place - x[k];
        return y[k] + t * (slope[k] + t * (quadratic(k, h) + t * cubic(k, h)));
    }

    /**
     * The exact integral of the interpolant.
     *
     * @throws IllegalArgumentException if a bound lies outside the knots
     */
    public double integral(double from, double to) {
        requireInside(from);
        requireInside(to);
        return integralFromFirst(to) - integralFromFirst(from);
    }

    private double integralFromFirst(double to) {
        int last = piece(to);
        double sum = 0;
        for (int k = 0; k <= last; k++) {
            double h = x[k + 1] - x[k];
            double t = k == last ? to - x[k] : h;
            sum += t * (y[k] + t * (slope[k] / 2 + t * (quadratic(k, h) / 3 + t * cubic(k, h) / 4)));
        }
        return sum;
    }

    private double quadratic(int k, double h) {
        return (3 * (y[k + 1] - y[k]) / h - 2 * slope[k] - slope[k + 1]) / h;
    }

    private double cubic(int k, double h) {
        return (slope[k] + slope[k + 1] - 2 * (y[k + 1] - y[k]) / h) / (h * h);
    }

    private int piece(double place) {
        int found = Arrays.binarySearch(x, place);
        int k = found >= 0 ? found : -found - 2;
        return Math.min(k, x.length - 2);
    }

    private void requireInside(double place) {
        if (!(place >= first() && place <= last())) {
            throw new IllegalArgumentException(place + " is not in " + first() + ".." + last());
        }
    }

    private static double[] slopes(double[] x, double[] y) {
        int pieces = x.length - 1;
        double[] h = new double[pieces];
        double[] secant = new double[pieces];
        for (int k = 0; k < pieces; k++) {
            h[k] = x[k + 1] - x[k];
            secant[k] = (y[k + 1] - y[k]) / h[k];
        }
        double[] slope = new double[x.length];
        if (pieces == 1) {
            Arrays.fill(slope, secant[0]);
            return slope;
        }
        for (int k = 1; k < pieces; k++) {
            if (secant[k - 1] * secant[k] > 0) {
                double w1 = 2 * h[k] + h[k - 1];
                double w2 = h[k] + 2 * h[k - 1];
                slope[k] = (w1 + w2) / (w1 / secant[k - 1] + w2 / secant[k]);
            }
        }
        slope[0] = endSlope(h[0], h[1], secant[0], secant[1]);
        slope[pieces] = endSlope(h[pieces - 1], h[pieces - 2], secant[pieces - 1], secant[pieces - 2]);
        return slope;
    }

    private static double endSlope(double h0, double h1, double secant0, double secant1) {
        double slope = ((2 * h0 + h1) * secant0 - h0 * secant1) / (h0 + h1);
        if (Math.signum(slope) != Math.signum(secant0)) {
            return 0;
        }
        if (Math.signum(secant0) != Math.signum(secant1) && Math.abs(slope) > 3 * Math.abs(secant0)) {
            return 3 * secant0;
        }
        return slope;
    }
}
