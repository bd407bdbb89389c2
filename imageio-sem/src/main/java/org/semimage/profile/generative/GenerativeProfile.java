// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.generative;

import org.semimage.compute.Watcher;
import org.semimage.compute.diffusion.AutoEncoder;
import org.semimage.compute.diffusion.Planes;
import org.semimage.container.Chunk;
import org.semimage.container.ModelRef;
import org.semimage.container.PixelFormat;
import org.semimage.container.ProfileId;
import org.semimage.container.SemFile;
import org.semimage.container.SemHeader;
import org.semimage.container.SemSerializer;
import org.semimage.generate.SynthesisPolicy;
import org.semimage.latent.LatentBasis;
import org.semimage.latent.LatentCodec;
import org.semimage.latent.PaletteCodec;
import org.semimage.latent.Sensitivity;
import org.semimage.model.LatentPack;
import org.semimage.model.LatentPacks;
import org.semimage.model.Models;
import org.semimage.picture.PixelPlanes;
import org.semimage.picture.PixelSink;
import org.semimage.picture.PixelSource;
import org.semimage.picture.Psnr;
import org.semimage.picture.TransparentFill;
import org.semimage.profile.AlphaCodec;
import org.semimage.profile.DecodeRequest;
import org.semimage.profile.DoesNotFitException;
import org.semimage.profile.EncodeOptions;
import org.semimage.profile.GenerativeOptions;
import org.semimage.profile.Profile;
import org.semimage.profile.WholePicture;

import javax.imageio.IIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The generative profile: latents of an installed pack's autoencoder, coarsely quantized, decoded by it, perhaps after a few diffusion
 * steps (FORMAT.md, "Generative payload").
 *
 * <p>A picture's way: {@link LatentPictures}, {@link AutoEncoder}, {@link LatentCodec} or {@link PaletteCodec},
 * {@link GenerativePayload}; and back with {@link LatentDiffusion} before the autoencoder.
 */
public final class GenerativeProfile implements Profile {

    /** The most pixels of a picture: networks run over the whole of it, with some hundred bytes a pixel. */
    static final long MAX_PIXELS = 1L << 24;

    /** The number by which payloads name the embedded basis, and the latents that it fits: FLUX.2's, so far the only ones of that shape. */
    private static final int EMBEDDED_BASIS = 2;
    private static final int BASIS_CHANNELS = 32;
    private static final int BASIS_STRIDE = 8;

    /** The index of the coarsest step that leaves no holes in the picture; below it, a smaller picture looks better. */
    private static final int LEAST_INDEX = 40;

    /** The index from which a picture of twice the size is better. */
    private static final int SMALL_INDEX = 56;

    private static final int MOST_INDEX = 120;

    /** Qualities from which pictures are coded at half and at full size. */
    private static final float HALF_SIZE = 0.25f;
    private static final float FULL_SIZE = 0.5f;

    /** Half of the noise at diffusion's start is drawn; the other half is the quantization error, which looks less like noise. */
    private static final int FRESH = 128;

    private static final int[] PALETTE_ENTRIES = {4, 16, 64, 256};

    @Override
    public ProfileId id() {
        return ProfileId.GENERATIVE;
    }

    /**
     * What a file of this profile says besides its latents.
     *
     * @throws IIOException if its payload is malformed
     */
    static GenerativePayload payload(SemFile file) throws IIOException {
        return GenerativePayload.parse(file.chunk(Chunk.GENERATIVE)
                .orElseThrow(() -> new IIOException("a picture of the generative profile has no chunk 'G'")).payload());
    }

    /**
     * Whether a file asks for diffusion, so that its pixels would be made up in part.
     *
     * @throws IIOException if its payload is malformed
     */
    public static boolean usesDiffusion(SemFile file) throws IIOException {
        return payload(file).diffusion().isPresent();
    }

    /**
     * What a file says that the picture shows.
     *
     * @throws IIOException if its payload is malformed
     */
    public static Optional<String> caption(SemFile file) throws IIOException {
        Optional<byte[]> coded = payload(file).caption();
        return coded.isPresent() ? Optional.of(Models.textCodec().decode(coded.get())) : Optional.empty();
    }

    @Override
    public SemFile encode(PixelSource source, EncodeOptions options, Watcher watcher) throws IIOException {
        GenerativeOptions how = options.generative().orElseThrow(() -> new IIOException("the profile 'generative' needs a model pack: "
                + "say which of the installed ones (SemImageWriteParam.setGenerativeOptions, sem encode --pack; sem packs list)"));
        check(source.width(), source.height(), source.format());
        if (options.targetPsnr().isPresent()) {
            throw new IIOException("the profile 'generative' has no PSNR target; a size or a quality can be asked for");
        }
        ModelRef ref = LatentPacks.installed().find(how.pack());
        try (Models.Lease<LatentPack> lease = Models.latents(ref)) {
            watcher.checkpoint(0);
            LatentPack pack = lease.model();
            if (!pack.autoEncoder().canEncode()) {
                throw new IIOException("model pack '" + how.pack() + "' has a decoder alone, which writes no pictures");
            }
            List<Chunk> others = new ArrayList<>();
            PixelPlanes image = source.readAll(watcher.cancellation());
            PixelPlanes picture = image;
            if (image.format().hasAlpha()) {
                others.add(new Chunk(Chunk.ALPHA, AlphaCodec.encode(image.alpha(), image.width(), image.height(), watcher.cancellation())));
                picture = TransparentFill.apply(image, watcher.cancellation());
            }
            SemHeader header = new SemHeader(ProfileId.GENERATIVE, image.width(), image.height(), image.format(), ref);
            SemFile file = new Encoder(pack, how, options, header, others, picture, watcher).file();
            watcher.progress(1);
            return file;
        }
    }

    @Override
    public void decode(SemFile file, DecodeRequest request, PixelSink sink, Watcher watcher) throws IIOException {
        WholePicture.write(picture(file, request.generative(), watcher), request, sink, watcher.cancellation());
    }

    private static PixelPlanes picture(SemFile file, SynthesisPolicy generative, Watcher watcher) throws IIOException {
        SemHeader header = file.header();
        check(header.width(), header.height(), header.format());
        GenerativePayload payload = payload(file);
        if (payload.diffusion().isPresent() && generative == SynthesisPolicy.DENY) {
            throw new IIOException("the picture asks for diffusion, and reading what would be synthesized is denied ("
                    + SynthesisPolicy.PROPERTY + ", SemImageReadParam.setGenerative)");
        }
        PixelPlanes picture = PixelPlanes.blank(header.width(), header.height(), header.format());
        if (header.format().hasAlpha()) {
            AlphaCodec.decode(file, picture.alpha(), watcher.cancellation());
        }
        try (Models.Lease<LatentPack> lease = Models.latents(header.model())) {
            watcher.checkpoint(0.05f);
            AutoEncoder network = lease.model().autoEncoder();
            Planes latents = latents(payload, header, network);
            watcher.checkpoint(0.1f);
            if (payload.diffusion().isPresent() && generative == SynthesisPolicy.ALLOW) {
                latents = denoised(payload, latents, lease.model(), watcher);
            }
            watcher.checkpoint(0.6f);
            LatentPictures.toPicture(network.decode(latents), payload.reduction(), picture);
            watcher.progress(1);
        }
        return picture;
    }

    private static Planes latents(GenerativePayload payload, SemHeader header, AutoEncoder network) throws IIOException {
        int height = places(header.height(), payload.reduction(), network.stride());
        int width = places(header.width(), payload.reduction(), network.stride());
        return payload.palette() ? PaletteCodec.decode(payload.bytes(), payload.latents(), network.channels(), height, width)
                : LatentCodec.decode(payload.bytes(), payload.latents(), network.channels(), height, width, GenerativeProfile::basis);
    }

    private static int places(int side, int reduction, int stride) {
        return (LatentPictures.reduced(side, reduction) - 1) / stride + 1;
    }

    private static Planes denoised(GenerativePayload payload, Planes latents, LatentPack pack, Watcher watcher) throws IIOException {
        GenerativePayload.Diffusion diffusion = payload.diffusion().orElseThrow();
        String caption = payload.caption().isPresent() ? Models.textCodec().decode(payload.caption().get()) : "";
        return LatentDiffusion.of(pack, caption, diffusion.guidance() / 8f)
                .denoise(latents, diffusion.method(), diffusion.steps(), diffusion.start() / 16.0, diffusion.fresh() / 255.0,
                        diffusion.seed(), (step, steps) -> watcher.checkpoint(0.1f + 0.5f * step / steps));
    }

    private static LatentBasis basis(int number) throws IIOException {
        try {
            return LatentBasis.of(number, Models.latentBasis(number));
        } catch (IllegalArgumentException e) {
            throw new IIOException("basis " + number + " does not fit this version: " + e.getMessage(), e);
        }
    }

    private static void check(int width, int height, PixelFormat format) throws IIOException {
        if ((long) width * height > MAX_PIXELS) {
            throw new IIOException("picture of " + width + "x" + height + " pixels; the profile 'generative' takes at most " + MAX_PIXELS);
        }
        if (format.bitDepth() > ProfileId.GENERATIVE.maxBitDepth()) {
            throw new IIOException("the generative profile has samples of 8 bits, not " + format.bitDepth());
        }
    }

    /** One picture on its way into a file. */
    private record Encoder(LatentPack pack, GenerativeOptions how, EncodeOptions options, SemHeader header, List<Chunk> others,
                           PixelPlanes picture, Watcher watcher) {

        /** The file asked for: at a target size the best of those at full, half and quarter size. */
        SemFile file() throws IIOException {
            if (options.targetBytes().isEmpty()) {
                return at(options.quality());
            }
            SemFile best = null;
            double least = Double.MAX_VALUE;
            IIOException failure = null;
            for (int reduction = 0; reduction <= GenerativePayload.MAX_REDUCTION; reduction++) {
                try {
                    SemFile file = new Reduced(reduction).within(options.targetBytes().getAsInt());
                    watcher.checkpoint(0.3f + 0.25f * reduction);
                    double error = error(file);
                    if (error < least) {
                        best = file;
                        least = error;
                    }
                } catch (IIOException e) {
                    failure = e;
                }
            }
            if (best == null) {
                throw failure;
            }
            return best;
        }

        /** The file of a quality: at a quarter of the size, at half of it, at full size, each with steps that fall. */
        private SemFile at(float quality) throws IIOException {
            if (how.palette()) {
                Reduced whole = new Reduced(0);
                return whole.file(Math.round(quality * whole.most()));
            }
            if (quality >= FULL_SIZE) {
                return new Reduced(0).file(LEAST_INDEX + Math.round((MOST_INDEX - LEAST_INDEX) * (quality - FULL_SIZE) / (1 - FULL_SIZE)));
            }
            boolean half = quality >= HALF_SIZE;
            float part = half ? (quality - HALF_SIZE) / (FULL_SIZE - HALF_SIZE) : quality / HALF_SIZE;
            return new Reduced(half ? 1 : 2).file(LEAST_INDEX + Math.round((SMALL_INDEX - LEAST_INDEX) * part));
        }

        /** The squared error of a file's colours as the autoencoder alone decodes them. */
        private double error(SemFile file) throws IIOException {
            PixelPlanes decoded = PixelPlanes.blank(header.width(), header.height(), header.format());
            GenerativePayload payload = payload(file);
            LatentPictures.toPicture(pack.autoEncoder().decode(latents(payload, header, pack.autoEncoder())), payload.reduction(), decoded);
            return Psnr.squaredError(decoded, picture);
        }

        /** The picture's latents at a size, and the files they make. */
        private final class Reduced {

            private final int reduction;
            private final Planes latents;
            private final Optional<LatentCodec> codec;

            Reduced(int reduction) throws IIOException {
                this.reduction = reduction;
                AutoEncoder network = pack.autoEncoder();
                latents = network.encode(LatentPictures.toPlanes(picture, reduction, network.stride(), watcher.cancellation()));
                codec = how.palette() ? Optional.empty() : Optional.of(new LatentCodec(latents, axes(network)));
                watcher.checkpoint(0.2f);
            }

            private LatentBasis axes(AutoEncoder network) throws IIOException {
                if (network.channels() == BASIS_CHANNELS && network.stride() == BASIS_STRIDE) {
                    return basis(EMBEDDED_BASIS);
                }
                return LatentBasis.measured(latents, Sensitivity.of(network, latents));
            }

            private int most() {
                return codec.isPresent() ? MOST_INDEX : paletteSettings().size() - 1;
            }

            /** The file of the highest index that fits, by halving. */
            SemFile within(int bytes) throws IIOException {
                int low = 0;
                int high = most();
                SemFile best = file(low);
                if (SemSerializer.size(best) > bytes) {
                    throw new DoesNotFitException("the picture does not fit into " + bytes + " bytes; at the lowest quality it takes "
                            + SemSerializer.size(best));
                }
                while (low < high) {
                    int middle = (low + high + 1) / 2;
                    SemFile candidate = file(middle);
                    if (SemSerializer.size(candidate) <= bytes) {
                        best = candidate;
                        low = middle;
                    } else {
                        high = middle - 1;
                    }
                    watcher.checkpoint(0.25f);
                }
                return best;
            }

            private SemFile file(int index) throws IIOException {
                byte[] coded = codec.isPresent() ? codec.get().encode(index) : PaletteCodec.encode(latents, paletteSettings().get(index));
                Optional<byte[]> caption = how.steps() > 0 && options.caption().isPresent()
                        ? Optional.of(Models.textCodec().encode(options.caption().get())) : Optional.empty();
                GenerativePayload payload = GenerativePayload.of(how.palette(), reduction, Optional.empty(), caption, coded);
                if (how.steps() > 0) {
                    Planes decoded = latents(payload, header, pack.autoEncoder());
                    payload = GenerativePayload.of(how.palette(), reduction, Optional.of(diffusion(decoded)), caption, coded);
                }
                List<Chunk> chunks = new ArrayList<>(others);
                chunks.add(new Chunk(Chunk.GENERATIVE, payload.toBytes()));
                return SemFile.of(header, chunks);
            }

            /** Diffusion from the timestep whose noise is as strong as the quantization error together with the drawn part. */
            private GenerativePayload.Diffusion diffusion(Planes decoded) throws IIOException {
                double sum = 0;
                for (int i = 0; i < decoded.data().length; i++) {
                    double error = decoded.data()[i] - latents.data()[i];
                    sum += error * error;
                }
                double variance = sum / decoded.data().length / (1 - FRESH / 255.0);
                double timestep = pack.schedule().timestep(0.5 * Math.log(Math.max(variance, 1e-12)));
                return new GenerativePayload.Diffusion(how.steps(), how.method(), Math.round(how.guidance() * 8),
                        (int) Math.min(65535, Math.round(16 * timestep)), FRESH, how.seed());
            }

            /** From the fewest bits to the most: larger palettes, then fewer channels to a vector. */
            private List<PaletteCodec.Settings> paletteSettings() {
                List<PaletteCodec.Settings> settings = new ArrayList<>();
                for (int group = Math.min(255, latents.channels()); group > 0; group /= 2) {
                    for (int entries : PALETTE_ENTRIES) {
                        if (group == 1 || entries > PALETTE_ENTRIES[PALETTE_ENTRIES.length - 3] || group == latents.channels()) {
                            settings.add(new PaletteCodec.Settings(group, entries, true));
                        }
                    }
                }
                return settings;
            }
        }
    }
}
