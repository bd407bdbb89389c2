// SPDX-License-Identifier: Apache-2.0
package org.semimage.imageio;

import org.semimage.compute.Cancellation;
import org.semimage.container.SemFile;
import org.semimage.container.SemHeader;

import javax.imageio.IIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.stream.ImageInputStream;
import java.awt.Dimension;
import java.awt.Point;
import java.awt.Rectangle;
import java.awt.color.ICC_ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;

/**
 * Reads the pictures that stand one behind the other from the stream's position at {@code setInput} on. Size, types, metadata and
 * thumbnails come from the container alone; models are loaded by the first {@link #read}. As all ImageIO readers, an instance serves
 * one thread at a time; any number of instances work at once.
 *
 * <p>A picture with an ICC profile is read as sRGB; its samples as they are, in the profile's colour space, are to be had by asking for
 * the type of {@link #getRawImageType}, or by {@link #readRaster}.
 */
public final class SemImageReader extends ImageReader {

    /** What an abort makes the work in hand stop with. */
    private Cancellation cancellation = new Cancellation();

    /** Null without an input. */
    private PictureSequence sequence;

    SemImageReader(SemImageReaderSpi provider) {
        super(provider);
    }

    /** Ends a read that is being done, within a tenth of a second on a machine that is not overloaded. */
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

    /** @throws IllegalArgumentException if the input is neither null nor an {@link ImageInputStream} */
    @Override
    public void setInput(Object newInput, boolean seekForwardOnly, boolean ignoreMetadata) {
        super.setInput(newInput, seekForwardOnly, ignoreMetadata);
        sequence = newInput == null ? null : new PictureSequence((ImageInputStream) newInput, seekForwardOnly);
    }

    @Override
    public void dispose() {
        sequence = null;
    }

    private PictureSequence sequence() {
        if (input == null || sequence == null) {
            throw new IllegalStateException("no input has been set");
        }
        return sequence;
    }

    private StoredPicture picture(int imageIndex) throws IOException {
        return sequence().picture(imageIndex);
    }

    @Override
    public int getMinIndex() {
        return sequence == null ? 0 : sequence.first();
    }

    /** Always null: a stream has no metadata besides that of its pictures. */
    @Override
    public IIOMetadata getStreamMetadata() {
        return null;
    }

    /**
     * The number of pictures in the stream.
     *
     * @param allowSearch whether to go through the stream, payloads passed over; without, the answer is -1 unless it is known already
     * @throws IllegalStateException if there is no input, or a search is asked for in an input that is read forward only
     */
    @Override
    public int getNumImages(boolean allowSearch) throws IOException {
        PictureSequence pictures = sequence();
        if (allowSearch && isSeekForwardOnly()) {
            throw new IllegalStateException("cannot search an input that is read forward only");
        }
        return pictures.count(allowSearch);
    }

    @Override
    public int getWidth(int imageIndex) throws IOException {
        return picture(imageIndex).header().width();
    }

    @Override
    public int getHeight(int imageIndex) throws IOException {
        return picture(imageIndex).header().height();
    }

    /** The type that holds the picture's samples as they are: in the colour space of its ICC profile, if it has one. */
    @Override
    public ImageTypeSpecifier getRawImageType(int imageIndex) throws IOException {
        StoredPicture picture = picture(imageIndex);
        Optional<ICC_ColorSpace> space = picture.colours().space();
        return Destinations.rawType(picture.header().format(), space);
    }

    /** Types in sRGB (or gray), the plainest first, and the raw type. */
    @Override
    public Iterator<ImageTypeSpecifier> getImageTypes(int imageIndex) throws IOException {
        StoredPicture picture = picture(imageIndex);
        Optional<ICC_ColorSpace> space = picture.colours().space();
        return Destinations.types(picture.header().format(), space).iterator();
    }

    /**
     * Read-only, and good for use after the reader is disposed of. The coded pixels are neither loaded nor checked. For the profiles
     * that hold words or descriptors in their place, with the caption and where decoded pixels would come from.
     */
    @Override
    public IIOMetadata getImageMetadata(int imageIndex) throws IOException {
        SemMetadata metadata = PictureMetadata.of(picture(imageIndex));
        metadata.faults().forEach(this::processWarningOccurred);
        return metadata;
    }

    @Override
    public SemImageReadParam getDefaultReadParam() {
        return new SemImageReadParam();
    }

    @Override
    public boolean readerSupportsThumbnails() {
        return true;
    }

    /**
     * The number of stored thumbnails. If there is none, it is 1 for a picture of the transform profile whose longer side is at least
     * {@value Thumbnails#MADE_FROM} pixels: its coarse levels make one.
     */
    @Override
    public int getNumThumbnails(int imageIndex) throws IOException {
        StoredPicture picture = picture(imageIndex);
        return makesThumbnail(picture, 0) ? 1 : picture.ancillary().thumbnails().size();
    }

    @Override
    public boolean hasThumbnails(int imageIndex) throws IOException {
        return getNumThumbnails(imageIndex) > 0;
    }

    @Override
    public int getThumbnailWidth(int imageIndex, int thumbnailIndex) throws IOException {
        return thumbnailSize(imageIndex, thumbnailIndex).width;
    }

    @Override
    public int getThumbnailHeight(int imageIndex, int thumbnailIndex) throws IOException {
        return thumbnailSize(imageIndex, thumbnailIndex).height;
    }

    private Dimension thumbnailSize(int imageIndex, int thumbnailIndex) throws IOException {
        StoredPicture picture = picture(imageIndex);
        return makesThumbnail(picture, thumbnailIndex) ? Thumbnails.made(picture.header().width(), picture.header().height())
                : Thumbnails.size(thumbnail(picture, thumbnailIndex));
    }

    /** Reads a stored thumbnail, for which no model is loaded, or makes one of the picture's coarse levels, at an eighth of its size. */
    @Override
    public BufferedImage readThumbnail(int imageIndex, int thumbnailIndex) throws IOException {
        StoredPicture picture = picture(imageIndex);
        if (makesThumbnail(picture, thumbnailIndex)) {
            return makeThumbnail(picture, imageIndex);
        }
        byte[] stored = thumbnail(picture, thumbnailIndex);
        processThumbnailStarted(imageIndex, thumbnailIndex);
        processThumbnailProgress(0);
        BufferedImage thumbnail = Thumbnails.read(stored);
        processThumbnailProgress(100);
        processThumbnailComplete();
        return thumbnail;
    }

    private BufferedImage makeThumbnail(StoredPicture picture, int imageIndex) throws IOException {
        clearAbortRequest();
        Optional<SemFile> loaded = load(picture);
        BufferedImage thumbnail = PixelReading.thumbnailOf(picture.header());
        processThumbnailStarted(imageIndex, 0);
        ReadWatcher watcher = new ReaderWatcher(this::processThumbnailProgress);
        try {
            watcher.progress(0);
            new PixelReading(loaded.orElseThrow(CancellationException::new), picture.colours().space(), watcher).thumbnailInto(thumbnail);
        } catch (CancellationException e) {
            watcher.rethrow(e);
            processReadAborted();
            return thumbnail;
        }
        processThumbnailComplete();
        return thumbnail;
    }

    /** Whether a thumbnail is the one that stands in for stored ones. */
    private static boolean makesThumbnail(StoredPicture picture, int thumbnailIndex) throws IOException {
        return thumbnailIndex == 0 && picture.ancillary().thumbnails().isEmpty() && Thumbnails.isMade(picture.header());
    }

    private static byte[] thumbnail(StoredPicture picture, int thumbnailIndex) throws IOException {
        List<byte[]> thumbnails = picture.ancillary().thumbnails();
        if (thumbnailIndex < 0 || thumbnailIndex >= thumbnails.size()) {
            throw new IndexOutOfBoundsException("thumbnail " + thumbnailIndex + " of " + thumbnails.size());
        }
        return thumbnails.get(thumbnailIndex);
    }

    /**
     * The picture, its stored thumbnails and its metadata; thumbnails that would be made are left out, so that they do not end up in
     * another file.
     */
    @Override
    public IIOImage readAll(int imageIndex, ImageReadParam param) throws IOException {
        BufferedImage image = read(imageIndex, param);
        List<BufferedImage> stored = new ArrayList<>();
        int count = picture(imageIndex).ancillary().thumbnails().size();
        for (int i = 0; i < count; i++) {
            try {
                stored.add(readThumbnail(imageIndex, i));
            } catch (IIOException e) {
                processWarningOccurred("Thumbnail " + i + " is left out: " + e.getMessage());
            }
        }
        return new IIOImage(image, stored.isEmpty() ? null : stored, isIgnoringMetadata() ? null : getImageMetadata(imageIndex));
    }

    /** All pictures from the first that can be read on, each as {@link #readAll(int, ImageReadParam)} gives it. */
    @Override
    public Iterator<IIOImage> readAll(Iterator<? extends ImageReadParam> params) throws IOException {
        PictureSequence pictures = sequence();
        List<IIOImage> all = new ArrayList<>();
        processSequenceStarted(getMinIndex());
        for (int i = getMinIndex(); pictures.has(i); i++) {
            all.add(readAll(i, params != null && params.hasNext() ? params.next() : null));
        }
        processSequenceComplete();
        return all.iterator();
    }

    @Override
    public BufferedImage read(int imageIndex, ImageReadParam param) throws IOException {
        return read(imageIndex, param != null ? param : getDefaultReadParam(), false);
    }

    @Override
    public boolean canReadRaster() {
        return true;
    }

    /** The samples as they are, those of RGB in the order R, G, B; no colour is converted. Destination and destination type are ignored. */
    @Override
    public Raster readRaster(int imageIndex, ImageReadParam param) throws IOException {
        SemImageReadParam settings = getDefaultReadParam();
        settings.setGenerative(PixelReading.generative(param));
        if (param != null) {
            settings.setSourceRegion(param.getSourceRegion());
            settings.setSourceSubsampling(param.getSourceXSubsampling(), param.getSourceYSubsampling(),
                    param.getSubsamplingXOffset(), param.getSubsamplingYOffset());
            settings.setSourceProgressivePasses(param.getSourceMinProgressivePass(), param.getSourceNumProgressivePasses());
            settings.setSourceBands(param.getSourceBands());
            settings.setDestinationBands(param.getDestinationBands());
            settings.setDestinationOffset(param.getDestinationOffset());
        }
        return read(imageIndex, settings, true).getRaster();
    }

    /** Reads a picture, with its samples as they are if {@code raw}. */
    private BufferedImage read(int imageIndex, ImageReadParam settings, boolean raw) throws IOException {
        clearAbortRequest();
        StoredPicture picture = picture(imageIndex);
        Optional<SemFile> loaded = load(picture);
        StoredPicture.Colours colours = picture.colours();
        SemHeader header = picture.header();
        Rectangle region = new Rectangle();
        Rectangle target = new Rectangle();
        ImageReadParam bounded = bounded(settings, header.width(), header.height());
        computeRegions(bounded, header.width(), header.height(), settings.getDestination(), region, target);
        List<ImageTypeSpecifier> types = raw ? List.of(Destinations.rawType(header.format(), colours.space()))
                : Destinations.types(header.format(), colours.space());
        BufferedImage destination = Destinations.of(settings, types, target);
        checkReadParamBandSettings(settings, header.format().planes(), destination.getRaster().getNumBands());

        processImageStarted(imageIndex);
        ReadWatcher watcher = new ReaderWatcher(this::processImageProgress);
        try {
            watcher.progress(0);
            watcher.cancellation().check();
            SemFile file = loaded.orElseThrow(CancellationException::new);
            warnOfOddities(file, picture, watcher);
            PixelReading.Place place = new PixelReading.Place(region,
                    bounded.getSourceXSubsampling(), bounded.getSourceYSubsampling(), target);
            boolean listening = updateListeners != null && !updateListeners.isEmpty();
            new PixelReading(file, colours.space(), watcher).into(destination, place, settings, listening);
        } catch (CancellationException e) {
            watcher.rethrow(e);
            processReadAborted();
            return destination;
        }
        processImageComplete();
        return destination;
    }

    /** What the regions depend on, with periods no longer than the picture's sides: {@link #computeRegions} cannot add to the longest. */
    private static ImageReadParam bounded(ImageReadParam settings, int width, int height) {
        ImageReadParam bounded = new ImageReadParam();
        bounded.setSourceRegion(settings.getSourceRegion());
        bounded.setDestinationOffset(settings.getDestinationOffset());
        int left = settings.getSubsamplingXOffset();
        int top = settings.getSubsamplingYOffset();
        bounded.setSourceSubsampling(Math.max(left + 1, Math.min(settings.getSourceXSubsampling(), width)),
                Math.max(top + 1, Math.min(settings.getSourceYSubsampling(), height)), left, top);
        return bounded;
    }

    /** Loads a picture; empty if the read is aborted meanwhile. */
    private Optional<SemFile> load(StoredPicture picture) throws IOException {
        try {
            return Optional.of(picture.file(cancellation));
        } catch (CancellationException e) {
            return Optional.empty();
        } catch (OutOfMemoryError e) {
            SemHeader header = picture.header();
            throw ProfileFailure.wrap("load", header.profile(), header.width(), header.height(), e);
        }
    }

    private static void warnOfOddities(SemFile file, StoredPicture picture, ListenerWatcher watcher) throws IOException {
        if (file.truncated()) {
            watcher.warning("The input ends before the picture does");
        }
        picture.ancillary().faults().forEach(watcher::warning);
        picture.colours().fault().ifPresent(watcher::warning);
    }

    private final class ReaderWatcher extends ReadWatcher {

        private final Consumer<Float> percentages;

        ReaderWatcher(Consumer<Float> percentages) {
            super(cancellation);
            this.percentages = percentages;
        }

        @Override
        void report(float percentage) {
            percentages.accept(percentage);
        }

        @Override
        void warn(String message) {
            processWarningOccurred(message);
        }

        @Override
        void passStarted(BufferedImage image, int pass, int first, int last, Point at, int[] bands) {
            tell(() -> processPassStarted(image, pass, first, last, at.x, at.y, 1, 1, bands));
        }

        @Override
        void updated(BufferedImage image, Rectangle part, int[] bands) {
            if (updateListeners != null) {
                tell(() -> processImageUpdate(image, part.x, part.y, part.width, part.height, 1, 1, bands));
            }
        }

        @Override
        void passComplete(BufferedImage image) {
            tell(() -> processPassComplete(image));
        }
    }
}
