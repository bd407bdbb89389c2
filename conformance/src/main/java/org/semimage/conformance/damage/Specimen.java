// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.damage;

import org.semimage.compute.diffusion.Philox;
import org.semimage.compute.diffusion.Planes;
import org.semimage.container.SemFile;
import org.semimage.container.SemParser;
import org.semimage.container.SemSerializer;
import org.semimage.imageio.SemImageReaderSpi;
import org.semimage.latent.LatentBasis;
import org.semimage.latent.LatentCodec;
import org.semimage.latent.PaletteCodec;

import javax.imageio.IIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A sound file to be damaged, and how it is read.
 *
 * @param name    of what it shows
 * @param bytes   the file, or latents alone
 * @param file    parsed; empty for latents
 * @param reading reads such bytes
 */
record Specimen(String name, byte[] bytes, Optional<SemFile> file, Reading reading) {

    /** The tag of a chunk in the vector with one of each. */
    private static final char UNKNOWN = 'z';

    private static final int CHANNELS = 4;
    private static final int LATENT_SIDE = 16;
    private static final int LATENT_QUALITY = 64;
    private static final Shown LATENTS = new Shown(false, LATENT_SIDE * LATENT_SIDE);

    /** Vectors by what they stand for. */
    private static final List<Map.Entry<String, String>> VECTORS = List.of(
            Map.entry("transform", "transform-psnr-rgb"),
            Map.entry("transform, alpha and gains", "transform-perceptual-rgb-alpha"),
            Map.entry("transform, gains of all blocks", "handmade-gains-wide-16"),
            Map.entry("transform, region of interest", "transform-interest-96"),
            Map.entry("transform, progressive", "transform-layers-psnr-60"),
            Map.entry("transform, tiled", "transform-tiles"),
            Map.entry("transform, tiled and progressive", "transform-tiles-layers"),
            Map.entry("transform, thin", "transform-thin-300x20"),
            Map.entry("lossless, banded", "lossless-banded-rgb"),
            Map.entry("lossless, repeated", "lossless-repeated-rgb"),
            Map.entry("lossless, blended", "lossless-blended-rgb"),
            Map.entry("lossless, strips of three kinds", "lossless-strips"),
            Map.entry("lossless, 16 bits", "lossless-banded-rgb-16"),
            Map.entry("caption", "caption-words"),
            Map.entry("descriptor", "descriptor-300"),
            Map.entry("descriptor with a text", "descriptor-text"),
            Map.entry("with metadata", "ancillary-all"));

    /**
     * What was read.
     *
     * @param warned whether the reader warned
     * @param pixels of the picture
     */
    record Shown(boolean warned, long pixels) {
    }

    /** Reads bytes. */
    interface Reading {

        /**
         * @throws IIOException if the bytes are refused
         * @throws IOException  if reading fails in a way that the bytes are no reason for
         */
        Shown read(byte[] bytes) throws IOException;
    }

    /**
     * One of each kind.
     *
     * @param vectors the folder of the conformance vectors
     * @throws IOException if a vector cannot be read
     */
    static List<Specimen> all(Path vectors) throws IOException {
        List<Specimen> all = new ArrayList<>();
        for (Map.Entry<String, String> vector : VECTORS) {
            SemFile file = known(SemParser.parse(Files.readAllBytes(vectors.resolve(vector.getValue() + ".sem"))));
            all.add(new Specimen(vector.getKey(), SemSerializer.toBytes(file), Optional.of(file), Specimen::readAll));
        }
        Planes latents = Philox.normal(1, 0, CHANNELS, LATENT_SIDE, LATENT_SIDE);
        LatentBasis basis = LatentBasis.measured(latents, unit());
        all.add(new Specimen("latents", new LatentCodec(latents, basis).encode(LATENT_QUALITY), Optional.empty(), bytes -> {
            LatentCodec.decode(bytes, 0, CHANNELS, LATENT_SIDE, LATENT_SIDE, number -> {
                throw new IIOException("there is no basis " + number);
            });
            return LATENTS;
        }));
        all.add(new Specimen("latents by palette", PaletteCodec.encode(latents, new PaletteCodec.Settings(2, 64, true)), Optional.empty(),
                bytes -> {
                    PaletteCodec.decode(bytes, 0, CHANNELS, LATENT_SIDE, LATENT_SIDE);
                    return LATENTS;
                }));
        return all;
    }

    /** Without chunks that nobody knows, of which a reader warns. */
    private static SemFile known(SemFile file) {
        return SemFile.of(file.header(), file.chunks().stream().filter(chunk -> chunk.tag() != UNKNOWN).toList());
    }

    private static double[][] unit() {
        double[][] unit = new double[CHANNELS][CHANNELS];
        for (int c = 0; c < CHANNELS; c++) {
            unit[c][c] = 1;
        }
        return unit;
    }

    /** Everything that there is to be had of a file: picture, thumbnails and metadata. */
    private static Shown readAll(byte[] bytes) throws IOException {
        ImageReader reader = new SemImageReaderSpi().createReaderInstance(null);
        boolean[] warned = new boolean[1];
        reader.addIIOReadWarningListener((source, warning) -> warned[0] = true);
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
            reader.setInput(in);
            IIOImage all = reader.readAll(0, null);
            all.getMetadata().getAsTree("javax_imageio_1.0");
            return new Shown(warned[0], (long) all.getRenderedImage().getWidth() * all.getRenderedImage().getHeight());
        } finally {
            reader.dispose();
        }
    }
}
