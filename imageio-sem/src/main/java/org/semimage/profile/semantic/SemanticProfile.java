// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.semantic;

import org.semimage.compute.Watcher;
import org.semimage.compute.network.CoefficientNet;
import org.semimage.container.Chunk;
import org.semimage.container.ModelRef;
import org.semimage.container.PixelFormat;
import org.semimage.container.ProfileId;
import org.semimage.container.SemFile;
import org.semimage.container.SemHeader;
import org.semimage.container.SemSerializer;
import org.semimage.generate.Captioner;
import org.semimage.generate.Descriptors;
import org.semimage.generate.Generator;
import org.semimage.generate.Services;
import org.semimage.generate.SynthesisPolicy;
import org.semimage.model.Models;
import org.semimage.picture.PixelPlanes;
import org.semimage.picture.PixelSink;
import org.semimage.picture.PixelSource;
import org.semimage.profile.DecodeRequest;
import org.semimage.profile.EncodeOptions;
import org.semimage.profile.Profile;
import org.semimage.profile.WholePicture;
import org.semimage.render.LayoutRenderer;

import javax.imageio.IIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;

/**
 * The caption and the descriptor profile: what a picture shows and how it looks, in place of its pixels (FORMAT.md, "Text" and
 * "Descriptors"). Decoded by a {@link Generator} if one is installed and wanted, else into the plain {@link Rendition}.
 */
public final class SemanticProfile implements Profile {

    /** Whole files of the descriptor profile at qualities 0 and 1. */
    private static final int LEAST_BYTES = 40;
    private static final int MOST_BYTES = 300;

    /** The longest caption of a descriptor file in bytes, so that one byte tells its length. */
    private static final int MAX_CAPTION_BYTES = 255;

    /** More bytes than all descriptors take. */
    private static final int MAX_DESCRIPTOR_BYTES = 4096;

    /** What generators are asked for: descriptors and a pleasing picture weigh the same. */
    private static final float FIDELITY = 0.5f;

    private final ProfileId id;

    /**
     * The caption or the descriptor profile.
     *
     * @param id {@link ProfileId#CAPTION} or {@link ProfileId#DESCRIPTOR}
     */
    public SemanticProfile(ProfileId id) {
        this.id = id;
    }

    /**
     * What a file of these profiles says.
     *
     * @param caption     what the picture shows; absent if the file has no words
     * @param descriptors how it looks; absent in the caption profile
     * @param seed        for whatever is left to chance: CRC-32C of the payload
     */
    public record Content(Optional<String> caption, Optional<Descriptors> descriptors, long seed) {
    }

    @Override
    public ProfileId id() {
        return id;
    }

    @Override
    public SemFile encode(PixelSource source, EncodeOptions options, Watcher watcher) throws IIOException {
        PixelPlanes image = source.readAll(watcher.cancellation());
        if (image.format().hasAlpha()) {
            watcher.warning("The profile '" + id.label() + "' keeps no alpha");
        }
        SemHeader header = new SemHeader(id, image.width(), image.height(), PixelFormat.RGB, ModelRef.NONE);
        Optional<String> caption = caption(image, options, watcher);
        watcher.checkpoint(0.3f);
        SemFile file = id == ProfileId.CAPTION ? captionFile(header, caption, options) : descriptorFile(header, image, caption, options);
        watcher.progress(1);
        return file;
    }

    private static Optional<String> caption(PixelPlanes image, EncodeOptions options, Watcher watcher) throws IIOException {
        if (options.caption().isPresent()) {
            return options.caption();
        }
        Optional<Captioner> captioner = Services.captioner();
        return captioner.isPresent() ? Optional.of(captioner.get().caption(image, watcher)) : Optional.empty();
    }

    private static SemFile captionFile(SemHeader header, Optional<String> caption, EncodeOptions options) throws IIOException {
        String text = caption.orElseThrow(() ->
                new IIOException("the profile 'caption' stores what the picture shows, and no captioner is installed: "
                        + "give a caption (SemImageWriteParam.setCaption, sem encode --caption), or put a "
                        + Captioner.class.getName() + " on the class path"));
        SemFile file = SemFile.of(header, List.of(new Chunk(Chunk.CAPTION, Models.textCodec().encode(text))));
        long size = SemSerializer.size(file);
        if (options.targetBytes().isPresent() && size > options.targetBytes().getAsInt()) {
            throw new IIOException("the caption does not fit into " + options.targetBytes().getAsInt() + " bytes; the file takes " + size);
        }
        return file;
    }

    private static SemFile descriptorFile(SemHeader header, PixelPlanes image, Optional<String> caption, EncodeOptions options)
            throws IIOException {
        byte[] text = caption.isPresent() ? Models.textCodec().encode(caption.get()) : null;
        if (text != null && text.length >= MAX_CAPTION_BYTES) {
            throw new IIOException("caption of " + text.length + " bytes, at most " + (MAX_CAPTION_BYTES - 1)
                    + " stand beside descriptors");
        }
        int budget = options.targetBytes().orElse(Math.round(LEAST_BYTES + (MOST_BYTES - LEAST_BYTES) * options.quality())
                + (text == null ? 0 : text.length));
        byte[] prefix = new byte[text == null ? 1 : 1 + text.length];
        prefix[0] = (byte) (text == null ? 0 : text.length + 1);
        if (text != null) {
            System.arraycopy(text, 0, prefix, 1, text.length);
        }
        int left = budget - (int) SemSerializer.size(file(header, prefix));
        left -= left + prefix.length > 127 ? 1 : 0;
        if (left < 1) {
            throw new IIOException("descriptors do not fit into " + budget + " bytes; the file takes at least " + (budget - left + 1));
        }
        Descriptors descriptors = DescriptorAnalysis.of(image);
        return file(header,
                concat(prefix, DescriptorCodec.encode(descriptors, Math.min(left, MAX_DESCRIPTOR_BYTES), image.width(), image.height())));
    }

    private static SemFile file(SemHeader header, byte[] payload) {
        return SemFile.of(header, List.of(new Chunk(Chunk.DESCRIPTORS, payload)));
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    /**
     * What a file of the caption or the descriptor profile says.
     *
     * @throws IIOException if its text is malformed
     */
    public static Content content(SemFile file) throws IIOException {
        SemHeader header = file.header();
        boolean captionOnly = header.profile() == ProfileId.CAPTION;
        char tag = captionOnly ? Chunk.CAPTION : Chunk.DESCRIPTORS;
        byte[] payload = file.chunk(tag).orElseThrow(() -> new IIOException("the picture has no payload '" + tag + "'")).payload();
        CRC32C seed = new CRC32C();
        seed.update(payload);
        if (captionOnly) {
            return new Content(Optional.of(Models.textCodec().decode(payload)), Optional.empty(), seed.getValue());
        }
        int text = payload.length == 0 ? 0 : payload[0] & 0xFF;
        int descriptors = Math.max(1, text);
        if (text > payload.length && !file.truncated()) {
            throw new IIOException("caption of " + (text - 1) + " bytes in a payload of " + payload.length);
        }
        Optional<String> caption = text == 0 || text > payload.length ? Optional.empty()
                : Optional.of(Models.textCodec().decode(Arrays.copyOfRange(payload, 1, text)));
        return new Content(caption,
                Optional.of(DescriptorCodec.decode(payload, Math.min(descriptors, payload.length), header.width(), header.height())),
                seed.getValue());
    }

    /** The colours of the layout's nine regions, row by row, as #rrggbb. */
    public static List<String> palette(Descriptors descriptors) {
        PixelPlanes small = Rendition.of(new Descriptors(descriptors.columns(), descriptors.rows(), descriptors.layout(),
                descriptors.layoutCount(), descriptors.texture(), 0), Descriptors.REGIONS, Descriptors.REGIONS, 0);
        short[][] s = small.samples();
        return IntStream.range(0, s[0].length).mapToObj(i -> String.format("#%02x%02x%02x", s[0][i], s[1][i], s[2][i])).toList();
    }

    @Override
    public void decode(SemFile file, DecodeRequest request, PixelSink sink, Watcher watcher) throws IIOException {
        WholePicture.write(picture(file, request, watcher), request, sink, watcher.cancellation());
    }

    private static PixelPlanes rendered(Descriptors known, SemHeader header, long seed, float fidelity, Watcher watcher)
            throws IIOException {
        PixelPlanes layout = Rendition.grainy(known, header.width(), header.height(), seed);
        try (Models.Lease<CoefficientNet> lease = Models.renderer()) {
            PixelPlanes rendered = new LayoutRenderer(lease.model(), seed, fidelity).render(layout, watcher.cancellation());
            return DescriptorMatch.apply(rendered, known, 1);
        }
    }

    private PixelPlanes picture(SemFile file, DecodeRequest wanted, Watcher watcher) throws IIOException {
        SynthesisPolicy generative = wanted.generative();
        if (generative == SynthesisPolicy.DENY) {
            throw new IIOException("the profile '" + id.label() + "' holds no pixels, and reading what would be synthesized is denied ("
                    + SynthesisPolicy.PROPERTY + ", SemImageReadParam.setGenerative)");
        }
        int width = file.header().width();
        int height = file.header().height();
        Content content = content(file);
        watcher.checkpoint(0.2f);
        PixelPlanes plain = content.descriptors().isPresent() ? Rendition.of(content.descriptors().get(), width, height, content.seed())
                : Rendition.calm(width, height, content.seed());
        watcher.checkpoint(0.5f);
        Generator.Request request = new Generator.Request(width, height, content.seed(), content.caption(), content.descriptors(), plain,
                FIDELITY);
        Optional<Generator> generator = generative == SynthesisPolicy.ALLOW ? Services.generator(request) : Optional.empty();
        PixelPlanes image = generator.isPresent() ? generator.get().generate(request, watcher)
                : wanted.renders() && content.descriptors().isPresent()
                ? rendered(content.descriptors().get(), file.header(), content.seed(), wanted.fidelity(), watcher) : plain;
        watcher.progress(1);
        return image;
    }
}
