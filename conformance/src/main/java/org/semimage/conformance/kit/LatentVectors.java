// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.kit;

import org.semimage.compute.diffusion.Philox;
import org.semimage.compute.diffusion.Planes;
import org.semimage.container.Chunk;
import org.semimage.container.Leb128;
import org.semimage.latent.LatentBasis;
import org.semimage.latent.LatentCodec;
import org.semimage.latent.PaletteCodec;
import org.semimage.model.Models;

import javax.imageio.IIOException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Vectors of the generative profile as far as no network is needed: latents. */
final class LatentVectors {

    private static final int STRIDE = 8;
    private static final String TRANSFORM = "R-GEN-2";
    private static final String PALETTE = "R-GEN-3";

    private final List<Plan> plans = new ArrayList<>();

    private LatentVectors() {
    }

    static List<Plan> all() throws IIOException {
        LatentVectors vectors = new LatentVectors();
        vectors.transforms();
        vectors.palettes();
        vectors.fields();
        return vectors.plans;
    }

    /** Waves that channels share, under noise. */
    private static Planes latents(int channels, int height, int width, int seed, float size) {
        Planes planes = Philox.normal(seed, 0, channels, height, width);
        for (int c = 0; c < channels; c++) {
            for (int i = 0; i < height * width; i++) {
                int at = c * height * width + i;
                planes.data()[at] = (float) (size * (0.1 * planes.data()[at] + StrictMath.sin((i % width) * 0.2 + seed)
                        * StrictMath.cos((double) i / width * 0.15) * StrictMath.cos(c * 1.3)));
            }
        }
        return planes;
    }

    private static double[][] even(int channels) {
        double[][] unit = new double[channels][channels];
        for (int c = 0; c < channels; c++) {
            unit[c][c] = 1;
        }
        return unit;
    }

    private static byte[] file(int width, int height, int channels, byte[] payload) {
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        header.writeBytes("SEM".getBytes(StandardCharsets.US_ASCII));
        header.write(RawPicture.versionByte(RawPicture.GENERATIVE));
        Leb128.write(header, width - 1);
        Leb128.write(header, height - 1);
        header.writeBytes(new byte[] {RawPicture.RGB, (byte) 255, (byte) channels, STRIDE, 0, 0, 0, 0, 0, 0});
        return RawPicture.of(header.toByteArray()).chunk(Chunk.GENERATIVE, payload).end();
    }

    private void transform(String name, Planes latents, LatentBasis basis, int quality, String about) {
        byte[] payload = RawPicture.join(new byte[1], new LatentCodec(latents, basis).encode(quality));
        plans.add(Plan.free("latents-" + name, file(latents.width() * STRIDE, latents.height() * STRIDE - 3, latents.channels(), payload),
                about, TRANSFORM));
    }

    private void transforms() throws IIOException {
        transform("own", latents(4, 9, 14, 1, 2), LatentBasis.own(4), 70, "The channels themselves, 9 x 14 places.");
        transform("own-1x1", latents(3, 1, 1, 2, 2), LatentBasis.own(3), 60, "One place, and no level.");
        transform("own-1x30", latents(2, 1, 30, 2, 2), LatentBasis.own(2), 60, "A row of places, and no level.");
        transform("own-fine", latents(1, 12, 12, 4, 9000), LatentBasis.own(1), 120, "Magnitudes of many bits.");
        transform("own-coarse", latents(5, 20, 20, 5, 1), LatentBasis.own(5), 20, "Components and bands that are empty.");
        transform("own-levels", latents(2, 64, 70, 6, 3), LatentBasis.own(2), 40, "Four levels of the wavelet.");
        Planes dependent = latents(6, 17, 11, 7, 2);
        transform("axes", dependent, LatentBasis.measured(dependent, even(6)), 80, "Axes of the picture's own.");
        transform("embedded", latents(32, 8, 12, 8, 2), LatentBasis.of(2, Models.latentBasis(2)), 50, "The embedded basis.");
    }

    private void palette(String name, Planes latents, int group, int entries) {
        byte[] payload = RawPicture.join(new byte[] {1}, PaletteCodec.encode(latents, new PaletteCodec.Settings(group, entries, true)));
        plans.add(Plan.free("latents-palette-" + name,
                file(latents.width() * STRIDE, latents.height() * STRIDE, latents.channels(), payload),
                entries + " entries of " + group + " of " + latents.channels() + " channels.", PALETTE));
    }

    private void palettes() {
        palette("all", latents(4, 12, 16, 11, 2), 4, 256);
        palette("groups", latents(5, 9, 13, 12, 2), 2, 30);
        palette("small", latents(3, 7, 5, 13, 2), 1, 5);
        palette("one", latents(2, 4, 4, 14, 2), 2, 1);
        byte[] eight = PaletteCodec.encode(latents(2, 6, 9, 15, 2), new PaletteCodec.Settings(2, 8, true));
        eight[1] = 4;
        int kept = 3 + 2 * 5;
        byte[] five = RawPicture.join(new byte[] {1}, Arrays.copyOf(eight, kept), Arrays.copyOfRange(eight, kept + 2 * 3, eight.length));
        plans.add(Plan.free("latents-palette-beyond", file(9 * STRIDE, 6 * STRIDE, 2, five), "Numbers of entries that there are not.",
                PALETTE));
    }

    private void fields() throws IIOException {
        byte[] coded = new LatentCodec(latents(4, 6, 5, 21, 2), LatentBasis.own(4)).encode(64);
        byte[] text = Models.textCodec().encode("a field");
        byte[] diffusion = RawPicture.hex("14 01 3C 00 20 80 78563412");
        byte[] full = RawPicture.join(new byte[] {8 | 16 | 4}, diffusion, new byte[] {(byte) text.length}, text, coded);
        plans.add(Plan.free("latents-fields", file(5 * STRIDE * 4 - 31, 6 * STRIDE * 4 - 1, 4, full),
                "Latents of a quarter of the size, behind fields of diffusion and a text.", TRANSFORM, "R-GEN-4"));
        plans.add(Plan.refused("latents-bad-cut", file(40, 48, 4, RawPicture.join(new byte[1], Arrays.copyOf(coded, coded.length - 2))),
                "Latents that lack a word.", "R-GEN-5"));
        plans.add(Plan.refused("latents-bad-long", file(40, 48, 4, RawPicture.join(new byte[1], coded, new byte[2])),
                "Latents with a word left.", "R-GEN-5"));
    }
}
