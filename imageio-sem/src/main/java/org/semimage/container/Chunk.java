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

    /** The payload of the transform profile. */
    public static final char TRANSFORM = 'T';

    /** The payload of the lossless profile. */
    public static final char LOSSLESS = 'L';

    /** The payload of the generative profile. */
    public static final char GENERATIVE = 'G';

    /** The alpha plane, of profiles whose payload has colours alone. */
    public static final char ALPHA = 'A';

    /** The payload of the caption profile. */
    public static final char CAPTION = 'C';

    /** The payload of the descriptor profile. */
    public static final char DESCRIPTORS = 'D';

    /** An ICC profile as it is; encoders write at most one. */
    public static final char ICC = 'i';

    /** Exif, a TIFF header first; encoders write at most one. */
    public static final char EXIF = 'e';

    /** An XMP packet; encoders write at most one. */
    public static final char XMP = 'x';

    /** A keyword and a text; any number of them. */
    public static final char TEXT = 't';

    /** A JPEG or PNG file of at most 512 x 512 pixels; any number of them. */
    public static final char THUMBNAIL = 'p';

    /** The regions of a picture that no detail is added to; encoders write at most one. */
    public static final char PROTECTED = 'k';

    /**
     * Checks the tag; the payload is not copied.
     *
     * @throws IllegalArgumentException if the tag is not an ASCII letter
     */
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
