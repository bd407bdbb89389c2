// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.fuzz;

import org.semimage.container.Chunk;
import org.semimage.metadata.Ancillary;

import javax.imageio.IIOException;
import java.io.IOException;
import java.util.List;

/**
 * A part of the format that is fed with a fuzzer's bytes. It may refuse them by an {@link IIOException} that says why, and do nothing else
 * that is not a result; what a target promises beyond that its class says.
 */
public enum FuzzTarget {

    /** Every question that ImageIO's callers put to a reader. */
    READER(FileTargets::reader, files -> files),
    /** Header, chunks, micro form, sequences. */
    CONTAINER(FileTargets::container, files -> files),
    /** The symbols of rANS streams, in Java and in C++. */
    SYMBOLS(EntropyTargets::symbols, files -> Seeds.payloads(files, Chunk.TRANSFORM, 0, 4, 1, 40, 1, 3, 127)),
    /** Arithmetic coding under any frequencies. */
    ARITHMETIC(EntropyTargets::arithmetic, files -> Seeds.payloads(files, Chunk.DESCRIPTORS, 5, 9, 3, 200)),
    /** Binary decisions in contexts that adapt, and mixed ones. */
    BINARY(EntropyTargets::binary, files -> Seeds.payloads(files, Chunk.ALPHA, 7, 30)),
    /** Levels and refinements of the prior with an embedded pack's weights, in Java and in C++. */
    PRIOR(PriorTarget::feed, files -> Seeds.payloads(files, Chunk.TRANSFORM, 0, 40, 2)),
    /** Captions: bytes that are texts, and texts that become bytes. */
    TEXT(SemanticTargets::text, files -> Seeds.payloads(files, Chunk.CAPTION, 0)),
    /** Descriptors, and the plain picture that is drawn of them. */
    DESCRIPTORS(SemanticTargets::descriptors, files -> Seeds.payloads(files, Chunk.DESCRIPTORS, 40, 30, 0)),
    /** Strips of all three kinds, whole and by region. */
    LOSSLESS(PixelTargets::lossless, PixelTargets::losslessSeeds),
    /** Alpha planes. */
    ALPHA(PixelTargets::alpha, files -> Seeds.payloads(files, Chunk.ALPHA, 15, 15)),
    /** The payload of the transform profile up to its streams: layout, tiles, gain maps. */
    GAINS(PixelTargets::gains, files -> Seeds.payloads(files, Chunk.TRANSFORM, 1, 1)),
    /** Ancillary chunks: storage, texts, thumbnails. */
    ANCILLARY(MetadataTargets::ancillary, MetadataTargets::ancillarySeeds),
    /** Headers of thumbnails. */
    THUMBNAIL(MetadataTargets::thumbnail, files -> MetadataTargets.contents(files, Ancillary::thumbnails)),
    /** Exif from the TIFF header on. */
    EXIF(MetadataTargets::exif, files -> MetadataTargets.contents(files, ancillary -> ancillary.exif().stream().toList())),
    /** Names of ICC profiles. */
    ICC(MetadataTargets::icc, files -> MetadataTargets.contents(files, ancillary -> ancillary.icc().stream().toList())),
    /** XMP packets, and extended ones. */
    XMP(MetadataTargets::xmp, MetadataTargets::xmpSeeds),
    /** JSON and safetensors, of which packs consist. */
    TENSORS(PackTargets::tensors, files -> PackTargets.seeds());

    /** Takes an input. */
    @FunctionalInterface
    interface Feed {
        void with(FuzzInput in) throws IOException;
    }

    /** Makes first inputs of the conformance vectors' files. */
    @FunctionalInterface
    interface SeedMaker {
        List<byte[]> of(List<byte[]> files) throws IOException;
    }

    private final Feed feed;
    private final SeedMaker seeds;

    FuzzTarget(Feed feed, SeedMaker seeds) {
        this.feed = feed;
        this.seeds = seeds;
    }

    /**
     * Feeds an input.
     *
     * @param input any bytes
     * @throws IOException      never for what is wrong with the bytes
     * @throws RuntimeException if something is not as promised
     */
    public void feed(byte[] input) throws IOException {
        try {
            feed.with(new FuzzInput(input));
        } catch (IIOException refused) {
            checkRefusal(refused);
        }
    }

    /** A refusal says why. */
    static void checkRefusal(Exception refused) {
        if (refused.getMessage() == null || refused.getMessage().isBlank()) {
            throw new Found("a refusal that does not say why", refused);
        }
    }

    /**
     * First inputs.
     *
     * @param files those of the conformance vectors
     */
    public List<byte[]> seeds(List<byte[]> files) throws IOException {
        return seeds.of(files);
    }
}
