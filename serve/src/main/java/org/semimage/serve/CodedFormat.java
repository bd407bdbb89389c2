// SPDX-License-Identifier: Apache-2.0
package org.semimage.serve;

import javax.imageio.ImageIO;
import java.util.Arrays;
import java.util.Optional;

/** How a picture may be coded for a comparison. */
enum CodedFormat {

    /** The picture as it was before coding, in PNG. */
    PNG("png", "image/png", false),

    /** What the writer makes of so many bytes; a SEM file itself, cut to them. */
    SEM("sem", "image/png", false),

    /** The profile transform. */
    TRANSFORM("transform", "image/png", true),

    /** The profile descriptor. */
    DESCRIPTOR("descriptor", "image/png", true),

    /** The profile caption. */
    CAPTION("caption", "image/png", false),

    /** The profile lossless. */
    LOSSLESS("lossless", "image/png", false),

    /** The best quality that fits. */
    JPEG("jpeg", "image/jpeg", true),

    /** The best quality that fits, where an ImageIO plug-in writes it. */
    WEBP("webp", "image/webp", true),

    /** The best quality that fits, where an ImageIO plug-in writes it. */
    AVIF("avif", "image/avif", true);

    private final String label;
    private final String mediaType;
    private final boolean sized;

    CodedFormat(String label, String mediaType, boolean sized) {
        this.label = label;
        this.mediaType = mediaType;
        this.sized = sized;
    }

    /** As clients call it; of profiles ImageIO's compression type, of other formats its format name. */
    String label() {
        return label;
    }

    /** What a client gets to look at. */
    String mediaType() {
        return mediaType;
    }

    /** Whether it cannot be made without a number of bytes. */
    boolean isSized() {
        return sized;
    }

    /** Whether the file is a SEM file. */
    boolean isSem() {
        return this == SEM || isProfile();
    }

    /** Whether it is a profile that is chosen. */
    boolean isProfile() {
        return this == TRANSFORM || this == DESCRIPTOR || this == CAPTION || this == LOSSLESS;
    }

    /** Whether something here writes it. */
    boolean isWritable() {
        return isSem() || Arrays.asList(ImageIO.getWriterFormatNames()).contains(label);
    }

    /** The format of a name, if something here writes it. */
    static Optional<CodedFormat> of(String label) {
        return Arrays.stream(values()).filter(format -> format.label.equals(label) && format.isWritable()).findFirst();
    }
}
