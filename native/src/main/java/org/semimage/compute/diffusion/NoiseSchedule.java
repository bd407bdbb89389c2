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

    /** @throws IllegalArgumentException if there is no timestep */
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
}
