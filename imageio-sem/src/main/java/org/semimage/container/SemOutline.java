// SPDX-License-Identifier: Apache-2.0
package org.semimage.container;

import java.util.List;

/**
 * One picture in the container without its coded pixels.
 *
 * @param header    the head
 * @param entries   all chunks, in file order
 * @param ancillary the ancillary chunks with their payloads, in file order
 * @param truncated whether the input ended before the picture did
 */
public record SemOutline(SemHeader header, List<Entry> entries, List<Chunk> ancillary, boolean truncated) {

    /**
     * A chunk.
     *
     * @param tag    an ASCII letter; C or D for the payload of the micro form, which has none in the file
     * @param length bytes of the payload, as declared
     * @param head   the first two bytes of chunk T, the first one in the higher half; -1 of other chunks, and where there are fewer
     */
    public record Entry(char tag, long length, int head) {

        /** A chunk without coded pixels, or of which only the length is of interest. */
        public Entry(char tag, long length) {
            this(tag, length, -1);
        }

        /** A chunk that is there. */
        public static Entry of(Chunk chunk) {
            byte[] payload = chunk.payload();
            boolean hasHead = chunk.tag() == Chunk.TRANSFORM && payload.length > 1;
            return new Entry(chunk.tag(), payload.length, hasHead ? (payload[0] & 0xFF) << 8 | payload[1] & 0xFF : -1);
        }
    }

    /** Copies the lists, not the payloads. */
    public SemOutline {
        entries = List.copyOf(entries);
        ancillary = List.copyOf(ancillary);
    }
}
