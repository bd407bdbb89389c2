// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.semantic;

import org.semimage.compute.Watcher;
import org.semimage.compute.entropy.ArithmeticDecoder;
import org.semimage.container.Chunk;
import org.semimage.container.SemFile;
import org.semimage.generate.Captioner;
import org.semimage.generate.Descriptors;
import org.semimage.generate.Generator;
import org.semimage.generate.Services;
import org.semimage.generate.SynthesisPolicy;
import org.semimage.picture.PixelPlanes;
import org.semimage.profile.EncodeOptions;
import org.semimage.reflect.CaptionDetails;
import org.semimage.reflect.Proposal;
import org.semimage.reflect.Reflection;
import org.semimage.reflect.Reflector;
import org.semimage.reflect.Trace;

import javax.imageio.IIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the words and the looks of a picture. A caption that the caller gives is kept. Captioners are asked for others where a generator at
 * hand makes pictures of them, and the caption whose file decodes to the picture nearest to the original is kept, if it is nearer than
 * without one. Files of words alone take the first caption that fits, unless effort asks for more.
 */
final class SemanticReflection {

    /** By effort, from 1: captions that each captioner is asked for, files that are decoded, and how far looks are gone away. */
    private static final int[] CAPTIONS = {1, 3, 5};
    private static final int[] TRIES = {3, 16, 48};
    private static final int[] NEAR = {0, 1, 2};

    /** Percent of contrast that is gone at once. */
    private static final int CONTRAST = 10;

    /** Captions with a detail less that are tried around the best caption, and around each while none helps. */
    private static final int SHORTER = 6;
    private static final int FEW_SHORTER = 2;

    private final SemanticFiles files;
    private final EncodeOptions options;
    private final Watcher watcher;
    private final SynthesisPolicy policy = SynthesisPolicy.current();

    SemanticReflection(SemanticFiles files, EncodeOptions options, Watcher watcher) {
        this.files = files;
        this.options = options;
        this.watcher = watcher;
    }

    /** Whether words change what files decode to here. */
    static boolean speaks() {
        return SynthesisPolicy.current() == SynthesisPolicy.ALLOW && Services.hasGenerator(Optional.of("words"));
    }

    /**
     * The best file of a picture that effort allows.
     *
     * @throws IIOException if none fits, or there are no words where words are all
     */
    SemFile encode(PixelPlanes image) throws IIOException {
        boolean speaking = speaks();
        Map<String, String> captions = options.caption().isPresent() || !files.isOfWordsAlone() && !speaking ? Map.of() : captions(image);
        watcher.checkpoint(0.3f);
        if (files.isOfWordsAlone()) {
            return ofWords(image, captions);
        }
        Descriptors descriptors = DescriptorAnalysis.of(image);
        List<Proposal> first = new ArrayList<>();
        first.add(Proposal.of(options.caption().isPresent() ? "the given caption" : "no caption", options.caption()));
        captions.forEach((caption, origin) -> first.add(Proposal.of(origin, Optional.of(caption))));
        if (first.size() == 1 && !looks()) {
            return files.descriptorFile(descriptors, first.get(0));
        }
        Coder coder = new Coder(captions.keySet(), proposal -> files.descriptorFile(descriptors, proposal));
        Reflection reflection = Reflector.reflect(image, first, coder, TRIES[options.effort() - 1], options.trace(), watcher);
        if (!captions.isEmpty() && reflection.proposal().caption().isEmpty()) {
            watcher.warning("No caption is kept: none of " + captions.size() + " brings the picture nearer to the original");
        }
        return reflection.file();
    }

    /** Whether somebody wants more than the plainest file. */
    private boolean looks() {
        return options.effort() > EncodeOptions.MIN_EFFORT || options.trace() != Trace.NONE;
    }

    private SemFile ofWords(PixelPlanes image, Map<String, String> captions) throws IIOException {
        if (options.caption().isPresent()) {
            return files.captionFile(options.caption().get());
        }
        List<Proposal> first = new ArrayList<>();
        captions.forEach((caption, origin) -> first.add(Proposal.of(origin, Optional.of(caption))));
        captions.keySet().forEach(caption -> first.addAll(shorter(Proposal.of("words", Optional.empty()), caption, SHORTER)));
        if (policy == SynthesisPolicy.ALLOW && looks()) {
            Coder coder = new Coder(captions.keySet(), proposal -> files.captionFile(proposal.caption().orElseThrow()));
            return Reflector.reflect(image, first, coder, TRIES[options.effort() - 1], options.trace(), watcher).file();
        }
        IIOException reason = null;
        for (Proposal proposal : first) {
            try {
                return files.captionFile(proposal.caption().orElseThrow());
            } catch (IIOException e) {
                reason = reason == null ? e : reason;
            }
        }
        throw reason;
    }

    /** What captioners at hand say, the best of each first, and who says it; not empty where words are all. */
    private Map<String, String> captions(PixelPlanes image) throws IIOException {
        List<Captioner> captioners = Services.captioners();
        if (captioners.isEmpty() && files.isOfWordsAlone()) {
            throw new IIOException("the profile 'caption' stores what the picture shows, and no captioner is installed: "
                    + "give a caption (SemImageWriteParam.setCaption, sem encode --caption), or put a "
                    + Captioner.class.getName() + " on the class path");
        }
        Map<String, String> captions = new LinkedHashMap<>();
        IIOException reason = new IIOException("no captioner says anything");
        for (Captioner captioner : captioners.subList(0, options.effort() > 1 ? captioners.size() : Math.min(1, captioners.size()))) {
            try {
                captioner.captions(image, CAPTIONS[options.effort() - 1], watcher).stream().filter(caption -> !caption.isBlank())
                        .forEach(caption -> captions.putIfAbsent(caption, captioner.name()));
            } catch (IIOException e) {
                reason = e;
                watcher.warning("Captioner " + captioner.name() + " says nothing: " + e.getMessage());
            }
        }
        if (captions.isEmpty() && files.isOfWordsAlone()) {
            throw reason;
        }
        return captions;
    }

    /** A caption with a detail less, those first that save the most bits. */
    private static List<Proposal> shorter(Proposal near, String caption, int most) {
        record Priced(String text, double bits) {
        }
        return CaptionDetails.without(caption).stream().map(text -> new Priced(text, priced(text)))
                .sorted(Comparator.comparingDouble(Priced::bits)).limit(most)
                .map(shorter -> near.withCaption("a detail less", shorter.text)).toList();
    }

    private static double priced(String text) {
        try {
            return SemanticFiles.bits(Optional.of(text));
        } catch (IIOException e) {
            // Longer than a text may be: dearer than any other.
            return Double.POSITIVE_INFINITY;
        }
    }

    /** How a proposal becomes a file. */
    private interface Writing {
        SemFile file(Proposal proposal) throws IIOException;
    }

    /** Decodes as a reader does that has the same generators, but without the renderer, which moves nothing and takes its time. */
    private final class Coder implements Reflector.Coder {

        private final Set<String> captions;
        private final Writing writing;

        private Coder(Set<String> captions, Writing writing) {
            this.captions = captions;
            this.writing = writing;
        }

        @Override
        public SemFile encode(Proposal proposal) throws IIOException {
            return writing.file(proposal);
        }

        @Override
        public PixelPlanes decode(SemFile file) throws IIOException {
            SemanticProfile.Content content = SemanticProfile.content(file);
            PixelPlanes plain = SemanticProfile.plain(content, file.header().width(), file.header().height());
            watcher.cancellation().check();
            Generator.Request request = SemanticProfile.request(content, plain);
            Optional<Generator> generator = policy == SynthesisPolicy.ALLOW ? Services.generator(request) : Optional.empty();
            return generator.isPresent() ? generator.get().generate(request, Watcher.silent(watcher.cancellation()))
                    : files.isOfWordsAlone() ? Rendition.of(SemanticProfile.known(content, file.header()), plain.width(), plain.height(),
                    content.seed()) : plain;
        }

        @Override
        public double bits(Proposal proposal) throws IIOException {
            return SemanticFiles.bits(proposal.caption());
        }

        @Override
        public List<Proposal> around(Proposal best, SemFile file) {
            if (options.effort() == EncodeOptions.MIN_EFFORT) {
                return List.of();
            }
            List<Proposal> near = new ArrayList<>();
            if (best.caption().isPresent() && options.caption().isEmpty()) {
                near.addAll(shorter(best, best.caption().get(), SHORTER));
            } else {
                captions.forEach(caption -> near.addAll(shorter(best, caption, FEW_SHORTER)));
            }
            if (!files.isOfWordsAlone()) {
                looks(best, best.quantizerStep().orElseGet(() -> quantizerStep(file)), near);
            }
            return near;
        }

        private void looks(Proposal best, int used, List<Proposal> near) {
            Proposal fixed = best.withQuantizerStep(best.origin(), used);
            for (int away = 1; away <= NEAR[options.effort() - 1]; away++) {
                near.add(fixed.withContrast("more contrast", best.contrast() + CONTRAST / away));
                near.add(fixed.withContrast("less contrast", best.contrast() - CONTRAST / away));
                if (used + away < DescriptorCodec.STEPS) {
                    near.add(best.withQuantizerStep("coarser steps", used + away));
                }
                if (used - away >= 0) {
                    near.add(best.withQuantizerStep("finer steps", used - away));
                }
                near.add(fixed.withSpare("another seed", best.spare() + away));
            }
        }

        /** The quantizer step index of a file with descriptors, their first symbol. */
        private static int quantizerStep(SemFile file) {
            byte[] payload = file.chunk(Chunk.DESCRIPTORS).orElseThrow().payload();
            return new ArithmeticDecoder(payload, Math.max(1, payload[0] & 0xFF), payload.length).decodeUniform(DescriptorCodec.STEPS);
        }
    }
}
