// SPDX-License-Identifier: Apache-2.0
package org.semimage.container;

import java.util.Objects;

/**
 * The head of a file: everything that can be known without decoding (FORMAT.md, "Header").
 *
 * @param profile which payloads follow
 * @param width   columns, 1..{@link #MAX_SIDE}
 * @param height  rows, 1..{@link #MAX_SIDE}
 * @param format  planes of the decoded picture
 * @param model   the model pack that the payload needs
 */
public record SemHeader(ProfileId profile, int width, int height, PixelFormat format, ModelRef model) {

    /** The bitstream's version. */
    public static final int VERSION = 12;

    /** What the high half of the fourth byte says of the version. */
    static final int VERSION_CODE = versionCode(VERSION);

    /** The longest side that a header can declare. */
    public static final int MAX_SIDE = 1 << 24;

    /** 8 and the version modulo 4: no UTF-8 text has such a byte behind a letter. */
    static int versionCode(int version) {
        return 8 | version & 3;
    }

    /**
     * Checks both sides.
     *
     * @throws IllegalArgumentException if a side is out of range
     */
    public SemHeader {
        Objects.requireNonNull(profile, "profile");
        Objects.requireNonNull(format, "format");
        Objects.requireNonNull(model, "model");
        if (width < 1 || height < 1 || width > MAX_SIDE || height > MAX_SIDE) {
            throw new IllegalArgumentException("size " + width + "x" + height);
        }
    }
}
