package org.semimage.cli;

import org.semimage.container.ProfileId;
import org.semimage.imageio.SemImageWriteParam;

import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.stream.FileImageOutputStream;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.ImageOutputStream;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.RenderedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** Pictures from and to files, through ImageIO's public interface only. */
public final class Pictures {

    public static final String SEM = "sem";

    /** Sets what a command was told about how to write. */
    public interface Settings {
        void apply(SemImageWriteParam param) throws IOException;
    }

    private Pictures() {
    }

    /** What is done with the reader of a file. */
    private interface Reading<T> {
        T of(ImageReader reader) throws IOException;
    }

    /**
     * Reads the first picture of a file in any format that ImageIO knows.
     *
     * @param err told of progress and of the reader's warnings
     * @throws IOException if the file is not there, is no known picture, or is damaged beyond use
     */
    public static BufferedImage read(Path file, PrintWriter err) throws IOException {
        return read(file, err, reader -> reader.read(0));
    }

    /** Reads part of the first picture of a file, as settings of its reader's parameter ask. */
    public static BufferedImage read(Path file, Consumer<ImageReadParam> settings, PrintWriter err) throws IOException {
        return read(file, err, reader -> {
            ImageReadParam param = reader.getDefaultReadParam();
            settings.accept(param);
            return reader.read(0, param);
        });
    }

    /**
     * Reads the first picture of a file with its metadata, and in the colour space of its ICC profile where the reader
     * offers that. Metadata that cannot be read is warned of and left out.
     *
     * @throws IOException as {@link #read(Path, PrintWriter)}
     */
    static IIOImage readAll(Path file, PrintWriter err) throws IOException {
        return read(file, err, reader -> {
            ImageReadParam param = reader.getDefaultReadParam();
            Iterator<ImageTypeSpecifier> types = reader.getImageTypes(0);
            while (types.hasNext()) {
                ImageTypeSpecifier type = types.next();
                if (isWideGamut(type.getColorModel().getColorSpace())) {
                    param.setDestinationType(type);
                    break;
                }
            }
            return new IIOImage(reader.read(0, param), null, metadata(file, reader, err));
        });
    }

    private static boolean isWideGamut(ColorSpace space) {
        return space instanceof ICC_ColorSpace && space.getType() == ColorSpace.TYPE_RGB && !space.isCS_sRGB();
    }

    private static IIOMetadata metadata(Path file, ImageReader reader, PrintWriter err) {
        try {
            return reader.getImageMetadata(0);
        } catch (IOException e) {
            err.println("sem: warning: " + file + ": metadata is left out: " + e.getMessage());
            return null;
        }
    }

    private static <T> T read(Path file, PrintWriter err, Reading<T> reading) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        if (Files.isDirectory(file)) {
            throw new IOException(file + " is a folder");
        }
        try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
            if (in == null) {
                throw new IOException(file + " cannot be opened");
            }
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new IOException(file + " is in no picture format known here");
            }
            ImageReader reader = readers.next();
            try {
                reader.addIIOReadProgressListener(new Progress(err, "reading " + file.getFileName()));
                reader.addIIOReadWarningListener((source, warning) -> err.println("sem: warning: " + file + ": " + warning));
                reader.setInput(in);
                return reading.of(reader);
            } finally {
                reader.dispose();
            }
        }
    }

    /**
     * Writes a picture in the SEM format, replacing the file in one step.
     *
     * @param settings sets compression type, quality or size; the parameter is in explicit mode
     * @param err      told of progress and of the writer's warnings
     */
    public static void writeSem(RenderedImage image, Path file, Settings settings, PrintWriter err) throws IOException {
        writeSem(new IIOImage(image, null, null), file, settings, err);
    }

    /** The same, with metadata. */
    public static void writeSem(IIOImage image, Path file, Settings settings, PrintWriter err) throws IOException {
        ImageWriter writer = semWriter();
        try (Replacement replacement = new Replacement(file)) {
            SemImageWriteParam param = (SemImageWriteParam) writer.getDefaultWriteParam();
            param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            settings.apply(param);
            writer.addIIOWriteProgressListener(new Progress(err, "writing " + file.getFileName()));
            writer.addIIOWriteWarningListener((source, index, warning) -> err.println("sem: warning: " + file + ": " + warning));
            try (ImageOutputStream out = new FileImageOutputStream(replacement.part().toFile())) {
                writer.setOutput(out);
                writer.write(null, image, param);
            }
            replacement.commit();
        } finally {
            writer.dispose();
        }
    }

    /**
     * Writes a picture in the format that the file's suffix names, replacing the file in one step. A format without alpha gets
     * the picture on white.
     *
     * @throws IOException if no installed format has the suffix, or it cannot hold the picture
     */
    static void writeBySuffix(BufferedImage image, Path file, PrintWriter err) throws IOException {
        String suffix = suffix(file);
        ImageWriter writer = writerFor(suffix, image);
        RenderedImage written = image;
        if (writer == null && image.getColorModel().hasAlpha()) {
            written = onWhite(image);
            writer = writerFor(suffix, written);
        }
        if (writer == null) {
            throw new IOException(suffix.isEmpty()
                    ? file + " has no suffix that names a picture format"
                    : "no installed picture format writes ." + suffix + " files");
        }
        try (Replacement replacement = new Replacement(file)) {
            try (ImageOutputStream out = new FileImageOutputStream(replacement.part().toFile())) {
                writer.setOutput(out);
                writer.write(written);
            }
            replacement.commit();
        } finally {
            writer.dispose();
        }
        if (written != image) {
            err.println("sem: warning: ." + suffix + " files hold no alpha here: the picture was put on white");
        }
    }

    /** Chooses a profile. @throws IOException if this version does not write it */
    public static void choose(ProfileId profile, SemImageWriteParam param) throws IOException {
        if (!List.of(param.getCompressionTypes()).contains(profile.label())) {
            throw new IOException("this version does not write the profile '" + profile.label() + "', only "
                    + String.join(", ", param.getCompressionTypes()));
        }
        param.setCompressionType(profile.label());
    }

    /** Whether ImageIO writes files of the suffix that a file has. */
    static boolean writable(Path file) {
        return ImageIO.getImageWritersBySuffix(suffix(file)).hasNext();
    }

    /** The suffix of a file's name in lower case, without the dot; empty if there is none. */
    public static String suffix(Path file) {
        String name = file.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
    }

    /** A file's name without its suffix. */
    public static String stem(Path file) {
        String name = file.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }

    private static ImageWriter semWriter() throws IOException {
        Iterator<ImageWriter> writers = ImageIO.getImageWritersByFormatName(SEM);
        if (!writers.hasNext()) {
            throw new IOException("the SEM plug-in is not registered with ImageIO");
        }
        return writers.next();
    }

    private static ImageWriter writerFor(String suffix, RenderedImage image) {
        Iterator<ImageWriter> writers = ImageIO.getImageWritersBySuffix(suffix);
        while (writers.hasNext()) {
            ImageWriter writer = writers.next();
            if (writer.getOriginatingProvider().canEncodeImage(image)) {
                return writer;
            }
        }
        return null;
    }

    private static BufferedImage onWhite(BufferedImage image) {
        BufferedImage opaque = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = opaque.createGraphics();
        graphics.drawImage(image, 0, 0, Color.WHITE, null);
        graphics.dispose();
        return opaque;
    }
}
