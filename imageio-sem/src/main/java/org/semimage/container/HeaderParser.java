// SPDX-License-Identifier: Apache-2.0
package org.semimage.container;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;

/** Reads a picture's header (FORMAT.md, section 2), and keeps its bytes, which checksums of chunks begin with. */
final class HeaderParser {

    /** The first bytes of every picture. */
    static final byte[] MAGIC = {'S', 'E', 'M'};

    static final int SIDE_BYTES = 4;
    static final int FORMAT_ALPHA = 1;
    static final int FORMAT_RGB = 2;
    static final int FORMAT_16_BITS = 4;

    private final SemInput in;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(22);
    private boolean microChunksFollow;
    private int bareForm = -1;

    HeaderParser(SemInput in) {
        this.in = in;
    }

    /** The header as it is in the file, as far as it has been read. */
    byte[] bytes() {
        return bytes.toByteArray();
    }

    /** Whether chunks follow the payload of the micro form; false in other forms. */
    boolean microChunksFollow() {
        return microChunksFollow;
    }

    /** The form byte of the bare form; -1 in other forms. */
    int bareForm() {
        return bareForm;
    }

    /**
     * Reads the header, to its last byte and no further.
     *
     * @throws javax.imageio.IIOException if there is no well-formed header
     */
    SemHeader parse() throws IOException {
        for (int i = 0; i < MAGIC.length; i++) {
            int found = headerByte("magic");
            if (found != MAGIC[i]) {
                throw SemInput.malformed(i, "not a SEM picture: magic", SemInput.hex(MAGIC[i]), SemInput.hex(found));
            }
        }
        int versionAndProfile = headerByte("version");
        int version = versionAndProfile >> 4;
        if (version != SemHeader.VERSION_CODE) {
            throw SemInput.malformed(3, "format version", SemHeader.VERSION_CODE + " for version " + SemHeader.VERSION
                    + ", the only one that this build reads", String.valueOf(version));
        }
        int code = versionAndProfile & 0xF;
        if (code == BareForm.CODE) {
            return bareHeader();
        }
        Optional<ProfileId> known = ProfileId.ofCode(code);
        if (known.isEmpty()) {
            throw SemInput.malformed(3, "profile", "0.." + (ProfileId.values().length - 1), String.valueOf(code));
        }
        ProfileId profile = known.get();
        if (MicroForm.isOf(profile)) {
            return microHeader(profile);
        }
        int width = side("width");
        int height = side("height");
        PixelFormat format = format();
        return new SemHeader(profile, width, height, format, model());
    }

    private SemHeader bareHeader() throws IOException {
        long at = in.offset();
        int form = headerByte("form");
        int code = BareForm.sizeCode(form);
        if (code == MicroForm.EXPLICIT_SIZE || code > MicroForm.MAX_CODE) {
            throw SemInput.malformed(at, "size code", "1.." + MicroForm.MAX_CODE, String.valueOf(code));
        }
        bareForm = form;
        int[] size = MicroForm.size(code);
        return new SemHeader(ProfileId.CAPTION, size[0], size[1], PixelFormat.RGB, ModelRef.NONE);
    }

    private SemHeader microHeader(ProfileId profile) throws IOException {
        long at = in.offset();
        int form = headerByte("form");
        int code = form & ~MicroForm.CHUNKS_FOLLOW;
        if (code > MicroForm.MAX_CODE) {
            throw SemInput.malformed(at, "size code", "0.." + MicroForm.MAX_CODE, String.valueOf(code));
        }
        microChunksFollow = code != form;
        int[] size = code == MicroForm.EXPLICIT_SIZE ? new int[] {side("width"), side("height")} : MicroForm.size(code);
        return new SemHeader(profile, size[0], size[1], PixelFormat.RGB, ModelRef.NONE);
    }

    private int side(String field) throws IOException {
        long at = in.offset();
        long sideMinusOne = in.varint(field, SIDE_BYTES, bytes);
        if (sideMinusOne >= SemHeader.MAX_SIDE) {
            throw SemInput.malformed(at, field, "1.." + SemHeader.MAX_SIDE, String.valueOf(sideMinusOne + 1));
        }
        return (int) sideMinusOne + 1;
    }

    private PixelFormat format() throws IOException {
        long at = in.offset();
        int bits = headerByte("planes");
        if (bits > (FORMAT_ALPHA | FORMAT_RGB | FORMAT_16_BITS)) {
            throw SemInput.malformed(at, "planes", "reserved bits 3..7 to be zero", SemInput.hex(bits));
        }
        return PixelFormat.of((bits & FORMAT_RGB) == 0, (bits & FORMAT_ALPHA) != 0, (bits & FORMAT_16_BITS) == 0 ? 8 : 16);
    }

    private ModelRef model() throws IOException {
        int number = headerByte("model");
        if (number != ModelRef.BY_DIGEST) {
            return new ModelRef(number, 0);
        }
        long digest = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            digest = digest << 8 | headerByte("model digest");
        }
        return ModelRef.ofDigest(digest);
    }

    private int headerByte(String field) throws IOException {
        int value = in.read();
        if (value < 0) {
            throw in.ended("the header's " + field);
        }
        bytes.write(value);
        return value;
    }
}
