// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.kit;

import org.semimage.container.Chunk;
import org.semimage.container.PixelFormat;
import org.semimage.picture.PixelPlanes;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Vectors of header and chunks, around a lossless picture of 4 x 3 samples. */
final class ContainerVectors {

    private static final int WIDTH = 4;
    private static final int HEIGHT = 3;
    private static final int MAX_CHUNKS = 1024;
    private static final PixelPlanes PICTURE = new PixelPlanes(WIDTH, HEIGHT, PixelFormat.GRAY, new short[][] {
            {0x80, 0x80, 0x80, 0x80, 0x80, 0x82, 0x82, 0x80, 0x80, 0x82, 0x82, 0x80}});
    private static final byte[] PAYLOAD = RawPicture.hex(LosslessVectors.REPEATED_EXAMPLE);
    private static final byte[] SOME = "some bytes".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CONSTANT = {0, (byte) 0xFF};

    private final List<Plan> plans = new ArrayList<>();

    private ContainerVectors() {
    }

    static List<Plan> all() {
        ContainerVectors vectors = new ContainerVectors();
        vectors.headers();
        vectors.chunks();
        vectors.malformedChunks();
        vectors.sequences();
        vectors.cuts();
        return vectors.plans;
    }

    private static RawPicture picture() {
        return RawPicture.of(RawPicture.LOSSLESS, WIDTH, HEIGHT, RawPicture.GRAY, 0);
    }

    /** A file with any header before a good payload. */
    private void header(String name, String header, String about, String... requirements) {
        byte[] bytes = RawPicture.hex(header.replace("VL", hex(RawPicture.versionByte(RawPicture.LOSSLESS)))
                .replace("VT", hex(RawPicture.versionByte(RawPicture.TRANSFORM))));
        plans.add(Plan.refused("header-bad-" + name, RawPicture.of(bytes).chunk(Chunk.LOSSLESS, PAYLOAD).end(), about, requirements));
    }

    private static String hex(int value) {
        return Integer.toHexString(value).toUpperCase(Locale.ROOT);
    }

    private void headers() {
        byte[] good = picture().chunk(Chunk.LOSSLESS, PAYLOAD).end();
        plans.add(Plan.exact("header-good", PICTURE, good, "The picture that others here are made of.", "R-HDR-9", "R-LOS-3"));
        header("magic-1", "73 45 4D VL 03 02 00 00", "A lower-case s in the magic.", "R-HDR-1");
        header("magic-2", "53 65 4D VL 03 02 00 00", "A lower-case e in the magic.", "R-HDR-1");
        header("magic-3", "53 45 6D VL 03 02 00 00", "A lower-case m in the magic.", "R-HDR-1");
        plans.add(Plan.refused("header-bad-empty", new byte[0], "A file of no bytes.", "R-HDR-1"));
        plans.add(Plan.refused("header-bad-text", "SEM is a text".getBytes(StandardCharsets.US_ASCII), "A text.", "R-HDR-1", "R-HDR-2"));
        int version = RawPicture.versionByte(RawPicture.LOSSLESS);
        for (int other : new int[] {version ^ 0x10, version ^ 0x20, version ^ 0x40, version ^ 0x80}) {
            header("version-" + (other >> 4), "53 45 4D " + String.format("%02X", other) + " 03 02 00 00", "Version code " + (other >> 4)
                    + ".",
                    "R-HDR-2");
        }
        for (int profile : new int[] {6, 15}) {
            header("profile-" + profile, "53 45 4D " + hex(version & 0xF0 | profile) + " 03 02 00 00", "Profile " + profile + ".",
                    "R-HDR-3");
        }
        header("varint-long", "53 45 4D VL 83 80 80 80 00 02 00 00", "A width of five bytes.", "R-HDR-4");
        header("varint-open", "53 45 4D VL 03 82 80 80 80 00 00", "A height whose fourth byte is not its last.", "R-HDR-4");
        header("varint-width", "53 45 4D VL 83 00 02 00 00", "A width with a last byte of 00.", "R-HDR-5");
        header("varint-height", "53 45 4D VL 03 82 80 00 00 00", "A height with a last byte of 00.", "R-HDR-5");
        header("width", "53 45 4D VL 80 80 80 08 02 00 00", "2^24 + 1 columns.", "R-HDR-6");
        header("height", "53 45 4D VL 03 FF FF FF 7F 00 00", "2^28 rows.", "R-HDR-6");
        for (int bit = 3; bit < 8; bit++) {
            header("planes-" + bit, "53 45 4D VL 03 02 " + String.format("%02X", 1 << bit) + " 00", "Bit " + bit + " of the planes.",
                    "R-HDR-7");
        }
        plans.add(Plan.refused("header-bad-deep", RawPicture.of(RawPicture.TRANSFORM, WIDTH, HEIGHT, RawPicture.WIDE, 1)
                .chunk(Chunk.TRANSFORM, new byte[] {96, 0, 0}).end(), "Profile 3 with 16 bits.", "R-HDR-8"));
        for (int model : new int[] {0, 2, 200}) {
            plans.add(Plan.refused("header-bad-model-" + model, RawPicture.of(RawPicture.TRANSFORM, WIDTH, HEIGHT, RawPicture.GRAY, model)
                    .chunk(Chunk.TRANSFORM, new byte[] {96, 0, 0}).end(), "Profile 3 with model " + model + ".", "R-HDR-10"));
        }
        plans.add(Plan.refused("header-bad-digest", RawPicture.of(RawPicture.hex("53454D"
                + hex(RawPicture.versionByte(RawPicture.TRANSFORM))
                + "03020 0FF 0123456789ABCDEF")).chunk(Chunk.TRANSFORM, new byte[] {96, 0, 0}).end(), "A pack that nobody has.",
                "R-HDR-10"));
        plans.add(Plan.refused("header-bad-generative", RawPicture.of(RawPicture.hex("53454D"
                + hex(RawPicture.versionByte(RawPicture.GENERATIVE))
                + "3F3F02FF 0123456789ABCDEF")).chunk(Chunk.GENERATIVE, RawPicture.hex("00 40 00 B1 00 AB 29 7C 00 F7 B1")).end(),
                "Profile 2 with a pack that nobody has.", "R-GEN-1", "R-HDR-10"));
        header("huge", "53 45 4D VL FF FF FF 07 FF FF FF 07 00 00", "2^24 x 2^24 samples, which nobody can afford.", "R-LIM-3");
    }

    private void good(String name, RawPicture picture, String about, String... requirements) {
        plans.add(Plan.exact("chunk-" + name, PICTURE, picture.end(), about, requirements));
    }

    private void chunks() {
        good("unknown", picture().chunk('z', SOME).chunk('q', new byte[0]).chunk(Chunk.LOSSLESS, PAYLOAD), "Unknown ancillary chunks.",
                "R-CHK-4");
        good("unknown-behind", picture().chunk(Chunk.LOSSLESS, PAYLOAD).chunk('z', SOME), "An unknown ancillary chunk behind the payload.",
                "R-CHK-4", "R-CHK-10");
        RawPicture many = picture();
        for (int i = 1; i < MAX_CHUNKS; i++) {
            many.chunk('z', new byte[0]);
        }
        byte[] most = many.chunk(Chunk.LOSSLESS, PAYLOAD).bytes();
        plans.add(Plan.exact("chunk-1024", PICTURE, RawPicture.join(most, new byte[1]), "As many chunks as there may be.", "R-LIM-1"));
        plans.add(Plan.refused("chunk-bad-1025", many.chunk('z', new byte[0]).end(), "One chunk more than there may be.", "R-LIM-1"));
    }

    private void bad(String name, RawPicture picture, String about, String... requirements) {
        plans.add(Plan.refused("chunk-bad-" + name, picture.end(), about, requirements));
    }

    private void malformedChunks() {
        bad("crc", picture().chunk(Chunk.LOSSLESS, PAYLOAD, 1), "A wrong checksum of the payload, in its lowest bit.", "R-CHK-1");
        bad("crc-high", picture().chunk(Chunk.LOSSLESS, PAYLOAD, 1 << 31), "The same in its highest bit.", "R-CHK-1");
        bad("crc-ancillary", picture().chunk('z', SOME, 1 << 9).chunk(Chunk.LOSSLESS, PAYLOAD), "A wrong checksum of an unknown chunk.",
                "R-CHK-1");
        byte[] turned = picture().chunk(Chunk.LOSSLESS, PAYLOAD).end();
        turned[4] = 2;
        turned[5] = 3;
        plans.add(Plan.refused("chunk-bad-crc-header", turned, "3 x 4 in place of 4 x 3, under the checksum of the latter.", "R-CHK-2"));
        bad("critical", picture().chunk('Z', SOME).chunk(Chunk.LOSSLESS, PAYLOAD), "An unknown critical chunk before the payload.",
                "R-CHK-3");
        bad("critical-behind", picture().chunk(Chunk.LOSSLESS, PAYLOAD).chunk('M', SOME), "An unknown critical chunk behind the payload.",
                "R-CHK-3");
        bad("caption", picture().chunk(Chunk.CAPTION, SOME).chunk(Chunk.LOSSLESS, PAYLOAD), "A chunk C, which is no chunk.", "R-CHK-3");
        bad("twice", picture().chunk(Chunk.LOSSLESS, PAYLOAD).chunk(Chunk.LOSSLESS, PAYLOAD), "Two payloads.", "R-CHK-5");
        bad("none", picture(), "No payload.", "R-CHK-7");
        bad("none-but-others", picture().chunk('z', SOME), "An ancillary chunk and no payload.", "R-CHK-7");
        bad("alpha-lossless", RawPicture.of(RawPicture.LOSSLESS, WIDTH, HEIGHT, RawPicture.ALPHA, 0).chunk(Chunk.ALPHA, CONSTANT)
                .chunk(Chunk.LOSSLESS, PAYLOAD), "A chunk A in the lossless profile.", "R-CHK-8");
        bad("alpha-undeclared", picture().chunk(Chunk.ALPHA, CONSTANT).chunk(Chunk.LOSSLESS, PAYLOAD), "A chunk A without an alpha plane.",
                "R-CHK-8");
        bad("other-profile", picture().chunk(Chunk.TRANSFORM, new byte[] {96, 0, 0}), "A chunk T in the lossless profile.", "R-CHK-8");
        bad("both", picture().chunk(Chunk.LOSSLESS, PAYLOAD).chunk(Chunk.TRANSFORM, new byte[] {96, 0, 0}), "Chunks L and T.", "R-CHK-8");
        for (int tag : new int[] {1, '@', '[', '`', '{', 0xC1}) {
            bad("tag-" + hex(tag), picture().chunk(new byte[] {(byte) tag, 0}, new byte[0], 0).chunk(Chunk.LOSSLESS, PAYLOAD),
                    "A tag of " + hex(tag) + ".", "R-CHK-9");
        }
        bad("length-open", picture().chunk(RawPicture.hex("4C 8D 80 80 80 80 00"), PAYLOAD, 0), "A length of six bytes.", "R-HDR-4");
        bad("length-padded", picture().chunk(RawPicture.hex("4C 8D 00"), PAYLOAD, 0), "A length with a last byte of 00.", "R-HDR-5");
        bad("length-huge", picture().raw(RawPicture.hex("4C FF FF FF FF 7F")).raw(PAYLOAD), "A length of 2^35 - 1.", "R-LIM-2", "R-LIM-3");
        bad("length-limit", picture().raw(RawPicture.hex("4C 81 83 40")).raw(PAYLOAD), "A length of 2^20 and 32 a pixel, and one more.",
                "R-LIM-2");
    }

    private void sequences() {
        byte[] one = picture().chunk(Chunk.LOSSLESS, PAYLOAD).end();
        plans.add(Plan.exact("sequence-bytes", PICTURE, RawPicture.join(one, SOME), "A picture with bytes behind it.", "R-SEQ-1"));
        plans.add(Plan.exact("sequence-magic", PICTURE, RawPicture.join(one, "SEM".getBytes(StandardCharsets.US_ASCII)),
                "A picture with half a magic behind it.", "R-SEQ-1"));
        PixelPlanes second = Sketches.screen(20, 9, PixelFormat.RGB, 1);
        byte[] other = RawPicture.of(RawPicture.LOSSLESS, 20, 9, RawPicture.RGB, 0)
                .chunk(Chunk.LOSSLESS, LosslessVectors.payload(second, 1)).end();
        plans.add(Plan.exact("sequence-two", PICTURE, RawPicture.join(one, other), "Two pictures of different size and planes.",
                "R-SEQ-2"));
        plans.add(Plan.exact("sequence-three", PICTURE, RawPicture.join(one, one, other, SOME), "Three pictures, and bytes behind them.",
                "R-SEQ-1", "R-SEQ-2"));
    }

    private void cuts() {
        byte[] whole = picture().chunk('z', SOME).chunk(Chunk.LOSSLESS, PAYLOAD).end();
        int head = 8;
        for (int length : new int[] {2, 3, 4, 5, 7, head, head + 1, head + 5, head + 14}) {
            plans.add(Plan.refused("cut-bad-" + length, Arrays.copyOf(whole, length), "The first " + length + " bytes of a picture.",
                    "R-TRU-4"));
        }
        for (int missing : new int[] {1, 3, 6, PAYLOAD.length + 5}) {
            plans.add(Plan.refused("cut-bad-lossless-" + missing, Arrays.copyOf(whole, whole.length - missing),
                    "A lossless picture without its last " + missing + " bytes.", "R-TRU-4", "R-TRU-5"));
        }
    }
}
