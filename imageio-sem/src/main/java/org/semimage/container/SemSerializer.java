// SPDX-License-Identifier: Apache-2.0
package org.semimage.container;


import java.io.ByteArrayOutputStream;
import java.util.List;

/**
 * Writes pictures in the container (FORMAT.md, sections 2 and 3, and "Micro form"), front to back. A truncated file is written as a
 * complete one that holds the payload that was there.
 */
public final class SemSerializer {

    private SemSerializer() {
    }

    /**
     * The bytes of a picture.
     *
     * @throws IllegalArgumentException if they would not fit an array, or there are more than {@link SemLimits#MAX_CHUNKS} chunks
     */
    public static byte[] toBytes(SemFile file) {
        long size = size(file);
        if (size > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("picture of " + size + " bytes");
        }
        if (file.chunks().size() > SemLimits.MAX_CHUNKS) {
            throw new IllegalArgumentException("picture of " + file.chunks().size() + " chunks");
        }
        boolean micro = MicroForm.isOf(file.header().profile());
        byte[] header = headerBytes(file);
        ByteArrayOutputStream out = new ByteArrayOutputStream((int) size);
        out.writeBytes(header);
        if (micro) {
            byte[] payload = microPayload(file);
            byte[] length = varint(payload.length);
            out.writeBytes(length);
            out.writeBytes(payload);
            out.write(MicroForm.checksum(header, length, payload));
            if (microChunks(file).isEmpty()) {
                return out.toByteArray();
            }
        }
        for (Chunk chunk : micro ? microChunks(file) : file.chunks()) {
            byte[] head = tagAndLength(chunk);
            int crc = SemParser.checksum(header, head, chunk.payload());
            out.writeBytes(head);
            out.writeBytes(chunk.payload());
            for (int shift = 0; shift < Integer.SIZE; shift += 8) {
                out.write(crc >>> shift);
            }
        }
        out.write(0);
        return out.toByteArray();
    }

    /**
     * The bytes of a picture in its shortest form, which may say no length: nothing but pictures may follow it.
     *
     * @throws IllegalArgumentException as {@link #toBytes} does
     */
    public static byte[] toShortestBytes(SemFile file) {
        return BareForm.of(file).orElseGet(() -> toBytes(file));
    }

    /** The number of bytes that {@link #toBytes} gives, in constant time per chunk. */
    public static long size(SemFile file) {
        boolean micro = MicroForm.isOf(file.header().profile());
        List<Chunk> chunks = micro ? microChunks(file) : file.chunks();
        long size = headerBytes(file).length;
        if (micro) {
            int payload = microPayload(file).length;
            size += varint(payload).length + payload + 1L;
        }
        if (!micro || !chunks.isEmpty()) {
            size++;
        }
        for (Chunk chunk : chunks) {
            size += size(chunk);
        }
        return size;
    }

    /** The one payload of a picture in the micro form. */
    private static byte[] microPayload(SemFile file) {
        char tag = MicroForm.payloadTag(file.header().profile());
        return file.chunk(tag).orElseThrow(() -> new IllegalArgumentException("a picture in the micro form has no chunk '" + tag + "'"))
                .payload();
    }

    private static List<Chunk> microChunks(SemFile file) {
        return file.chunks().stream().filter(c -> c.tag() != MicroForm.payloadTag(file.header().profile())).toList();
    }

    /** The number of bytes that a chunk adds to a picture. */
    public static long size(Chunk chunk) {
        return (long) tagAndLength(chunk).length + chunk.payload().length + Integer.BYTES;
    }

    private static byte[] headerBytes(SemFile file) {
        SemHeader header = file.header();
        ByteArrayOutputStream out = new ByteArrayOutputStream(22);
        out.writeBytes(HeaderParser.MAGIC);
        out.write(SemHeader.VERSION_CODE << 4 | header.profile().code());
        if (MicroForm.isOf(header.profile())) {
            MicroForm.check(header);
            int code = MicroForm.code(header.width(), header.height());
            out.write(microChunks(file).isEmpty() ? code : code | MicroForm.CHUNKS_FOLLOW);
            if (code != MicroForm.EXPLICIT_SIZE) {
                return out.toByteArray();
            }
            Leb128.write(out, header.width() - 1);
            Leb128.write(out, header.height() - 1);
            return out.toByteArray();
        }
        Leb128.write(out, header.width() - 1);
        Leb128.write(out, header.height() - 1);
        PixelFormat format = header.format();
        out.write((format.hasAlpha() ? HeaderParser.FORMAT_ALPHA : 0) | (format.isGray() ? 0 : HeaderParser.FORMAT_RGB)
                | (format.bitDepth() == 16 ? HeaderParser.FORMAT_16_BITS : 0));
        ModelRef model = header.model();
        out.write(model.number());
        if (model.number() == ModelRef.BY_DIGEST) {
            for (int shift = Long.SIZE - 8; shift >= 0; shift -= 8) {
                out.write((int) (model.digest() >>> shift));
            }
        }
        return out.toByteArray();
    }

    private static byte[] tagAndLength(Chunk chunk) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1 + SemParser.LENGTH_BYTES);
        out.write(chunk.tag());
        Leb128.write(out, chunk.payload().length);
        return out.toByteArray();
    }

    private static byte[] varint(int value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(SemParser.LENGTH_BYTES);
        Leb128.write(out, value);
        return out.toByteArray();
    }
}
