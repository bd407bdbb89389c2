// SPDX-License-Identifier: Apache-2.0
package org.semimage.container;

import java.util.Locale;
import java.util.Optional;

/** The profiles of the format and their codes in the file header (FORMAT.md, "Header"). */
public enum ProfileId {
    CAPTION(0), DESCRIPTOR(1), GENERATIVE(2), TRANSFORM(3), LOSSLESS(4);

    private final int code;

    ProfileId(int code) {
        this.code = code;
    }

    public int code() {
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

    public static Optional<ProfileId> ofCode(int code) {
        for (ProfileId id : values()) {
            if (id.code == code) {
                return Optional.of(id);
            }
        }
        return Optional.empty();
    }

    public static Optional<ProfileId> ofLabel(String label) {
        for (ProfileId id : values()) {
            if (id.label().equals(label)) {
                return Optional.of(id);
            }
        }
        return Optional.empty();
    }
}
