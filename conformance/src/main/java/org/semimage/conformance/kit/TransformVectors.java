// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.kit;

import org.semimage.compute.Watcher;
import org.semimage.container.Chunk;
import org.semimage.container.PixelFormat;
import org.semimage.container.SemFile;
import org.semimage.container.SemSerializer;
import org.semimage.model.Models;
import org.semimage.picture.PixelPlanes;
import org.semimage.profile.EncodeOptions;
import org.semimage.profile.Tune;
import org.semimage.profile.transform.TransformProfile;

import javax.imageio.IIOException;
import java.awt.Dimension;
import java.awt.Rectangle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Vectors of the transform profile as the encoder makes them: formats, sizes, tiles, layers, and what is left of them when cut off. */
final class TransformVectors {

    private static final EncodeOptions PSNR = EncodeOptions.ofQuality(0.55f).withTune(Tune.PSNR);
    private static final EncodeOptions PERCEPTUAL = EncodeOptions.ofQuality(0.5f);
    private static final int END = 1;
    private static final int CRC = 4;

    private final List<Plan> plans = new ArrayList<>();

    private TransformVectors() {
    }

    static List<Plan> all() throws IIOException {
        TransformVectors vectors = new TransformVectors();
        vectors.formats();
        vectors.qualities();
        vectors.sizes();
        vectors.tiles();
        vectors.tiledLayersCut();
        vectors.shrunk();
        vectors.interest();
        vectors.cuts();
        vectors.layers();
        vectors.chunks();
        return vectors.plans;
    }

    private static SemFile encode(PixelPlanes picture, EncodeOptions options) throws IIOException {
        return new TransformProfile().encode(picture, options, Watcher.NONE);
    }

    private void add(String name, PixelPlanes picture, EncodeOptions options, String about, String... requirements) throws IIOException {
        plans.add(Plan.near("transform-" + name, SemSerializer.toBytes(encode(picture, options)), about, requirements));
    }

    private void formats() throws IIOException {
        for (PixelFormat format : List.of(PixelFormat.GRAY, PixelFormat.GRAY_ALPHA, PixelFormat.RGB, PixelFormat.RGB_ALPHA)) {
            PixelPlanes picture = Sketches.scene(64, 64, format, 11);
            String name = format.name().toLowerCase(Locale.ROOT).replace('_', '-');
            List<String> shown = new ArrayList<>(List.of("R-HDR-11", "R-PIX-1", "R-PIX-2", "R-PRI-1", "R-NET-1", "R-SYM-1"));
            if (format.isGray()) {
                shown.add("R-TRA-18");
            }
            if (format.hasAlpha()) {
                shown.add("R-ALP-2");
            }
            add("psnr-" + name, picture, PSNR, "Pack 1, " + name + ".", shown.toArray(new String[0]));
            add("perceptual-" + name, picture, PERCEPTUAL, "Pack 3, " + name + ".", shown.toArray(new String[0]));
        }
        PixelPlanes opaque = Sketches.scene(64, 64, PixelFormat.RGB_ALPHA, 11);
        Arrays.fill(opaque.alpha(), (short) 0x80);
        add("alpha-constant", opaque, PSNR, "Alpha of 128 throughout.", "R-ALP-1");
        PixelPlanes rough = Sketches.scene(33, 40, PixelFormat.GRAY_ALPHA, 12);
        System.arraycopy(Sketches.noise(33, 40, PixelFormat.GRAY, 4).samples()[0], 0, rough.alpha(), 0, 33 * 20);
        add("alpha-noise", rough, PSNR, "Alpha of noise above a smooth half.", "R-ALP-2");
    }

    private void qualities() throws IIOException {
        PixelPlanes scene = Sketches.scene(64, 64, PixelFormat.RGB, 31);
        for (float quality : new float[] {0, 0.25f, 0.75f, 1}) {
            add("psnr-quality-" + Math.round(100 * quality), scene, EncodeOptions.ofQuality(quality).withTune(Tune.PSNR),
                    "Pack 1 at quality " + quality + ".", "R-PRI-1", "R-NET-1", "R-SYM-2", "R-STP-2");
            add("perceptual-quality-" + Math.round(100 * quality), scene, EncodeOptions.ofQuality(quality),
                    "Pack 3 at quality " + quality + ".", "R-PRI-1", "R-NET-1", "R-TRA-13", "R-STP-1");
        }
        add("stripes", Sketches.stripes(64, 64, PixelFormat.RGB), EncodeOptions.ofQuality(1).withTune(Tune.PSNR),
                "The most contrast, at the highest quality.", "R-PIX-2", "R-SYM-2", "R-SYM-3", "R-TRA-17");
        add("noise", Sketches.noise(64, 64, PixelFormat.RGB, 6), EncodeOptions.ofQuality(0.9f).withTune(Tune.PSNR),
                "Noise in all planes.", "R-PIX-2", "R-SYM-2", "R-TRA-17");
        add("screen", Sketches.screen(96, 64, PixelFormat.RGB, 6), PERCEPTUAL, "A screen.", "R-PIX-2");
    }

    private void sizes() throws IIOException {
        for (int[] size : new int[][] {{1, 1}, {2, 3}, {17, 5}, {63, 65}, {65, 63}, {33, 66}, {66, 33}, {130, 70}}) {
            add(size[0] + "x" + size[1], Sketches.scene(size[0], size[1], PixelFormat.RGB, 3), PSNR,
                    "A picture of " + size[0] + "x" + size[1] + ".", "R-TRA-2");
        }
        add("256x192", Sketches.scene(256, 192, PixelFormat.GRAY, 3), PERCEPTUAL, "A gray picture of 256x192.", "R-TRA-2", "R-TRA-18");
        for (int[] size : new int[][] {{1, 100}, {100, 1}, {1, 65}, {3, 200}, {200, 3}, {32, 65}, {65, 32}, {300, 20}, {7, 131}}) {
            add("thin-" + size[0] + "x" + size[1], Sketches.scene(size[0], size[1], PixelFormat.RGB, 3), PSNR,
                    "A thin picture of " + size[0] + "x" + size[1] + ", folded.", "R-TRA-5");
        }
        add("thin-alpha", Sketches.scene(9, 150, PixelFormat.GRAY_ALPHA, 3), PERCEPTUAL, "A thin picture with alpha, which is not folded.",
                "R-TRA-5", "R-ALP-2");
    }

    private void tiles() throws IIOException {
        PixelPlanes scene = Sketches.scene(150, 100, PixelFormat.RGB, 40);
        add("tiles", scene, PSNR.withTile(new Dimension(64, 64)), "Tiles of 64 x 64: three columns, two rows.", "R-TRA-3");
        add("tiles-uneven", scene, PSNR.withTile(new Dimension(128, 64)), "Tiles of 128 x 64, those of the last column of 64 x 64.",
                "R-TRA-3");
        add("tiles-perceptual", scene, PERCEPTUAL.withTile(new Dimension(64, 128)), "Tiles of 64 x 128 with gains.", "R-TRA-3", "R-TRA-13");
        add("tiles-gray", Sketches.scene(100, 140, PixelFormat.GRAY, 40), PSNR.withTile(new Dimension(128, 64)), "Gray tiles.", "R-TRA-3",
                "R-TRA-18");
        add("tiles-layers", scene, PSNR.withTile(new Dimension(64, 64)).withProgressive(true), "Tiles and layers.", "R-TRA-3", "R-REF-1");
        add("tiles-fine", Sketches.stripes(128, 64, PixelFormat.RGB), EncodeOptions.ofQuality(1).withTune(Tune.PSNR)
                .withTile(new Dimension(64, 64)), "Tiles with fine colour.", "R-TRA-3", "R-TRA-17");
        byte[] tiled = encode(scene, PSNR.withTile(new Dimension(64, 64))).chunk(Chunk.TRANSFORM).orElseThrow().payload();
        for (int quarter = 1; quarter < 4; quarter++) {
            plans.add(Plan.near("transform-tiles-cut-" + quarter, cut(RawPicture.RGB, 150, 100, 1, tiled, tiled.length * quarter / 4),
                    quarter + " quarters of tiles.", "R-TRU-1", "R-TRA-11", "R-TRA-3").warns());
        }
    }

    private void tiledLayersCut() throws IIOException {
        byte[] both = encode(Sketches.scene(128, 64, PixelFormat.RGB, 42), EncodeOptions.ofQuality(0.7f).withProgressive(true)
                .withTile(new Dimension(64, 64))).chunk(Chunk.TRANSFORM).orElseThrow().payload();
        for (int percent : new int[] {12, 30, 55, 80}) {
            plans.add(Plan.near("transform-tiles-layers-cut-" + percent, cut(RawPicture.RGB, 128, 64, 3, both, both.length * percent / 100),
                    percent + " of a hundred parts of tiles in layers.", "R-TRU-1", "R-TRA-3", "R-TRA-12", "R-REF-2").warns());
        }
    }

    private void shrunk() throws IIOException {
        PixelPlanes scene = Sketches.scene(203, 135, PixelFormat.RGB, 43);
        for (int shrink = 1; shrink <= EncodeOptions.MAX_SHRINK; shrink++) {
            add("shrunk-" + shrink, scene, PERCEPTUAL.withShrink(shrink), "A picture that was halved " + shrink + " times.", "R-TRA-1");
            add("shrunk-psnr-" + shrink, scene, PSNR.withShrink(shrink), "The same in pack 1.", "R-TRA-1");
        }
        add("shrunk-gray", Sketches.scene(128, 64, PixelFormat.GRAY, 44), PSNR.withShrink(1), "A shrunk gray picture.", "R-TRA-1",
                "R-TRA-18");
        add("shrunk-alpha", Sketches.scene(65, 40, PixelFormat.RGB_ALPHA, 44), PSNR.withShrink(2), "Alpha is not shrunk.", "R-TRA-1",
                "R-ALP-2");
        add("shrunk-3x2", Sketches.scene(3, 2, PixelFormat.RGB, 44), PSNR.withShrink(3), "A single sample of a picture of 3x2.", "R-TRA-1");
        add("shrunk-stripes", Sketches.stripes(70, 50, PixelFormat.RGB), EncodeOptions.ofQuality(1).withTune(Tune.PSNR).withShrink(1),
                "Contrasts that doubling takes beyond 0 and 255.", "R-TRA-1", "R-PIX-2");
        add("shrunk-thin", Sketches.scene(9, 300, PixelFormat.RGB, 44), PSNR.withShrink(2), "A shrunk picture that is thin, and folded.",
                "R-TRA-1", "R-TRA-5");
        add("shrunk-tiles", Sketches.scene(299, 199, PixelFormat.RGB, 44), PERCEPTUAL.withShrink(1).withTile(new Dimension(64, 64)),
                "A shrunk picture in tiles.", "R-TRA-1", "R-TRA-3");
        byte[] layers = encode(scene, PSNR.withShrink(1).withProgressive(true)).chunk(Chunk.TRANSFORM).orElseThrow().payload();
        plans.add(Plan.near("transform-shrunk-layers", RawPicture.of(RawPicture.TRANSFORM, 203, 135, RawPicture.RGB, 1)
                .chunk(Chunk.TRANSFORM, layers).end(), "A shrunk picture in layers.", "R-TRA-1", "R-REF-1"));
        plans.add(Plan.near("transform-shrunk-layers-cut", cut(RawPicture.RGB, 203, 135, 1, layers, layers.length / 3),
                "A third of a shrunk picture in layers.", "R-TRA-1", "R-TRU-1", "R-TRA-12").warns());
    }

    private void interest() throws IIOException {
        PixelPlanes scene = Sketches.scene(128, 64, PixelFormat.RGB, 41);
        for (int gain : new int[] {32, 96, 128, 255}) {
            List<EncodeOptions.RegionOfInterest> regions = List.of(new EncodeOptions.RegionOfInterest(new Rectangle(30, 10, 40, 30), gain));
            add("interest-" + gain, scene, EncodeOptions.ofQuality(0.3f).withTune(Tune.PSNR).withInterest(regions),
                    "A region of interest with a gain of " + gain + ".", "R-TRA-13", "R-STP-1", "R-NET-2");
            add("interest-perceptual-" + gain, scene, EncodeOptions.ofQuality(0.3f).withInterest(regions),
                    "The same in pack 3.", "R-TRA-13", "R-STP-1", "R-NET-2");
        }
        SemFile guarded = encode(scene, EncodeOptions.ofQuality(0.1f)
                .withInterest(List.of(EncodeOptions.RegionOfInterest.protectedArea(new Rectangle(30, 10, 40, 30)))));
        plans.add(Plan.near("transform-protected", SemSerializer.toBytes(guarded), "A protected region.", "R-ANC-7", "R-TRA-13"));
        byte[] broken = RawPicture.of(RawPicture.TRANSFORM, 128, 64, RawPicture.RGB, 3)
                .chunk(Chunk.PROTECTED, new byte[] {1, 0, (byte) 0x80})
                .chunk(Chunk.TRANSFORM, guarded.chunk(Chunk.TRANSFORM).orElseThrow().payload()).end();
        plans.add(Plan.near("transform-protected-broken", broken, "Protected regions that end within the first.", "R-ANC-7"));
    }

    /** A picture whose payload ends somewhere, and with it the file. */
    private static byte[] cut(int planes, int width, int height, int model, byte[] payload, int length) {
        byte[] whole = RawPicture.of(RawPicture.TRANSFORM, width, height, planes, model).chunk(Chunk.TRANSFORM, payload).bytes();
        return Arrays.copyOf(whole, whole.length - CRC - payload.length + length);
    }

    private void cuts() throws IIOException {
        PixelPlanes scene = Sketches.scene(64, 64, PixelFormat.RGB_ALPHA, 51);
        SemFile file = encode(scene, PSNR);
        byte[] bytes = SemSerializer.toBytes(file);
        int payload = file.chunk(Chunk.TRANSFORM).orElseThrow().payload().length;
        int start = bytes.length - END - CRC - payload;
        for (int left : new int[] {3, 4, 7, 12, 40, payload / 4, payload / 2, payload * 3 / 4, payload - 2}) {
            plans.add(Plan.near("transform-cut-" + left, Arrays.copyOf(bytes, start + left), "The first " + left + " bytes of a payload.",
                    "R-TRU-1", "R-TRA-11", "R-ALP-6").warns());
        }
        for (int missing : new int[] {2, 4}) {
            plans.add(Plan.near("transform-cut-crc-" + missing, Arrays.copyOf(bytes, bytes.length - missing),
                    "A part of the checksum lacks.",
                    "R-TRU-2").warns());
        }
        byte[] unended = Arrays.copyOf(bytes, bytes.length - END);
        plans.add(Plan.near("transform-cut-end", unended, "The end byte lacks.", "R-TRU-3").warns());
        byte[] z = RawPicture.of(Arrays.copyOf(bytes, 8)).chunk('z', new byte[5]).bytes();
        byte[] behind = RawPicture.join(unended, Arrays.copyOfRange(z, 8, z.length));
        plans.add(Plan.near("transform-cut-behind", behind, "The end byte lacks behind an ancillary chunk.", "R-TRU-3").warns());
        plans.add(Plan.refused("transform-bad-cut-behind", Arrays.copyOf(behind, behind.length - 1), "An ancillary chunk behind T is cut.",
                "R-TRU-4"));
        for (int left : new int[] {0, 1}) {
            plans.add(Plan.refused("transform-bad-cut-" + left, Arrays.copyOf(bytes, start + left), left + " bytes of a payload.",
                    "R-TRU-6"));
        }
        for (int before : new int[] {1, 2, 3, 20}) {
            plans.add(Plan.refused("transform-bad-cut-before-" + before, Arrays.copyOf(bytes, start - before),
                    "A picture that ends " + before + " bytes before the payload.", "R-TRU-4"));
        }
        byte[] damaged = bytes.clone();
        damaged[start + payload / 2] ^= 4;
        plans.add(Plan.refused("transform-bad-crc", damaged, "A flipped bit in the payload.", "R-CHK-1"));
    }

    private void layers() throws IIOException {
        PixelPlanes scene = Sketches.scene(64, 64, PixelFormat.RGB, 61);
        for (float quality : new float[] {0.3f, 0.6f, 1}) {
            EncodeOptions options = EncodeOptions.ofQuality(quality).withProgressive(true);
            add("layers-psnr-" + Math.round(100 * quality), scene, options.withTune(Tune.PSNR), "Layers up to quality " + quality + ".",
                    "R-REF-1", "R-STP-2");
            add("layers-perceptual-" + Math.round(100 * quality), scene, options, "Layers of pack 3 up to quality " + quality + ".",
                    "R-REF-1", "R-STP-2");
        }
        add("layers-gray", Sketches.scene(64, 64, PixelFormat.GRAY, 61), PSNR.withProgressive(true), "Gray layers.", "R-REF-1", "R-TRA-18");
        add("layers-fine", Sketches.stripes(64, 64, PixelFormat.RGB),
                EncodeOptions.ofQuality(0.9f).withTune(Tune.PSNR).withProgressive(true),
                "Layers of stripes.", "R-REF-1", "R-TRA-17");
        byte[] payload = encode(scene, EncodeOptions.ofQuality(0.8f).withTune(Tune.PSNR).withProgressive(true))
                .chunk(Chunk.TRANSFORM).orElseThrow().payload();
        for (int percent : new int[] {1, 4, 8, 15, 25, 40, 60, 80, 95}) {
            plans.add(Plan.near("transform-layers-cut-" + percent, cut(RawPicture.RGB, 64, 64, 1, payload, payload.length * percent / 100
                    + 2),
                    percent + " of a hundred parts of layers.", "R-TRU-1", "R-TRA-11", "R-TRA-12", "R-REF-2").warns());
        }
        byte[] busy = encode(Sketches.screen(64, 64, PixelFormat.RGB, 62), EncodeOptions.ofQuality(1).withProgressive(true))
                .chunk(Chunk.TRANSFORM).orElseThrow().payload();
        for (int percent : new int[] {3, 10, 30, 70}) {
            plans.add(Plan.near("transform-layers-perceptual-cut-" + percent, cut(RawPicture.RGB, 64, 64, 3, busy,
                    busy.length * percent / 100 + 20), percent + " of a hundred parts of layers of pack 3.", "R-TRU-1", "R-TRA-12",
                    "R-STP-2", "R-REF-2").warns());
        }
        int at = 2;
        for (int layer = 0; layer < 4; layer++) {
            int length = payload[at + 1] & 0x7F | (payload[at + 1] < 0 ? payload[at + 2] << 7 : 0);
            int head = payload[at + 1] < 0 ? 3 : 2;
            plans.add(Plan.near("transform-layers-head-" + layer, cut(RawPicture.RGB, 64, 64, 1, payload, at + head),
                    "Layer " + layer + " has lanes and length and no more.", "R-TRA-12", "R-REF-2").warns());
            plans.add(Plan.near("transform-layers-lanes-" + layer, cut(RawPicture.RGB, 64, 64, 1, payload, at + 1),
                    "Layer " + layer + " has lanes and no length.", "R-TRA-12", "R-REF-2").warns());
            at += head + length;
        }
    }

    private void chunks() throws IIOException {
        SemFile file = encode(Sketches.scene(64, 40, PixelFormat.RGB_ALPHA, 71), PSNR);
        byte[] alpha = file.chunk(Chunk.ALPHA).orElseThrow().payload();
        byte[] payload = file.chunk(Chunk.TRANSFORM).orElseThrow().payload();
        plans.add(Plan.near("transform-icc", head().chunk(Chunk.ICC, AncillaryVectors.stored(AncillaryVectors.icc())).chunk(Chunk.ALPHA,
                alpha)
                .chunk(Chunk.TRANSFORM, payload).end(), "An ICC profile before alpha.", "R-ANC-3"));
        plans.add(Plan.near("transform-icc-between", head().chunk(Chunk.ALPHA, alpha).chunk('z', alpha)
                .chunk(Chunk.ICC, AncillaryVectors.stored(AncillaryVectors.icc())).chunk(Chunk.TRANSFORM, payload).end(),
                "An ICC profile and an unknown chunk between alpha and payload.", "R-CHK-12", "R-CHK-10").warns());
        plans.add(Plan.refused("transform-bad-order", head().chunk(Chunk.TRANSFORM, payload).chunk(Chunk.ALPHA, alpha).end(),
                "Alpha behind the payload.", "R-CHK-6"));
        plans.add(Plan.refused("transform-bad-alpha-none", head().chunk(Chunk.TRANSFORM, payload).end(), "No alpha.", "R-CHK-7"));
        plans.add(Plan.refused("transform-bad-alpha-twice", head().chunk(Chunk.ALPHA, alpha).chunk(Chunk.ALPHA, alpha)
                .chunk(Chunk.TRANSFORM, payload).end(), "Alpha twice.", "R-CHK-5"));
        plans.add(Plan.refused("transform-bad-lossless", head().chunk(Chunk.ALPHA, alpha).chunk(Chunk.LOSSLESS, payload)
                .chunk(Chunk.TRANSFORM, payload).end(), "A chunk L before T.", "R-CHK-8"));
        alpha("kind", RawPicture.hex("02 00"), payload, "R-ALP-3");
        alpha("empty", new byte[0], payload, "R-ALP-3");
        alpha("constant-long", RawPicture.hex("00 FF 00"), payload, "R-ALP-5");
        alpha("constant-short", RawPicture.hex("00"), payload, "R-ALP-4");
        alpha("short", Arrays.copyOf(alpha, alpha.length - 2), payload, "R-ALP-4");
        alpha("long", RawPicture.join(alpha, new byte[2]), payload, "R-ALP-5");
        plans.add(Plan.refused("transform-bad-alpha-word", head().chunk(Chunk.ALPHA, RawPicture.join(alpha, new byte[1]))
                .chunk(Chunk.TRANSFORM, payload).end(), "Half a word behind alpha.", "R-ALP-5", "R-ENT-2"));
        byte[] one = SemSerializer.toBytes(file);
        plans.add(Plan.near("transform-sequence", RawPicture.join(one, one), "Two pictures, one behind the other.", "R-SEQ-2"));
        PixelPlanes example = PixelPlanes.blank(4, 3, PixelFormat.GRAY_ALPHA);
        for (int i : new int[] {5, 6, 9, 10}) {
            example.alpha()[i] = 0xFF;
        }
        byte[] gray = Streams.payload(96, 0, new byte[0], 0, Streams.of(Models.TRANSFORM,
                Streams.coefficients(Models.TRANSFORM, Sketches.scene(64, 64, PixelFormat.GRAY, 1), 96, false), true, 96, 1));
        plans.add(Plan.near("transform-alpha-example", RawPicture.of(RawPicture.TRANSFORM, 4, 3, RawPicture.ALPHA, 1)
                .chunk(Chunk.ALPHA, RawPicture.hex("01 89 26 C0 07 00 B0")).chunk(Chunk.TRANSFORM, gray).end(),
                "The alpha of section 5's example.",
                "R-ALP-2"));
    }

    private static RawPicture head() {
        return RawPicture.of(RawPicture.TRANSFORM, 64, 40, RawPicture.RGB | RawPicture.ALPHA, 1);
    }

    private void alpha(String name, byte[] alpha, byte[] payload, String requirement) {
        plans.add(Plan.refused("transform-bad-alpha-" + name, head().chunk(Chunk.ALPHA, alpha).chunk(Chunk.TRANSFORM, payload).end(),
                "Alpha that is malformed: " + name + ".", requirement));
    }
}
