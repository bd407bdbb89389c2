package org.semimage.imageio;

import com.twelvemonkeys.imageio.ImageReaderBase;
import org.semimage.container.Chunk;
import org.semimage.container.SemFile;
import org.semimage.container.SemHeader;
import org.semimage.container.SemParser;
import org.semimage.generate.Generative;
import org.semimage.generate.Services;
import org.semimage.generate.SourceType;
import org.semimage.profile.Images;
import org.semimage.profile.PixelPlanes;
import org.semimage.profile.ProfileId;
import org.semimage.profile.Profiles;
import org.semimage.profile.SemanticProfile;

import javax.imageio.IIOException;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.metadata.IIOMetadata;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Reads one picture from the stream's position at {@code setInput} on. Size, types and metadata come from the container alone;
 * models are loaded by the first {@link #read}. As all ImageIO readers, an instance serves one thread at a time; any number
 * of instances work at once.
 */
public final class SemImageReader extends ImageReaderBase {

    private static final String KNOWN_ANCILLARY = "" + Chunk.ICC + Chunk.EXIF + Chunk.XMP + Chunk.TEXT;

    private long base = -1;
    private SemHeader header;
    private SemFile file;

    SemImageReader(SemImageReaderSpi provider) {
        super(provider);
    }

    @Override
    protected void resetMembers() {
        base = -1;
        header = null;
        file = null;
    }

    @Override
    public void setInput(Object input, boolean seekForwardOnly, boolean ignoreMetadata) {
        super.setInput(input, seekForwardOnly, ignoreMetadata);
        if (imageInput != null) {
            try {
                base = imageInput.getStreamPosition();
            } catch (IOException e) {
                base = -1; // a closed stream; the first query asks again and fails with the stream's own exception
            }
        }
    }

    private void seekToBase() throws IOException {
        if (base < 0) {
            base = imageInput.getStreamPosition();
        }
        imageInput.seek(base);
    }

    private SemHeader header(int imageIndex) throws IOException {
        checkBounds(imageIndex);
        if (header == null) {
            seekToBase();
            header = SemParser.parseHeader(imageInput);
        }
        return header;
    }

    private SemFile file(int imageIndex) throws IOException {
        checkBounds(imageIndex);
        if (file == null) {
            seekToBase();
            file = SemParser.parse(imageInput);
            header = file.header();
        }
        return file;
    }

    @Override
    public int getWidth(int imageIndex) throws IOException {
        return header(imageIndex).width();
    }

    @Override
    public int getHeight(int imageIndex) throws IOException {
        return header(imageIndex).height();
    }

    @Override
    public ImageTypeSpecifier getRawImageType(int imageIndex) throws IOException {
        return Images.plainType(header(imageIndex).format());
    }

    @Override
    public Iterator<ImageTypeSpecifier> getImageTypes(int imageIndex) throws IOException {
        PixelPlanes.Format format = header(imageIndex).format();
        IntStream others = switch (format) {
            case GRAY, GRAY_ALPHA, GRAY_16, GRAY_ALPHA_16, RGB_16, RGB_ALPHA_16 -> IntStream.empty();
            case RGB -> IntStream.of(BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_INT_BGR);
            case RGB_ALPHA -> IntStream.of(BufferedImage.TYPE_INT_ARGB, BufferedImage.TYPE_4BYTE_ABGR_PRE, BufferedImage.TYPE_INT_ARGB_PRE);
        };
        return Stream.concat(Stream.of(Images.plainType(format)), others.mapToObj(ImageTypeSpecifier::createFromBufferedImageType))
                .iterator();
    }

    @Override
    public SemImageReadParam getDefaultReadParam() {
        return new SemImageReadParam();
    }

    /** The metadata; for the profiles that hold words or descriptors, with the caption and where decoded pixels would come from. */
    @Override
    public IIOMetadata getImageMetadata(int imageIndex) throws IOException {
        SemFile picture = file(imageIndex);
        ProfileId profile = picture.header().profile();
        if (profile == ProfileId.CAPTION || profile == ProfileId.DESCRIPTOR) {
            boolean trained = Generative.current() == Generative.ALLOW && Services.hasGenerator();
            return new SemMetadata(profile, picture.header().format(), picture.header().model(), picture.chunks())
                    .synthesized(SourceType.of(profile, trained), SemanticProfile.content(picture).caption());
        }
        return new SemMetadata(picture.header().profile(), picture.header().format(), picture.header().model(), picture.chunks());
    }

    @Override
    public BufferedImage read(int imageIndex, ImageReadParam param) throws IOException {
        SemFile picture = file(imageIndex);
        int width = picture.header().width();
        int height = picture.header().height();
        ImageReadParam settings = param != null ? param : getDefaultReadParam();
        BufferedImage destination = getDestination(settings, getImageTypes(imageIndex), width, height);
        checkReadParamBandSettings(settings, picture.header().format().planes(), destination.getRaster().getNumBands());
        Rectangle source = new Rectangle();
        Rectangle target = new Rectangle();
        computeRegions(settings, width, height, destination, source, target);

        clearAbortRequest();
        processImageStarted(imageIndex);
        try {
            ListenerWatcher watcher = new ReaderWatcher();
            watcher.progress(0);
            warnOfOddities(picture);
            PixelPlanes planes = decode(picture, generative(settings), watcher);
            watcher.throwIfCancelled();
            copy(planes, source, settings, destination, target);
            watcher.progress(1);
        } catch (CancellationException e) {
            processReadAborted();
            return destination;
        }
        processImageComplete();
        return destination;
    }

    private void warnOfOddities(SemFile picture) {
        if (picture.truncated()) {
            processWarningOccurred("The input ends before the picture does");
        }
        picture.chunks().stream().map(Chunk::tag).filter(tag -> tag > 'Z' && KNOWN_ANCILLARY.indexOf(tag) < 0).distinct()
                .forEach(tag -> processWarningOccurred("Chunk '" + tag + "' is unknown and ignored"));
    }

    private static Generative generative(ImageReadParam settings) {
        return settings instanceof SemImageReadParam sem ? sem.getGenerative() : Generative.current();
    }

    private static PixelPlanes decode(SemFile picture, Generative generative, ListenerWatcher watcher) throws IIOException {
        SemHeader header = picture.header();
        try {
            watcher.throwIfCancelled();
            return Profiles.of(header.profile()).decode(picture, generative, watcher);
        } catch (CancellationException e) {
            throw e;
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            throw ProfileFailure.wrap("decode", header.profile(), header.width(), header.height(), e);
        }
    }

    private static void copy(PixelPlanes planes, Rectangle source, ImageReadParam settings, BufferedImage destination, Rectangle target) {
        int stepX = settings.getSourceXSubsampling();
        int stepY = settings.getSourceYSubsampling();
        int[] sourceBands = settings.getSourceBands();
        int[] targetBands = settings.getDestinationBands();
        if (sourceBands == null && targetBands == null) {
            Images.copy(planes, source, stepX, stepY, destination, target.x, target.y);
            return;
        }
        int[] from = sourceBands != null ? sourceBands : IntStream.range(0, planes.format().planes()).toArray();
        int[] to = targetBands != null ? targetBands : IntStream.range(0, destination.getRaster().getNumBands()).toArray();
        Images.copyBands(planes, from, source, stepX, stepY, destination.getRaster(), to, target.x, target.y);
    }

    private final class ReaderWatcher extends ListenerWatcher {

        @Override
        void report(float percentage) {
            processImageProgress(percentage);
        }

        @Override
        public void warning(String message) {
            processWarningOccurred(message);
        }

        @Override
        public boolean cancelled() {
            return abortRequested();
        }
    }
}
