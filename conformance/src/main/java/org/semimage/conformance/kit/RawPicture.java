// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.kit;

import org.semimage.container.Leb128;
import org.semimage.container.SemHeader;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/** A file that is put together byte by byte, so that it can break any rule. */
public final class RawPicture {

    /** Profiles and planes as they stand in headers. */
    static final int CAPTION = 0;
    static final int DESCRIPTOR = 1;
    static final int GENERATIVE = 2;
    static final int TRANSFORM = 3;
    static final int LOSSLESS = 4;
    static final int BARE = 5;
    static final int GRAY = 0;
    static final int ALPHA = 1;
    static final int RGB = 2;
    static final int WIDE = 4;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final byte[] header;

    private RawPicture(byte[] header) {
        this.header = header;
        out.writeBytes(header);
    }

    /** The fourth byte of a header. */
    static int versionByte(int profile) {
        return (8 | SemHeader.VERSION & 3) << 4 | profile;
    }

    /** A picture with a valid header. */
    static RawPicture of(int profile, int width, int height, int planes, int model) {
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        header.writeBytes("SEM".getBytes(StandardCharsets.US_ASCII));
        header.write(versionByte(profile));
        Leb128.write(header, width - 1);
        Leb128.write(header, height - 1);
        header.write(planes);
        header.write(model);
        return new RawPicture(header.toByteArray());
    }

    /** A picture with any header. */
    static RawPicture of(byte[] header) {
        return new RawPicture(header);
    }

    /** A chunk with its checksum. */
    RawPicture chunk(char tag, byte[] payload) {
        return chunk(tag, payload, 0);
    }

    /** A chunk whose checksum is its own, but for these bits. */
    RawPicture chunk(char tag, byte[] payload, int damage) {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        head.write(tag);
        Leb128.write(head, payload.length);
        return chunk(head.toByteArray(), payload, damage);
    }

    /** A chunk with any tag and length. */
    RawPicture chunk(byte[] head, byte[] payload, int damage) {
        CRC32C crc = new CRC32C();
        crc.update(header);
        crc.update(head);
        crc.update(payload);
        int value = (int) crc.getValue() ^ damage;
        out.writeBytes(head);
        out.writeBytes(payload);
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            out.write(value >>> shift);
        }
        return this;
    }

    /** Bytes as they are. */
    RawPicture raw(byte... bytes) {
        out.writeBytes(bytes);
        return this;
    }

    /** The file as it is now. */
    byte[] bytes() {
        return out.toByteArray();
    }

    /** The file with its end byte. */
    byte[] end() {
        return raw((byte) 0).bytes();
    }

    /**
     * The micro form, from magic to check.
     *
     * @param form the size code, bit 7, and sides that follow
     */
    static byte[] micro(int profile, byte[] form, byte[] payload, int damage) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes("SEM".getBytes(StandardCharsets.US_ASCII));
        out.write(versionByte(profile));
        out.writeBytes(form);
        Leb128.write(out, payload.length);
        out.writeBytes(payload);
        out.write(check(out.toByteArray()) ^ damage);
        return out.toByteArray();
    }

    /** The bare form, from magic to check; the body begins with the form byte. */
    static byte[] bare(byte[] body, int damage) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes("SEM".getBytes(StandardCharsets.US_ASCII));
        out.write(versionByte(BARE));
        out.writeBytes(body);
        out.write(check(out.toByteArray()) ^ damage);
        return out.toByteArray();
    }

    /** The checksum of the micro form, CRC-8/AUTOSAR. */
    public static int check(byte[] bytes) {
        int crc = 0xFF;
        for (byte b : bytes) {
            crc ^= b & 0xFF;
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                crc = crc << 1 ^ (crc >> 7) * 0x12F;
            }
        }
        return crc ^ 0xFF;
    }

    /** Bytes that are written in hexadecimal, with or without spaces. */
    static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    /** Arrays one behind the other. */
    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
