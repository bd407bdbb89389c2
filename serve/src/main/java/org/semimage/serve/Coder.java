// SPDX-License-Identifier: Apache-2.0
package org.semimage.serve;

import org.semimage.container.SemFile;
import org.semimage.container.SemParser;
import org.semimage.container.SemSerializer;
import org.semimage.imageio.SemImageReadParam;
import org.semimage.imageio.SemImageWriteParam;
import org.semimage.profile.transform.TransformProfile;

import javax.imageio.IIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import java.awt.Dimension;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Codes pictures, and shows what is left of them. Files that were coded are kept for a short time: whoever turns the dial of fidelity, or
 * looks at the mask, asks for the same file again.
 */
final class Coder implements AutoCloseable {

    private static final int KEPT_FILES = 64;
    private static final long KEPT_BYTES = 1 << 24;
    private static final Duration KEPT = Duration.ofMinutes(2);

    /** A picture that is decoded at its full size whatever is shown of it has no more pixels. */
    private static final long MAX_FULL_PIXELS = 1 << 25;

    /** A difference of so many sample values counts as detail that was made up. */
    private static final int SEEN = 2;

    private final Shelf<CodedFile> kept = new Shelf<>(KEPT_FILES, KEPT_BYTES, KEPT);

    /**
     * A file.
     *
     * @param bytes  its content, not copied
     * @param size   of the picture, upright
     * @param millis that coding took, the search for the number of bytes included; 0 of a file that was there
     */
    private record CodedFile(byte[] bytes, Dimension size, double millis) {
    }

    /**
     * What a client asks for.
     *
     * @throws IIOException                               if the picture is damaged, too large or not to be coded so
     * @throws IOException                                if it cannot be read
     * @throws java.util.concurrent.CancellationException if aborted
     */
    Made show(Picture picture, CodedRequest request, AbortSwitch abort) throws IOException {
        if (request.format() == CodedFormat.PNG) {
            BufferedImage source = source(picture, request.width(), abort);
            return new Made(200, "image/png", Renditions.write(source, OutputType.PNG), Map.of("Sem-Pixels", pixels(sizeOf(source))));
        }
        CodedFile file = file(picture, request, abort);
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Sem-Bytes", Integer.toString(file.bytes.length));
        headers.put("Sem-Pixels", pixels(file.size));
        headers.put("Server-Timing", String.format(Locale.ROOT, "encode;dur=%.1f", file.millis));
        return switch (request.show()) {
            case TEXT -> new Made(200, request.mediaType(), FileFacts.of(file.bytes).json().getBytes(StandardCharsets.UTF_8), headers);
            case MASK -> mask(file, request, headers, abort);
            case PICTURE -> picture(file, request, headers, abort);
        };
    }

    private static String pixels(Dimension size) {
        return size.width + "x" + size.height;
    }

    private static Dimension sizeOf(BufferedImage picture) {
        return new Dimension(picture.getWidth(), picture.getHeight());
    }

    /** The picture before it is coded: upright, opaque, at the width at which it is compared. */
    private static BufferedImage source(Picture picture, int width, AbortSwitch abort) throws IOException {
        try (ImageInputStream in = picture.open()) {
            return Orientation.opaque(Renditions.read(in, width, picture.maxPixels(), abort));
        }
    }

    private CodedFile file(Picture picture, CodedRequest request, AbortSwitch abort) throws IOException {
        String key = picture.tag(request.coding());
        Optional<CodedFile> known = kept.find(key);
        if (known.isPresent()) {
            return known.get();
        }
        CodedFile made = code(picture, request, abort);
        kept.keep(key, made, made.bytes.length);
        return made;
    }

    private static CodedFile code(Picture picture, CodedRequest request, AbortSwitch abort) throws IOException {
        Subject subject = Subject.of(picture, request.width(), abort);
        Dimension size = subject.size();
        boolean coded = subject.way() == Subject.Way.CODED;
        if (!coded && (long) size.width * size.height > MAX_FULL_PIXELS) {
            throw new IIOException("more than " + MAX_FULL_PIXELS + " pixels, too many for a comparison");
        }
        if (request.format() == CodedFormat.SEM && !coded) {
            return new CodedFile(stored(picture, subject.way(), request), size, 0);
        }
        if (request.format() == CodedFormat.SEM && request.bytes().isEmpty()) {
            throw new IIOException("a picture that is not a SEM file is coded to a number of bytes");
        }
        // A file that is cut keeps its size, so others are coded at that too.
        BufferedImage source = source(picture, size.width, abort);
        long start = System.nanoTime();
        byte[] bytes = request.format().isSem() ? writeSem(source, picture.caption(), request, abort)
                : QualitySearch.within(source, request.format().label(), request.bytes().getAsInt(), abort);
        return new CodedFile(bytes, sizeOf(source), millisSince(start));
    }

    private static double millisSince(long start) {
        return (System.nanoTime() - start) / 1e6;
    }

    /** The first picture of a SEM file, cut if it is to be and can be. */
    private static byte[] stored(Picture picture, Subject.Way way, CodedRequest request) throws IOException {
        try (ImageInputStream in = picture.open()) {
            SemFile file = SemParser.parse(in);
            boolean cut = way == Subject.Way.CUT && request.bytes().isPresent()
                    && request.bytes().getAsInt() < SemSerializer.size(file);
            return SemSerializer.toBytes(cut ? TransformProfile.truncate(file, request.bytes().getAsInt()) : file);
        }
    }

    private static byte[] writeSem(BufferedImage source, Optional<String> caption, CodedRequest request, AbortSwitch abort)
            throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("sem").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        abort.endsBy(writer::abort);
        try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            SemImageWriteParam settings = (SemImageWriteParam) writer.getDefaultWriteParam();
            if (request.format().isProfile()) {
                settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
                settings.setCompressionType(request.format().label());
            }
            if (request.format() == CodedFormat.CAPTION) {
                caption.ifPresent(settings::setCaption);
            }
            request.bytes().ifPresent(settings::setTargetBytes);
            writer.setOutput(out);
            writer.write(null, new IIOImage(source, null, null), settings);
        } finally {
            abort.endsBy(null);
            writer.dispose();
        }
        abort.check();
        return bytes.toByteArray();
    }

    private static Made picture(CodedFile file, CodedRequest request, Map<String, String> headers, AbortSwitch abort) throws IOException {
        boolean asItIs = !request.format().isSem();
        if (asItIs && !isReadable(file.bytes)) {
            return new Made(200, request.mediaType(), file.bytes, headers);
        }
        long start = System.nanoTime();
        BufferedImage decoded = decode(file, request.fidelity(), abort);
        headers.merge("Server-Timing", String.format(Locale.ROOT, "decode;dur=%.1f", millisSince(start)), (a, b) -> a + ", " + b);
        return new Made(200, request.mediaType(), asItIs ? file.bytes : Renditions.write(shown(decoded, request), OutputType.PNG), headers);
    }

    private static boolean isReadable(byte[] file) throws IOException {
        try (ImageInputStream in = new Renditions.BytesInput(file)) {
            return ImageIO.getImageReaders(in).hasNext();
        }
    }

    /** The picture of a file at its full size, upright and opaque. */
    private static BufferedImage decode(CodedFile file, float fidelity, AbortSwitch abort) throws IOException {
        try (ImageInputStream in = new Renditions.BytesInput(file.bytes)) {
            return Renditions.withReader(in, abort, reader -> {
                ImageReadParam settings = reader.getDefaultReadParam();
                if (settings instanceof SemImageReadParam sem) {
                    sem.setFidelity(fidelity);
                }
                BufferedImage picture = reader.read(0, settings);
                abort.check();
                return Orientation.opaque(Orientation.of(reader).upright(picture));
            });
        }
    }

    /** At the width at which pictures are compared. */
    private static BufferedImage shown(BufferedImage picture, CodedRequest request) throws IOException {
        return Renditions.scaled(picture, new Orientation(1).scaled(sizeOf(picture), request.width()));
    }

    /** A picture that is opaque where pixels are synthesized: where fidelity changes them, or everywhere if a file has none. */
    private static Made mask(CodedFile file, CodedRequest request, Map<String, String> headers, AbortSwitch abort) throws IOException {
        boolean all = FileFacts.of(file.bytes).synthesized().equals("all");
        BufferedImage without = shown(decode(file, 0, abort), request);
        BufferedImage with = all ? without : shown(decode(file, 1, abort), request);
        BufferedImage mask = new BufferedImage(with.getWidth(), with.getHeight(), BufferedImage.TYPE_INT_ARGB);
        long count = 0;
        for (int y = 0; y < mask.getHeight(); y++) {
            for (int x = 0; x < mask.getWidth(); x++) {
                if (all || difference(with.getRGB(x, y), without.getRGB(x, y)) >= SEEN) {
                    mask.setRGB(x, y, 0xFFFF00FF);
                    count++;
                }
            }
        }
        headers.put("Sem-Synthesized", String.format(Locale.ROOT, "%.4f", count / ((double) mask.getWidth() * mask.getHeight())));
        return new Made(200, request.mediaType(), Renditions.write(mask, OutputType.PNG), headers);
    }

    /** The largest of the three samples. */
    private static int difference(int one, int other) {
        int largest = 0;
        for (int shift = 0; shift < 24; shift += 8) {
            largest = Math.max(largest, Math.abs((one >> shift & 0xFF) - (other >> shift & 0xFF)));
        }
        return largest;
    }

    @Override
    public void close() {
        kept.close();
    }
}
