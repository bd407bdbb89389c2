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

    /** What generators are asked for: descriptors and a pleasing picture weigh the same. */
    private static final float DESCRIPTOR_WEIGHT = 0.5f;

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

    /** Why no captioner is asked what a picture with descriptors shows; absent if one is. */
    public static Optional<String> silence() {
        if (Services.captioner().isEmpty()) {
            return Optional.of("no captioner is at hand");
        }
        return SemanticReflection.speaks() ? Optional.empty() : Optional.of("no generator at hand makes pictures of them");
    }

    @Override
    public SemFile encode(PixelSource source, EncodeOptions options, Watcher watcher) throws IIOException {
        PixelPlanes image = source.readAll(watcher.cancellation());
        if (image.format().hasAlpha()) {
            watcher.warning("The profile '" + id.label() + "' keeps no alpha");
        }
        SemanticFiles files = new SemanticFiles(new SemHeader(id, image.width(), image.height(), PixelFormat.RGB, ModelRef.NONE), options);
        SemFile file = new SemanticReflection(files, options, watcher).encode(image);
        watcher.progress(1);
        return file;
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

    /** The plain rendition of what a file says. */
    static PixelPlanes plain(Content content, int width, int height) {
        return content.descriptors().isPresent() ? Rendition.of(content.descriptors().get(), width, height, content.seed())
                : Rendition.calm(width, height, content.seed());
    }

    /** What generators are asked for. */
    static Generator.Request request(Content content, PixelPlanes plain) {
        return new Generator.Request(plain.width(), plain.height(), content.seed(), content.caption(), content.descriptors(), plain,
                DESCRIPTOR_WEIGHT);
    }

    /** Descriptors of the file, or those that its words bring to mind. */
    static Descriptors known(Content content, SemHeader header) throws IIOException {
        if (content.descriptors().isPresent()) {
            return content.descriptors().get();
        }
        int longSide = Math.max(header.width(), header.height());
        return Models.imagination().descriptors(content.caption().orElse(""), DescriptorAnalysis.cells(header.width(), longSide),
                DescriptorAnalysis.cells(header.height(), longSide), DescriptorAnalysis.levels(longSide), content.seed());
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
        PixelPlanes plain = plain(content, width, height);
        watcher.checkpoint(0.5f);
        Generator.Request request = request(content, plain);
        Optional<Generator> generator = generative == SynthesisPolicy.ALLOW ? Services.generator(request) : Optional.empty();
        PixelPlanes image = generator.isPresent() ? generator.get().generate(request, watcher)
                : wanted.renders() ? rendered(known(content, file.header()), file.header(), content.seed(), wanted.fidelity(), watcher)
                : plain;
        watcher.progress(1);
        return image;
    }
}
