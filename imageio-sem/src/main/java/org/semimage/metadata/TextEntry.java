// SPDX-License-Identifier: Apache-2.0
package org.semimage.metadata;

import javax.imageio.IIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * A text that belongs to a picture: the content of a chunk 't'.
 *
 * @param keyword  what the text is, 1..79 bytes in UTF-8, without control characters; the format gives some a meaning
 * @param language a tag as of BCP 47, or empty
 * @param value    the text; no NUL. Line breaks are LF: CR LF and CR become one
 */
public record TextEntry(String keyword, String language, String value) {

    /** What the picture shows, in a sentence or two. */
    public static final String CAPTION = "Caption";

    /** How the picture came about: a URI of IPTC's vocabulary of digital source types. */
    public static final String DIGITAL_SOURCE_TYPE = "DigitalSourceType";

    private static final int MAX_KEYWORD = 79;

    /**
     * Checks keyword, language and text.
     *
     * @throws IllegalArgumentException if the keyword is empty, too long or has control characters, or a part has a NUL
     */
    public TextEntry {
        value = value.replace("\r\n", "\n").replace('\r', '\n');
        int length = keyword.getBytes(StandardCharsets.UTF_8).length;
        if (length < 1 || length > MAX_KEYWORD || keyword.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("text keyword of " + length + " bytes, or with control characters");
        }
        if (language.indexOf('\0') >= 0 || value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("NUL in the text '" + keyword + "'");
        }
    }

    /** The chunk's content: keyword, NUL, language, NUL, value. */
    byte[] toBytes() {
        return (keyword + '\0' + language + '\0' + value).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads the content of a chunk.
     *
     * @throws IIOException if the bytes are no text
     */
    static TextEntry of(byte[] content) throws IIOException {
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
            String[] parts = text.split("\0", -1);
            if (parts.length != 3) {
                throw new IIOException("has " + parts.length + " parts, keyword, language and text expected");
            }
            return new TextEntry(parts[0], parts[1], parts[2]);
        } catch (CharacterCodingException | IllegalArgumentException e) {
            throw new IIOException("is not a text: " + e.getMessage(), e);
        }
    }
}
