// SPDX-License-Identifier: Apache-2.0
package org.semimage.caption;

import org.semimage.compute.tensor.NamedTensors;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** The tags that a pack knows. */
final class TagList {

    private TagList() {
    }

    /**
     * The words that say each tag, in the pack's order: lines of the tensor {@code tags}, words apart by spaces.
     *
     * @throws IllegalArgumentException if there is no such tensor
     */
    static List<List<String>> of(NamedTensors tensors) {
        return new String(tensors.bytes("tags", -1), StandardCharsets.US_ASCII).lines().map(line -> List.of(line.split(" "))).toList();
    }
}
