// SPDX-License-Identifier: Apache-2.0
package org.semimage.reflect;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a file might say.
 *
 * @param origin        how it came up, in words
 * @param caption       what the picture shows; absent if the file has no words
 * @param quantizerStep index of the layout's, 0..31; the encoder's own choice if absent
 * @param contrast      of the layout that is coded, in percent of the picture's: what a few bytes leave of one is paler than it
 * @param spare         bytes of the budget that descriptors leave, 0 or more: another payload has another seed
 */
public record Proposal(String origin, Optional<String> caption, OptionalInt quantizerStep, int contrast, int spare) {

    /** As much contrast as the picture has. */
    public static final int PLAIN = 100;

    private static final int MAX_CONTRAST = 200;

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if the quantizer step, the contrast or the spare bytes are out of range
     */
    public Proposal {
        Objects.requireNonNull(origin, "origin");
        Objects.requireNonNull(caption, "caption");
        boolean stepped = quantizerStep.isEmpty() || quantizerStep.getAsInt() >= 0 && quantizerStep.getAsInt() <= 31;
        if (!stepped || contrast < 1 || contrast > MAX_CONTRAST || spare < 0) {
            throw new IllegalArgumentException("quantizer step " + quantizerStep + ", contrast " + contrast + ", spare bytes " + spare);
        }
    }

    /** A file with or without words, and nothing else chosen. */
    public static Proposal of(String origin, Optional<String> caption) {
        return new Proposal(origin, caption, OptionalInt.empty(), PLAIN, 0);
    }

    /** The same with another step. */
    public Proposal withQuantizerStep(String why, int step) {
        return new Proposal(why, caption, OptionalInt.of(step), contrast, spare);
    }

    /** The same with another contrast. */
    public Proposal withContrast(String why, int percent) {
        return new Proposal(why, caption, quantizerStep, percent, spare);
    }

    /** The same with other bytes left. */
    public Proposal withSpare(String why, int bytes) {
        return new Proposal(why, caption, quantizerStep, contrast, bytes);
    }

    /** The same with another caption. */
    public Proposal withCaption(String why, String text) {
        return new Proposal(why, Optional.of(text), quantizerStep, contrast, spare);
    }

    /** Whether two proposals ask for the same file, however they came up. */
    boolean asksFor(Proposal other) {
        return caption.equals(other.caption) && quantizerStep.equals(other.quantizerStep) && contrast == other.contrast
                && spare == other.spare;
    }
}
