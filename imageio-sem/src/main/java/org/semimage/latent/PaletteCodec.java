// SPDX-License-Identifier: Apache-2.0
package org.semimage.latent;

import org.semimage.compute.diffusion.Planes;
import org.semimage.compute.entropy.Decisions;
import org.semimage.compute.entropy.LogisticMixer;
import org.semimage.compute.entropy.RansDecoder;
import org.semimage.compute.entropy.RansEncoder;
import org.semimage.container.Chunk;

import javax.imageio.IIOException;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Comparator;
import java.util.function.UnaryOperator;

/**
 * Codes latents by palette (FORMAT.md, "Palette"): a few channels at a time are a vector, each of which is replaced by one of at most 256
 * of the picture's own, found by k-means; Floyd and Steinberg's dithering spreads what that leaves; indices are coded without loss. With
 * one group of four channels and 256 entries this is the scheme of Buehlmann, "Stable Diffusion based image compression", 2022.
 */
public final class PaletteCodec {

    /** The most entries of a palette. */
    static final int MAX_ENTRIES = 256;

    private static final int CODE_UNIT = 127;
    private static final int EIGHTHS = 8;
    private static final int ROUNDS = 12;
    private static final int INPUTS = 4;
    private static final int NODES = 256;
    private static final int PAIRS = 16 * 16;
    private static final int MEMORY = 127;

    private PaletteCodec() {
    }

    /**
     * How to code.
     *
     * @param group   channels of a vector, 1..255; the last group has what is left
     * @param entries of each palette, 1..{@link #MAX_ENTRIES}
     * @param dither  whether to spread errors
     */
    public record Settings(int group, int entries, boolean dither) {

        /**
         * Checks the numbers.
         *
         * @throws IllegalArgumentException if a number is out of range
         */
        public Settings {
            if (group < 1 || group > 255 || entries < 1 || entries > MAX_ENTRIES) {
                throw new IllegalArgumentException(entries + " entries of " + group + " channels");
            }
        }
    }

    /**
     * The coded latents.
     *
     * @throws IllegalArgumentException if a latent is not finite
     */
    public static byte[] encode(Planes latents, Settings settings) {
        if (!Matrices.isFinite(latents.data())) {
            throw new IllegalArgumentException("the autoencoder gave latents that are not finite");
        }
        int area = latents.height() * latents.width();
        int scale = scaleOf(latents.data());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(settings.group);
        out.write(settings.entries - 1);
        out.write(scale);
        RansEncoder rans = new RansEncoder(1);
        for (int first = 0; first < latents.channels(); first += settings.group) {
            int channels = Math.min(settings.group, latents.channels() - first);
            float[][] vectors = vectors(latents, first, channels, area);
            byte[][] palette = palette(vectors, Math.min(settings.entries, area), scale);
            for (int i = 0; i < settings.entries; i++) {
                out.writeBytes(palette[Math.min(i, palette.length - 1)]);
            }
            int[] indices = indices(vectors, palette, scale, latents.width(), settings.dither);
            new Indices(latents.width(), settings.entries).code(indices, Decisions.to(rans));
        }
        out.writeBytes(rans.finish());
        return out.toByteArray();
    }

    /**
     * Decodes latents.
     *
     * @param payload any bytes
     * @param from    where the latents begin in them; they go to the end
     * @throws IIOException if the bytes are malformed
     */
    public static Planes decode(byte[] payload, int from, int channels, int height, int width) throws IIOException {
        return decode(payload, from, channels, height, width, UnaryOperator.identity());
    }

    /**
     * The same, with somebody who listens.
     *
     * @param tap may put itself between the latents and their decisions
     * @throws IIOException if the bytes are malformed
     */
    public static Planes decode(byte[] payload, int from, int channels, int height, int width, UnaryOperator<Decisions> tap)
            throws IIOException {
        if (payload.length - from < 3 || payload[from] == 0) {
            throw Chunk.malformed(Chunk.GENERATIVE, from, "expected a group of at least one channel, a number of entries and a scale");
        }
        int group = payload[from] & 0xFF;
        int entries = (payload[from + 1] & 0xFF) + 1;
        int scale = payload[from + 2];
        int palettes = from + 3;
        long streams = palettes + (long) entries * channels;
        if (streams > payload.length) {
            throw Chunk.malformed(Chunk.GENERATIVE, palettes, "expected palettes of " + (streams - palettes) + " bytes, found "
                    + (payload.length - palettes));
        }
        RansDecoder rans = new RansDecoder(payload, (int) streams, payload.length, 1);
        Decisions decisions = tap.apply(Decisions.from(rans));
        Planes latents = Planes.of(channels, height, width);
        int area = height * width;
        int[] indices = new int[area];
        int palette = palettes;
        for (int first = 0; first < channels; first += group) {
            int size = Math.min(group, channels - first);
            new Indices(width, entries).code(indices, decisions);
            for (int c = 0; c < size; c++) {
                for (int i = 0; i < area; i++) {
                    latents.data()[(first + c) * area + i] = value(payload[palette + Math.min(indices[i], entries - 1) * size + c], scale);
                }
            }
            palette += entries * size;
        }
        LatentCodec.requireEnd(rans, payload);
        return latents;
    }

    /** The indices of one palette as decisions: the bits of each, the highest first, under its neighbours. */
    private static final class Indices {

        private final int width;
        private final int bits;
        private final LogisticMixer mixer;

        Indices(int width, int entries) {
            this.width = width;
            bits = Integer.SIZE - Integer.numberOfLeadingZeros(entries - 1);
            mixer = new LogisticMixer(INPUTS, NODES * (1 + 2 * MAX_ENTRIES + PAIRS), 1, MEMORY, SymbolModel.RATE);
        }

        void code(int[] indices, Decisions decisions) {
            for (int i = 0; i < indices.length; i++) {
                int above = i < width ? 0 : indices[i - width];
                int left = i % width == 0 ? above : indices[i - 1];
                int pair = (left >> Math.max(0, bits - 4)) << 4 | above >> Math.max(0, bits - 4);
                int node = 1;
                for (int bit = bits - 1; bit >= 0; bit--) {
                    mixer.select(0, node);
                    mixer.select(1, NODES * (1 + left) + node);
                    mixer.select(2, NODES * (1 + MAX_ENTRIES + above) + node);
                    mixer.select(3, NODES * (1 + 2 * MAX_ENTRIES + pair) + node);
                    int outcome = decisions.decide(mixer.mix(0), indices[i] >> bit & 1);
                    mixer.learn(outcome);
                    node = node << 1 | outcome;
                }
                indices[i] = node - (1 << bits);
            }
        }
    }

    private static float[][] vectors(Planes latents, int first, int channels, int area) {
        float[][] vectors = new float[area][channels];
        for (int c = 0; c < channels; c++) {
            for (int i = 0; i < area; i++) {
                vectors[i][c] = latents.data()[(first + c) * area + i];
            }
        }
        return vectors;
    }

    /** The scale of palettes' numbers, in eighths of an octave, such that 127 is the largest magnitude. */
    private static int scaleOf(float[] latents) {
        float largest = 0;
        for (float value : latents) {
            largest = Math.max(largest, Math.abs(value));
        }
        return (int) Math.max(Byte.MIN_VALUE,
                Math.min(Byte.MAX_VALUE, Math.ceil(EIGHTHS * Math.log(Math.max(largest, 1e-6)) / Math.log(2))));
    }

    private static float value(int number, int scale) {
        return (float) (number * Math.pow(2, scale / (double) EIGHTHS) / CODE_UNIT);
    }

    /**
     * k-means (Lloyd, 1982) from vectors picked along the axis of the largest channel, rounded to bytes and sorted along that axis, so
     * that near indices are near vectors.
     */
    private static byte[][] palette(float[][] vectors, int entries, int scale) {
        int axis = axis(vectors);
        float[][] sorted = vectors.clone();
        Arrays.sort(sorted, Comparator.comparingDouble(v -> v[axis]));
        float[][] centres = new float[entries][];
        for (int k = 0; k < entries; k++) {
            centres[k] = sorted[(int) ((k + 0.5) * sorted.length / entries)].clone();
        }
        for (int round = 0; round < ROUNDS; round++) {
            float[][] sums = new float[entries][vectors[0].length];
            int[] counts = new int[entries];
            for (float[] vector : vectors) {
                int k = nearest(centres, vector);
                counts[k]++;
                for (int c = 0; c < vector.length; c++) {
                    sums[k][c] += vector[c];
                }
            }
            for (int k = 0; k < entries; k++) {
                for (int c = 0; counts[k] > 0 && c < sums[k].length; c++) {
                    centres[k][c] = sums[k][c] / counts[k];
                }
            }
        }
        Arrays.sort(centres, Comparator.comparingDouble(v -> v[axis]));
        byte[][] palette = new byte[entries][vectors[0].length];
        for (int k = 0; k < entries; k++) {
            for (int c = 0; c < palette[k].length; c++) {
                palette[k][c] = (byte) Math.max(-CODE_UNIT, Math.min(CODE_UNIT, Math.round(centres[k][c] / value(1, scale))));
            }
        }
        return palette;
    }

    private static int axis(float[][] vectors) {
        int widest = 0;
        double most = -1;
        for (int c = 0; c < vectors[0].length; c++) {
            double sum = 0;
            double squares = 0;
            for (float[] vector : vectors) {
                sum += vector[c];
                squares += vector[c] * vector[c];
            }
            double variance = squares / vectors.length - sum / vectors.length * (sum / vectors.length);
            if (variance > most) {
                most = variance;
                widest = c;
            }
        }
        return widest;
    }

    private static int nearest(float[][] centres, float[] vector) {
        int best = 0;
        float least = Float.MAX_VALUE;
        for (int k = 0; k < centres.length; k++) {
            float distance = 0;
            for (int c = 0; c < vector.length && distance < least; c++) {
                float difference = vector[c] - centres[k][c];
                distance += difference * difference;
            }
            if (distance < least) {
                least = distance;
                best = k;
            }
        }
        return best;
    }

    /**
     * Floyd and Steinberg, "An adaptive algorithm for spatial greyscale", 1976: what an entry misses goes to the four neighbours to come.
     */
    private static int[] indices(float[][] vectors, byte[][] palette, int scale, int width, boolean dither) {
        int channels = vectors[0].length;
        float[][] centres = new float[palette.length][channels];
        for (int k = 0; k < palette.length; k++) {
            for (int c = 0; c < channels; c++) {
                centres[k][c] = value(palette[k][c], scale);
            }
        }
        float[][] wanted = new float[vectors.length][];
        for (int i = 0; i < wanted.length; i++) {
            wanted[i] = vectors[i].clone();
        }
        int[] indices = new int[vectors.length];
        for (int i = 0; i < indices.length; i++) {
            indices[i] = nearest(centres, wanted[i]);
            int x = i % width;
            for (int c = 0; dither && c < channels; c++) {
                float error = wanted[i][c] - centres[indices[i]][c];
                spread(wanted, x + 1 < width ? i + 1 : -1, c, error * 7 / 16);
                spread(wanted, x > 0 ? i + width - 1 : -1, c, error * 3 / 16);
                spread(wanted, i + width, c, error * 5 / 16);
                spread(wanted, x + 1 < width ? i + width + 1 : -1, c, error / 16);
            }
        }
        return indices;
    }

    private static void spread(float[][] wanted, int at, int channel, float error) {
        if (at >= 0 && at < wanted.length) {
            wanted[at][channel] += error;
        }
    }
}
