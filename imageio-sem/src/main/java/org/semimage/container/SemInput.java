// SPDX-License-Identifier: Apache-2.0
package org.semimage.container;

import org.semimage.compute.Cancellation;

import javax.imageio.IIOException;
import javax.imageio.stream.ImageInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;

/** The bytes of a picture in a stream, and failures that name their offset from the picture's first byte. */
final class SemInput {

    private static final int READ_STEP = 1 << 16;

    /** So much is read in one go, since nobody can stop it. */
    private static final int MAX_READ = 1 << 20;

    private final ImageInputStream in;
    private final long base;
    private final Cancellation cancellation;

    /** The picture begins where the stream stands. */
    SemInput(ImageInputStream in, Cancellation cancellation) throws IOException {
        this.in = in;
        this.base = in.getStreamPosition();
        this.cancellation = cancellation;
    }

    /** The next byte, 0..255, or -1 at the input's end. */
    int read() throws IOException {
        return in.read();
    }

    /** Leaves bytes out, which need not be there; goes back if the count is negative. */
    void skip(long count) throws IOException {
        in.seek(in.getStreamPosition() + count);
    }

    /** Reads an unsigned LEB128 number; its bytes also go to {@code copy}. */
    long varint(String field, int maxBytes, ByteArrayOutputStream copy) throws IOException {
        long at = offset();
        return Leb128.read(new Leb128.Source<IOException>() {
            @Override
            public int next() throws IOException {
                int b = in.read();
                if (b < 0) {
                    throw ended("the " + field);
                }
                copy.write(b);
                return b;
            }

            @Override
            public IIOException tooLong() {
                return malformed(at, field, "at most " + maxBytes + " bytes", "a longer number");
            }

            @Override
            public IIOException notShortest(long value, int bytes) {
                return malformed(at, field, "the shortest encoding of " + value, "one of " + bytes + " bytes");
            }
        }, maxBytes);
    }

    /** Reads bytes, fewer than asked for if the input ends; memory grows with the bytes that are there, whatever the length. */
    byte[] available(int length) throws IOException {
        byte[] buffer = new byte[Math.min(length, READ_STEP)];
        int filled = 0;
        while (filled < length) {
            if (filled == buffer.length) {
                buffer = Arrays.copyOf(buffer, (int) Math.min(length, 2L * buffer.length));
            }
            cancellation.check();
            int n = in.read(buffer, filled, Math.min(buffer.length - filled, MAX_READ));
            if (n <= 0) {
                return Arrays.copyOf(buffer, filled);
            }
            filled += n;
        }
        return buffer;
    }

    /** From the picture's first byte. */
    long offset() throws IOException {
        return in.getStreamPosition() - base;
    }

    /** What to throw where the input ends too early. */
    IIOException ended(String where) throws IOException {
        return new IIOException("SEM input ends at offset " + offset() + ", in " + where);
    }

    /** What to throw of wrong bytes. */
    static IIOException malformed(long offset, String what, String expected, String found) {
        return new IIOException(what + " at offset " + offset + ": expected " + expected + ", found " + found);
    }

    static String hex(int value) {
        return "0x" + HexFormat.of().withUpperCase().toHexDigits((byte) value);
    }
}
