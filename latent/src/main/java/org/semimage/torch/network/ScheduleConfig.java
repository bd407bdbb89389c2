// SPDX-License-Identifier: Apache-2.0
package org.semimage.torch.network;

import org.semimage.compute.diffusion.NoiseSchedule;
import org.semimage.compute.tensor.Json;

/** Reads {@code scheduler_config.json} of diffusers: linear, scaled linear and squared cosine schedules. */
public final class ScheduleConfig {

    private static final int MAX_STEPS = 100_000;

    private ScheduleConfig() {
    }

    /**
     * The schedule of a configuration.
     *
     * @param source where it comes from, for messages
     * @throws IllegalArgumentException if a value is out of bounds or not supported; the message names the key
     */
    public static NoiseSchedule parse(String source, Json json) {
        NetworkConfig c = new NetworkConfig(source, json);
        c.only(null, "trained_betas");
        c.only(false, "rescale_betas_zero_snr");
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

    private static NoiseSchedule.Prediction prediction(NetworkConfig c) {
        String type = c.text("prediction_type", "epsilon");
        return switch (type) {
            case "epsilon" -> NoiseSchedule.Prediction.EPSILON;
            case "sample" -> NoiseSchedule.Prediction.SAMPLE;
            case "v_prediction" -> NoiseSchedule.Prediction.VELOCITY;
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
}
