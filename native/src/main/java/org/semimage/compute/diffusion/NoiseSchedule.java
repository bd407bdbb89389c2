// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.diffusion;

import java.util.Objects;

/**
 * How much signal is left at each timestep of training (Ho et al. 2020), and what the network predicts.
 *
 * @param alphaBar   cumulative products of {@code 1 - beta}, falling, one for each timestep: at timestep t, latents are
 *                   {@code sqrt(alphaBar[t]) * x + sqrt(1 - alphaBar[t]) * noise}; not copied
 * @param prediction what {@link Denoiser#predict} gives
 */
public record NoiseSchedule(double[] alphaBar, Prediction prediction) {

    /** What a denoiser predicts. */
    public enum Prediction {
        /** The noise. */
        EPSILON,
        /** The clean latents. */
        SAMPLE,
        /** {@code sqrt(alphaBar) * noise - sqrt(1 - alphaBar) * x} (Salimans and Ho 2022). */
        VELOCITY
    }

    /**
     * Checks that there are timesteps; the array is not copied.
     *
     * @throws IllegalArgumentException if there is no timestep
     */
    public NoiseSchedule {
        Objects.requireNonNull(prediction, "prediction");
        if (alphaBar.length == 0) {
            throw new IllegalArgumentException("a noise schedule of no timesteps");
        }
    }

    /** Timesteps of training. */
    public int steps() {
        return alphaBar.length;
    }

    /**
     * The logarithm of noise / signal, linear between whole timesteps.
     *
     * @param timestep 0 to {@link #steps} - 1
     */
    public double logNoise(double timestep) {
        int below = Math.max(0, Math.min(steps() - 2, (int) timestep));
        return steps() == 1 ? logNoise(0) : logNoise(below) + (timestep - below) * (logNoise(below + 1) - logNoise(below));
    }

    private double logNoise(int timestep) {
        return 0.5 * Math.log((1 - alphaBar[timestep]) / alphaBar[timestep]);
    }

    /** The timestep of a noise / signal ratio, given as its logarithm; the first or the last one if there is none. */
    public double timestep(double logNoise) {
        int low = 0;
        int high = steps() - 1;
        if (logNoise <= logNoise(low)) {
            return low;
        }
        if (logNoise >= logNoise(high)) {
            return high;
        }
        while (high - low > 1) {
            int middle = low + high >>> 1;
            if (logNoise(middle) <= logNoise) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low + (logNoise - logNoise(low)) / (logNoise(high) - logNoise(low));
    }

    /** The factor of the clean latents where log(noise / signal) has a value. */
    public static double signal(double logNoise) {
        return 1 / Math.sqrt(1 + Math.exp(2 * logNoise));
    }

    /** The factor of the noise there. */
    public static double noise(double logNoise) {
        return Math.exp(logNoise) * signal(logNoise);
    }
}
