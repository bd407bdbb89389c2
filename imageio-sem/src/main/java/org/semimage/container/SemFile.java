// SPDX-License-Identifier: Apache-2.0
package org.semimage.container;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One picture in the container, parsed: header and chunks in file order.
 *
 * @param header    the head
 * @param chunks    all chunks, unknown ancillary ones included, in file order
 * @param truncated whether the input ended before the picture did; the last chunk then holds what was there
 */
public record SemFile(SemHeader header, List<Chunk> chunks, boolean truncated) {

    /** Copies the list, not the payloads. */
    public SemFile {
        chunks = List.copyOf(chunks);
    }

    /** A file that is whole. */
    public static SemFile of(SemHeader header, List<Chunk> chunks) {
        return new SemFile(header, chunks, false);
    }

    /** The first chunk with a tag. */
    public Optional<Chunk> chunk(char tag) {
        for (Chunk chunk : chunks) {
            if (chunk.tag() == tag) {
                return Optional.of(chunk);
            }
        }
        return Optional.empty();
    }

    /** This file with ancillary chunks put before its payload, so that a file cut off keeps them. */
    public SemFile withAncillary(List<Chunk> ancillary) {
        List<Chunk> all = new ArrayList<>(ancillary);
        all.addAll(chunks);
        return new SemFile(header, all, truncated);
    }
}
