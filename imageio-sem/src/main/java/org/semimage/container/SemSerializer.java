package org.semimage.container;

import org.semimage.profile.PixelPlanes;

import javax.imageio.stream.ImageOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/**
 * Writes pictures in the container (FORMAT.md, sections 2 and 3), front to back. A truncated file is written as a complete one
 * that holds the payload that was there.
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
        byte[] header = headerBytes(file.header());
        ByteArrayOutputStream out = new ByteArrayOutputStream((int) size);
        out.writeBytes(header);
        for (Chunk chunk : file.chunks()) {
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
     * Writes a picture at the stream's position, in one piece; the stream is neither flushed nor closed.
     *
     * @throws IOException if the stream fails
     */
    public static void write(SemFile file, ImageOutputStream out) throws IOException {
        out.write(toBytes(file));
    }

    /** The number of bytes that {@link #toBytes} gives, in constant time per chunk. */
    public static long size(SemFile file) {
        long size = headerBytes(file.header()).length + 1;
        for (Chunk chunk : file.chunks()) {
            size += size(chunk);
        }
        return size;
    }

    /** The number of bytes that a chunk adds to a picture. */
    public static long size(Chunk chunk) {
        return (long) tagAndLength(chunk).length + chunk.payload().length + Integer.BYTES;
    }

    private static byte[] headerBytes(SemHeader header) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(22);
        out.writeBytes(SemParser.MAGIC);
        out.write(SemHeader.VERSION << 4 | header.profile().code());
        writeVarint(out, header.width() - 1);
        writeVarint(out, header.height() - 1);
        PixelPlanes.Format format = header.format();
        out.write((format.hasAlpha() ? SemParser.FORMAT_ALPHA : 0) | (format.isGray() ? 0 : SemParser.FORMAT_RGB)
                | (format.bitDepth() == 16 ? SemParser.FORMAT_16_BITS : 0));
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
        writeVarint(out, chunk.payload().length);
        return out.toByteArray();
    }

    private static void writeVarint(ByteArrayOutputStream out, int value) {
        while (value > 0x7F) {
            out.write(value & 0x7F | 0x80);
            value >>>= 7;
        }
        out.write(value);
    }
}
