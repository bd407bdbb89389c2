package org.semimage.profile;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a caller asks of an encoder.
 *
 * @param quality     0..1, 1 is best; ignored when {@code targetBytes} is present
 * @param targetBytes the most bytes that the whole file may take; the encoder searches the best quality below
 * @param caption     what the picture shows, for the profiles that store it
 */
public record EncodeOptions(float quality, OptionalInt targetBytes, Optional<String> caption) {

    /** About 1 bit per pixel on photographs. */
    public static final float DEFAULT_QUALITY = 0.5f;

    public static final EncodeOptions DEFAULT = ofQuality(DEFAULT_QUALITY);

    /** @throws IllegalArgumentException if quality is not in 0..1 or the target is not positive */
    public EncodeOptions {
        if (!(quality >= 0 && quality <= 1)) {
            throw new IllegalArgumentException("quality " + quality + " is not in 0..1");
        }
        if (targetBytes.isPresent() && targetBytes.getAsInt() < 1) {
            throw new IllegalArgumentException("target of " + targetBytes.getAsInt() + " bytes");
        }
    }

    public static EncodeOptions ofQuality(float quality) {
        return new EncodeOptions(quality, OptionalInt.empty(), Optional.empty());
    }

    public static EncodeOptions ofBytes(int bytes) {
        return new EncodeOptions(DEFAULT_QUALITY, OptionalInt.of(bytes), Optional.empty());
    }

    /** These options with a caption, or without one if it is null. */
    public EncodeOptions withCaption(String caption) {
        return new EncodeOptions(quality, targetBytes, Optional.ofNullable(caption));
    }
}
