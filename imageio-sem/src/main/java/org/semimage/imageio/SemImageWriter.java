package org.semimage.imageio;

import com.twelvemonkeys.imageio.ImageWriterBase;
import org.semimage.container.Chunk;
import org.semimage.container.ModelRef;
import org.semimage.container.SemFile;
import org.semimage.container.SemHeader;
import org.semimage.container.SemLimits;
import org.semimage.container.SemSerializer;
import org.semimage.profile.EncodeOptions;
import org.semimage.profile.Images;
import org.semimage.profile.PixelPlanes;
import org.semimage.profile.ProfileId;
import org.semimage.profile.Profiles;

import javax.imageio.IIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.metadata.IIOMetadata;
import java.awt.Rectangle;
import java.awt.image.RenderedImage;
import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;

/**
 * Writes one picture at the output's position. The picture is encoded before the first byte is written, so that a failure
 * leaves the output as it was. As all ImageIO writers, an instance serves one thread at a time; any number of instances
 * work at once.
 */
public final class SemImageWriter extends ImageWriterBase {

    SemImageWriter(SemImageWriterSpi provider) {
        super(provider);
    }

    @Override
    public SemImageWriteParam getDefaultWriteParam() {
        return new SemImageWriteParam(getLocale());
    }

    /** @param imageType may be null, which means RGB */
    @Override
    public IIOMetadata getDefaultImageMetadata(ImageTypeSpecifier imageType, ImageWriteParam param) {
        return metadata(imageType, param, List.of());
    }

    /** The default metadata, with the ancillary chunks of {@code inData} if that is a SEM picture's. */
    @Override
    public IIOMetadata convertImageMetadata(IIOMetadata inData, ImageTypeSpecifier imageType, ImageWriteParam param) {
        return metadata(imageType, param, ancillaryChunks(inData));
    }

    private static SemMetadata metadata(ImageTypeSpecifier imageType, ImageWriteParam param, List<Chunk> ancillary) {
        PixelPlanes.Format format = imageType == null ? PixelPlanes.Format.RGB : Images.formatOf(imageType.getColorModel());
        return new SemMetadata(profile(param), format, ModelRef.NONE, ancillary);
    }

    private static List<Chunk> ancillaryChunks(IIOMetadata metadata) {
        return metadata instanceof SemMetadata sem ? sem.ancillaryChunks() : List.of();
    }

    @Override
    public void write(IIOMetadata streamMetadata, IIOImage image, ImageWriteParam param) throws IOException {
        if (image == null) {
            throw new IllegalArgumentException("image == null");
        }
        if (image.hasRaster()) {
            throw new UnsupportedOperationException("cannot write a raster without a colour model");
        }
        assertOutput();
        ImageWriteParam settings = param != null ? param : getDefaultWriteParam();
        RenderedImage rendered = image.getRenderedImage();
        Rectangle source = sourceRegion(rendered, settings);
        List<Chunk> ancillary = ancillaryChunks(image.getMetadata());
        EncodeOptions options = options(settings, ancillary);
        ProfileId profile = profile(settings);

        clearAbortRequest();
        processImageStarted(0);
        try {
            ListenerWatcher watcher = new WriterWatcher();
            watcher.progress(0);
            warnOfLosses(image);
            SemFile file = encode(rendered, source, settings, profile, options, watcher);
            watcher.throwIfCancelled();
            SemSerializer.write(file.withAncillary(ancillary), imageOutput);
            watcher.progress(1);
        } catch (CancellationException e) {
            processWriteAborted();
            return;
        }
        processImageComplete();
    }

    /** The part of the image to write, in the image's coordinates, subsampling offsets taken off. */
    private static Rectangle sourceRegion(RenderedImage image, ImageWriteParam settings) throws IIOException {
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
        if (Math.max(width, height) > SemHeader.MAX_SIDE || width * height > SemLimits.current().maxPixels()) {
            throw new IIOException("picture of " + width + "x" + height + " pixels; the limits are " + SemHeader.MAX_SIDE
                    + " to the side and " + SemLimits.current().maxPixels() + " in all (org.semimage.maxPixels)");
        }
        if (settings.getSourceBands() != null) {
            throw new IIOException("writing selected source bands is not supported");
        }
        return region;
    }

    private static boolean isExplicit(ImageWriteParam settings) {
        return settings != null && settings.canWriteCompressed()
                && settings.getCompressionMode() == ImageWriteParam.MODE_EXPLICIT && settings.getCompressionType() != null;
    }

    private static ProfileId profile(ImageWriteParam settings) {
        return isExplicit(settings) ? ProfileId.ofLabel(settings.getCompressionType()).orElse(SemImageWriteParam.DEFAULT_PROFILE)
                : SemImageWriteParam.DEFAULT_PROFILE;
    }

    private static EncodeOptions options(ImageWriteParam settings, List<Chunk> ancillary) throws IIOException {
        if (settings.canWriteCompressed() && settings.getCompressionMode() == ImageWriteParam.MODE_DISABLED) {
            throw new IIOException("compression cannot be disabled");
        }
        OptionalInt target = settings instanceof SemImageWriteParam sem ? sem.getTargetBytes() : OptionalInt.empty();
        if (target.isPresent()) {
            long carried = ancillary.stream().mapToLong(SemSerializer::size).sum();
            if (carried >= target.getAsInt()) {
                throw new IIOException("target of " + target.getAsInt() + " bytes, of which the metadata alone takes " + carried);
            }
            return EncodeOptions.ofBytes((int) (target.getAsInt() - carried)).withProgressive(isProgressive(settings));
        }
        EncodeOptions options = isExplicit(settings) ? EncodeOptions.ofQuality(settings.getCompressionQuality()) : EncodeOptions.DEFAULT;
        return options.withProgressive(isProgressive(settings));
    }

    private static boolean isProgressive(ImageWriteParam settings) {
        return settings.canWriteProgressive() && settings.getProgressiveMode() == ImageWriteParam.MODE_DEFAULT;
    }

    private void warnOfLosses(IIOImage image) {
        if (image.getMetadata() != null && !(image.getMetadata() instanceof SemMetadata)) {
            processWarningOccurred(0, "Metadata of other formats is not written");
        }
        if (image.getNumThumbnails() > 0) {
            processWarningOccurred(0, "Thumbnails are not written");
        }
    }

    private static SemFile encode(RenderedImage image, Rectangle source, ImageWriteParam settings, ProfileId profile,
                                  EncodeOptions options, ListenerWatcher watcher) throws IIOException {
        try {
            watcher.throwIfCancelled();
            PixelPlanes planes = Images.toPlanes(image, source, settings.getSourceXSubsampling(), settings.getSourceYSubsampling());
            return Profiles.of(profile).encode(planes, options, watcher);
        } catch (CancellationException e) {
            throw e;
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            throw ProfileFailure.wrap("encode", profile, source.width, source.height, e);
        }
    }

    private final class WriterWatcher extends ListenerWatcher {

        @Override
        void report(float percentage) {
            processImageProgress(percentage);
        }

        @Override
        public void warning(String message) {
            processWarningOccurred(0, message);
        }

        @Override
        public boolean cancelled() {
            return abortRequested();
        }
    }
}
