package org.semimage.imageio;

import com.twelvemonkeys.imageio.ImageWriterBase;
import org.semimage.compute.Cancellation;
import org.semimage.container.Chunk;
import org.semimage.container.PixelFormat;
import org.semimage.container.ProfileId;
import org.semimage.container.SemFile;
import org.semimage.container.SemHeader;
import org.semimage.container.SemLimits;
import org.semimage.container.SemSerializer;
import org.semimage.metadata.Ancillary;
import org.semimage.picture.ImageSource;
import org.semimage.picture.Images;
import org.semimage.picture.PixelPlanes;
import org.semimage.picture.PixelSource;
import org.semimage.profile.EncodeOptions;
import org.semimage.profile.Tune;
import org.w3c.dom.DOMException;

import javax.imageio.IIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.metadata.IIOMetadata;
import java.awt.Dimension;
import java.awt.Rectangle;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.RenderedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;

/**
 * Writes pictures at the output's position, one behind the other if it is called again or for a sequence. A picture is encoded before its
 * first byte is written, so that a failure leaves the output as it was. As all ImageIO writers, an instance serves one thread at a
 * time; any number of instances work at once.
 *
 * <p>Metadata of any kind may be given with an image: what other formats' says about the picture is carried over, as
 * {@link #convertImageMetadata} does; into the profiles caption and descriptor, whose files are a few dozen bytes, only its caption, unless it
 * has been converted. Nothing of a picture that is written can be replaced later.
 */
public final class SemImageWriter extends ImageWriterBase {

    private static final int MAX_THUMBNAILS = 8;

    /** Leaves room for one critical chunk of each letter. */
    private static final int MAX_ANCILLARY = SemLimits.MAX_CHUNKS - 26;

    /** What an abort makes the work in hand stop with. */
    private Cancellation cancellation = new Cancellation();
    private boolean inSequence;
    private int written;

    SemImageWriter(SemImageWriterSpi provider) {
        super(provider);
    }

    @Override
    protected void resetMembers() {
        inSequence = false;
        written = 0;
    }

    /** Ends a write that is being done, within a tenth of a second on a machine that is not overloaded. */
    @Override
    public synchronized void abort() {
        super.abort();
        cancellation.request();
    }

    @Override
    protected synchronized void clearAbortRequest() {
        super.clearAbortRequest();
        cancellation = new Cancellation();
    }

    @Override
    public SemImageWriteParam getDefaultWriteParam() {
        return new SemImageWriteParam(getLocale());
    }

    /** Metadata to be changed and given with an image. @param imageType may be null, which means RGB, as files without pixels always are */
    @Override
    public IIOMetadata getDefaultImageMetadata(ImageTypeSpecifier imageType, ImageWriteParam param) {
        return metadata(imageType, param, Ancillary.NONE);
    }

    /**
     * Metadata to be changed and given with an image, with what {@code inData} says about the picture: the ancillary chunks of a SEM
     * picture; Exif, XMP, IPTC's caption and texts of JPEG, PNG and TIFF; and what any other says in the standard format.
     *
     * @throws IllegalArgumentException if {@code inData} or {@code imageType} is null
     */
    @Override
    public IIOMetadata convertImageMetadata(IIOMetadata inData, ImageTypeSpecifier imageType, ImageWriteParam param) {
        if (inData == null || imageType == null) {
            throw new IllegalArgumentException(inData == null ? "inData == null" : "imageType == null");
        }
        return metadata(imageType, param, carried(inData, warning -> { }));
    }

    private static SemMetadata metadata(ImageTypeSpecifier imageType, ImageWriteParam param, Ancillary ancillary) {
        ProfileId profile = profile(param);
        boolean plain = imageType == null || profile.isSemantic();
        PixelFormat format = plain ? PixelFormat.RGB : Images.formatOf(imageType.getColorModel(), profile.maxBitDepth());
        Optional<byte[]> own = imageType == null ? Optional.empty() : SourceColours.profileToKeep(imageType.getColorModel(), profile);
        return SemMetadata.toWrite(profile, format, own.isPresent() ? ancillary.withIcc(own) : ancillary);
    }

    private static Ancillary carried(IIOMetadata metadata, Consumer<String> warnings) {
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

    @Override
    public int getNumThumbnailsSupported(ImageTypeSpecifier imageType, ImageWriteParam param, IIOMetadata streamMetadata,
                                         IIOMetadata imageMetadata) {
        return MAX_THUMBNAILS;
    }

    @Override
    public Dimension[] getPreferredThumbnailSizes(ImageTypeSpecifier imageType, ImageWriteParam param, IIOMetadata streamMetadata,
                                                  IIOMetadata imageMetadata) {
        return new Dimension[] {new Dimension(1, 1), new Dimension(Thumbnails.MAX_SIDE, Thumbnails.MAX_SIDE)};
    }

    @Override
    public boolean canWriteSequence() {
        return true;
    }

    /** @throws IllegalStateException if there is no output, or a sequence has been begun already */
    @Override
    public void prepareWriteSequence(IIOMetadata streamMetadata) {
        assertOutput();
        if (inSequence) {
            throw new IllegalStateException("the sequence has been begun already");
        }
        inSequence = true;
        written = 0;
    }

    /** @throws IllegalStateException if no sequence has been begun */
    @Override
    public void writeToSequence(IIOImage image, ImageWriteParam param) throws IOException {
        assertSequence();
        write(written, image, param);
        written++;
    }

    /** @throws IllegalStateException if no sequence has been begun */
    @Override
    public void endWriteSequence() {
        assertSequence();
        inSequence = false;
    }

    private void assertSequence() {
        assertOutput();
        if (!inSequence) {
            throw new IllegalStateException("no sequence has been begun");
        }
    }

    @Override
    public void write(IIOMetadata streamMetadata, IIOImage image, ImageWriteParam param) throws IOException {
        write(0, image, param);
    }

    private void write(int index, IIOImage image, ImageWriteParam param) throws IOException {
        if (image == null) {
            throw new IllegalArgumentException("image == null");
        }
        if (image.hasRaster()) {
            throw new UnsupportedOperationException("cannot write a raster without a colour model");
        }
        assertOutput();
        clearAbortRequest();
        ImageWriteParam settings = param != null ? param : getDefaultWriteParam();
        RenderedImage rendered = image.getRenderedImage();
        Rectangle source = sourceRegion(rendered, settings);
        ProfileId profile = profile(settings);

        processImageStarted(index);
        try {
            ListenerWatcher watcher = new WriterWatcher(index);
            watcher.progress(0);
            Ancillary carried = carried(image.getMetadata(), watcher::warning);
            Optional<byte[]> icc = SourceColours.profileToKeep(rendered.getColorModel(), profile);
            PixelSource pixels = pixels(icc.isPresent() ? SourceColours.retagged(rendered) : rendered, source, settings, profile, watcher);
            PixelFormat format = pixels.format();
            icc = icc.or(() -> assigned(carried, rendered.getColorModel(), format, watcher));
            if (profile.isSemantic() && icc.isPresent()) {
                PixelPlanes planes = pixels.readAll(watcher.cancellation());
                toSrgb(planes, icc.get(), watcher);
                pixels = PixelSource.of(planes);
                icc = Optional.empty();
            }
            List<byte[]> thumbnails = thumbnails(index, image, pixels, icc, settings, watcher);
            Ancillary kept = profile.isSemantic() ? besideWords(carried, image.getMetadata(), profile, watcher) : carried;
            Ancillary ancillary = kept.withIcc(icc).withThumbnails(thumbnails);
            checkLimits(ancillary);
            EncodeOptions options = options(settings, ancillary.chunks());
            boolean storesCaption = profile.isSemantic() || profile == ProfileId.GENERATIVE;
            SemFile file = encode(pixels, profile, storesCaption ? options.withCaption(caption(settings, carried)) : options, watcher);
            watcher.cancellation().check();
            SemSerializer.write(file.withAncillary(ancillary.chunks()), imageOutput);
            watcher.progress(1);
        } catch (CancellationException e) {
            processWriteAborted();
            return;
        }
        processImageComplete();
    }

    /** What the parameter says that the picture shows, else what the metadata does; null if neither says anything. */
    private static String caption(ImageWriteParam settings, Ancillary carried) {
        String given = settings instanceof SemImageWriteParam sem ? sem.getCaption() : null;
        return given != null ? given : carried.caption().orElse(null);
    }

    /** What is written beside a payload of a few dozen bytes that has the caption: SEM metadata, and none of another format's. */
    private static Ancillary besideWords(Ancillary carried, IIOMetadata metadata, ProfileId profile, ListenerWatcher watcher) {
        if (metadata instanceof SemMetadata) {
            return carried.withoutPayloadsTexts();
        }
        if (!carried.withoutPayloadsTexts().chunks().isEmpty()) {
            watcher.warning("Metadata of another format is left out in the profile '" + profile.label()
                    + "', but for a caption; convertImageMetadata makes it SEM's");
        }
        return Ancillary.NONE;
    }

    /** Refuses what no reader of the same limits would take. */
    private static void checkLimits(Ancillary ancillary) throws IIOException {
        long bytes = ancillary.chunks().stream().mapToLong(chunk -> chunk.payload().length).sum();
        long limit = SemLimits.current().maxMetadataBytes();
        int chunks = ancillary.chunks().size();
        if (bytes > limit || chunks > MAX_ANCILLARY) {
            throw new IIOException("metadata of " + bytes + " bytes in " + chunks + " chunks; the limits are " + limit
                    + " bytes (org.semimage.maxMetadataBytes) and " + MAX_ANCILLARY + " chunks");
        }
    }

    /** The profile that metadata assigns to samples of which the image says no more than sRGB or gray. */
    private static Optional<byte[]> assigned(Ancillary carried, ColorModel colors, PixelFormat format, ListenerWatcher watcher) {
        Optional<byte[]> icc = carried.icc();
        boolean untagged = colors == null || colors.getColorSpace().isCS_sRGB() || colors.getColorSpace().getType() == ColorSpace.TYPE_GRAY;
        if (icc.isEmpty() || !untagged) {
            return Optional.empty();
        }
        try {
            SourceColours.space(icc.get(), format);
            return icc;
        } catch (IllegalArgumentException e) {
            watcher.warning("The metadata's ICC profile is not written: " + e.getMessage());
            return Optional.empty();
        }
    }

    private List<byte[]> thumbnails(int index, IIOImage image, PixelSource pixels, Optional<byte[]> icc, ImageWriteParam settings,
                                    ListenerWatcher watcher) throws IOException {
        List<BufferedImage> thumbnails = new ArrayList<>();
        for (int i = 0; i < Math.min(image.getNumThumbnails(), MAX_THUMBNAILS); i++) {
            thumbnails.add(Images.toImage(Thumbnails.scaled(Images.toPlanes(image.getThumbnail(i)), Thumbnails.MAX_SIDE, watcher.cancellation())));
        }
        if (image.getNumThumbnails() > MAX_THUMBNAILS) {
            watcher.warning("Only " + MAX_THUMBNAILS + " of " + image.getNumThumbnails() + " thumbnails are written");
        }
        if (thumbnails.isEmpty() && settings instanceof SemImageWriteParam sem && sem.getThumbnailSize().isPresent()) {
            PixelPlanes small = Thumbnails.scaled(pixels.readAll(watcher.cancellation()), sem.getThumbnailSize().getAsInt(), watcher.cancellation());
            icc.ifPresent(profile -> toSrgb(small, profile, watcher));
            thumbnails.add(Images.toImage(small));
        }
        List<byte[]> files = new ArrayList<>();
        for (BufferedImage thumbnail : thumbnails) {
            watcher.cancellation().check();
            processThumbnailStarted(index, files.size());
            processThumbnailProgress(0);
            files.add(Thumbnails.write(thumbnail));
            processThumbnailProgress(100);
            processThumbnailComplete();
        }
        return files;
    }

    private static void toSrgb(PixelPlanes planes, byte[] icc, ListenerWatcher watcher) {
        if (!planes.format().isGray()) {
            SourceColours.toSrgb(planes, SourceColours.space(icc, planes.format()), watcher);
        }
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
            long carried = ancillary.stream().mapToLong(SemSerializer::size).sum() + (ancillary.isEmpty() ? 0 : 1);
            if (carried >= target.getAsInt()) {
                throw new IIOException("target of " + target.getAsInt() + " bytes, of which the metadata alone takes " + carried);
            }
            return refined(EncodeOptions.ofBytes((int) (target.getAsInt() - carried)), settings);
        }
        OptionalDouble psnr = settings instanceof SemImageWriteParam sem ? sem.getTargetPsnr() : OptionalDouble.empty();
        if (psnr.isPresent()) {
            return refined(EncodeOptions.ofPsnr(psnr.getAsDouble()), settings);
        }
        return refined(isExplicit(settings) ? EncodeOptions.ofQuality(settings.getCompressionQuality()) : EncodeOptions.DEFAULT, settings);
    }

    private static EncodeOptions refined(EncodeOptions options, ImageWriteParam settings) {
        List<EncodeOptions.RegionOfInterest> regions = settings instanceof SemImageWriteParam sem ? sem.getRegionsOfInterest() : List.of();
        int effort = settings instanceof SemImageWriteParam sem ? sem.getEffort() : EncodeOptions.MIN_EFFORT;
        Tune tune = settings instanceof SemImageWriteParam sem ? sem.getTune() : EncodeOptions.DEFAULT_TUNE;
        EncodeOptions refined = options.withProgressive(isProgressive(settings)).withInterest(regions).withTune(tune).withEffort(effort);
        if (settings instanceof SemImageWriteParam sem && sem.getGenerativeOptions() != null) {
            refined = refined.withGenerative(sem.getGenerativeOptions());
        }
        return switch (settings.canWriteTiles() ? settings.getTilingMode() : ImageWriteParam.MODE_DEFAULT) {
            case ImageWriteParam.MODE_EXPLICIT -> refined.withTile(new Dimension(settings.getTileWidth(), settings.getTileHeight()));
            case ImageWriteParam.MODE_DISABLED -> refined.withTile(new Dimension(SemHeader.MAX_SIDE, SemHeader.MAX_SIDE));
            default -> refined;
        };
    }

    private static boolean isProgressive(ImageWriteParam settings) {
        return settings.canWriteProgressive() && settings.getProgressiveMode() == ImageWriteParam.MODE_DEFAULT;
    }

    private static PixelSource pixels(RenderedImage image, Rectangle source, ImageWriteParam settings, ProfileId profile,
                                      ListenerWatcher watcher) throws IIOException {
        return guarded(profile, source.width, source.height, () -> {
            watcher.cancellation().check();
            return ImageSource.of(image, source, settings.getSourceXSubsampling(), settings.getSourceYSubsampling(), settings.getSourceBands(),
                    profile.maxBitDepth());
        });
    }

    private static SemFile encode(PixelSource pixels, ProfileId profile, EncodeOptions options, ListenerWatcher watcher) throws IIOException {
        return guarded(profile, pixels.width(), pixels.height(), () -> Profiles.of(profile).encode(pixels, options, watcher));
    }

    /** Work that may fail for reasons that are not the picture's. */
    private interface Work<T> {
        T run() throws IIOException;
    }

    private static <T> T guarded(ProfileId profile, int width, int height, Work<T> work) throws IIOException {
        try {
            return work.run();
        } catch (CancellationException e) {
            throw e;
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            throw ProfileFailure.wrap("encode", profile, width, height, e);
        }
    }

    private final class WriterWatcher extends ListenerWatcher {

        private final int index;

        WriterWatcher(int index) {
            super(cancellation);
            this.index = index;
        }

        @Override
        void report(float percentage) {
            processImageProgress(percentage);
        }

        @Override
        public void warning(String message) {
            processWarningOccurred(index, message);
        }
    }
}
