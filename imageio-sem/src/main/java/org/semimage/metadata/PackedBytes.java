// SPDX-License-Identifier: Apache-2.0
package org.semimage.metadata;

import javax.imageio.IIOException;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** The payload of a metadata chunk: a byte that says how the rest is stored, and the content, plain or deflated. */
final class PackedBytes {

    private static final int PLAIN = 0;
    private static final int DEFLATED = 1;
    private static final int STEP = 1 << 13;

    private PackedBytes() {
    }

    /** The payload for a content, deflated if that makes it shorter. */
    static byte[] pack(byte[] content) {
        byte[] deflated = deflate(content);
        byte[] stored = deflated.length < content.length ? deflated : content;
        byte[] payload = new byte[1 + stored.length];
        payload[0] = (byte) (stored == deflated ? DEFLATED : PLAIN);
        System.arraycopy(stored, 0, payload, 1, stored.length);
        return payload;
    }

    private static byte[] deflate(byte[] content) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        try {
            deflater.setInput(content);
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] step = new byte[STEP];
            while (!deflater.finished()) {
                out.write(step, 0, deflater.deflate(step));
            }
            return out.toByteArray();
        } finally {
            deflater.end();
        }
    }

    /**
     * The content of a payload.
     *
     * @param limit the most bytes that it may have
     * @throws IIOException if the payload is empty, stored in an unknown way, broken, or longer than the limit
     */
    static byte[] unpack(byte[] payload, long limit) throws IIOException {
        if (payload.length == 0) {
            throw new IIOException("is empty");
        }
        return switch (payload[0]) {
            case PLAIN -> plain(payload, limit);
            case DEFLATED -> inflate(payload, limit);
            default -> throw new IIOException("has the storage code " + (payload[0] & 0xFF) + ", 0 or 1 expected");
        };
    }

    private static byte[] plain(byte[] payload, long limit) throws IIOException {
        checkLimit(payload.length - 1, limit);
        return Arrays.copyOfRange(payload, 1, payload.length);
    }

    private static void checkLimit(int size, long limit) throws IIOException {
        if (size > limit) {
            throw new IIOException("holds more than the " + limit + " bytes that are left (org.semimage.maxMetadataBytes)");
        }
    }

    private static byte[] inflate(byte[] payload, long limit) throws IIOException {
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(payload, 1, payload.length - 1);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] step = new byte[STEP];
            while (!inflater.finished()) {
                int n = inflater.inflate(step);
                if (n == 0 && !inflater.finished()) {
                    throw new IIOException("ends inside its deflated content");
                }
                out.write(step, 0, n);
                checkLimit(out.size(), limit);
            }
            return out.toByteArray();
        } catch (DataFormatException e) {
            throw new IIOException("cannot be inflated: " + e.getMessage(), e);
        } finally {
            inflater.end();
        }
    }
}
