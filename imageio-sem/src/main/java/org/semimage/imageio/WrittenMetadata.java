// SPDX-License-Identifier: Apache-2.0
package org.semimage.imageio;

import org.semimage.container.PixelFormat;
import org.semimage.container.SemLimits;
import org.semimage.metadata.Ancillary;
import org.semimage.picture.Images;
import org.semimage.container.ProfileId;
import org.w3c.dom.DOMException;

import javax.imageio.IIOException;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.metadata.IIOMetadata;
import java.awt.color.ColorSpace;
import java.awt.image.ColorModel;
import java.util.Optional;
import java.util.function.Consumer;

/** What of an image's metadata goes into a file, and the metadata that a writer offers. */
final class WrittenMetadata {

    /** Leaves room for one critical chunk of each letter. */
    private static final int MAX_ANCILLARY = SemLimits.MAX_CHUNKS - 26;

    private WrittenMetadata() {
    }

    /**
     * Metadata to be changed and given with an image.
     *
     * @param imageType may be null, which means RGB
     * @param ancillary what it says at first
     */
    static SemMetadata of(ImageTypeSpecifier imageType, ProfileId profile, Ancillary ancillary) {
        boolean plain = imageType == null || profile.isSemantic();
        PixelFormat format = plain ? PixelFormat.RGB : Images.formatOf(imageType.getColorModel(), profile.maxBitDepth());
        Optional<byte[]> own = imageType == null ? Optional.empty() : SourceColours.profileToKeep(imageType.getColorModel(), profile);
        return SemMetadata.toWrite(profile, format, own.isPresent() ? ancillary.withIcc(own) : ancillary);
    }

    /**
     * What any metadata says about a picture.
     *
     * @param metadata may be null
     * @param warnings told of what cannot be carried over
     */
    static Ancillary carried(IIOMetadata metadata, Consumer<String> warnings) {
        if (metadata == null) {
            return Ancillary.NONE;
        }
        if (metadata instanceof SemMetadata sem) {
            return sem.carried();
        }
        try {
            return ForeignMetadata.carry(metadata, warnings);
        } catch (IllegalArgumentException | IllegalStateException | DOMException e) {
            warnings.accept("Metadata of another format cannot be read and is left out: " + e.getMessage());
            return Ancillary.NONE;
        }
    }

    /** What is written beside a payload of a few dozen bytes that has the caption: SEM metadata, and none of another format's. */
    static Ancillary besideWords(Ancillary carried, IIOMetadata metadata, ProfileId profile, Consumer<String> warnings) {
        if (metadata instanceof SemMetadata) {
            return carried.withoutPayloadsTexts();
        }
        if (!carried.withoutPayloadsTexts().chunks().isEmpty()) {
            warnings.accept("Metadata of another format is left out in the profile '" + profile.label()
                    + "', but for a caption; convertImageMetadata makes it SEM's");
        }
        return Ancillary.NONE;
    }

    /** Refuses what no reader of the same limits would take. */
    static void checkLimits(Ancillary ancillary) throws IIOException {
        long bytes = ancillary.chunks().stream().mapToLong(chunk -> chunk.payload().length).sum();
        long limit = SemLimits.current().maxMetadataBytes();
        int chunks = ancillary.chunks().size();
        if (bytes > limit || chunks > MAX_ANCILLARY) {
            throw new IIOException("metadata of " + bytes + " bytes in " + chunks + " chunks; the limits are " + limit
                    + " bytes (org.semimage.maxMetadataBytes) and " + MAX_ANCILLARY + " chunks");
        }
    }

    /** The profile that metadata assigns to samples of which the image says no more than sRGB or gray. */
    static Optional<byte[]> assigned(Ancillary carried, ColorModel colors, PixelFormat format, Consumer<String> warnings) {
        Optional<byte[]> icc = carried.icc();
        boolean untagged = colors == null || colors.getColorSpace().isCS_sRGB() || colors.getColorSpace().getType() == ColorSpace.TYPE_GRAY;
        if (icc.isEmpty() || !untagged) {
            return Optional.empty();
        }
        try {
            SourceColours.space(icc.get(), format);
            return icc;
        } catch (IllegalArgumentException e) {
            warnings.accept("The metadata's ICC profile is not written: " + e.getMessage());
            return Optional.empty();
        }
    }
}
