// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.transform;

import org.semimage.compute.Cancellation;
import org.semimage.compute.Watcher;
import org.semimage.compute.network.CoefficientNet;
import org.semimage.compute.prior.IntegerPrior;
import org.semimage.compute.wavelet.Wavelet97;
import org.semimage.container.Chunk;
import org.semimage.container.ModelRef;
import org.semimage.container.PixelFormat;
import org.semimage.container.ProfileId;
import org.semimage.container.SemFile;
import org.semimage.container.SemHeader;
import org.semimage.container.SemSerializer;
import org.semimage.model.Models;
import org.semimage.model.TransformModel;
import org.semimage.picture.ColourTransform;
import org.semimage.picture.Downscale;
import org.semimage.picture.PixelPlanes;
import org.semimage.picture.PixelSink;
import org.semimage.picture.PixelSource;
import org.semimage.picture.TransparentFill;
import org.semimage.profile.AlphaCodec;
import org.semimage.profile.DecodeRequest;
import org.semimage.profile.EncodeOptions;
import org.semimage.profile.Profile;
import org.semimage.profile.Tune;
import org.semimage.render.Coarse;

import javax.imageio.IIOException;
import java.awt.Rectangle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The transform profile: wavelet, coefficient networks, integer prior, rANS (FORMAT.md, "Transform payload").
 *
 * <p>A picture's way: colour transform and padding ({@link ColourTransform}), {@link Wavelet97}, analysis network, quantizer steps
 * ({@link QuantizerSteps}), quantization and symbols ({@link IntegerPrior}), rANS, {@link TransformPayload}; and all of it back with
 * the synthesis network. {@link TransformEncoder} and {@link TransformDecoder} walk it, tile by tile.
 */
public final class TransformProfile implements Profile {

    @Override
    public ProfileId id() {
        return ProfileId.TRANSFORM;
    }

    @Override
    public SemFile encode(PixelSource image, EncodeOptions options, Watcher watcher) throws IIOException {
        checkBitDepth(image.format());
        List<Chunk> chunks = new ArrayList<>();
        PixelSource source = image;
        if (image.format().hasAlpha()) {
            PixelPlanes all = image.readAll(watcher.cancellation());
            chunks.add(new Chunk(Chunk.ALPHA, AlphaCodec.encode(all.alpha(), image.width(), image.height(), watcher.cancellation())));
            source = TransparentFill.apply(all, watcher.cancellation());
        }
        ModelRef pack = options.tune() == Tune.PERCEPTUAL ? Models.PERCEPTUAL : Models.TRANSFORM;
        SemHeader header = new SemHeader(ProfileId.TRANSFORM, image.width(), image.height(), image.format(), pack);
        ProtectedRegions regions = ProtectedRegions.of(options.interest(), header);
        if (!regions.isEmpty()) {
            chunks.add(0, regions.toChunk());
        }
        try (Models.Lease<TransformModel> lease = Models.transform(pack)) {
            watcher.checkpoint(0);
            if (options.progressive()) {
                requireRefinement(lease.model());
            }
            SemFile file = new PictureEncoding(lease.model(), header, source, chunks, options, watcher).file();
            watcher.progress(1);
            return file;
        }
    }

    @Override
    public void decode(SemFile file, DecodeRequest request, PixelSink sink, Watcher watcher) throws IIOException {
        SemHeader header = file.header();
        checkBitDepth(header.format());
        PixelSink target = sink;
        if (header.format().hasAlpha()) {
            target = withAlpha(alpha(file, request, watcher.cancellation()), request, sink);
        }
        TransformPayload payload = payload(file);
        try (Models.Lease<TransformModel> lease = Models.transform(header.model())) {
            if (payload.refinements() > 0) {
                requireRefinement(lease.model());
            }
            watcher.checkpoint(0.05f);
            CodedPicture coded = CodedPicture.of(header, payload.shrink());
            TransformDecoder decoder = new TransformDecoder(lease.model(), coded.codedHeader(), payload, request.lastPass(), watcher);
            PlainDecoding plain = new PlainDecoding(coded, decoder, watcher);
            int index = payload.qualityIndex(Math.min(request.lastPass(), payload.lastLayer()));
            boolean renders = request.renders() && request.scale() == 1 && !coded.fold().isFolded();
            if (renders && Coarse.isRendered(header, index, payload.shrink())) {
                try (Models.Lease<CoefficientNet> renderer = Models.renderer()) {
                    ProtectedRegions regions = ProtectedRegions.of(file, watcher::warning);
                    new RenderedDecoding(plain, renderer.model(), index, request.fidelity(), regions).write(request.region(), target);
                }
            } else {
                plain.write(request, target);
            }
            watcher.progress(1);
        }
    }

    /** The layers of which there is anything. */
    @Override
    public int passes(SemFile file) throws IIOException {
        return payload(file).lastLayer() + 1;
    }

    private static TransformPayload payload(SemFile file) throws IIOException {
        Optional<Chunk> chunk = file.chunk(Chunk.TRANSFORM);
        if (chunk.isEmpty()) {
            throw new IIOException("a picture of the transform profile has no chunk 'T'");
        }
        return TransformPayload.parse(chunk.get().payload(), file.header());
    }

    /**
     * The regions of a picture to which readers add no detail that is made up, in samples: whole blocks of 16x16, as far as they lie
     * inside. Empty if there are none, the file says them wrongly, or its profile is another.
     */
    public static List<Rectangle> protectedRegions(SemFile file) {
        return file.header().profile() == ProfileId.TRANSFORM ? ProtectedRegions.of(file, warning -> { }).areas() : List.of();
    }

    private static void requireRefinement(TransformModel model) throws IIOException {
        if (!model.prior().refines()) {
            throw new IIOException("the model pack has no tables for progressive pictures");
        }
    }

    /**
     * A file cut to a size: the longest prefix of its transform payload that fits, with everything else as it was. Good at any size if the
     * file is progressive; of one in a single layer it is the fine detail that goes.
     *
     * @throws IIOException if nothing that decodes is as small, or the file has no transform payload
     */
    public static SemFile truncate(SemFile file, long bytes) throws IIOException {
        SemHeader header = file.header();
        Chunk whole = file.chunk(Chunk.TRANSFORM)
                .orElseThrow(() ->
                        new IIOException("a picture of profile '" + header.profile().label() + "' cannot be cut: it has no chunk 'T'"));
        long fixed = SemSerializer.size(with(file, new byte[0]));
        int length = (int) Math.min(whole.payload().length, bytes - fixed);
        if (length < 0) {
            throw new IIOException("the picture cannot be cut to " + bytes + " bytes: what is not its transform payload takes " + fixed);
        }
        SemFile cut = with(file, Arrays.copyOf(whole.payload(), length));
        // The length field of a longer payload takes a few bytes more.
        while (SemSerializer.size(cut) > bytes) {
            length--;
            cut = with(file, Arrays.copyOf(whole.payload(), length));
        }
        try {
            TransformPayload.parse(cut.chunk(Chunk.TRANSFORM).orElseThrow().payload(), header);
        } catch (IIOException e) {
            throw new IIOException("the picture cannot be cut to " + bytes + " bytes: " + e.getMessage(), e);
        }
        return cut;
    }

    private static SemFile with(SemFile file, byte[] payload) {
        return SemFile.of(file.header(),
                file.chunks().stream().map(c -> c.tag() == Chunk.TRANSFORM ? new Chunk(Chunk.TRANSFORM, payload) : c).toList());
    }

    /** The alpha plane at the request's scale. */
    private static PixelPlanes alpha(SemFile file, DecodeRequest request, Cancellation cancellation) throws IIOException {
        SemHeader header = file.header();
        PixelPlanes alpha = PixelPlanes.blank(header.width(), header.height(), PixelFormat.GRAY);
        AlphaCodec.decode(file, alpha.samples()[0], cancellation);
        Rectangle all = new DecodeRequest(new Rectangle(header.width(), header.height()), request.scale()).scaledRegion();
        return request.scale() == 1 ? alpha : Downscale.box(alpha, all, request.scale(), cancellation);
    }

    private static PixelSink withAlpha(PixelPlanes alpha, DecodeRequest request, PixelSink sink) {
        return (part, x, y) -> {
            PixelPlanes from = alpha.crop(new Rectangle(x, y, part.width(), part.height()));
            System.arraycopy(from.samples()[0], 0, part.alpha(), 0, part.alpha().length);
            sink.write(part, x, y);
        };
    }

    private static void checkBitDepth(PixelFormat format) throws IIOException {
        if (format.bitDepth() > ProfileId.TRANSFORM.maxBitDepth()) {
            throw new IIOException("the transform profile has samples of 8 bits, not " + format.bitDepth());
        }
    }
}
