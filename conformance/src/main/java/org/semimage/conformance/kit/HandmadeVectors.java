// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.kit;

import org.semimage.compute.wavelet.Pyramid;
import org.semimage.container.Chunk;
import org.semimage.container.PixelFormat;
import org.semimage.model.Models;
import org.semimage.picture.PixelPlanes;

import javax.imageio.IIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Vectors of the transform profile that no encoder makes: lanes, gains and symbols at their limits, noise for streams, broken fields. */
final class HandmadeVectors {

    private static final int SIDE = 64;
    private static final int MAX_LOG2_LANES = 5;
    private static final int QUALITY = 128;

    private final List<Plan> plans = new ArrayList<>();

    private HandmadeVectors() {
    }

    static List<Plan> all() throws IIOException {
        HandmadeVectors vectors = new HandmadeVectors();
        vectors.lanes();
        vectors.fineColour();
        vectors.extremes();
        vectors.extremesCut();
        vectors.gains();
        vectors.noise();
        vectors.fields();
        return vectors.plans;
    }

    private static byte[] file(int width, int height, int planes, int model, byte[] payload) {
        return RawPicture.of(RawPicture.TRANSFORM, width, height, planes, model).chunk(Chunk.TRANSFORM, payload).end();
    }

    private void lanes() throws IIOException {
        PixelPlanes scene = Sketches.scene(128, 128, PixelFormat.GRAY, 80);
        Pyramid coefficients = Streams.coefficients(Models.TRANSFORM, scene, QUALITY, false);
        for (int log2 = 0; log2 <= MAX_LOG2_LANES; log2++) {
            byte[] stream = Streams.of(Models.TRANSFORM, coefficients, true, QUALITY, 1 << log2);
            plans.add(Plan.near("handmade-lanes-" + (1 << log2), file(128, 128, RawPicture.GRAY, 1,
                    Streams.payload(QUALITY, 0, new byte[0], log2, stream)), (1 << log2) + " lanes.", "R-TRA-7", "R-ENT-1", "R-SYM-1"));
            if (log2 > 2) {
                byte[] cut = Arrays.copyOf(file(128, 128, RawPicture.GRAY, 1, Streams.payload(QUALITY, 0, new byte[0], log2, stream)),
                        stream.length * 2 / 3);
                plans.add(Plan.near("handmade-lanes-cut-" + (1 << log2), cut, (1 << log2) + " lanes, cut off.", "R-TRA-7",
                        "R-TRA-11").warns());
            }
        }
    }

    private void fineColour() throws IIOException {
        PixelPlanes scene = Sketches.noise(SIDE, SIDE, PixelFormat.RGB, 81);
        for (int model : new int[] {1, 3}) {
            Pyramid fine = Streams.coefficients(model == 1 ? Models.TRANSFORM : Models.PERCEPTUAL, scene, QUALITY, true);
            byte[] stream = Streams.of(model == 1 ? Models.TRANSFORM : Models.PERCEPTUAL, fine, false, QUALITY, 4);
            plans.add(Plan.near("handmade-fine-" + model, file(SIDE, SIDE, RawPicture.RGB, model,
                    Streams.payload(QUALITY, Streams.FINE_COLOUR, new byte[0], 2, stream)), "Fine colour of pack " + model + ".",
                    "R-TRA-17"));
        }
    }

    /** Spikes among zeros, of sizes that take every branch of a symbol. */
    private void extremes() throws IIOException {
        for (int size : new int[] {30, 700, 9000, 60_000, 300_000}) {
            Pyramid spikes = Pyramid.zero(SIDE, SIDE, Pyramid.LEVELS, 1, true);
            Random random = new Random(size);
            for (int level = 0; level <= Pyramid.LEVELS; level++) {
                for (float[] band : spikes.bands(level)) {
                    for (int i = 0; i < band.length; i += 1 + random.nextInt(level == 0 ? 1 : 40)) {
                        band[i] = (random.nextFloat() * 2 - 1) * size;
                    }
                }
            }
            byte[] stream = Streams.of(Models.TRANSFORM, spikes, false, 255, 8);
            plans.add(Plan.near("handmade-spikes-" + size, file(SIDE, SIDE, RawPicture.RGB, 1,
                    Streams.payload(255, Streams.FINE_COLOUR, new byte[0], 3, stream)), "Coefficients of up to " + size
                    + " steps among zeros.",
                    "R-SYM-2", "R-SYM-3", "R-PRI-1", "R-TRA-17"));
            byte[] smooth = Streams.of(Models.TRANSFORM, dense(size), true, 255, 2);
            plans.add(Plan.near("handmade-dense-" + size, file(SIDE, SIDE, RawPicture.GRAY, 1,
                    Streams.payload(255, 0, new byte[0], 1, smooth)), "Coefficients of up to " + size + " steps everywhere.",
                    "R-SYM-2", "R-SYM-3", "R-PRI-1"));
        }
    }

    /** Streams that end in entries, in low bits, and in the bits of escapes. */
    private void extremesCut() throws IIOException {
        byte[] stream = Streams.of(Models.TRANSFORM, dense(700), true, 255, 8);
        for (int part = 1; part <= 12; part++) {
            byte[] cut = Arrays.copyOf(stream, stream.length * part / 13);
            byte[] payload = Streams.payload(255, 0, new byte[0], 3, cut);
            byte[] whole = RawPicture.of(RawPicture.TRANSFORM, SIDE, SIDE, RawPicture.GRAY, 1).chunk(Chunk.TRANSFORM, payload).end();
            plans.add(Plan.near("handmade-dense-cut-" + part, whole, part + " of 13 parts of a stream.", "R-TRA-11", "R-SYM-2", "R-SYM-3")
                    .warns());
        }
    }

    private static Pyramid dense(int size) {
        Pyramid dense = Pyramid.zero(SIDE, SIDE);
        Random random = new Random(size);
        for (int level = 0; level <= Pyramid.LEVELS; level++) {
            for (int band = 0; band < (level == 0 ? 1 : 3); band++) {
                float[] values = dense.bands(level)[band];
                for (int i = 0; i < values.length; i++) {
                    values[i] = (random.nextFloat() * 2 - 1) * size;
                }
            }
        }
        return dense;
    }

    private void gains() throws IIOException {
        PixelPlanes scene = Sketches.scene(128, 128, PixelFormat.GRAY, 82);
        byte[] stream = Streams.of(Models.TRANSFORM, Streams.coefficients(Models.TRANSFORM, scene, 96, false), true, 96, 4);
        for (int log2Block = 4; log2Block <= 6; log2Block++) {
            int columns = 128 >> log2Block;
            int[] small = new Random(log2Block).ints((long) columns * columns, -3, 4).toArray();
            int[] wide = new Random(log2Block + 9).ints((long) columns * columns, 0, 21).map(g -> g - 2).toArray();
            int[] limits = new int[columns * columns];
            Arrays.setAll(limits, i -> (i + i / columns) % 2 == 0 ? 32 : -8 - i % 3 * 12);
            gains("small-" + (1 << log2Block), log2Block, small, stream, "R-TRA-13", "R-STP-1");
            gains("wide-" + (1 << log2Block), log2Block, wide, stream, "R-TRA-13", "R-STP-1", "R-NET-2");
            gains("limits-" + (1 << log2Block), log2Block, limits, stream, "R-TRA-13", "R-STP-1", "R-NET-2", "R-TRA-15");
        }
        int[] over = new int[16];
        Arrays.setAll(over, i -> new int[] {30, 40, 16, 4}[i % 4]); // which a decoder that stops at 32 takes for 30, 32, 8, -4
        byte[] field = Streams.gains(5, 4, over);
        plans.add(near("gains-clamped", Streams.payload(96, Streams.GAINS, field, 2, stream), "Residuals that lead beyond 32.",
                "R-TRA-15"));
        byte[] shorter = {5, 2, field[2], field[3]};
        plans.add(near("gains-short", Streams.payload(96, Streams.GAINS, shorter, 2, stream), "Gains in two bytes of more.", "R-TRA-16"));
        plans.add(near("gains-none", Streams.payload(96, Streams.GAINS, new byte[] {4, 0}, 2, stream), "Gains in no bytes.", "R-TRA-16"));
        for (int log2Block : new int[] {3, 7}) {
            plans.add(Plan.refused("handmade-bad-gains-" + log2Block, file(128, 128, RawPicture.GRAY, 1,
                    Streams.payload(96, Streams.GAINS, new byte[] {(byte) log2Block, 0}, 2, stream)), "Blocks of 2^" + log2Block + ".",
                    "R-TRA-14"));
        }
    }

    private void gains(String name, int log2Block, int[] gains, byte[] stream, String... requirements) {
        plans.add(near("gains-" + name, Streams.payload(96, Streams.GAINS, Streams.gains(log2Block, 128 >> log2Block, gains), 2, stream),
                "Gains of blocks of " + (1 << log2Block) + ".", requirements));
    }

    private static Plan near(String name, byte[] payload, String about, String... requirements) {
        return Plan.near("handmade-" + name, file(128, 128, RawPicture.GRAY, 1, payload), about, requirements);
    }

    /** Streams of random bytes mean something. */
    private void noise() {
        for (int log2 = 0; log2 <= MAX_LOG2_LANES; log2++) {
            Random random = new Random(90 + log2);
            int layout = (log2 & 1) * Streams.FINE_COLOUR;
            plans.add(Plan.near("handmade-noise-" + (1 << log2), file(SIDE, SIDE, RawPicture.RGB, 1 + log2 % 2 * 2,
                    Streams.payload(40 * log2, layout, new byte[0], log2, bytes(random, 500 + 300 * log2))),
                    "Noise for a stream of " + (1 << log2) + " lanes.", "R-TRA-7", "R-ENT-1", "R-PRI-1", "R-TRA-11").mayWarn());
            int layers = 1 + log2;
            byte[] payload = {(byte) (20 + log2), (byte) (layers << 2 | layout)};
            for (int layer = 0; layer <= layers; layer++) {
                payload = RawPicture.join(payload, Streams.withLength(random.nextInt(6), bytes(random, 60 + random.nextInt(400))));
            }
            plans.add(Plan.near("handmade-noise-layers-" + layers, file(SIDE, SIDE, RawPicture.RGB, 1, payload), "Noise in layers.",
                    "R-REF-1", "R-REF-2", "R-TRA-11").mayWarn());
            byte[] tiled = {(byte) (30 * log2), (byte) (layout | 1 | Streams.GAINS), 0, 0};
            tiled = RawPicture.join(tiled, new byte[] {5, 6}, bytes(random, 6));
            for (int stream = 0; stream < 8; stream++) {
                tiled = RawPicture.join(tiled, Streams.withLength(random.nextInt(6), bytes(random, 60 + random.nextInt(300))));
            }
            plans.add(Plan.near("handmade-noise-tiles-" + log2, file(128, SIDE, RawPicture.RGB, 3, tiled),
                    "Noise in tiles, under gains of noise.",
                    "R-TRA-3", "R-TRA-13", "R-TRA-11").mayWarn());
        }
    }

    private static byte[] bytes(Random random, int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private void bad(String name, byte[] payload, String about, String requirement) {
        plans.add(Plan.refused("handmade-bad-" + name, file(128, SIDE, RawPicture.RGB, 1, payload), about, requirement));
    }

    private void fields() throws IIOException {
        byte[] stream = Streams.of(Models.TRANSFORM, Streams.coefficients(Models.TRANSFORM, Sketches.scene(128, SIDE, PixelFormat.RGB, 83),
                64,
                false), false, 64, 1);
        bad("lanes-6", Streams.payload(64, 0, new byte[0], 6, stream), "64 lanes.", "R-TRA-8");
        bad("lanes-255", Streams.payload(64, 0, new byte[0], 255, stream), "2^255 lanes.", "R-TRA-8");
        bad("layers", RawPicture.join(new byte[] {(byte) 160, 3 << 2}, Streams.withLength(0, stream)), "A layer of quality index 256.",
                "R-TRA-6");
        bad("layers-7", RawPicture.join(new byte[] {32, 7 << 2}, Streams.withLength(0, stream)), "Seven layers behind quality index 32.",
                "R-TRA-6");
        bad("tiles-wide", RawPicture.join(new byte[] {64, 1, 2, 0}, Streams.withLength(0, stream)), "Tiles of 192 columns.", "R-TRA-4");
        bad("tiles-high", RawPicture.join(new byte[] {64, 1, 0, 1}, Streams.withLength(0, stream)), "Tiles of 128 rows.", "R-TRA-4");
        bad("tiles-one", RawPicture.join(new byte[] {64, 1, 1, 0}, Streams.withLength(0, stream)), "One tile.", "R-TRA-4");
        bad("tiles-padded", RawPicture.join(new byte[] {64, 1, (byte) 0x80, 0, 0}, Streams.withLength(0, stream)),
                "A tile width that is not the shortest.", "R-HDR-5");
        byte[] layers = RawPicture.join(new byte[] {64, 1 << 2}, Streams.withLength(0, stream), Streams.withLength(0, new byte[4]));
        bad("stream-third", RawPicture.join(layers, Streams.withLength(0, new byte[4])), "A third stream where there are two layers.",
                "R-TRA-9");
        bad("stream-byte", RawPicture.join(layers, new byte[1]), "A byte behind the last stream.", "R-TRA-9");
        plans.add(Plan.near("handmade-spare", file(128, SIDE, RawPicture.RGB, 1, Streams.payload(64, 0, new byte[0], 0,
                RawPicture.join(stream, new byte[100]))), "A stream with bytes behind its last word.", "R-TRA-10"));
        plans.add(Plan.near("handmade-exact", file(128, SIDE, RawPicture.RGB, 1, Streams.payload(64, 0, new byte[0], 0, stream)),
                "The same without them.", "R-TRA-10"));
    }
}
