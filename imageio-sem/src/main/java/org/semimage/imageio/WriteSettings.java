// SPDX-License-Identifier: Apache-2.0
package org.semimage.imageio;

import org.semimage.container.Chunk;
import org.semimage.container.SemHeader;
import org.semimage.container.SemLimits;
import org.semimage.container.SemSerializer;
import org.semimage.metadata.Ancillary;
import org.semimage.picture.ImageSource;
import org.semimage.profile.DoesNotFitException;
import org.semimage.profile.EncodeOptions;
import org.semimage.picture.PixelSource;
import org.semimage.container.ProfileId;

import javax.imageio.IIOException;
import javax.imageio.ImageWriteParam;
import java.awt.Dimension;
import java.awt.Rectangle;
import java.awt.image.RenderedImage;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * What a writer is asked for, whatever kind of parameter says it.
 *
 * @param settings may be null for the profile alone
 */
record WriteSettings(ImageWriteParam settings) {

    private boolean isExplicit() {
        return settings != null && settings.canWriteCompressed()
                && settings.getCompressionMode() == ImageWriteParam.MODE_EXPLICIT && settings.getCompressionType() != null;
    }

    /** The profile that is asked for. */
    ProfileId profile() {
        return isExplicit() ? ProfileId.ofLabel(settings.getCompressionType()).orElse(SemImageWriteParam.DEFAULT_PROFILE)
                : SemImageWriteParam.DEFAULT_PROFILE;
    }

    /** Whether the transform profile is only the default, and nothing is asked for that another profile does not do. */
    boolean mayBe(ProfileId other) {
        boolean chosen = isExplicit() && sem().map(SemImageWriteParam::isProfileChosen).orElse(true);
        boolean tiled = settings.canWriteTiles() && settings.getTilingMode() != ImageWriteParam.MODE_COPY_FROM_METADATA;
        return !chosen && !tiled && !isProgressive()
                && sem().map(sem -> sem.optionsOfOthers(other).isEmpty()).orElse(true);
    }

    /** Whether a file of fewer bytes is asked for. */
    boolean asksForFewerThan(int bytes) {
        return targetBytes().orElse(bytes) < bytes;
    }

    private OptionalInt targetBytes() {
        return sem().map(SemImageWriteParam::getTargetBytes).orElse(OptionalInt.empty());
    }

    /** The parameter, if it is this format's own. */
    private Optional<SemImageWriteParam> sem() {
        return settings instanceof SemImageWriteParam sem ? Optional.of(sem) : Optional.empty();
    }

    /** What is said where a picture does not fit beside its metadata. */
    DoesNotFitException beside(List<Chunk> ancillary, DoesNotFitException failure) {
        return ancillary.isEmpty() || targetBytes().isEmpty() ? failure : failure.beside(bytes(ancillary), targetBytes().orElseThrow());
    }

    /** Bytes that chunks add to a picture. */
    private static long bytes(List<Chunk> ancillary) {
        return ancillary.stream().mapToLong(SemSerializer::size).sum() + (ancillary.isEmpty() ? 0 : 1);
    }

    /**
     * What the encoder is asked for.
     *
     * @param ancillary chunks that count towards a target size
     * @throws IIOException if it cannot be had
     */
    EncodeOptions options(List<Chunk> ancillary) throws IIOException {
        if (settings.canWriteCompressed() && settings.getCompressionMode() == ImageWriteParam.MODE_DISABLED) {
            throw new IIOException("compression cannot be disabled");
        }
        OptionalInt target = targetBytes();
        if (target.isPresent()) {
            long carried = bytes(ancillary);
            if (carried >= target.getAsInt()) {
                throw new DoesNotFitException("target of " + target.getAsInt() + " bytes, of which the metadata alone takes " + carried);
            }
            return refined(EncodeOptions.ofBytes((int) (target.getAsInt() - carried)));
        }
        OptionalDouble psnr = sem().map(SemImageWriteParam::getTargetPsnr).orElse(OptionalDouble.empty());
        if (psnr.isPresent()) {
            return refined(EncodeOptions.ofPsnr(psnr.getAsDouble()));
        }
        return refined(isExplicit() ? EncodeOptions.ofQuality(settings.getCompressionQuality()) : EncodeOptions.DEFAULT);
    }

    private EncodeOptions refined(EncodeOptions options) {
        EncodeOptions common = options.withProgressive(isProgressive());
        EncodeOptions refined = sem().map(sem -> refined(common, sem)).orElse(common);
        return switch (settings.canWriteTiles() ? settings.getTilingMode() : ImageWriteParam.MODE_DEFAULT) {
            case ImageWriteParam.MODE_EXPLICIT -> refined.withTile(new Dimension(settings.getTileWidth(), settings.getTileHeight()));
            case ImageWriteParam.MODE_DISABLED -> refined.withTile(new Dimension(SemHeader.MAX_SIDE, SemHeader.MAX_SIDE));
            default -> refined;
        };
    }

    /** With what other formats' parameters do not know. */
    private static EncodeOptions refined(EncodeOptions options, SemImageWriteParam sem) {
        EncodeOptions refined = options.withInterest(sem.getRegionsOfInterest()).withTune(sem.getTune()).withEffort(sem.getEffort())
                .withTrace(sem.getTrace());
        if (sem.getGenerativeOptions() != null) {
            refined = refined.withGenerative(sem.getGenerativeOptions());
        }
        return sem.getShrink().isPresent() ? refined.withShrink(sem.getShrink().getAsInt()) : refined;
    }

    private boolean isProgressive() {
        return settings.canWriteProgressive() && settings.getProgressiveMode() == ImageWriteParam.MODE_DEFAULT;
    }

    /** Refuses what was asked for and the profile does not do. Of what every ImageIO writer knows, and may leave undone, it warns. */
    void check(Consumer<String> warnings) throws IIOException {
        ProfileId profile = profile();
        List<String> others = sem().map(sem -> sem.optionsOfOthers(profile)).orElse(List.of());
        if (!others.isEmpty()) {
            throw new IIOException("the profile '" + profile.label() + "' has no " + String.join(", ", others));
        }
        if (profile != ProfileId.TRANSFORM && isProgressive()) {
            warnings.accept("The profile '" + profile.label() + "' has no progressive mode; the picture is written without");
        }
        if (profile != ProfileId.TRANSFORM && settings.canWriteTiles() && settings.getTilingMode() == ImageWriteParam.MODE_EXPLICIT) {
            warnings.accept("The profile '" + profile.label() + "' has no tiles; the picture is written without");
        }
    }

    /** What the parameter says that the picture shows, else what the metadata does; null if neither says anything. */
    String caption(Ancillary carried) {
        return sem().map(SemImageWriteParam::getCaption).or(carried::caption).orElse(null);
    }

    /** The longest side of the thumbnail to make, if one is asked for. */
    OptionalInt thumbnailSize() {
        return sem().map(SemImageWriteParam::getThumbnailSize).orElse(OptionalInt.empty());
    }

    /** The part of the image to write, in the image's coordinates, subsampling offsets taken off. */
    Rectangle region(RenderedImage image) throws IIOException {
        Rectangle region = new Rectangle(image.getMinX(), image.getMinY(), image.getWidth(), image.getHeight());
        if (settings.getSourceRegion() != null) {
            region = region.intersection(settings.getSourceRegion());
        }
        region.translate(settings.getSubsamplingXOffset(), settings.getSubsamplingYOffset());
        region.width -= settings.getSubsamplingXOffset();
        region.height -= settings.getSubsamplingYOffset();
        if (region.isEmpty()) {
            throw new IIOException("empty source region: nothing of " + image.getWidth() + "x" + image.getHeight()
                    + " pixels at " + image.getMinX() + "," + image.getMinY() + " is left");
        }
        long width = (region.width + settings.getSourceXSubsampling() - 1L) / settings.getSourceXSubsampling();
        long height = (region.height + settings.getSourceYSubsampling() - 1L) / settings.getSourceYSubsampling();
        if (Math.max(width, height) > SemHeader.MAX_SIDE) {
            throw new IIOException("picture of " + width + "x" + height + " pixels; the limit is " + SemHeader.MAX_SIDE + " to the side");
        }
        SemLimits.current().checkSize(profile(), width, height);
        return region;
    }

    /**
     * The pixels that are asked for.
     *
     * @throws IIOException if the image or its bands make no picture
     */
    PixelSource pixels(RenderedImage image, Rectangle region) throws IIOException {
        return ImageSource.of(image, region, settings.getSourceXSubsampling(), settings.getSourceYSubsampling(), settings.getSourceBands(),
                profile().maxBitDepth());
    }
}
