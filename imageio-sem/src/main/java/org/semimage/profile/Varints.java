// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile;

import org.semimage.container.Chunk;
import org.semimage.container.Leb128;

import javax.imageio.IIOException;
import java.io.ByteArrayOutputStream;

/** Numbers of a payload in LEB128 (FORMAT.md, "Conventions"), at most 2^28 - 1. */
public final class Varints {

    private static final int MAX_BYTES = 4;

    private Varints() {
    }

    /**
     * Writes a number in as few bytes as it takes.
     *
     * @param value 0..2^28-1
     */
    public static void write(ByteArrayOutputStream out, int value) {
        if (value < 0 || value >>> 7 * MAX_BYTES != 0) {
            throw new IllegalArgumentException(value + " does not fit " + MAX_BYTES + " bytes");
        }
        Leb128.write(out, value);
    }

    /** Reads a payload from its beginning on; failures name the chunk and the offset in it. */
    public static final class Reader {

        private final char tag;
        private final byte[] bytes;
        private int position;

        /**
         * A reader at the payload's first byte.
         *
         * @param tag of the chunk whose payload the bytes are; they are not copied
         */
        public Reader(char tag, byte[] bytes) {
            this.tag = tag;
            this.bytes = bytes;
        }

        /** The offset of the next byte. */
        public int position() {
            return position;
        }

        /** Bytes to the payload's end. */
        public int remaining() {
            return bytes.length - position;
        }

        /**
         * Leaves bytes out.
         *
         * @param count at most {@link #remaining}
         */
        public void skip(int count) {
            position += count;
        }

        /**
         * The next byte, 0..255.
         *
         * @param what to call it in a message
         * @throws IIOException if the payload has ended
         */
        public int u8(String what) throws IIOException {
            if (position == bytes.length) {
                throw failure("expected " + what + ", found the end of the payload");
            }
            return bytes[position++] & 0xFF;
        }

        /** Whether the payload does not end within the next number. */
        public boolean hasVarint() {
            for (int i = position; i < bytes.length; i++) {
                if (bytes[i] >= 0) {
                    return true;
                }
            }
            return false;
        }

        /**
         * The next number in LEB128, 0..2^28-1.
         *
         * @param what to call it in a message
         * @throws IIOException if the payload ends within it, or it takes more bytes than it needs or may have
         */
        public int varint(String what) throws IIOException {
            return (int) Leb128.read(new Leb128.Source<IIOException>() {
                @Override
                public int next() throws IIOException {
                    return u8(what);
                }

                @Override
                public IIOException tooLong() {
                    return failure(what + " takes more than " + MAX_BYTES + " bytes");
                }

                @Override
                public IIOException notShortest(long value, int bytes) {
                    return failure(what + " takes more bytes than it needs");
                }
            }, MAX_BYTES);
        }

        /** What is wrong, with the place. */
        public IIOException failure(String what) {
            return Chunk.malformed(tag, position, what);
        }
    }
}
