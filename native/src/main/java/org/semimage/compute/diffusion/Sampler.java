// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.diffusion;

import java.util.Objects;

/**
 * Turns noisy latents into clean ones in a few steps. All methods are deterministic; chance comes from the latents that they begin with.
 *
 * <p>Latents at a timestep are signal * x + noise * n with signal^2 + noise^2 = 1; between whole timesteps, the logarithm of noise /
 * signal is interpolated linearly (FORMAT.md, "Sampling").
 */
public final class Sampler {

    /** The way from one timestep to the next. */
    public enum Method {
        /** Song et al., "Denoising diffusion implicit models", 2021, with eta 0, on equally spaced timesteps. */
        DDIM,
        /**
         * Euler's method on the noise levels of Karras et al., "Elucidating the design space of diffusion-based generative models", 2022,
         * with rho 7.
         */
        EULER,
        /** The second-order multistep method of Lu et al., "DPM-Solver++", 2022, on equally spaced timesteps. */
        DPM_SOLVER
    }

    /** Told of each step before it is taken; may throw to stop. */
    @FunctionalInterface
    public interface StepListener {
        /**
         * @param step  0 to steps - 1
         * @param steps in all
         * @throws java.util.concurrent.CancellationException to stop
         */
        void before(int step, int steps);
    }

    /** Corrects what the network takes for the clean latents; the way to make a sample agree with what is known of it. */
    @FunctionalInterface
    public interface Guide {
        /**
         * @param clean the clean latents as the network predicts them; may be changed and returned
         * @param step  0 to steps - 1
         * @param steps in all
         */
        Planes correct(Planes clean, int step, int steps);
    }

    /**
     * What the network is told.
     *
     * @param wanted   what the picture shows
     * @param unwanted what guidance leads away from, the empty text as a rule; of no use at scale 1
     * @param scale    of classifier-free guidance (Ho and Salimans, 2021); 1 is none, and halves the work
     */
    public record Condition(TextEmbedding wanted, TextEmbedding unwanted, float scale) {

        /**
         * Checks that there are the texts that the scale needs.
         *
         * @throws NullPointerException if a text is missing that the scale needs
         */
        public Condition {
            Objects.requireNonNull(wanted, "wanted");
            if (scale != 1) {
                Objects.requireNonNull(unwanted, "unwanted");
            }
        }
    }

    private static final double RHO = 7;

    /** The least noise that Karras' levels come to before none: the first timestep's. */
    private static final int LAST_TIMESTEP = 0;

    private final Denoiser denoiser;
    private final NoiseSchedule schedule;
    private final Condition condition;

    /**
     * A sampler; it holds no state, so that threads can share it.
     *
     * @param condition what the network is told at every step
     */
    public Sampler(Denoiser denoiser, NoiseSchedule schedule, Condition condition) {
        this.denoiser = denoiser;
        this.schedule = schedule;
        this.condition = condition;
    }

    /**
     * Takes steps from a timestep to clean latents.
     *
     * @param noisy  latents at the first timestep, of sides that are multiples of {@link Denoiser#multiple}; not changed
     * @param from   the first timestep, 0 to {@link NoiseSchedule#steps} - 1
     * @param steps  at least 1
     * @param guide  applied to the clean latents of every step
     * @return clean latents
     * @throws IllegalArgumentException if the first timestep or the steps are out of range
     */
    public Planes sample(Method method, Planes noisy, double from, int steps, Guide guide, StepListener listener) {
        if (!(from >= 0 && from <= schedule.steps() - 1) || steps < 1) {
            throw new IllegalArgumentException(steps + " steps from timestep " + from + " of " + schedule.steps());
        }
        double[] times = method == Method.EULER ? karras(from, steps) : uniform(from, steps);
        float[] x = noisy.data().clone();
        float[] cleanBefore = null;
        for (int i = 0; i < steps; i++) {
            listener.before(i, steps);
            double logNow = schedule.logNoise(times[i]);
            double signal = NoiseSchedule.signal(logNow);
            double noise = NoiseSchedule.noise(logNow);
            float[] clean = clean(new Planes(noisy.channels(), noisy.height(), noisy.width(), x), times[i], signal, noise);
            clean = guide.correct(new Planes(noisy.channels(), noisy.height(), noisy.width(), clean), i, steps).data();
            if (i == steps - 1) {
                return new Planes(noisy.channels(), noisy.height(), noisy.width(), clean);
            }
            double logNext = schedule.logNoise(times[i + 1]);
            // All three are x_next = a x + b D, with D the clean latents, for the third extrapolated from those of the step before.
            double a = NoiseSchedule.noise(logNext) / noise;
            double b = NoiseSchedule.signal(logNext) - a * signal;
            double extrapolation = method == Method.DPM_SOLVER && i > 0
                    ? (logNow - logNext) / (2 * (schedule.logNoise(times[i - 1]) - logNow)) : 0;
            for (int k = 0; k < x.length; k++) {
                double target = extrapolation == 0 ? clean[k] : clean[k] + extrapolation * (clean[k] - cleanBefore[k]);
                x[k] = (float) (a * x[k] + b * target);
            }
            cleanBefore = clean;
        }
        throw new AssertionError("the last step returns");
    }

    /** The clean latents that the network sees in noisy ones. */
    private float[] clean(Planes x, double time, double signal, double noise) {
        float[] prediction = denoiser.predict(x, (float) time, condition.wanted()).data();
        if (condition.scale() != 1) {
            float[] away = denoiser.predict(x, (float) time, condition.unwanted()).data();
            float[] guided = new float[away.length];
            for (int k = 0; k < guided.length; k++) {
                guided[k] = away[k] + condition.scale() * (prediction[k] - away[k]);
            }
            prediction = guided;
        }
        float[] clean = new float[prediction.length];
        for (int k = 0; k < clean.length; k++) {
            clean[k] = (float) switch (schedule.prediction()) {
                case EPSILON -> (x.data()[k] - noise * prediction[k]) / signal;
                case VELOCITY -> signal * x.data()[k] - noise * prediction[k];
                case SAMPLE -> prediction[k];
            };
        }
        return clean;
    }

    private static double[] uniform(double from, int steps) {
        double[] times = new double[steps];
        for (int i = 0; i < steps; i++) {
            times[i] = from * (steps - i) / steps;
        }
        return times;
    }

    private double[] karras(double from, int steps) {
        double most = Math.exp(schedule.logNoise(from) / RHO);
        double least = Math.exp(schedule.logNoise(LAST_TIMESTEP) / RHO);
        double[] times = new double[steps];
        for (int i = 0; i < steps; i++) {
            double level = steps == 1 ? most : most + (least - most) * i / (steps - 1);
            times[i] = i == 0 ? from : schedule.timestep(RHO * Math.log(level));
        }
        return times;
    }
}
