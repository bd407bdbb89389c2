// SPDX-License-Identifier: Apache-2.0
package org.semimage.latent;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.semimage.compute.diffusion.Philox;
import org.semimage.compute.diffusion.Planes;

import javax.imageio.IIOException;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Latents there and back, and whatever else a payload may hold. */
class LatentCodingTest {

    private static final LatentCodec.Bases NO_BASES = number -> {
        throw new IIOException("no basis " + number);
    };

    /** Smooth planes that depend on one another, with some noise: something like latents. */
    private static Planes latents(int channels, int height, int width, int seed) {
        Planes noise = Philox.normal(seed, 0, channels, height, width);
        for (int c = 0; c < channels; c++) {
            for (int i = 0; i < height * width; i++) {
                noise.data()[c * height * width + i] = (float) (0.1 * noise.data()[c * height * width + i]
                        + Math.sin((i % width) * 0.2 + seed) * Math.cos(i / width * 0.15) * Math.cos(c * 1.3) * 2);
            }
        }
        return noise;
    }

    private static double error(Planes a, Planes b) {
        double sum = 0;
        for (int i = 0; i < a.data().length; i++) {
            sum += Math.pow(a.data()[i] - b.data()[i], 2);
        }
        return Math.sqrt(sum / a.data().length);
    }

    private static double[][] unit(int channels) {
        double[][] unit = new double[channels][channels];
        for (int c = 0; c < channels; c++) {
            unit[c][c] = 1;
        }
        return unit;
    }

    private static LatentBasis measured(Planes latents) {
        return LatentBasis.measured(latents, unit(latents.channels()));
    }

    @Property(tries = 60)
    void latentsOfAnyShapeComeBackWithinTheStep(@ForAll @IntRange(min = 1, max = 40) int channels,
                                                @ForAll @IntRange(min = 1, max = 37) int height,
                                                @ForAll @IntRange(min = 1, max = 37) int width,
                                                @ForAll @IntRange(min = 0, max = 160) int qualityIndex,
                                                @ForAll boolean own) throws IIOException {
        Planes latents = latents(channels, height, width, channels + height);
        byte[] coded = new LatentCodec(latents, own ? LatentBasis.own(channels) : measured(latents)).encode(qualityIndex);
        Planes decoded = LatentCodec.decode(coded, 0, channels, height, width, NO_BASES);
        assertTrue(error(latents, decoded) <= 0.9 * LatentCodec.step(qualityIndex) + 0.02 * own(own), "error " + error(latents, decoded));
    }

    private static double own(boolean own) {
        return own ? 0 : 1;
    }

    @Test
    void finerStepsTakeMoreBytesAndLeaveSmallerErrors() throws IIOException {
        Planes latents = latents(8, 32, 48, 1);
        LatentCodec codec = new LatentCodec(latents, measured(latents));
        int bytes = 0;
        double error = Double.MAX_VALUE;
        for (int qualityIndex = 30; qualityIndex <= 110; qualityIndex += 20) {
            byte[] coded = codec.encode(qualityIndex);
            double left = error(latents, LatentCodec.decode(coded, 0, 8, 32, 48, NO_BASES));
            assertTrue(coded.length > bytes && left < error, coded.length + " bytes, error " + left);
            bytes = coded.length;
            error = left;
        }
    }

    @Property(tries = 100)
    void axesAreReadAsTheyAreWritten(@ForAll @IntRange(min = 1, max = 12) int channels, @ForAll @IntRange(min = 0, max = 1000) int seed)
            throws IIOException {
        LatentBasis basis = measured(latents(channels, 9, 11, seed));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        basis.write(out);
        LatentBasis read = LatentBasis.read(out.toByteArray(), 0, basis.number(), channels);
        assertEquals(LatentBasis.bytes(basis.number(), channels), out.size());
        for (int c = 0; c < channels; c++) {
            assertArrayEquals(basis.synthesis()[c], read.synthesis()[c]);
        }
    }

    @Test
    void axesOfThePictureItselfSaveBytesWhereChannelsDependOnOneAnother() {
        Planes latents = latents(8, 32, 48, 1);
        assertTrue(new LatentCodec(latents, measured(latents)).encode(60).length < 0.8
                * new LatentCodec(latents, LatentBasis.own(8)).encode(60).length);
    }

    /** What the decoder gives is the integers' doing: these bytes are the format's, and change only with its version. */
    @Test
    void theBytesOfALatentAreTheFormats() throws IIOException {
        Planes latents = Planes.of(1, 8, 8);
        for (int i = 0; i < 64; i++) {
            latents.data()[i] = i % 8 - i / 8;
        }
        byte[] coded = new LatentCodec(latents, LatentBasis.own(1)).encode(64);
        assertEquals("4000b100ab297c00f7b151503902814e611edf77", HexFormat.of().formatHex(coded));
        assertTrue(error(latents, LatentCodec.decode(coded, 0, 1, 8, 8, NO_BASES)) < 0.3);
    }

    @Test
    void valuesAreWhatLatentsAreMultiplesOf() throws IIOException {
        Planes latents = latents(3, 2, 3, 9); // too small for a level of the wavelet, so that values are the channels'
        byte[] coded = new LatentCodec(latents, LatentBasis.own(3)).encode(70);
        int[] heard = new int[1];
        int[][] values = LatentCodec.values(coded, 0, 3, 2, 3, NO_BASES, decisions -> (chance, outcome) -> {
            heard[0]++;
            return decisions.decide(chance, outcome);
        });
        float[] decoded = LatentCodec.decode(coded, 0, 3, 2, 3, NO_BASES).data();
        for (int i = 0; i < decoded.length; i++) {
            assertEquals(decoded[i], values[i / 6][i % 6] * LatentCodec.step(70));
        }
        assertTrue(heard[0] > decoded.length);
    }

    @Test
    void whatIsNotFiniteIsRefused() {
        Planes latents = Planes.of(2, 8, 8);
        latents.data()[5] = Float.NaN;
        assertThrows(IllegalArgumentException.class, () -> new LatentCodec(latents, LatentBasis.own(2)));
        assertThrows(IllegalArgumentException.class, () -> PaletteCodec.encode(latents, new PaletteCodec.Settings(2, 16, true)));
    }

    @Property(tries = 300)
    void anyBytesDecodeOrAreRefused(@ForAll long seed, @ForAll @IntRange(max = 400) int length,
            @ForAll @IntRange(min = 1, max = 9) int channels) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        if (length > 1 && seed % 2 == 0) {
            bytes[1] = (byte) (seed & 1);
        }
        tolerate(() -> LatentCodec.decode(bytes, 0, channels, 9, 14, NO_BASES));
        tolerate(() -> PaletteCodec.decode(bytes, 0, channels, 9, 14));
    }

    @Property(tries = 200)
    void damagedLatentsDecodeOrAreRefused(@ForAll long seed, @ForAll boolean palette) {
        Planes latents = latents(5, 20, 12, 3);
        byte[] bytes = palette ? PaletteCodec.encode(latents, new PaletteCodec.Settings(2, 30, false))
                : new LatentCodec(latents, measured(latents)).encode(90);
        Random random = new Random(seed);
        byte[] damaged = Arrays.copyOf(bytes, random.nextInt(4) == 0 ? random.nextInt(bytes.length) : bytes.length);
        for (int i = 0; i < 3 && damaged.length > 0; i++) {
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
        }
        tolerate(() -> palette ? PaletteCodec.decode(damaged, 0, 5, 20, 12) : LatentCodec.decode(damaged, 0, 5, 20, 12, NO_BASES));
    }

    private interface Decoding {
        Planes run() throws IIOException;
    }

    private static void tolerate(Decoding decoding) {
        try {
            decoding.run();
        } catch (IIOException e) {
            assertTrue(e.getMessage().contains("chunk 'G'") || e.getMessage().contains("basis"), e.getMessage());
        }
    }

    @Test
    void cutAndLongerLatentsAreMalformed() {
        Planes latents = latents(4, 16, 16, 2);
        byte[] coded = new LatentCodec(latents, LatentBasis.own(4)).encode(80);
        assertThrows(IIOException.class, () -> LatentCodec.decode(Arrays.copyOf(coded, coded.length - 2), 0, 4, 16, 16, NO_BASES));
        assertThrows(IIOException.class, () -> LatentCodec.decode(Arrays.copyOf(coded, coded.length + 2), 0, 4, 16, 16, NO_BASES));
        byte[] indexed = PaletteCodec.encode(latents, new PaletteCodec.Settings(4, 64, true));
        assertThrows(IIOException.class, () -> PaletteCodec.decode(Arrays.copyOf(indexed, indexed.length - 2), 0, 4, 16, 16));
        assertThrows(IIOException.class, () -> PaletteCodec.decode(Arrays.copyOf(indexed, indexed.length + 2), 0, 4, 16, 16));
    }

    @Property(tries = 30)
    void palettesOfAnySizeComeBack(@ForAll @IntRange(min = 1, max = 6) int group, @ForAll @IntRange(min = 1, max = 256) int entries,
                                   @ForAll @IntRange(min = 1, max = 20) int height, @ForAll boolean dither) throws IIOException {
        Planes latents = latents(5, height, 13, 4);
        byte[] coded = PaletteCodec.encode(latents, new PaletteCodec.Settings(group, entries, dither));
        Planes decoded = PaletteCodec.decode(coded, 0, 5, height, 13);
        if (entries == 256 && group == 1) {
            assertTrue(error(latents, decoded) < 0.2);
        }
    }

    @Test
    void ditheringTradesErrorsOfPlacesForThoseOfAreas() throws IIOException {
        Planes ramp = Planes.of(1, 32, 32);
        for (int i = 0; i < ramp.data().length; i++) {
            ramp.data()[i] = i % 32 < 2 ? 0 : i % 32 > 29 ? 1 : 0.35f + 0.01f * (i % 32);
        }
        Planes plain = PaletteCodec.decode(PaletteCodec.encode(ramp, new PaletteCodec.Settings(1, 3, false)), 0, 1, 32, 32);
        Planes dithered = PaletteCodec.decode(PaletteCodec.encode(ramp, new PaletteCodec.Settings(1, 3, true)), 0, 1, 32, 32);
        assertTrue(error(ramp, dithered) > error(ramp, plain));
    }

    @Property(tries = 40)
    void theWaveletIsItsInversesInverse(@ForAll @IntRange(min = 1, max = 50) int height, @ForAll @IntRange(min = 1, max = 50) int width) {
        float[] plane = Philox.normal(1, 0, 1, height, width).data();
        float[] copy = plane.clone();
        int levels = SymbolModel.levels(height, width);
        SpatialWavelet.analyse(copy, height, width, levels);
        SpatialWavelet.synthesise(copy, height, width, levels);
        assertArrayEquals(plane, copy, 1e-4f);
    }
}
