// SPDX-License-Identifier: Apache-2.0
package org.semimage.imageio;

import org.semimage.compute.Cancellation;
import org.semimage.container.PixelFormat;
import org.semimage.container.ProfileId;
import org.semimage.container.SemFile;
import org.semimage.container.SemSerializer;
import org.semimage.generate.Services;
import org.semimage.metadata.Ancillary;
import org.semimage.picture.FewColours;
import org.semimage.picture.Images;
import org.semimage.picture.PixelPlanes;
import org.semimage.picture.PixelSource;
import org.semimage.profile.DoesNotFitException;
import org.semimage.profile.EncodeOptions;
import org.semimage.profile.semantic.SemanticProfile;

import javax.imageio.IIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.stream.ImageOutputStream;
import java.awt.Dimension;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.awt.image.RenderedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/**
 * Writes pictures at the output's position, one behind the other if it is called again or for a sequence. A picture is encoded before its
 * first byte is written, so that a failure leaves the output as it was. As all ImageIO writers, an instance serves one thread at a
 * time; any number of instances work at once.
 *
 * <p>Metadata of any kind may be given with an image: what other formats' says about the picture is carried over, as
 * {@link #convertImageMetadata} does; into the profiles caption and descriptor, whose files are a few dozen bytes, only its caption,
 * unless it has been converted. Nothing of a picture that is written can be replaced later.
 */
public final class SemImageWriter extends ImageWriter {

    /** Fewer bytes are spent on words. */
    private static final int LEAST_LOOKS = 16;

    private static final int MAX_THUMBNAILS = 8;

    /** What an abort makes the work in hand stop with. */
    private Cancellation cancellation = new Cancellation();
    private boolean inSequence;
    private int written;

    SemImageWriter(SemImageWriterSpi provider) {
        super(provider);
    }

    /** @throws IllegalArgumentException if the output is neither null nor an {@link ImageOutputStream} */
    @Override
    public void setOutput(Object newOutput) {
        super.setOutput(newOutput);
        inSequence = false;
        written = 0;
    }

    private void assertOutput() {
        if (output == null) {
            throw new IllegalStateException("no output has been set");
        }
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

    /** Always null: a stream has no metadata besides that of its pictures. */
    @Override
    public IIOMetadata getDefaultStreamMetadata(ImageWriteParam param) {
        return null;
    }

    /** Always null, as {@link #getDefaultStreamMetadata}. */
    @Override
    public IIOMetadata convertStreamMetadata(IIOMetadata inData, ImageWriteParam param) {
        return null;
    }

    /**
     * Metadata to be changed and given with an image.
     *
     * @param imageType may be null, which means RGB, as files without pixels always are
     */
    @Override
    public IIOMetadata getDefaultImageMetadata(ImageTypeSpecifier imageType, ImageWriteParam param) {
        return WrittenMetadata.of(imageType, new WriteSettings(param).profile(), Ancillary.NONE);
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
        return WrittenMetadata.of(imageType, new WriteSettings(param).profile(), WrittenMetadata.carried(inData, warning -> { }));
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
        WriteSettings settings = new WriteSettings(param != null ? param : getDefaultWriteParam());
        RenderedImage rendered = image.getRenderedImage();
        ProfileId profile = settings.profile();
        Rectangle source = settings.region(rendered);

        processImageStarted(index);
        ListenerWatcher watcher = new WriterWatcher(index);
        try {
            watcher.progress(0);
            settings.check(watcher::warning);
            List<String> uncarried = new ArrayList<>();
            Ancillary carried = WrittenMetadata.carried(image.getMetadata(), uncarried::add);
            uncarried.forEach(watcher::warning);
            SemFile file = file(image, index, carried, source, profile, settings, watcher);
            watcher.cancellation().check();
            ((ImageOutputStream) output).write(bytes(file));
            watcher.progress(1);
        } catch (CancellationException e) {
            watcher.rethrow(e);
            processWriteAborted();
            return;
        }
        processImageComplete();
    }

    /** The whole file of a picture; without pixels where a target size is too small for them and no profile was chosen. */
    private SemFile file(IIOImage image, int index, Ancillary carried, Rectangle source, ProfileId profile, WriteSettings settings,
                         ListenerWatcher watcher) throws IOException {
        try {
            return fileOf(image, index, carried, source, profile, settings, watcher);
        } catch (DoesNotFitException e) {
            if (profile != SemImageWriteParam.DEFAULT_PROFILE || !settings.mayBe(ProfileId.DESCRIPTOR)) {
                throw e;
            }
            return withoutPixels(image, index, carried, source, settings, watcher);
        }
    }

    /** Words where few bytes are asked for, as so few say no more of looks than a colour or two; else looks, with words if they help. */
    private SemFile withoutPixels(IIOImage image, int index, Ancillary carried, Rectangle source, WriteSettings settings,
                                  ListenerWatcher watcher) throws IOException {
        boolean fewBytes = settings.asksForFewerThan(LEAST_LOOKS)
                && (settings.caption(carried) != null || Services.captioner().isPresent());
        if (!fewBytes) {
            return looks(image, index, carried, source, settings, watcher);
        }
        try {
            SemFile file = fileOf(image, index, carried, source, ProfileId.CAPTION, settings, watcher);
            watcher.warning("Pixels do not fit: the picture is written in the profile 'caption'");
            return file;
        } catch (DoesNotFitException words) {
            try {
                return looks(image, index, carried, source, settings, watcher);
            } catch (DoesNotFitException e) {
                e.addSuppressed(words);
                throw e;
            }
        }
    }

    private SemFile looks(IIOImage image, int index, Ancillary carried, Rectangle source, WriteSettings settings, ListenerWatcher watcher)
            throws IOException {
        SemFile file = fileOf(image, index, carried, source, ProfileId.DESCRIPTOR, settings, watcher);
        String silence = settings.caption(carried) != null ? ""
                : SemanticProfile.silence().map(why -> ", without words: " + why).orElse("");
        watcher.warning("Pixels do not fit: the picture is written in the profile 'descriptor'" + silence);
        return file;
    }

    private SemFile fileOf(IIOImage image, int index, Ancillary carried, Rectangle source, ProfileId profile, WriteSettings settings,
                           ListenerWatcher watcher) throws IOException {
        RenderedImage rendered = image.getRenderedImage();
        Optional<byte[]> icc = SourceColours.profileToKeep(rendered.getColorModel(), profile);
        PixelSource pixels = pixels(icc.isPresent() ? SourceColours.retagged(rendered) : rendered, source, settings, watcher);
        PixelFormat format = pixels.format();
        icc = icc.or(() -> WrittenMetadata.assigned(carried, rendered.getColorModel(), format, watcher::warning));
        if (profile.isSemantic() && icc.isPresent()) {
            PixelPlanes planes = pixels.readAll(watcher.cancellation());
            toSrgb(planes, icc.get(), watcher);
            pixels = planes;
            icc = Optional.empty();
        }
        List<byte[]> thumbnails = thumbnails(index, image, pixels, icc, settings, watcher);
        Ancillary kept = !profile.isSemantic() ? carried
                : WrittenMetadata.besideWords(carried, image.getMetadata(), profile, watcher::warning);
        Ancillary ancillary = kept.withIcc(icc).withThumbnails(thumbnails);
        WrittenMetadata.checkLimits(ancillary);
        EncodeOptions options = settings.options(ancillary.chunks()).withBare(!inSequence && ancillary.chunks().isEmpty());
        boolean storesCaption = profile.isSemantic() || profile == ProfileId.GENERATIVE;
        try {
            return encode(pixels, profile, storesCaption ? options.withCaption(settings.caption(carried)) : options, settings, watcher)
                    .withAncillary(ancillary.chunks());
        } catch (DoesNotFitException e) {
            throw settings.beside(ancillary.chunks(), e);
        }
    }

    private byte[] bytes(SemFile file) {
        return inSequence ? SemSerializer.toBytes(file) : SemSerializer.toShortestBytes(file);
    }

    private List<byte[]> thumbnails(int index, IIOImage image, PixelSource pixels, Optional<byte[]> icc, WriteSettings settings,
                                    ListenerWatcher watcher) throws IOException {
        List<BufferedImage> thumbnails = new ArrayList<>();
        for (int i = 0; i < Math.min(image.getNumThumbnails(), MAX_THUMBNAILS); i++) {
            thumbnails.add(Images.toImage(Thumbnails.scaled(Images.toPlanes(image.getThumbnail(i)), Thumbnails.MAX_SIDE,
                    watcher.cancellation())));
        }
        if (image.getNumThumbnails() > MAX_THUMBNAILS) {
            watcher.warning("Only " + MAX_THUMBNAILS + " of " + image.getNumThumbnails() + " thumbnails are written");
        }
        if (thumbnails.isEmpty() && settings.thumbnailSize().isPresent()) {
            Cancellation request = watcher.cancellation();
            PixelPlanes small = Thumbnails.scaled(pixels.readAll(request), settings.thumbnailSize().getAsInt(), request);
            icc.ifPresent(profile -> toSrgb(small, profile, watcher));
            thumbnails.add(Images.toImage(small));
        }
        List<byte[]> files = new ArrayList<>();
        for (BufferedImage thumbnail : thumbnails) {
            watcher.cancellation().check();
            watcher.tell(() -> {
                processThumbnailStarted(index, files.size());
                processThumbnailProgress(0);
            });
            files.add(Thumbnails.write(thumbnail));
            watcher.tell(() -> {
                processThumbnailProgress(100);
                processThumbnailComplete();
            });
        }
        return files;
    }

    private static void toSrgb(PixelPlanes planes, byte[] icc, ListenerWatcher watcher) {
        if (!planes.format().isGray()) {
            SourceColours.toSrgb(planes, SourceColours.space(icc, planes.format()), watcher);
        }
    }

    private static PixelSource pixels(RenderedImage image, Rectangle source, WriteSettings settings, ListenerWatcher watcher)
            throws IIOException {
        return guarded(settings.profile(), source.width, source.height, watcher, () -> {
            watcher.cancellation().check();
            return settings.pixels(image, source);
        });
    }

    /** In the profile that was asked for; if none was, a drawing is kept exactly where that takes fewer bytes. */
    private static SemFile encode(PixelSource pixels, ProfileId profile, EncodeOptions options, WriteSettings settings,
                                  ListenerWatcher watcher) throws IIOException {
        if (!settings.mayBe(ProfileId.LOSSLESS) || !FewColours.in(pixels, watcher.cancellation())) {
            return encode(pixels, profile, options, watcher);
        }
        SemFile exact = encode(pixels, ProfileId.LOSSLESS, EncodeOptions.DEFAULT, watcher);
        long bytes = SemSerializer.size(exact);
        if (options.targetBytes().isPresent() && bytes <= options.targetBytes().getAsInt()) {
            return exact;
        }
        SemFile lossy = encode(pixels, profile, options, watcher);
        return bytes <= SemSerializer.size(lossy) ? exact : lossy;
    }

    private static SemFile encode(PixelSource pixels, ProfileId profile, EncodeOptions options, ListenerWatcher watcher)
            throws IIOException {
        return guarded(profile, pixels.width(), pixels.height(), watcher, () -> Profiles.of(profile).encode(pixels, options, watcher));
    }

    /** Work that may fail for reasons that are not the picture's. */
    private interface Work<T> {
        T run() throws IIOException;
    }

    private static <T> T guarded(ProfileId profile, int width, int height, ListenerWatcher watcher, Work<T> work) throws IIOException {
        try {
            return work.run();
        } catch (CancellationException e) {
            throw e;
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            watcher.rethrow(e);
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
        void warn(String message) {
            processWarningOccurred(index, message);
        }
    }
}
