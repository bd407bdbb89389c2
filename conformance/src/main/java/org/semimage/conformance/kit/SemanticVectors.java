// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.kit;

import org.semimage.compute.Watcher;
import org.semimage.container.Chunk;
import org.semimage.container.PixelFormat;
import org.semimage.container.ProfileId;
import org.semimage.container.SemSerializer;
import org.semimage.model.Models;
import org.semimage.picture.PixelPlanes;
import org.semimage.profile.EncodeOptions;
import org.semimage.profile.semantic.SemanticProfile;
import org.semimage.text.TextCodec;

import javax.imageio.IIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Vectors of captions, of descriptors, and of the micro form that both have. */
final class SemanticVectors {

    private static final int CHUNKS_FOLLOW = 0x80;
    private static final int SHAPES = 9;
    private static final int LONG_SIDES = 14;

    /** 128 x 128, and 64 x 48 in full. */
    private static final byte[] SQUARE = {1};
    private static final byte[] SMALL = {0, 63, 47};

    private final List<Plan> plans = new ArrayList<>();

    private SemanticVectors() {
    }

    static List<Plan> all() throws IIOException {
        SemanticVectors vectors = new SemanticVectors();
        vectors.texts();
        vectors.badTexts();
        vectors.sizes();
        vectors.forms();
        vectors.bare();
        vectors.descriptors();
        return vectors.plans;
    }

    private static byte[] text(String text) throws IIOException {
        return Models.textCodec().encode(text);
    }

    private static byte[] caption(byte[] payload) {
        return RawPicture.micro(RawPicture.CAPTION, SQUARE, payload, 0);
    }

    private void texts() throws IIOException {
        Map<String, String> words = new LinkedHashMap<>();
        words.put("words", "a dog sits on a wooden bench in the park");
        words.put("capitals", "A Dog in LONDON, and two Cats");
        words.put("punctuation", "\"Stop!\", he said (twice): it's 3.50 - or 4,000?");
        words.put("joined", "a sunflower's well-known seed/shell");
        words.put("spaces", " two  spaces and one at the end ");
        for (Map.Entry<String, String> entry : words.entrySet()) {
            plans.add(Plan.free("caption-" + entry.getKey(), caption(text(entry.getValue())), "The text \"" + entry.getValue() + "\".",
                    "R-TXT-1"));
        }
        Map<String, String> spelled = new LinkedHashMap<>();
        spelled.put("spelled", "xqzvw Qwrtz ZZKJQ k2x9~^");
        spelled.put("german", "Gr\u00fc\u00dfe aus K\u00f6ln");
        spelled.put("greek", "\u03ba\u03b1\u03bb\u03b7\u03bc\u03ad\u03c1\u03b1");
        spelled.put("chinese", "\u4e00\u53ea\u72d7\u548c\u4e00\u53ea\u732b");
        spelled.put("emoji", "\ud83d\ude00 and \ud83c\udf08");
        spelled.put("surrogates", "\udc00 alone \ud800");
        spelled.put("controls", "a\tb\nc\u007f\u0000d");
        for (Map.Entry<String, String> entry : spelled.entrySet()) {
            plans.add(Plan.free("caption-" + entry.getKey(), caption(text(entry.getValue())), "A text with pieces that are spelled.",
                    "R-TXT-2"));
        }
        plans.add(Plan.free("caption-empty", caption(text("")), "The empty text.", "R-TXT-3"));
        plans.add(Plan.free("caption-long", caption(text("a red car and a blue car on a street with trees, ".repeat(12))),
                "A text of 588 characters.", "R-TXT-1"));
    }

    private void badTexts() throws IIOException {
        byte[] good = text("Gr\u00fc\u00dfe aus K\u00f6ln, xqzvw");
        plans.add(Plan.refused("caption-bad-long", caption(RawPicture.join(good, new byte[6])), "A text with six bytes behind it.",
                "R-ARI-1"));
        int length = good.length;
        while (isText(Arrays.copyOf(good, length))) {
            length--;
        }
        plans.add(Plan.refused("caption-bad-short", caption(Arrays.copyOf(good, length)),
                "The first bytes of a text; more zeros would have to follow than an encoder leaves away.", "R-ARI-1"));
        byte[] noise = new byte[40];
        new Random(5).nextBytes(noise);
        plans.add(Plan.refused("caption-bad-noise", caption(noise), "Forty bytes that are no text.", "R-ARI-1"));
    }

    private static boolean isText(byte[] payload) throws IIOException {
        TextCodec codec = Models.textCodec();
        try {
            codec.decode(payload);
            return true;
        } catch (IIOException e) {
            return false;
        }
    }

    private void sizes() throws IIOException {
        byte[] payload = text("a field");
        for (int side = 0; side < LONG_SIDES; side++) {
            int shape = side * 4 % SHAPES;
            byte[] code = {(byte) (1 + SHAPES * side + shape)};
            plans.add(Plan.free("micro-size-" + code[0], RawPicture.micro(RawPicture.CAPTION, code, payload, 0), "Size code " + code[0]
                    + ".",
                    "R-MIC-1"));
        }
        plans.add(Plan.free("micro-size-0", RawPicture.micro(RawPicture.CAPTION, SMALL, payload, 0), "64 x 48 in full.", "R-MIC-2"));
        plans.add(Plan.free("micro-size-1x1", RawPicture.micro(RawPicture.CAPTION, new byte[3], payload, 0), "1 x 1 in full.", "R-MIC-2"));
        plans.add(Plan.refused("micro-bad-size", RawPicture.micro(RawPicture.CAPTION, new byte[] {127}, payload, 0), "Size code 127.",
                "R-MIC-3"));
        plans.add(Plan.refused("micro-bad-size-0", RawPicture.micro(RawPicture.CAPTION, RawPicture.hex("00 BF 00 2F"), payload, 0),
                "A width that is not the shortest.", "R-HDR-5"));
    }

    private void forms() throws IIOException {
        byte[] payload = text("a field");
        byte[] whole = caption(payload);
        for (int bit : new int[] {0, 3, 7}) {
            plans.add(Plan.refused("micro-bad-check-" + bit, RawPicture.micro(RawPicture.CAPTION, SQUARE, payload, 1 << bit),
                    "A check with a wrong bit " + bit + ".", "R-MIC-4"));
        }
        byte[] head = {whole[0], whole[1], whole[2], whole[3], (byte) (SQUARE[0] | CHUNKS_FOLLOW)};
        byte[] form = {head[4]};
        byte[] alone = RawPicture.micro(RawPicture.CAPTION, form, payload, 0);
        byte[] middle = Arrays.copyOfRange(alone, head.length, alone.length);
        byte[] title = AncillaryVectors.stored("Title\0\0words".getBytes(StandardCharsets.US_ASCII));
        plans.add(Plan.free("micro-chunks", micro(head, middle, Chunk.TEXT, title), "A caption with a text behind it.", "R-MIC-5"));
        plans.add(Plan.free("micro-chunks-none", RawPicture.join(alone, new byte[1]), "A caption with an end byte and no chunk.",
                "R-MIC-5"));
        plans.add(Plan.free("micro-icc", micro(head, middle, Chunk.ICC, AncillaryVectors.stored(AncillaryVectors.icc())),
                "A caption with an ICC profile, which is passed over.", "R-MIC-5", "R-CHK-12").warns());
        plans.add(Plan.refused("micro-bad-critical", micro(head, middle, Chunk.LOSSLESS, payload), "A critical chunk behind a caption.",
                "R-MIC-6"));
        plans.add(Plan.refused("micro-bad-crc", RawPicture.join(head, middle, chunkOf(head, Chunk.TEXT, title, 4), new byte[1]),
                "A chunk with a wrong checksum behind a caption.", "R-CHK-1"));
        for (int missing : new int[] {1, 3}) {
            plans.add(Plan.refused("micro-bad-cut-" + missing, Arrays.copyOf(whole, whole.length - missing),
                    "A caption without its last " + missing + " bytes.", "R-MIC-7"));
        }
        plans.add(Plan.free("micro-sequence", RawPicture.join(whole, caption(text("two")), whole), "Three captions, one behind the other.",
                "R-SEQ-2"));
    }

    /** Captions without a length. */
    private void bare() throws IIOException {
        byte[] text = text("a cat sitting on top of a wooden bench");
        for (int size = 0; size < 8; size++) {
            plans.add(Plan.free("micro-bare-" + size, RawPicture.bare(packed(size, text), 0), "Common size " + size + ".", "R-MIC-9"));
        }
        byte[] plain = RawPicture.join(new byte[] {(byte) 0x82}, text);
        byte[] whole = RawPicture.bare(plain, 0);
        plans.add(Plan.free("micro-bare-size", whole, "Size code 2.", "R-MIC-10"));
        plans.add(Plan.free("micro-bare-empty", RawPicture.bare(new byte[] {0x20}, 0), "The empty text in six bytes.", "R-MIC-9",
                "R-TXT-3"));
        plans.add(Plan.free("micro-bare-sequence", RawPicture.join(whole, RawPicture.bare(packed(3, text), 0), caption(text), whole),
                "Captions without lengths, one behind the other.", "R-MIC-11", "R-SEQ-2"));
        plans.add(Plan.refused("micro-bare-bad-behind", RawPicture.join(whole, new byte[3]), "Bytes behind a caption without a length.",
                "R-MIC-11"));
        plans.add(Plan.refused("micro-bare-bad-long", RawPicture.bare(RawPicture.join(new byte[] {(byte) 0x82}, new byte[255]), 0),
                "256 bytes.", "R-MIC-11"));
        for (int code : new int[] {0, 127}) {
            plans.add(Plan.refused("micro-bare-bad-size-" + code, RawPicture.bare(RawPicture.join(new byte[] {(byte) (0x80 | code)}, text),
                    0), "Size code " + code + ".", "R-MIC-3"));
        }
        plans.add(Plan.refused("micro-bare-bad-zero", RawPicture.bare(RawPicture.join(packed(0, text), new byte[1]), 0),
                "A last byte of 00.", "R-MIC-12"));
        plans.add(Plan.refused("micro-bare-bad-check", RawPicture.bare(plain, 8), "A check with a wrong bit.", "R-MIC-4"));
        for (int missing : new int[] {1, 2, whole.length - 5, whole.length - 4}) {
            plans.add(Plan.refused("micro-bare-bad-cut-" + missing, Arrays.copyOf(whole, whole.length - missing),
                    "A caption without its last " + missing + " bytes.", "R-MIC-7"));
        }
    }

    /** A common size and a text, four bits behind. */
    private static byte[] packed(int size, byte[] text) {
        byte[] body = new byte[text.length + 1];
        for (int i = 0; i < 2 * body.length; i++) {
            int digit = i == 0 ? size : i > 2 * text.length ? 0 : text[(i - 1) / 2] >> (i % 2 == 1 ? 4 : 0) & 0xF;
            body[i / 2] |= (byte) (digit << (i % 2 == 0 ? 4 : 0));
        }
        return body[text.length] == 0 ? Arrays.copyOf(body, text.length) : body;
    }

    /** A picture whose chunk's checksum begins with the bytes before the payload's length. */
    private static byte[] micro(byte[] head, byte[] middle, char tag, byte[] payload) {
        return RawPicture.join(head, middle, chunkOf(head, tag, payload, 0), new byte[1]);
    }

    private static byte[] chunkOf(byte[] head, char tag, byte[] payload, int damage) {
        byte[] all = RawPicture.of(head).chunk(tag, payload, damage).bytes();
        return Arrays.copyOfRange(all, head.length, all.length);
    }

    private void descriptors() throws IIOException {
        PixelPlanes scene = Sketches.scene(160, 120, PixelFormat.RGB, 50);
        SemanticProfile profile = new SemanticProfile(ProfileId.DESCRIPTOR);
        for (int bytes : new int[] {30, 60, 120, 300}) {
            plans.add(Plan.free("descriptor-" + bytes, SemSerializer.toBytes(profile.encode(scene, EncodeOptions.ofBytes(bytes),
                    Watcher.NONE)),
                    "Descriptors in " + bytes + " bytes.", "R-DSC-1"));
        }
        byte[] worded = SemSerializer.toBytes(profile.encode(scene, EncodeOptions.ofBytes(90).withCaption("clouds over a field"),
                Watcher.NONE));
        plans.add(Plan.free("descriptor-text", worded, "Descriptors behind a text.", "R-DSC-2"));
        for (int[] size : new int[][] {{1, 1}, {300, 7}, {40, 200}}) {
            plans.add(Plan.free("descriptor-" + size[0] + "x" + size[1], SemSerializer.toBytes(profile.encode(
                    Sketches.scene(size[0], size[1], PixelFormat.RGB, 8), EncodeOptions.ofBytes(80), Watcher.NONE)),
                    "Descriptors of a picture of " + size[0] + "x" + size[1] + ".", "R-DSC-1"));
        }
        byte[] gray = SemSerializer.toBytes(profile.encode(Sketches.screen(128, 128, PixelFormat.GRAY, 8), EncodeOptions.ofBytes(100),
                Watcher.NONE));
        plans.add(Plan.free("descriptor-gray", gray, "Descriptors of a gray screen.", "R-DSC-1"));
        for (int missing : new int[] {1, 2, 20, 60, 110}) {
            plans.add(Plan.free("descriptor-cut-" + missing, Arrays.copyOf(
                    SemSerializer.toBytes(profile.encode(scene, EncodeOptions.ofBytes(120), Watcher.NONE)), 120 - missing),
                    "Descriptors without their last " + missing + " bytes.", "R-MIC-8", "R-DSC-3").warns());
        }
        byte[] numbers = profile.encode(scene, EncodeOptions.ofBytes(60), Watcher.NONE).chunk(Chunk.DESCRIPTORS).orElseThrow().payload();
        for (int length : new int[] {0, 1, 2, 9}) {
            plans.add(Plan.free("descriptor-prefix-" + length, RawPicture.micro(RawPicture.DESCRIPTOR, SMALL, Arrays.copyOf(numbers,
                    length), 0),
                    "A whole payload that is the first " + length + " bytes of another.", "R-DSC-3"));
        }
        byte[] worse = RawPicture.join(new byte[] {(byte) 200}, Arrays.copyOfRange(numbers, 1, 30));
        plans.add(Plan.refused("descriptor-bad-text", RawPicture.micro(RawPicture.DESCRIPTOR, SMALL, worse, 0),
                "A text of 199 bytes in a payload of 30.", "R-DSC-4"));
    }
}
