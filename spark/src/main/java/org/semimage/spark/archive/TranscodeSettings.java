// SPDX-License-Identifier: Apache-2.0
package org.semimage.spark.archive;

import org.semimage.container.ProfileId;
import org.semimage.imageio.SemImageWriteParam;
import org.semimage.profile.EncodeOptions;
import org.semimage.profile.Tune;

import javax.imageio.ImageWriteParam;
import java.io.Serializable;
import java.util.Objects;

/**
 * How pictures are encoded.
 *
 * @param profile   transform or lossless; null leaves drawings that take fewer bytes so to the lossless profile, all else to transform
 * @param quality   0 to 1; null for the encoder's default
 * @param tune      of the transform profile
 * @param effort    1 to 3
 * @param thumbnail longest side of a stored thumbnail; 0 for none
 * @param metadata  whether Exif, XMP and texts of the source are kept
 */
public record TranscodeSettings(ProfileId profile, Float quality, Tune tune, int effort, int thumbnail, boolean metadata)
        implements Serializable {

    /** What {@code sem encode} does without options. */
    public static final TranscodeSettings DEFAULT = new TranscodeSettings(null, null, Tune.PERCEPTUAL, EncodeOptions.MIN_EFFORT, 0, true);

    private static final int MAX_THUMBNAIL = 512;

    /**
     * Checks all values.
     *
     * @throws IllegalArgumentException if one is out of range, or the profile keeps no pixels
     */
    public TranscodeSettings {
        Objects.requireNonNull(tune, "tune");
        if (profile != null && profile != ProfileId.TRANSFORM && profile != ProfileId.LOSSLESS) {
            throw new IllegalArgumentException("an archive keeps pixels: profile transform or lossless, not " + profile.label());
        }
        if (quality != null) {
            EncodeOptions.ofQuality(quality);
        }
        EncodeOptions.DEFAULT.withEffort(effort);
        if (thumbnail < 0 || thumbnail > MAX_THUMBNAIL) {
            throw new IllegalArgumentException("thumbnail of " + thumbnail + " pixels, 0.." + MAX_THUMBNAIL + " are possible");
        }
    }

    /** Sets a fresh parameter. */
    void apply(SemImageWriteParam param) {
        param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        if (profile != null) {
            param.setCompressionType(profile.label());
        }
        if (quality != null) {
            param.setCompressionQuality(quality);
        }
        if (profile != ProfileId.LOSSLESS) {
            param.setTune(tune);
        }
        param.setEffort(effort);
        if (thumbnail > 0) {
            param.setThumbnailSize(thumbnail);
        }
    }

    /** All values in one line; equal for equal settings. */
    String line() {
        return "profile=" + (profile == null ? "auto" : profile.label()) + " quality=" + (quality == null ? "auto" : quality)
                + " tune=" + tune.label() + " effort=" + effort + " thumbnail=" + thumbnail + " metadata=" + metadata;
    }
}
