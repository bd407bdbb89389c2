// SPDX-License-Identifier: Apache-2.0
package org.semimage.container;

import java.util.Locale;
import java.util.Optional;

/** The profiles of the format and their codes in the file header (FORMAT.md, "Header"). */
public enum ProfileId {
    /** What a picture shows, in words. */
    CAPTION(0),
    /** How a picture looks: layout and texture, perhaps words. */
    DESCRIPTOR(1),
    /** Latents of an installed pack's autoencoder. */
    GENERATIVE(2),
    /** Quantized wavelet coefficients. */
    TRANSFORM(3),
    /** All samples as they are. */
    LOSSLESS(4);

    private final int code;

    ProfileId(int code) {
        this.code = code;
    }

    /** The number in the file header, 0..4. */
    int code() {
        return code;
    }

    /** The most bits to a sample that the profile keeps; pictures of more are rounded to 8 or 16. */
    public int maxBitDepth() {
        return this == LOSSLESS ? 16 : 8;
    }

    /** Whether files say what a picture shows or how it looks, in place of its pixels. */
    public boolean isSemantic() {
        return this == CAPTION || this == DESCRIPTOR;
    }

    /** The name users see: the compression type of the ImageIO parameter and the value of {@code --profile}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The profile of a number in a file header; empty if this version knows none. */
    static Optional<ProfileId> ofCode(int code) {
        for (ProfileId id : values()) {
            if (id.code == code) {
                return Optional.of(id);
            }
        }
        return Optional.empty();
    }

    /** The profile that {@link #label} calls so; empty if there is none. */
    public static Optional<ProfileId> ofLabel(String label) {
        for (ProfileId id : values()) {
            if (id.label().equals(label)) {
                return Optional.of(id);
            }
        }
        return Optional.empty();
    }
}
