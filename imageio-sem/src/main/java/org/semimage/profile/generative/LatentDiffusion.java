// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.generative;

import org.semimage.compute.diffusion.Denoiser;
import org.semimage.compute.diffusion.NoiseSchedule;
import org.semimage.compute.diffusion.Philox;
import org.semimage.compute.diffusion.Planes;
import org.semimage.compute.diffusion.Sampler;
import org.semimage.compute.diffusion.TextEmbedding;
import org.semimage.model.LatentPack;

import javax.imageio.IIOException;

/** A pack's denoiser, told what the picture shows (FORMAT.md, "Sampling"). */
public final class LatentDiffusion {

    private static final Sampler.Guide UNGUIDED = (clean, step, steps) -> clean;

    private final Denoiser denoiser;
    private final NoiseSchedule schedule;
    private final Sampler sampler;

    private LatentDiffusion(Denoiser denoiser, NoiseSchedule schedule, Sampler.Condition condition) {
        this.denoiser = denoiser;
        this.schedule = schedule;
        this.sampler = new Sampler(denoiser, schedule, condition);
    }

    /**
     * @param caption  what the picture shows; may be empty
     * @param guidance scale of classifier-free guidance, 1 for none
     * @throws IIOException if the pack has no denoiser, or it cannot be loaded
     */
    public static LatentDiffusion of(LatentPack pack, String caption, float guidance) throws IIOException {
        TextEmbedding wanted = pack.embed(caption);
        return new LatentDiffusion(pack.denoiser(), pack.schedule(),
                new Sampler.Condition(wanted, guidance == 1 ? wanted : pack.embed(""), guidance));
    }

    /**
     * Takes the noise out of latents whose error is about as strong as the noise at a timestep.
     *
     * @param latents of any size
     * @param start   the timestep; the last one if it is greater
     * @param fresh   0..1, the share of the noise's variance there that is drawn
     * @param seed    of what is drawn
     * @throws java.util.concurrent.CancellationException if the listener throws it
     */
    Planes denoise(Planes latents, Sampler.Method method, int steps, double start, double fresh, int seed,
            Sampler.StepListener listener) {
        double from = Math.min(start, schedule.steps() - 1);
        double logNoise = schedule.logNoise(from);
        Planes noisy = padded(latents);
        mix(noisy, NoiseSchedule.signal(logNoise), NoiseSchedule.noise(logNoise) * Math.sqrt(fresh), seed & 0xFFFFFFFFL);
        return cropped(sampler.sample(method, noisy, from, steps, UNGUIDED, listener), latents.height(), latents.width());
    }

    /**
     * Makes latents of noise.
     *
     * @param channels of the latents
     * @param seed     of the noise
     * @param guide    corrects clean latents of the padded size at every step
     */
    public Planes generate(int channels, int height, int width, Sampler.Method method, int steps, long seed, Sampler.Guide guide,
            Sampler.StepListener listener) {
        double from = schedule.steps() - 1.0;
        Planes noisy = padded(Planes.of(channels, height, width));
        mix(noisy, 0, 1, seed);
        return cropped(sampler.sample(method, noisy, from, steps, guide, listener), height, width);
    }

    private static void mix(Planes planes, double signal, double noise, long seed) {
        float[] drawn = Philox.normal(seed, 0, planes.channels(), planes.height(), planes.width()).data();
        for (int i = 0; i < drawn.length; i++) {
            planes.data()[i] = (float) (signal * planes.data()[i] + noise * drawn[i]);
        }
    }

    /** Latents with their last column and row repeated until the denoiser's multiple divides the sides. */
    private Planes padded(Planes latents) {
        int multiple = denoiser.multiple();
        int height = (latents.height() + multiple - 1) / multiple * multiple;
        int width = (latents.width() + multiple - 1) / multiple * multiple;
        Planes padded = Planes.of(latents.channels(), height, width);
        for (int i = 0; i < padded.data().length; i++) {
            int x = Math.min(latents.width() - 1, i % width);
            int y = Math.min(latents.height() - 1, i / width % height);
            padded.data()[i] = latents.data()[(i / (width * height) * latents.height() + y) * latents.width() + x];
        }
        return padded;
    }

    private static Planes cropped(Planes padded, int height, int width) {
        Planes cropped = Planes.of(padded.channels(), height, width);
        for (int i = 0; i < cropped.data().length; i++) {
            int y = i / width % height;
            cropped.data()[i] = padded.data()[(i / (width * height) * padded.height() + y) * padded.width() + i % width];
        }
        return cropped;
    }
}
