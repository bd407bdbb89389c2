// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.semantic;

import org.semimage.compute.Cancellation;
import org.semimage.compute.Watcher;
import org.semimage.compute.diffusion.AutoEncoder;
import org.semimage.compute.diffusion.Planes;
import org.semimage.compute.diffusion.Sampler;
import org.semimage.container.PixelFormat;
import org.semimage.generate.Descriptors;
import org.semimage.generate.Generator;
import org.semimage.generate.Services;
import org.semimage.model.LatentPack;
import org.semimage.model.LatentPacks;
import org.semimage.model.Models;
import org.semimage.picture.PixelPlanes;
import org.semimage.picture.Resampling;
import org.semimage.profile.GenerativeOptions;
import org.semimage.profile.generative.LatentDiffusion;
import org.semimage.profile.generative.LatentPictures;

import javax.imageio.IIOException;

/**
 * Makes pictures of captions and descriptors with an installed latent diffusion pack, the one that the system property {@value #PROPERTY}
 * names.
 *
 * <p>Descriptors guide it twice. During sampling, the low frequencies of the clean latents are replaced by those of the rendition's
 * latents (Choi et al., "ILVR: conditioning method for denoising diffusion probabilistic models", 2021), all of them at first and a part
 * of them at last. Afterwards, {@link DescriptorMatch} makes band energies, layout and palette agree.
 */
public final class DiffusionGenerator implements Generator {

    /** System property: the id of the pack to generate with. Without it there is no generator. */
    public static final String PROPERTY = "org.semimage.generator";

    /** System property: how many steps to take, 1..{@value GenerativeOptions#MAX_STEPS}. */
    public static final String STEPS_PROPERTY = "org.semimage.generator.steps";

    private static final int DEFAULT_STEPS = 20;

    /** Scale of classifier-free guidance, the usual one of Stable Diffusion 1. */
    private static final float GUIDANCE = 7.5f;

    /** The longer side at which networks work; larger pictures are enlarged from it, as the networks know no larger ones. */
    private static final int LONGEST = 768;

    @Override
    public String name() {
        return "latent diffusion pack '" + System.getProperty(PROPERTY) + "'";
    }

    @Override
    public boolean isInstalled() {
        return System.getProperty(PROPERTY) != null;
    }

    @Override
    public int rank() {
        return Services.CONFIGURED;
    }

    @Override
    public boolean accepts(Request request) {
        return isInstalled();
    }

    @Override
    public PixelPlanes generate(Request request, Watcher watcher) throws IIOException {
        String id = System.getProperty(PROPERTY);
        try (Models.Lease<LatentPack> lease = Models.latents(LatentPacks.installed().find(id))) {
            watcher.checkpoint(0.5f);
            LatentPack pack = lease.model();
            AutoEncoder network = pack.autoEncoder();
            int width = working(request.width(), request);
            int height = working(request.height(), request);
            LatentDiffusion diffusion = LatentDiffusion.of(pack, request.caption().orElse(""), GUIDANCE);
            Sampler.Guide guide = guide(request, network, width, height, watcher.cancellation());
            Planes latents = diffusion.generate(network.channels(), places(height, network), places(width, network),
                    Sampler.Method.DPM_SOLVER, steps(), request.seed(), guide,
                    (step, steps) -> watcher.checkpoint(0.5f + 0.4f * step / steps));
            watcher.checkpoint(0.9f);
            PixelPlanes picture = PixelPlanes.blank(width, height, PixelFormat.RGB);
            LatentPictures.toPicture(network.decode(latents), 0, picture);
            PixelPlanes resized = Resampling.resize(picture, request.width(), request.height());
            watcher.checkpoint(0.95f);
            return request.descriptors().isPresent()
                    ? DescriptorMatch.apply(resized, request.descriptors().get(), request.descriptorWeight())
                    : resized;
        }
    }

    private static int steps() throws IIOException {
        String text = System.getProperty(STEPS_PROPERTY, String.valueOf(DEFAULT_STEPS));
        try {
            int steps = Integer.parseInt(text);
            if (steps >= 1 && steps <= GenerativeOptions.MAX_STEPS) {
                return steps;
            }
        } catch (NumberFormatException e) {
            throw new IIOException("property " + STEPS_PROPERTY + " is '" + text + "', no number", e);
        }
        throw new IIOException("property " + STEPS_PROPERTY + " is " + text + ", not in 1.." + GenerativeOptions.MAX_STEPS);
    }

    private static int working(int side, Request request) {
        int longer = Math.max(request.width(), request.height());
        return longer <= LONGEST ? side : (int) Math.max(1, (long) side * LONGEST / longer);
    }

    private static int places(int side, AutoEncoder network) {
        return (side - 1) / network.stride() + 1;
    }

    /** What the rendition's latents hold below the frequency that the layout's cells have. */
    private static Sampler.Guide guide(Request request, AutoEncoder network, int width, int height, Cancellation cancellation) {
        if (request.descriptors().isEmpty() || !network.canEncode()) {
            return (clean, step, steps) -> clean;
        }
        Descriptors layout = request.descriptors().get();
        Planes wanted = network.encode(LatentPictures.toPlanes(Resampling.resize(request.rendition(), width, height), 0,
                network.stride(), cancellation));
        int columns = Math.min(layout.columns(), Math.max(1, wanted.width() / 2));
        int rows = Math.min(layout.rows(), Math.max(1, wanted.height() / 2));
        return (clean, step, steps) -> {
            float weight = 1 - (1 - request.descriptorWeight()) * (step + 1) / steps;
            for (int c = 0; c < clean.channels(); c++) {
                replaceLow(clean, wanted, c, rows, columns, weight);
            }
            return clean;
        };
    }

    /** Moves what a plane has at a grid's resolution towards another's; columns and rows of padding are left as they are. */
    private static void replaceLow(Planes clean, Planes wanted, int channel, int rows, int columns, float weight) {
        int height = wanted.height();
        int width = wanted.width();
        float[] difference = new float[height * width];
        for (int i = 0; i < difference.length; i++) {
            difference[i] = wanted.data()[channel * height * width + i] - clean.data()[place(clean, channel, i, width)];
        }
        float[] low = Resampling.resize(Resampling.resize(difference, height, width, rows, columns), rows, columns, height, width);
        for (int i = 0; i < low.length; i++) {
            clean.data()[place(clean, channel, i, width)] += weight * low[i];
        }
    }

    private static int place(Planes planes, int channel, int i, int width) {
        return (channel * planes.height() + i / width) * planes.width() + i % width;
    }
}
