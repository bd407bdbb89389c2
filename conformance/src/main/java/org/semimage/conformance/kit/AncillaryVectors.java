// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.kit;

import org.semimage.container.Chunk;
import org.semimage.container.PixelFormat;
import org.semimage.picture.PixelPlanes;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Vectors of ancillary chunks, around a lossless picture. */
final class AncillaryVectors {

    private static final int SIDE = 16;
    private static final int ICC_HEAD = 128;

    /** Exif with nothing but the orientation of the stored picture, 1. */
    private static final byte[] EXIF = RawPicture.hex("49492A00 08000000 0100 1201 0300 01000000 01000000 00000000");
    private static final byte[] XMP = ("<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF "
            + "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/></x:xmpmeta><?xpacket end='w'?>").getBytes(StandardCharsets.UTF_8);
    /** One transparent sample. */
    private static final byte[] PNG = RawPicture.hex("89504E470D0A1A0A0000000D49484452000000010000000108060000001F15C489"
            + "0000000A49444154789C63000100000500010D0A2DB40000000049454E44AE426082");

    /** The text "again and again and again" under the keyword {@code Title}, in one block of fixed codes. */
    private static final String FIXED = "0BC92CC9496560484C4FCCCC5348CC4B5140630100";

    private final PixelPlanes picture = Sketches.screen(SIDE, SIDE, PixelFormat.RGB, 77);
    private final byte[] payload = LosslessVectors.payload(picture, 1);
    private final List<Plan> plans = new ArrayList<>();

    private AncillaryVectors() {
    }

    static List<Plan> all() {
        AncillaryVectors vectors = new AncillaryVectors();
        vectors.good();
        vectors.passedOver();
        vectors.places();
        return vectors.plans;
    }

    private static RawPicture head() {
        return RawPicture.of(RawPicture.LOSSLESS, SIDE, SIDE, RawPicture.RGB, 0);
    }

    /** A content as it is. */
    static byte[] stored(byte[] content) {
        return RawPicture.join(new byte[1], content);
    }

    /** A content in a block of deflate that is stored. */
    private static byte[] deflated(byte[] content) {
        int length = content.length;
        return RawPicture.join(new byte[] {1, 1, (byte) length, (byte) (length >> 8), (byte) ~length, (byte) (~length >> 8)}, content);
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void add(String name, RawPicture chunks, String about, String... requirements) {
        plans.add(Plan.exact("ancillary-" + name, picture, chunks.chunk(Chunk.LOSSLESS, payload).end(), about, requirements));
    }

    /** The last plan with a warning. */
    private void warns() {
        plans.add(plans.remove(plans.size() - 1).warns());
    }

    private void good() {
        add("icc", head().chunk(Chunk.ICC, stored(icc())), "An ICC profile with the primaries of sRGB.", "R-ANC-1", "R-ANC-3");
        add("icc-deflated", head().chunk(Chunk.ICC, deflated(icc())), "The same in a deflated chunk.", "R-ANC-1", "R-ANC-3");
        add("exif", head().chunk(Chunk.EXIF, stored(EXIF)), "Exif.", "R-ANC-1", "R-ANC-4");
        add("xmp", head().chunk(Chunk.XMP, deflated(XMP)), "XMP, deflated.", "R-ANC-1", "R-ANC-4");
        add("text", head().chunk(Chunk.TEXT, stored(text("Caption\0\0Hi"))), "The text of section 18's example.", "R-ANC-5");
        add("text-deflated", head().chunk(Chunk.TEXT, RawPicture.hex("01" + FIXED)), "A text in fixed codes.", "R-ANC-1");
        add("texts", head().chunk(Chunk.TEXT, stored(text("Title\0en\0A screen"))).chunk(Chunk.TEXT, stored(text("Title\0de\0Ein Schirm")))
                .chunk(Chunk.TEXT, stored(text("Comment\0\0a\r\nb\rc\nd"))).chunk(Chunk.TEXT,
                stored(text("\u00fc\0ar\0\u0645\u0631\u062d"))),
                "Texts in languages and scripts, with line breaks of all kinds.", "R-ANC-5");
        add("thumbnail", head().chunk(Chunk.THUMBNAIL, PNG).chunk(Chunk.THUMBNAIL, PNG), "Two thumbnails.", "R-ANC-6");
        add("all", head().chunk(Chunk.ICC, stored(icc())).chunk(Chunk.EXIF, stored(EXIF)).chunk(Chunk.XMP, stored(XMP))
                .chunk(Chunk.TEXT, stored(text("Author\0\0Nobody"))).chunk(Chunk.THUMBNAIL, PNG).chunk('z', XMP), "One of each.",
                "R-ANC-1", "R-ANC-3", "R-ANC-4", "R-ANC-5", "R-CHK-4");
    }

    private void passedOver() {
        add("storage", head().chunk(Chunk.XMP, RawPicture.join(new byte[] {2}, XMP)), "XMP in storage 2, which is reserved.", "R-ANC-2");
        warns();
        add("empty", head().chunk(Chunk.EXIF, new byte[0]), "A chunk e of no bytes.", "R-ANC-2");
        warns();
        byte[] broken = deflated(XMP);
        broken[3] ^= 1;
        add("deflate", head().chunk(Chunk.XMP, broken), "XMP that cannot be inflated.", "R-ANC-2");
        warns();
        add("deflate-cut", head().chunk(Chunk.XMP, Arrays.copyOf(deflated(XMP), 40)), "A deflate stream that was cut off.", "R-ANC-2");
        warns();
        add("text-parts", head().chunk(Chunk.TEXT, stored(text("Caption\0Hi"))), "A text of two parts.", "R-ANC-5");
        warns();
        add("text-keyword", head().chunk(Chunk.TEXT, stored(text("\0\0Hi"))), "A text without a keyword.", "R-ANC-5");
        warns();
        add("text-long", head().chunk(Chunk.TEXT, stored(text("k".repeat(80) + "\0\0Hi"))), "A keyword of 80 bytes.", "R-ANC-5");
        warns();
        add("text-utf8", head().chunk(Chunk.TEXT, stored(RawPicture.hex("54 00 00 C3 28"))), "A text that is no UTF-8.", "R-ANC-5");
        warns();
        add("thumbnail-none", head().chunk(Chunk.THUMBNAIL, XMP), "A thumbnail that is no picture.", "R-ANC-6");
        warns();
        byte[] large = PNG.clone();
        large[18] = 2;
        large[19] = 1;
        add("thumbnail-large", head().chunk(Chunk.THUMBNAIL, large), "A thumbnail of 513 columns.", "R-ANC-6");
        warns();
    }

    private void places() {
        byte[] first = icc();
        byte[] second = icc();
        second[ICC_HEAD - 1] = 1;
        add("first-counts", head().chunk(Chunk.ICC, stored(first)).chunk(Chunk.ICC, stored(second)).chunk(Chunk.XMP, stored(XMP))
                .chunk(Chunk.XMP, stored(text("other"))).chunk(Chunk.EXIF, stored(EXIF)).chunk(Chunk.EXIF, stored(XMP)),
                "Two chunks i, x and e, which differ.", "R-CHK-11");
        plans.add(Plan.exact("ancillary-icc-behind", picture, head().chunk(Chunk.LOSSLESS, payload).chunk(Chunk.ICC, stored(first)).end(),
                "An ICC profile behind the payload.", "R-CHK-12", "R-CHK-10").warns());
        plans.add(Plan.exact("ancillary-behind", picture, head().chunk(Chunk.LOSSLESS, payload).chunk(Chunk.EXIF, stored(EXIF))
                .chunk(Chunk.XMP, stored(XMP)).chunk(Chunk.TEXT, stored(text("Title\0\0late"))).end(),
                "Exif, XMP and a text behind the payload.", "R-CHK-10", "R-ANC-4"));
    }

    /** An ICC profile of version 2 with the primaries of sRGB, adapted to D50, and a gamma of 2.2. */
    static byte[] icc() {
        String[] tags = {"desc", "cprt", "wtpt", "rXYZ", "gXYZ", "bXYZ", "rTRC", "gTRC", "bTRC"};
        byte[] description = RawPicture.join(text("desc"), new byte[4], ByteBuffer.allocate(4).putInt(4).array(), text("sRG"),
                new byte[79]);
        byte[] gamma = RawPicture.join(text("curv"), new byte[4], ByteBuffer.allocate(8).putInt(1).putInt(2 << 24 | 0x330000).array());
        byte[][] contents = {description, RawPicture.join(text("text"), new byte[4], text("CC0\0")), xyz(63190, 65536, 54061),
                xyz(28578, 14581, 912), xyz(25241, 46981, 6362), xyz(9376, 3972, 46799), gamma, gamma, gamma};
        ByteBuffer table = ByteBuffer.allocate(4 + 12 * tags.length).putInt(tags.length);
        byte[] data = {};
        int start = ICC_HEAD + table.capacity();
        for (int i = 0; i < tags.length; i++) {
            table.put(text(tags[i])).putInt(start + data.length).putInt(contents[i].length);
            data = RawPicture.join(data, contents[i], new byte[-contents[i].length & 3]);
        }
        ByteBuffer head = ByteBuffer.allocate(ICC_HEAD).putInt(start + data.length).putInt(0).putInt(0x02100000).put(text("mntrRGB XYZ "));
        head.putShort((short) 2026).putShort((short) 1).putShort((short) 1).position(36);
        head.put(text("acsp")).position(68);
        head.putInt(63190).putInt(65536).putInt(54061);
        return RawPicture.join(head.array(), table.array(), data);
    }

    private static byte[] xyz(int x, int y, int z) {
        return RawPicture.join(text("XYZ "), new byte[4], ByteBuffer.allocate(12).putInt(x).putInt(y).putInt(z).array());
    }
}
