package org.semimage.imageio;

import com.twelvemonkeys.imageio.ImageReaderBase;
import org.semimage.compute.Cancellation;
import org.semimage.container.PixelFormat;
import org.semimage.container.ProfileId;
import org.semimage.container.SemFile;
import org.semimage.container.SemHeader;
import org.semimage.container.SemOutline;
import org.semimage.container.SemParser;
import org.semimage.generate.Services;
import org.semimage.generate.SourceType;
import org.semimage.generate.SynthesisPolicy;
import org.semimage.metadata.Ancillary;
import org.semimage.picture.Images;
import org.semimage.picture.PixelPicker;
import org.semimage.picture.PixelPlanes;
import org.semimage.picture.PixelSink;
import org.semimage.profile.DecodeRequest;
import org.semimage.profile.Profile;
import org.semimage.profile.generative.GenerativeProfile;
import org.semimage.profile.semantic.SemanticProfile;

import javax.imageio.IIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.metadata.IIOMetadata;
import java.awt.Dimension;
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
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Reads the pictures that stand one behind the other from the stream's position at {@code setInput} on. Size, types, metadata and
 * thumbnails come from the container alone; models are loaded by the first {@link #read}. As all ImageIO readers, an instance serves
 * one thread at a time; any number of instances work at once.
 *
 * <p>A picture with an ICC profile is read as sRGB; its samples as they are, in the profile's colour space, are to be had by asking for
 * the type of {@link #getRawImageType}, or by {@link #readRaster}.
 */
public final class SemImageReader extends ImageReaderBase {

    /** Pixels that are copied in one go, since nobody can stop it. */
    private static final int STRIP_PIXELS = 1 << 18;

    /** What an abort makes the work in hand stop with. */
    private Cancellation cancellation = new Cancellation();

    /** Where the pictures that are known begin. */
    private final List<Long> starts = new ArrayList<>();
    private boolean allStartsKnown;

    /** The picture that the fields below belong to. */
    private int current = -1;
    private SemHeader header;
    private SemFile head;
    private SemOutline outline;
    private SemFile file;
    private Optional<ICC_ColorSpace> space;
    private String profileFault;

    SemImageReader(SemImageReaderSpi provider) {
        super(provider);
    }

    @Override
    protected void resetMembers() {
        starts.clear();
        allStartsKnown = false;
        forgetCurrent();
    }

    private void forgetCurrent() {
        current = -1;
        header = null;
        head = null;
        outline = null;
        file = null;
        space = null;
        profileFault = null;
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

    @Override
    public void setInput(Object input, boolean seekForwardOnly, boolean ignoreMetadata) {
        super.setInput(input, seekForwardOnly, ignoreMetadata);
        if (imageInput != null) {
            try {
                starts.add(imageInput.getStreamPosition());
            } catch (IOException e) {
                starts.clear(); // a closed stream; the first query asks again and fails with the stream's own exception
            }
        }
    }

    /**
     * The number of pictures in the stream.
     *
     * @param allowSearch whether to go through the stream, payloads passed over; without, the answer is -1 unless it is known already
     * @throws IllegalStateException if there is no input, or a search is asked for in an input that is read forward only
     */
    @Override
    public int getNumImages(boolean allowSearch) throws IOException {
        assertInput();
        if (allowSearch && isSeekForwardOnly()) {
            throw new IllegalStateException("cannot search an input that is read forward only");
        }
        boolean more = allowSearch;
        while (more) {
            more = findNext();
        }
        return allStartsKnown ? starts.size() : -1;
    }

    /** Finds where the first unknown picture begins; false if there is none. */
    private boolean findNext() throws IOException {
        if (starts.isEmpty()) {
            starts.add(imageInput.getStreamPosition());
            return true;
        }
        if (allStartsKnown) {
            return false;
        }
        seek(starts.size() - 1);
        boolean truncated = SemParser.outline(imageInput).truncated();
        if (truncated || !SemParser.startsWithMagic(imageInput)) {
            allStartsKnown = true;
            return false;
        }
        starts.add(imageInput.getStreamPosition());
        return true;
    }

    private void seek(int index) throws IOException {
        if (imageInput.getStreamPosition() != starts.get(index)) {
            imageInput.seek(starts.get(index));
        }
    }

    /** Makes a picture the current one. @throws IndexOutOfBoundsException if there is none, or it has been passed */
    @Override
    protected void checkBounds(int imageIndex) throws IOException {
        assertInput();
        if (imageIndex < getMinIndex()) {
            throw new IndexOutOfBoundsException("picture " + imageIndex + ", the first that can be read is " + getMinIndex());
        }
        while (starts.size() <= imageIndex) {
            if (!findNext()) {
                throw new IndexOutOfBoundsException("picture " + imageIndex + " of " + starts.size());
            }
        }
        if (imageIndex == current) {
            return;
        }
        forgetCurrent();
        current = imageIndex;
        if (isSeekForwardOnly() && imageIndex > minIndex) {
            minIndex = imageIndex;
            imageInput.flushBefore(starts.get(imageIndex));
        }
    }

    private SemHeader header(int imageIndex) throws IOException {
        checkBounds(imageIndex);
        if (header == null) {
            seek(imageIndex);
            header = SemParser.parseHeader(imageInput);
        }
        return header;
    }

    /** Header and leading chunks. */
    private SemFile head(int imageIndex) throws IOException {
        checkBounds(imageIndex);
        if (head == null) {
            seek(imageIndex);
            head = SemParser.parseHead(imageInput);
            header = head.header();
        }
        return head;
    }

    private SemOutline outline(int imageIndex) throws IOException {
        checkBounds(imageIndex);
        if (outline == null) {
            seek(imageIndex);
            outline = SemParser.outline(imageInput);
            header = outline.header();
        }
        return outline;
    }

    private SemFile file(int imageIndex) throws IOException {
        checkBounds(imageIndex);
        if (file == null) {
            seek(imageIndex);
            file = SemParser.parse(imageInput, cancellation);
            header = file.header();
        }
        return file;
    }

    /** The colour space of the picture's ICC profile, if it has one that can be used. */
    private Optional<ICC_ColorSpace> space(int imageIndex) throws IOException {
        SemFile picture = head(imageIndex);
        if (space == null) {
            space = Optional.empty();
            Optional<byte[]> icc = Ancillary.of(picture.chunks()).icc();
            if (icc.isPresent()) {
                try {
                    space = Optional.of(SourceColours.space(icc.get(), picture.header().format())).filter(s -> !s.isCS_sRGB());
                } catch (IllegalArgumentException e) {
                    profileFault = "Chunk 'i' is ignored: " + e.getMessage();
                }
            }
        }
        return space;
    }

    @Override
    public int getWidth(int imageIndex) throws IOException {
        return header(imageIndex).width();
    }

    @Override
    public int getHeight(int imageIndex) throws IOException {
        return header(imageIndex).height();
    }

    /** The type that holds the picture's samples as they are: in the colour space of its ICC profile, if it has one. */
    @Override
    public ImageTypeSpecifier getRawImageType(int imageIndex) throws IOException {
        PixelFormat format = head(imageIndex).header().format();
        return space(imageIndex).map(s -> SourceColours.type(format, s)).orElseGet(() -> Images.plainType(format));
    }

    /** Types in sRGB (or gray), the plainest first, and the raw type. */
    @Override
    public Iterator<ImageTypeSpecifier> getImageTypes(int imageIndex) throws IOException {
        PixelFormat format = head(imageIndex).header().format();
        IntStream others = switch (format) {
            case GRAY, GRAY_ALPHA, GRAY_16, GRAY_ALPHA_16, RGB_16, RGB_ALPHA_16 -> IntStream.empty();
            case RGB -> IntStream.of(BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_INT_BGR);
            case RGB_ALPHA -> IntStream.of(BufferedImage.TYPE_INT_ARGB, BufferedImage.TYPE_4BYTE_ABGR_PRE, BufferedImage.TYPE_INT_ARGB_PRE);
        };
        Stream<ImageTypeSpecifier> first = Stream.of(Images.plainType(format), getRawImageType(imageIndex)).distinct();
        return Stream.concat(first, others.mapToObj(ImageTypeSpecifier::createFromBufferedImageType)).iterator();
    }

    /**
     * Read-only, and good for use after the reader is disposed of. The coded pixels are neither loaded nor checked. For the profiles
     * that hold words or descriptors in their place, with the caption and where decoded pixels would come from.
     */
    @Override
    public IIOMetadata getImageMetadata(int imageIndex) throws IOException {
        SemMetadata metadata = SemMetadata.of(outline(imageIndex));
        ProfileId profile = header(imageIndex).profile();
        if (profile == ProfileId.GENERATIVE && SynthesisPolicy.current() == SynthesisPolicy.ALLOW && GenerativeProfile.usesDiffusion(file(imageIndex))) {
            return metadata.synthesized(SourceType.COMPOSITE_TRAINED, GenerativeProfile.caption(file(imageIndex)));
        }
        if (!profile.isSemantic()) {
            return metadata;
        }
        boolean trained = SynthesisPolicy.current() == SynthesisPolicy.ALLOW && Services.hasGenerator();
        return metadata.synthesized(SourceType.of(profile, trained), SemanticProfile.content(file(imageIndex)).caption());
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
     * Stored thumbnails; or 1 where none is stored, but one is to be had from the coarse levels of a picture of the transform profile whose
     * longer side is at least {@value Thumbnails#MADE_FROM} pixels.
     */
    @Override
    public int getNumThumbnails(int imageIndex) throws IOException {
        return makesThumbnail(imageIndex, 0) ? 1 : thumbnails(imageIndex).size();
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
        return makesThumbnail(imageIndex, thumbnailIndex) ? Thumbnails.made(getWidth(imageIndex), getHeight(imageIndex))
                : Thumbnails.size(thumbnail(imageIndex, thumbnailIndex));
    }

    /** Reads a stored thumbnail, for which no model is loaded, or makes one of the picture's coarse levels, at an eighth of its size. */
    @Override
    public BufferedImage readThumbnail(int imageIndex, int thumbnailIndex) throws IOException {
        if (makesThumbnail(imageIndex, thumbnailIndex)) {
            return makeThumbnail(imageIndex);
        }
        byte[] stored = thumbnail(imageIndex, thumbnailIndex);
        processThumbnailStarted(imageIndex, thumbnailIndex);
        processThumbnailProgress(0);
        BufferedImage thumbnail = Thumbnails.read(stored);
        processThumbnailProgress(100);
        processThumbnailComplete();
        return thumbnail;
    }

    private BufferedImage makeThumbnail(int imageIndex) throws IOException {
        clearAbortRequest();
        Optional<ICC_ColorSpace> source = space(imageIndex);
        Rectangle whole = new Rectangle(getWidth(imageIndex), getHeight(imageIndex));
        Dimension small = Thumbnails.made(whole.width, whole.height);
        BufferedImage thumbnail = Images.plainType(header(imageIndex).format()).createBufferedImage(small.width, small.height);
        Optional<SemFile> loaded = load(imageIndex);
        processThumbnailStarted(imageIndex, 0);
        try {
            ListenerWatcher watcher = new ReaderWatcher(this::processThumbnailProgress);
            watcher.progress(0);
            decode(loaded.orElseThrow(CancellationException::new), new DecodeRequest(whole, Thumbnails.MADE_SCALE), (part, x, y) -> {
                BufferedImage plain = inSrgb(part, source, thumbnail, watcher);
                Images.copy(part, new Rectangle(part.width(), part.height()), 1, 1, plain, x, y);
            }, watcher);
            watcher.cancellation().check();
            watcher.progress(1);
        } catch (CancellationException e) {
            processReadAborted();
            return thumbnail;
        }
        processThumbnailComplete();
        return thumbnail;
    }

    /** Whether a thumbnail is the one that stands in for stored ones. */
    private boolean makesThumbnail(int imageIndex, int thumbnailIndex) throws IOException {
        return thumbnailIndex == 0 && thumbnails(imageIndex).isEmpty() && Thumbnails.isMade(header(imageIndex));
    }

    /** The picture, its stored thumbnails and its metadata; thumbnails that would be made are left out, so that they do not end up in another file. */
    @Override
    public IIOImage readAll(int imageIndex, ImageReadParam param) throws IOException {
        List<BufferedImage> stored = new ArrayList<>();
        for (int i = 0; i < thumbnails(imageIndex).size(); i++) {
            stored.add(readThumbnail(imageIndex, i));
        }
        return new IIOImage(read(imageIndex, param), stored.isEmpty() ? null : stored, isIgnoringMetadata() ? null : getImageMetadata(imageIndex));
    }

    /** All pictures from the first that can be read on, each as {@link #readAll(int, ImageReadParam)} gives it. */
    @Override
    public Iterator<IIOImage> readAll(Iterator<? extends ImageReadParam> params) throws IOException {
        assertInput();
        List<IIOImage> all = new ArrayList<>();
        int imageIndex = getMinIndex();
        processSequenceStarted(imageIndex);
        try {
            while (true) {
                all.add(readAll(imageIndex, params != null && params.hasNext() ? params.next() : null));
                imageIndex++;
            }
        } catch (IndexOutOfBoundsException e) {
            processSequenceComplete();
            return all.iterator();
        }
    }

    private List<byte[]> thumbnails(int imageIndex) throws IOException {
        return Ancillary.of(outline(imageIndex).ancillary()).thumbnails();
    }

    private byte[] thumbnail(int imageIndex, int thumbnailIndex) throws IOException {
        List<byte[]> thumbnails = thumbnails(imageIndex);
        if (thumbnailIndex < 0 || thumbnailIndex >= thumbnails.size()) {
            throw new IndexOutOfBoundsException("thumbnail " + thumbnailIndex + " of " + thumbnails.size());
        }
        return thumbnails.get(thumbnailIndex);
    }

    @Override
    public BufferedImage read(int imageIndex, ImageReadParam param) throws IOException {
        return read(imageIndex, param != null ? param : getDefaultReadParam(), getImageTypes(imageIndex));
    }

    @Override
    public boolean canReadRaster() {
        return true;
    }

    /** The samples as they are, those of RGB in the order R, G, B; no colour is converted. Destination and destination type are ignored. */
    @Override
    public Raster readRaster(int imageIndex, ImageReadParam param) throws IOException {
        SemImageReadParam settings = getDefaultReadParam();
        settings.setGenerative(generative(param));
        if (param != null) {
            settings.setSourceRegion(param.getSourceRegion());
            settings.setSourceSubsampling(param.getSourceXSubsampling(), param.getSourceYSubsampling(),
                    param.getSubsamplingXOffset(), param.getSubsamplingYOffset());
            settings.setSourceProgressivePasses(param.getSourceMinProgressivePass(), param.getSourceNumProgressivePasses());
            settings.setSourceBands(param.getSourceBands());
            settings.setDestinationBands(param.getDestinationBands());
            settings.setDestinationOffset(param.getDestinationOffset());
        }
        return read(imageIndex, settings, List.of(getRawImageType(imageIndex)).iterator()).getRaster();
    }

    private BufferedImage read(int imageIndex, ImageReadParam settings, Iterator<ImageTypeSpecifier> types) throws IOException {
        clearAbortRequest();
        Optional<ICC_ColorSpace> source = space(imageIndex);
        SemHeader header = header(imageIndex);
        Optional<SemFile> loaded = load(imageIndex);
        int width = header.width();
        int height = header.height();
        BufferedImage destination = getDestination(settings, types, width, height);
        checkReadParamBandSettings(settings, header.format().planes(), destination.getRaster().getNumBands());
        Rectangle region = new Rectangle();
        Rectangle target = new Rectangle();
        computeRegions(settings, width, height, destination, region, target);

        processImageStarted(imageIndex);
        try {
            ReaderWatcher watcher = new ReaderWatcher(this::processImageProgress);
            watcher.progress(0);
            watcher.cancellation().check();
            SemFile picture = loaded.orElseThrow(CancellationException::new);
            warnOfOddities(picture);
            int scale = scale(header, settings);
            PixelPicker picker = new PixelPicker(region, settings.getSourceXSubsampling(), settings.getSourceYSubsampling(), scale, target.width, target.height);
            int[] bands = bands(settings, destination);
            Passes passes = passes(picture, settings);
            for (int pass = passes.first; pass <= passes.last; pass++) {
                watcher.part(pass - passes.first, passes.last - passes.first + 1);
                if (passes.progressive) {
                    processPassStarted(destination, pass, passes.first, passes.last, target.x, target.y, 1, 1, bands);
                }
                int lastPass = pass < passes.last ? pass : settings.getSourceMaxProgressivePass();
                decode(picture, new DecodeRequest(region, scale, generative(settings), lastPass), (part, x, y) -> {
                    PixelPicker.Picked picked = picker.pick(part, x, y);
                    if (picked != null) {
                        BufferedImage plain = inSrgb(picked.pixels(), source, destination, watcher);
                        copy(picked.pixels(), settings, plain, target.x + picked.x(), target.y + picked.y(), watcher.cancellation());
                        processImageUpdate(destination, target.x + picked.x(), target.y + picked.y(), picked.pixels().width(), picked.pixels().height(), 1, 1, bands);
                    }
                }, watcher);
                watcher.cancellation().check();
                if (passes.progressive) {
                    processPassComplete(destination);
                }
            }
            watcher.progress(1);
        } catch (CancellationException e) {
            processReadAborted();
            return destination;
        }
        processImageComplete();
        return destination;
    }

    /** Loads a picture; empty if the read is aborted meanwhile. */
    private Optional<SemFile> load(int imageIndex) throws IOException {
        try {
            return Optional.of(file(imageIndex));
        } catch (CancellationException e) {
            return Optional.empty();
        } catch (OutOfMemoryError e) {
            SemHeader header = header(imageIndex);
            throw ProfileFailure.wrap("load", header.profile(), header.width(), header.height(), e);
        }
    }

    /**
     * The passes to deliver: all that are asked for if somebody listens, which takes a decoding each, else one, which is the last of them. A first
     * pass beyond the last one there is stands for that one.
     *
     * @param progressive whether listeners are told of passes: the picture has more than one
     */
    private record Passes(int first, int last, boolean progressive) {
    }

    private Passes passes(SemFile picture, ImageReadParam settings) throws IIOException {
        if (updateListeners == null || updateListeners.isEmpty()) {
            return new Passes(0, 0, false);
        }
        int available = guarded(picture.header(), profile -> profile.passes(picture));
        int last = Math.min(available - 1, settings.getSourceMaxProgressivePass());
        return new Passes(Math.min(last, settings.getSourceMinProgressivePass()), last, available > 1);
    }

    /**
     * Converts samples to sRGB, unless the destination is in their own space.
     *
     * @return the image to copy samples into: the destination, or another with the same pixels
     */
    private static BufferedImage inSrgb(PixelPlanes planes, Optional<ICC_ColorSpace> source, BufferedImage destination, ListenerWatcher watcher) {
        if (source.isEmpty()) {
            return destination;
        }
        if (destination.getColorModel().getColorSpace().equals(source.get())) {
            return SourceColours.retagged(destination);
        }
        if (!planes.format().isGray() && !SourceColours.isNearlySrgb(source.get())) {
            SourceColours.toSrgb(planes, source.get(), watcher);
        }
        return destination;
    }

    private static int[] bands(ImageReadParam settings, BufferedImage destination) {
        int[] chosen = settings.getDestinationBands();
        return chosen != null ? chosen : IntStream.range(0, destination.getRaster().getNumBands()).toArray();
    }

    private void warnOfOddities(SemFile picture) {
        if (picture.truncated()) {
            processWarningOccurred("The input ends before the picture does");
        }
        Ancillary.of(picture.chunks()).faults().forEach(this::processWarningOccurred);
        if (profileFault != null) {
            processWarningOccurred(profileFault);
        }
    }

    private static SynthesisPolicy generative(ImageReadParam settings) {
        return settings instanceof SemImageReadParam sem ? sem.getGenerative() : SynthesisPolicy.current();
    }

    private static int scale(SemHeader header, ImageReadParam settings) {
        Subsampling subsampling = settings instanceof SemImageReadParam sem ? sem.getSubsampling() : Subsampling.current();
        return header.profile() == ProfileId.TRANSFORM ? subsampling.scale(settings.getSourceXSubsampling(), settings.getSourceYSubsampling()) : 1;
    }

    private static void decode(SemFile picture, DecodeRequest request, PixelSink sink, ListenerWatcher watcher) throws IIOException {
        guarded(picture.header(), profile -> {
            watcher.cancellation().check();
            profile.decode(picture, request, sink, watcher);
            return null;
        });
    }

    /** Something that a profile does. */
    private interface Decoding<T> {
        T with(Profile profile) throws IIOException;
    }

    private static <T> T guarded(SemHeader header, Decoding<T> decoding) throws IIOException {
        try {
            return decoding.with(Profiles.of(header.profile()));
        } catch (CancellationException e) {
            throw e;
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            throw ProfileFailure.wrap("decode", header.profile(), header.width(), header.height(), e);
        }
    }

    /** Copies samples, strip by strip. */
    private static void copy(PixelPlanes planes, ImageReadParam settings, BufferedImage destination, int x, int y, Cancellation cancellation) {
        int rows = Math.max(1, STRIP_PIXELS / planes.width());
        for (int top = 0; top < planes.height(); top += rows) {
            cancellation.check();
            copy(planes, new Rectangle(0, top, planes.width(), Math.min(rows, planes.height() - top)), settings, destination, x, y + top);
        }
    }

    private static void copy(PixelPlanes planes, Rectangle strip, ImageReadParam settings, BufferedImage destination, int x, int y) {
        int[] sourceBands = settings.getSourceBands();
        int[] targetBands = settings.getDestinationBands();
        if (sourceBands == null && targetBands == null) {
            Images.copy(planes, strip, 1, 1, destination, x, y);
            return;
        }
        int[] from = sourceBands != null ? sourceBands : IntStream.range(0, planes.format().planes()).toArray();
        int[] to = targetBands != null ? targetBands : IntStream.range(0, destination.getRaster().getNumBands()).toArray();
        Images.copyBands(planes, from, strip, 1, 1, destination.getRaster(), to, x, y);
    }

    private final class ReaderWatcher extends ListenerWatcher {

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
        public void warning(String message) {
            processWarningOccurred(message);
        }
    }
}
