// SPDX-License-Identifier: Apache-2.0
package org.semimage.serve;

import net.coobird.thumbnailator.Thumbnails;
import org.semimage.container.SemFile;
import org.semimage.container.SemParser;
import org.semimage.container.SemSerializer;
import org.semimage.generate.SynthesisPolicy;
import org.semimage.imageio.SemImageReadParam;
import org.semimage.imageio.Subsampling;
import org.semimage.profile.transform.TransformProfile;

import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import java.awt.Dimension;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Iterator;

/** Makes renditions of files: cut to bytes, and scaled to a width. Reads as little of a picture as that takes. */
final class Renditions {

    /** Pictures of other formats are read at this multiple of what is wanted: their readers leave pixels out, which aliases. */
    private static final int OVERSAMPLING = 2;

    private Renditions() {
    }

    /**
     * The first picture of a file as a rendition.
     *
     * @throws IIOException                                 if the file is corrupt, too large or not to be cut
     * @throws IOException                                  if it cannot be read
     * @throws java.util.concurrent.CancellationException if aborted
     */
    static byte[] render(PictureFile file, Rendition rendition, AbortSwitch abort) throws IOException {
        try (ImageInputStream in = open(file, rendition, abort)) {
            if (rendition.width().isEmpty()) {
                byte[] whole = new byte[(int) in.length()];
                in.readFully(whole);
                return whole;
            }
            BufferedImage picture = read(in, rendition.width().getAsInt(), file.maxPixels(), abort);
            abort.check();
            return write(picture, rendition.type());
        }
    }

    /** The file, or what is left of it when it is cut. */
    private static ImageInputStream open(PictureFile file, Rendition rendition, AbortSwitch abort) throws IOException {
        ImageInputStream in = file.open();
        if (rendition.bytes().isEmpty()) {
            return in;
        }
        try (in) {
            SemFile cut = TransformProfile.truncate(SemParser.parse(in), rendition.bytes().getAsLong());
            return new BytesInput(SemSerializer.toBytes(cut));
        } catch (IOException | RuntimeException e) {
            throw damaged(e, abort);
        }
    }

    /**
     * A picture upright, in sRGB.
     *
     * @param width     that it has at most, in pixels
     * @param maxPixels of which it is read
     * @throws IIOException                               if it is none, damaged or too large
     * @throws java.util.concurrent.CancellationException if aborted
     */
    static BufferedImage read(ImageInputStream in, int width, long maxPixels, AbortSwitch abort) throws IOException {
        return withReader(in, abort, reader -> read(reader, width, maxPixels, abort));
    }

    /** What is done with a reader. */
    interface Reading<T> {

        T with(ImageReader reader) throws IOException;
    }

    /**
     * Does something with the reader of a stream's format.
     *
     * @throws IIOException                               if there is none, or the picture is damaged
     * @throws java.util.concurrent.CancellationException if aborted
     */
    static <T> T withReader(ImageInputStream in, AbortSwitch abort, Reading<T> reading) throws IOException {
        Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
        if (!readers.hasNext()) {
            throw new IIOException("no picture of a known format");
        }
        ImageReader reader = readers.next();
        abort.endsBy(reader::abort);
        try {
            reader.setInput(in, true, false);
            return reading.with(reader);
        } catch (IOException | RuntimeException e) {
            throw damaged(e, abort);
        } finally {
            abort.endsBy(null);
            reader.dispose();
        }
    }

    /** Readers tell damage by exceptions of many kinds; those of this project by texts that clients may read. */
    private static IIOException damaged(Exception failure, AbortSwitch abort) {
        abort.check();
        return failure instanceof IIOException told ? told : new IIOException("it is damaged", failure);
    }

    private static BufferedImage read(ImageReader reader, int width, long maxPixels, AbortSwitch abort) throws IOException {
        Dimension stored = size(reader, maxPixels);
        Orientation orientation = Orientation.of(reader);
        Dimension size = orientation.scaled(stored, width);
        BufferedImage picture = readAtLeast(reader, stored, size);
        abort.check();
        return orientation.upright(scaled(picture, size));
    }

    /**
     * The size as it is stored.
     *
     * @throws IIOException if it has more pixels than allowed
     */
    static Dimension size(ImageReader reader, long maxPixels) throws IOException {
        Dimension stored = new Dimension(reader.getWidth(0), reader.getHeight(0));
        if ((long) stored.width * stored.height > maxPixels) {
            throw new IIOException("more than " + maxPixels + " pixels");
        }
        return stored;
    }

    /** A picture at a size; the same one if it has it. Another has all colours, as a palette lacks those between its own. */
    static BufferedImage scaled(BufferedImage picture, Dimension size) throws IOException {
        if (picture.getWidth() == size.width && picture.getHeight() == size.height) {
            return picture;
        }
        Thumbnails.Builder<BufferedImage> scaling = Thumbnails.of(picture).forceSize(size.width, size.height);
        if (picture.getColorModel() instanceof IndexColorModel palette) {
            scaling.imageType(palette.hasAlpha() ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB);
        }
        return scaling.asBufferedImage();
    }

    /** The picture at a size between the one wanted and the stored one, as small as is cheap. */
    private static BufferedImage readAtLeast(ImageReader reader, Dimension stored, Dimension size) throws IOException {
        int thumbnail = thumbnail(reader, stored, size);
        if (thumbnail >= 0) {
            return reader.readThumbnail(0, thumbnail);
        }
        ImageReadParam settings = reader.getDefaultReadParam();
        int period = Math.max(1, Math.min(stored.width / size.width, stored.height / size.height));
        if (settings instanceof SemImageReadParam sem) {
            sem.setSubsampling(Subsampling.FAST);
            sem.setGenerative(SynthesisPolicy.PLAIN);
            period = Math.min(8, Integer.highestOneBit(period));
        } else {
            period = Math.max(1, period / OVERSAMPLING);
        }
        settings.setSourceSubsampling(period, period, 0, 0);
        return reader.read(0, settings);
    }

    /** The smallest thumbnail that is large enough and shows the whole picture; -1 without one. */
    private static int thumbnail(ImageReader reader, Dimension stored, Dimension size) throws IOException {
        int best = -1;
        int bestWidth = Integer.MAX_VALUE;
        int count = reader.readerSupportsThumbnails() ? reader.getNumThumbnails(0) : 0;
        for (int i = 0; i < count; i++) {
            int width = reader.getThumbnailWidth(0, i);
            int height = reader.getThumbnailHeight(0, i);
            long skew = Math.abs((long) width * stored.height - (long) height * stored.width);
            boolean sameShape = skew <= Math.max(stored.width, stored.height);
            if (sameShape && width >= size.width && height >= size.height && width < bestWidth) {
                best = i;
                bestWidth = width;
            }
        }
        return best;
    }

    /**
     * A picture as a file.
     *
     * @throws IOException if there is no writer, or it fails
     */
    static byte[] write(BufferedImage picture, OutputType type) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BufferedImage written = type == OutputType.JPEG ? Orientation.opaque(picture) : picture;
        try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            if (!ImageIO.write(written, type.formatName(), out)) {
                throw new IOException("no ImageIO writer for " + type.mediaType());
            }
        }
        return bytes.toByteArray();
    }

    /** Bytes in memory, of a length that is known. */
    static final class BytesInput extends MemoryCacheImageInputStream {

        private final int length;

        BytesInput(byte[] bytes) {
            super(new ByteArrayInputStream(bytes));
            this.length = bytes.length;
        }

        @Override
        public long length() {
            return length;
        }
    }
}
