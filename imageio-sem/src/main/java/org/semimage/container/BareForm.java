// SPDX-License-Identifier: Apache-2.0
package org.semimage.container;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The shortest form of the container, for a caption that nothing but pictures follows: no length, and a common size in four bits
 * (FORMAT.md, "Bare form").
 */
final class BareForm {

    /** Stands in the place of the profile. */
    static final int CODE = 5;

    /** The most bytes behind the form byte, the check aside. */
    static final int MAX_REST = 254;

    /** Set in the form byte if its other bits are a size code of the micro form; else they are a common size and four bits of text. */
    private static final int ANY_SIZE = 0x80;

    private static final int HALF_BYTE = 4;

    /** Size codes of the micro form. */
    private static final int[] COMMON = code(new int[][] {{512, 512}, {1024, 1024}, {640, 480}, {480, 640}, {768, 512}, {512, 768},
            {1024, 768}, {1920, 1080}});

    private BareForm() {
    }

    private static int[] code(int[][] sizes) {
        return Arrays.stream(sizes).mapToInt(size -> MicroForm.code(size[0], size[1])).toArray();
    }

    /** The size code that a form byte says, which may be beyond the micro form's. */
    static int sizeCode(int form) {
        return (form & ANY_SIZE) != 0 ? form & ~ANY_SIZE : COMMON[form >> HALF_BYTE];
    }

    /** Whether the bytes behind a form byte may be such: the last one of those that are not whole texts says something. */
    static boolean isShortest(int form, byte[] rest) {
        return (form & ANY_SIZE) != 0 || rest.length == 0 || rest[rest.length - 1] != 0;
    }

    /** The payload of a caption. */
    static byte[] text(int form, byte[] rest) {
        if ((form & ANY_SIZE) != 0) {
            return rest;
        }
        byte[] text = new byte[rest.length + 1];
        int before = form;
        for (int i = 0; i < text.length; i++) {
            int next = i < rest.length ? rest[i] & 0xFF : 0;
            text[i] = (byte) (before << HALF_BYTE | next >> HALF_BYTE);
            before = next;
        }
        int length = text.length;
        while (length > 0 && text[length - 1] == 0) {
            length--;
        }
        return Arrays.copyOf(text, length);
    }

    /** A picture in this form, if it has one. */
    static Optional<byte[]> of(SemFile file) {
        SemHeader header = file.header();
        List<Chunk> chunks = file.chunks();
        if (header.profile() != ProfileId.CAPTION || chunks.size() != 1) {
            return Optional.empty();
        }
        MicroForm.check(header);
        byte[] text = chunks.get(0).payload();
        int size = MicroForm.code(header.width(), header.height());
        int common = 0;
        while (common < COMMON.length && COMMON[common] != size) {
            common++;
        }
        boolean packed = common < COMMON.length && (text.length == 0 || text[text.length - 1] != 0);
        byte[] body = packed ? packed(common, text) : plain(size, text);
        if (size == MicroForm.EXPLICIT_SIZE || body.length - 1 > MAX_REST) {
            return Optional.empty();
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(HeaderParser.MAGIC);
        out.write(SemHeader.VERSION_CODE << HALF_BYTE | CODE);
        out.writeBytes(body);
        out.write(MicroForm.checksum(out.toByteArray()));
        byte[] bytes = out.toByteArray();
        return holdsPicture(bytes) ? Optional.empty() : Optional.of(bytes);
    }

    private static byte[] plain(int size, byte[] text) {
        byte[] body = new byte[1 + text.length];
        body[0] = (byte) (ANY_SIZE | size);
        System.arraycopy(text, 0, body, 1, text.length);
        return body;
    }

    private static byte[] packed(int common, byte[] text) {
        byte[] body = new byte[1 + text.length];
        int before = common;
        for (int i = 0; i < body.length; i++) {
            int next = i < text.length ? text[i] & 0xFF : 0;
            body[i] = (byte) (before << HALF_BYTE | next >> HALF_BYTE);
            before = next;
        }
        return body.length > 1 && body[body.length - 1] == 0 ? Arrays.copyOf(body, body.length - 1) : body;
    }

    /** Whether something behind the form byte looks like the beginning of another picture. */
    private static boolean holdsPicture(byte[] bytes) {
        int last = 0;
        int form = HeaderParser.MAGIC.length + 1;
        for (int i = form + 1; i < bytes.length; i++) {
            last = last << Byte.SIZE | bytes[i] & 0xFF;
            if (i >= form + Integer.BYTES && SemParser.isStart(last)) {
                return true;
            }
        }
        return false;
    }
}
