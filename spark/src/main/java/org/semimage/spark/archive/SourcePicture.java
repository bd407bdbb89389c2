// SPDX-License-Identifier: Apache-2.0
package org.semimage.spark.archive;

import org.semimage.container.SemParser;

import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_ColorSpace;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A source, decoded by ImageIO.
 *
 * @param image    in the colour space of its ICC profile where its reader offers that
 * @param metadata null if it has none, none is wanted, or it cannot be read
 * @param warnings of the reader, none of which tells of damage
 */
record SourcePicture(BufferedImage image, IIOMetadata metadata, List<String> warnings) {

    /** How the JDK's readers begin to tell that they have made up what was missing. */
    private static final List<String> DAMAGE = List.of("truncated", "premature", "corrupt");

    /**
     * Decodes a file.
     *
     * @throws BadPictureException if it is no single whole picture within the limits
     */
    static SourcePicture of(byte[] file, ArchiveLimits limits, boolean metadata) throws BadPictureException {
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
            if (SemParser.startsPicture(in)) {
                throw new BadPictureException(Reason.ALREADY_SEM, "a SEM file");
            }
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new BadPictureException(Reason.UNKNOWN_FORMAT, "no ImageIO plug-in knows the format");
            }
            ImageReader reader = readers.next();
            try {
                List<String> warnings = new ArrayList<>();
                reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
                reader.setInput(in);
                return read(reader, limits, metadata, warnings);
            } finally {
                reader.dispose();
            }
        } catch (IOException | RuntimeException | StackOverflowError e) {
            throw new BadPictureException(Reason.DAMAGED, e);
        }
    }

    private static SourcePicture read(ImageReader reader, ArchiveLimits limits, boolean withMetadata, List<String> warnings)
            throws IOException, BadPictureException {
        long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
        if (pixels > limits.maxPixels()) {
            throw new BadPictureException(Reason.TOO_LARGE, reader.getWidth(0) + "x" + reader.getHeight(0) + " pixels, at most "
                    + limits.maxPixels());
        }
        // A reader of JPEG would search all bytes for a second picture, and takes previews for one.
        int count = reader.getFormatName().equalsIgnoreCase("jpeg") ? 1 : reader.getNumImages(true);
        if (count != 1) {
            throw new BadPictureException(Reason.SEVERAL_PICTURES, count + " pictures in one file");
        }
        ImageReadParam param = reader.getDefaultReadParam();
        ownColours(reader.getImageTypes(0)).ifPresent(param::setDestinationType);
        BufferedImage image = reader.read(0, param);
        List<String> damage = warnings.stream().filter(warning -> DAMAGE.stream().anyMatch(warning.toLowerCase(Locale.ROOT)::startsWith))
                .toList();
        if (!damage.isEmpty()) {
            throw new BadPictureException(Reason.DAMAGED, String.join("; ", damage));
        }
        return new SourcePicture(image, withMetadata ? metadata(reader, warnings) : null, List.copyOf(warnings));
    }

    private static Optional<ImageTypeSpecifier> ownColours(Iterator<ImageTypeSpecifier> types) {
        return Stream.iterate(types, Iterator::hasNext, i -> i).map(Iterator::next)
                .filter(type -> isOwn(type.getColorModel().getColorSpace())).findFirst();
    }

    /** Whether a colour space is that of an ICC profile of RGB other than sRGB. */
    static boolean isOwn(ColorSpace space) {
        return space instanceof ICC_ColorSpace && space.getType() == ColorSpace.TYPE_RGB && !space.isCS_sRGB();
    }

    private static IIOMetadata metadata(ImageReader reader, List<String> warnings) {
        try {
            return reader.getImageMetadata(0);
        } catch (IOException | RuntimeException e) {
            warnings.add("metadata is left out: " + e.getMessage());
            return null;
        }
    }

    /** What is written. */
    IIOImage toWrite() {
        return new IIOImage(image, null, metadata);
    }
}
