// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.bench;

import org.semimage.compute.diffusion.AutoEncoder;
import org.semimage.compute.diffusion.Planes;
import org.semimage.container.Chunk;
import org.semimage.container.ModelRef;
import org.semimage.container.PixelFormat;
import org.semimage.container.ProfileId;
import org.semimage.container.SemFile;
import org.semimage.container.SemHeader;
import org.semimage.container.SemSerializer;
import org.semimage.latent.LatentBasis;
import org.semimage.latent.LatentCodec;
import org.semimage.latent.PaletteCodec;
import org.semimage.model.LatentPack;
import org.semimage.model.Models;
import org.semimage.torch.pack.DirectoryPack;

import javax.imageio.ImageIO;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Rate and distortion of the generative profile's two ways to code latents, over a folder of pictures whose sides the autoencoder's stride
 * divides: bytes of whole files and RGB PSNR as the autoencoder decodes them, to a table with a line for each picture and setting. With a
 * folder for pictures, writes those of the first ones there.
 *
 * <p>{@code -Dbench.main=org.semimage.conformance.bench.LatentRates -Dbench="PACK PICTURES TABLE.tsv [SHEETS]"}
 */
public final class LatentRates {

    private static final int[] QUALITIES = {28, 44, 60, 76};
    private static final List<PaletteCodec.Settings> PALETTES = List.of(
            new PaletteCodec.Settings(32, 256, true), new PaletteCodec.Settings(8, 256, true), new PaletteCodec.Settings(4, 256, true),
            new PaletteCodec.Settings(2, 256, true), new PaletteCodec.Settings(8, 256, false), new PaletteCodec.Settings(4, 256, false));
    private static final int SHEETS = 4;

    private LatentRates() {
    }

    /** Lines of: picture, way, setting, bytes, bits per pixel, PSNR, milliseconds to code and to decode latents. */
    public static void main(String[] arguments) throws Exception {
        Arguments.require(3, arguments, "LatentRates PACK PICTURES TABLE.tsv [SHEETS]");
        File[] files = Arguments.pictures(arguments[1]).stream().map(Path::toFile).toArray(File[]::new);
        LatentBasis basis = LatentBasis.of(2, Models.latentBasis(2));
        try (LatentPack pack = DirectoryPack.open(Path.of(arguments[0]));
             PrintWriter out = new PrintWriter(Files.newBufferedWriter(Path.of(arguments[2])), true)) {
            AutoEncoder network = pack.autoEncoder();
            for (int f = 0; f < files.length; f++) {
                Picture picture = Picture.of(files[f], network, pack.ref());
                Path sheets = arguments.length > 3 && f < SHEETS ? Files.createDirectories(Path.of(arguments[3])) : null;
                picture.report(out, "none", "", new byte[0], picture.latents, 0, 0, sheets);
                LatentCodec codec = new LatentCodec(picture.latents, basis);
                for (int qualityIndex : QUALITIES) {
                    long start = System.nanoTime();
                    byte[] coded = codec.encode(qualityIndex);
                    long encoded = System.nanoTime();
                    Planes decoded = LatentCodec.decode(coded, 0, network.channels(), picture.latents.height(),
                            picture.latents.width(), n -> basis);
                    picture.report(out, "transform", String.valueOf(qualityIndex), coded, decoded, encoded - start,
                            System.nanoTime() - encoded, sheets);
                }
                for (PaletteCodec.Settings settings : PALETTES) {
                    long start = System.nanoTime();
                    byte[] coded = PaletteCodec.encode(picture.latents, settings);
                    long encoded = System.nanoTime();
                    Planes decoded = PaletteCodec.decode(coded, 0, network.channels(), picture.latents.height(), picture.latents.width());
                    picture.report(out, settings.dither() ? "palette, dithered" : "palette", settings.entries() + "x" + settings.group(),
                            coded, decoded, encoded - start, System.nanoTime() - encoded, sheets);
                }
            }
        }
    }

    private record Picture(String name, BufferedImage image, AutoEncoder network, ModelRef ref, Planes latents) {

        static Picture of(File file, AutoEncoder network, ModelRef ref) throws Exception {
            BufferedImage image = ImageIO.read(file);
            int area = image.getWidth() * image.getHeight();
            Planes rgb = Planes.of(3, image.getHeight(), image.getWidth());
            for (int i = 0; i < area; i++) {
                int sample = image.getRGB(i % image.getWidth(), i / image.getWidth());
                for (int c = 0; c < 3; c++) {
                    rgb.data()[c * area + i] = (sample >> 16 - 8 * c & 0xFF) / 255f;
                }
            }
            return new Picture(file.getName().replace(".png", ""), image, network, ref, network.encode(rgb));
        }

        void report(PrintWriter out, String way, String setting, byte[] coded, Planes decoded, long encodeNanos, long decodeNanos,
                Path sheets) throws Exception {
            Planes rgb = network.decode(decoded);
            int area = image.getWidth() * image.getHeight();
            BufferedImage shown = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
            double squares = 0;
            for (int i = 0; i < area; i++) {
                int sample = image.getRGB(i % image.getWidth(), i / image.getWidth());
                int packed = 0;
                for (int c = 0; c < 3; c++) {
                    int value = Math.max(0, Math.min(255, Math.round(rgb.data()[c * area + i] * 255)));
                    int error = value - (sample >> 16 - 8 * c & 0xFF);
                    squares += error * error;
                    packed = packed << 8 | value;
                }
                shown.setRGB(i % image.getWidth(), i / image.getWidth(), packed);
            }
            SemHeader header = new SemHeader(ProfileId.GENERATIVE, image.getWidth(), image.getHeight(), PixelFormat.RGB, ref);
            long bytes = SemSerializer.size(SemFile.of(header, List.of(new Chunk(Chunk.GENERATIVE, new byte[1 + coded.length]))));
            out.printf(Locale.ROOT, "%s\t%s\t%s\t%d\t%.5f\t%.4f\t%.1f\t%.1f%n", name, way, setting, bytes, 8.0 * bytes / area,
                    10 * Math.log10(255.0 * 255 * 3 * area / squares), encodeNanos / 1e6, decodeNanos / 1e6);
            if (sheets != null) {
                ImageIO.write(shown, "png", sheets.resolve(name + "-" + way.replace(", ", "-") + "-" + setting + ".png").toFile());
            }
        }
    }
}
