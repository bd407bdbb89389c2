// SPDX-License-Identifier: Apache-2.0
package org.semimage.container;

import javax.imageio.IIOException;
import java.util.Objects;

/**
 * A tagged piece of a file.
 *
 * @param tag     an ASCII letter: upper case for critical chunks, lower case for ancillary ones (FORMAT.md, "Chunks")
 * @param payload the bytes; owned by this object, not copied
 */
public record Chunk(char tag, byte[] payload) {

    public static final char TRANSFORM = 'T';
    public static final char LOSSLESS = 'L';
    public static final char GENERATIVE = 'G';
    public static final char ALPHA = 'A';
    public static final char CAPTION = 'C';
    public static final char DESCRIPTORS = 'D';
    public static final char ICC = 'i';
    public static final char EXIF = 'e';
    public static final char XMP = 'x';
    public static final char TEXT = 't';
    public static final char THUMBNAIL = 'p';

    /** @throws IllegalArgumentException if the tag is not an ASCII letter */
    public Chunk {
        Objects.requireNonNull(payload, "payload");
        if (!isTag(tag)) {
            throw new IllegalArgumentException("chunk tag " + (int) tag);
        }
    }

    /** What to throw of a malformed payload: chunk, place in it, and what is wrong there. */
    public static IIOException malformed(char tag, int offset, String what) {
        return new IIOException("chunk '" + tag + "', offset " + offset + ": " + what);
    }

    static boolean isTag(int tag) {
        return tag >= 'A' && tag <= 'Z' || tag >= 'a' && tag <= 'z';
    }

    /** Whether a decoder that does not know the tag must give up. */
    public boolean critical() {
        return tag <= 'Z';
    }
}
