// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.diffusion;

import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;

import java.util.Objects;

/**
 * How much signal is left at each timestep of training (Ho et al. 2020), and what the network predicts.
 *
 * @param alphaBar   cumulative products of {@code 1 - beta}, falling, one for each timestep: at timestep t, latents are
 *                   {@code sqrt(alphaBar[t]) * x + sqrt(1 - alphaBar[t]) * noise}; not copied
 * @param prediction what {@link Denoiser#predict} gives
 */
public record NoiseSchedule(double[] alphaBar, Prediction prediction) {

    private static final int MAX_STEPS = 100_000;

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

    /**
     * Reads {@code scheduler_config.json} of diffusers: linear, scaled linear and squared cosine schedules.
     *
     * @param source where it comes from, for messages
     * @throws IllegalArgumentException if a value is out of bounds or not supported; the message names the key
     */
    public static NoiseSchedule parse(String source, JsonObject json) {
        NetworkConfig c = new NetworkConfig(source, json);
        c.only(JsonNull.INSTANCE, "trained_betas");
        c.only(new JsonPrimitive(false), "rescale_betas_zero_snr");
        int steps = c.integer("num_train_timesteps", 1000, 1, MAX_STEPS);
        double start = c.number("beta_start", 0.0001, 0, 0.999);
        double end = c.number("beta_end", 0.02, start, 0.999);
        String kind = c.text("beta_schedule", "linear");
        double[] alphaBar = new double[steps];
        double product = 1;
        for (int t = 0; t < steps; t++) {
            double at = steps == 1 ? 0 : t / (double) (steps - 1);
            double beta = switch (kind) {
                case "linear" -> start + at * (end - start);
                case "scaled_linear" -> square(Math.sqrt(start) + at * (Math.sqrt(end) - Math.sqrt(start)));
                case "squaredcos_cap_v2" -> Math.min(0.999, 1 - cosine((t + 1.0) / steps) / cosine(t / (double) steps));
                default -> throw c.wrong("beta_schedule", "is '" + kind + "', expected 'linear', 'scaled_linear' or 'squaredcos_cap_v2'");
            };
            product *= 1 - beta;
            alphaBar[t] = product;
        }
        return new NoiseSchedule(alphaBar, prediction(c));
    }

    private static Prediction prediction(NetworkConfig c) {
        String type = c.text("prediction_type", "epsilon");
        return switch (type) {
            case "epsilon" -> Prediction.EPSILON;
            case "sample" -> Prediction.SAMPLE;
            case "v_prediction" -> Prediction.VELOCITY;
            default -> throw c.wrong("prediction_type", "is '" + type + "', expected 'epsilon', 'sample' or 'v_prediction'");
        };
    }

    private static double square(double x) {
        return x * x;
    }

    /** The cumulative product that Nichol and Dhariwal (2021) prescribe. */
    private static double cosine(double t) {
        return square(Math.cos((t + 0.008) / 1.008 * Math.PI / 2));
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
