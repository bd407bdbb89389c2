// SPDX-License-Identifier: Apache-2.0
package org.semimage.reflect;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a file might say.
 *
 * @param origin  how it came up, in words
 * @param caption what the picture shows; absent if the file has no words
 * @param quantizerStep index of the layout's, 0..31; the encoder's own choice if absent
 * @param spare   bytes of the budget that descriptors leave, 0 or more: another payload has another seed
 */
public record Proposal(String origin, Optional<String> caption, OptionalInt quantizerStep, int spare) {

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if the quantizer step or the spare bytes are out of range
     */
    public Proposal {
        Objects.requireNonNull(origin, "origin");
        Objects.requireNonNull(caption, "caption");
        if (quantizerStep.isPresent() && (quantizerStep.getAsInt() < 0 || quantizerStep.getAsInt() > 31) || spare < 0) {
            throw new IllegalArgumentException("quantizer step " + quantizerStep + ", " + spare + " spare bytes");
        }
    }

    /** A file with or without words, and nothing else chosen. */
    public static Proposal of(String origin, Optional<String> caption) {
        return new Proposal(origin, caption, OptionalInt.empty(), 0);
    }

    /** Whether two proposals ask for the same file, however they came up. */
    boolean asksFor(Proposal other) {
        return caption.equals(other.caption) && quantizerStep.equals(other.quantizerStep) && spare == other.spare;
    }
}
