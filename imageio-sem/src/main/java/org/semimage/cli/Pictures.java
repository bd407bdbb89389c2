// SPDX-License-Identifier: Apache-2.0
package org.semimage.cli;

import org.semimage.imageio.SemImageWriteParam;
import org.semimage.container.ProfileId;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

import javax.imageio.IIOException;
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
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

/** Pictures from and to files, through ImageIO's public interface only. */
public final class Pictures {

    /** The format's name, as ImageIO knows it. */
    public static final String SEM = "sem";

    /** Sets what a command was told about how to write. */
    public interface Settings {
        /**
         * Sets what the command was told.
         *
         * @throws IOException if a file that the command names cannot be read
         */
        void apply(SemImageWriteParam param) throws IOException;
    }

    private Pictures() {
    }

    /** What is done with the reader of a file. */
    public interface Reading<T> {
        /**
         * Reads with a reader whose input is set, and which the caller disposes of.
         *
         * @param reader with its input set; disposed of by the caller
         */
        T of(ImageReader reader) throws IOException;
    }

    /** What is done with the writer of a file. */
    public interface Writing {
        /**
         * Writes with a writer whose output is set, and which the caller disposes of.
         *
         * @param writer with its output set; disposed of by the caller
         */
        void of(ImageWriter writer) throws IOException;
    }

    /** Gives pictures by their place in what is written, from 0. */
    public interface Source {
        /**
         * A picture, made or read when it is asked for.
         *
         * @throws IOException if the picture cannot be read
         */
        BufferedImage get(int index) throws IOException;
    }

    /**
     * Reads the first picture of a file in any format that ImageIO knows.
     *
     * @param err told of progress, of the reader's warnings, and if the file holds more pictures
     * @throws IOException if the file is not there, is no known picture, or is damaged beyond use
     */
    public static BufferedImage read(Path file, PrintWriter err) throws IOException {
        return read(file, err, reader -> {
            int count = count(reader, file, err);
            if (count > 1) {
                PictureChoice.warnOfOthers(count, file, "", err);
            }
            return reader.read(0);
        });
    }

    /**
     * How many pictures a reader's input holds; 1, and a warning, if that cannot be told. A JPEG file holds one: what stands behind it,
     * for which its reader would search byte by byte, is of other formats.
     */
    static int count(ImageReader reader, Path file, PrintWriter err) throws IOException {
        if (isOf(reader, "JPEG")) {
            return 1;
        }
        try {
            return Math.max(1, reader.getNumImages(true));
        } catch (IIOException e) {
            err.println("sem: warning: " + file + ": how many pictures it holds cannot be told: " + e.getMessage());
            return 1;
        }
    }

    /** Whether a reader is of a format, named as in ImageIO. */
    public static boolean isOf(ImageReader reader, String format) throws IOException {
        return reader.getFormatName().equalsIgnoreCase(format);
    }

    /**
     * Reads a picture of a file with its metadata, and in the colour space of its ICC profile where the reader
     * offers that. Metadata that cannot be read is warned of and left out.
     *
     * @throws IOException if the picture is damaged beyond use
     */
    public static IIOImage readAll(ImageReader reader, int index, Path file, PrintWriter err) throws IOException {
        ImageReadParam param = reader.getDefaultReadParam();
        Iterator<ImageTypeSpecifier> types = reader.getImageTypes(index);
        while (types.hasNext()) {
            ImageTypeSpecifier type = types.next();
            if (isWideGamut(type.getColorModel().getColorSpace())) {
                param.setDestinationType(type);
                break;
            }
        }
        return new IIOImage(reader.read(index, param), null, metadata(file, reader, index, err));
    }

    private static boolean isWideGamut(ColorSpace space) {
        return space instanceof ICC_ColorSpace && space.getType() == ColorSpace.TYPE_RGB && !space.isCS_sRGB();
    }

    private static IIOMetadata metadata(Path file, ImageReader reader, int index, PrintWriter err) {
        try {
            return reader.getImageMetadata(index);
        } catch (IOException e) {
            err.println("sem: warning: " + file + ": metadata is left out: " + e.getMessage());
            return null;
        }
    }

    /**
     * Opens a file in any format that ImageIO knows, standard input if it is called {@code -}.
     *
     * @param err told of progress and of the reader's warnings
     * @throws IOException if the file is not there or is no known picture
     */
    static <T> T read(Path file, PrintWriter err, Reading<T> reading) throws IOException {
        try (ImageInputStream in = Inputs.open(file)) {
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
        writeSem(file, err, writer -> writer.write(null, new IIOImage(image, null, null), param(writer, settings)));
    }

    /**
     * Writes pictures in the SEM format, replacing the file in one step.
     *
     * @return the file's size in bytes
     */
    public static long writeSem(Path file, PrintWriter err, Writing writing) throws IOException {
        ImageWriter writer = semWriter();
        writer.addIIOWriteProgressListener(new Progress(err, "writing " + file.getFileName()));
        writer.addIIOWriteWarningListener((source, index, warning) -> err.println("sem: warning: " + file + ": " + warning));
        return write(writer, file, writing);
    }

    /** A parameter in explicit mode for the writer of the SEM format. */
    static SemImageWriteParam param(ImageWriter writer, Settings settings) throws IOException {
        SemImageWriteParam param = (SemImageWriteParam) writer.getDefaultWriteParam();
        param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        settings.apply(param);
        return param;
    }

    private static long write(ImageWriter writer, Path file, Writing writing) throws IOException {
        try (Replacement replacement = new Replacement(file)) {
            try (ImageOutputStream out = new FileImageOutputStream(replacement.part().toFile())) {
                writer.setOutput(out);
                writing.of(writer);
            }
            return replacement.commit();
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
    public static void writeBySuffix(BufferedImage image, Path file, PrintWriter err) throws IOException {
        write(suffix(file), 1, index -> image, file, err);
    }

    /**
     * Writes pictures in a format, replacing the file in one step. A format without alpha gets them on white.
     *
     * @param suffix of files of the format
     * @throws IOException if no installed format has the suffix, or it cannot hold the pictures
     */
    public static void write(String suffix, int count, Source pictures, Path file, PrintWriter err) throws IOException {
        BufferedImage first = pictures.get(0);
        ImageWriter writer = writerFor(suffix, first);
        boolean onWhite = writer == null && first.getColorModel().hasAlpha();
        if (onWhite) {
            writer = writerFor(suffix, onWhite(first));
        }
        if (writer == null) {
            throw new IOException(suffix.isEmpty()
                    ? file + " has no suffix that names a picture format"
                    : "no installed picture format writes ." + suffix + " files");
        }
        if (count > 1 && !writer.canWriteSequence()) {
            writer.dispose();
            throw new IOException("a ." + suffix + " file holds one picture: --picture N chooses one of " + count);
        }
        write(writer, file, w -> {
            if (count == 1) {
                w.write(onWhite ? onWhite(first) : first);
                return;
            }
            w.prepareWriteSequence(null);
            for (int i = 0; i < count; i++) {
                BufferedImage picture = i == 0 ? first : pictures.get(i);
                w.writeToSequence(new IIOImage(onWhite ? onWhite(picture) : picture, null, null), null);
            }
            w.endWriteSequence();
        });
        if (onWhite) {
            err.println("sem: warning: ." + suffix + " files hold no alpha here: the picture was put on white");
        }
    }

    /**
     * Chooses a profile.
     *
     * @throws IOException if this version does not write it
     */
    public static void choose(ProfileId profile, SemImageWriteParam param) throws IOException {
        if (!List.of(param.getCompressionTypes()).contains(profile.label())) {
            throw new IOException("this version does not write the profile '" + profile.label() + "', only "
                    + String.join(", ", param.getCompressionTypes()));
        }
        param.setCompressionType(profile.label());
    }

    /**
     * The suffix that names the format of a file to write; {@code png} for standard output unless another is asked for.
     *
     * @param asked the format that was asked for, or null
     * @throws ParameterException if the file is a folder, or ImageIO writes no format of that suffix
     */
    public static String writable(Path file, String asked, CommandLine command) {
        if (Files.isDirectory(file)) {
            throw new ParameterException(command, file + " is a folder");
        }
        String suffix = asked != null ? asked.toLowerCase(Locale.ROOT) : Inputs.isStandard(file) ? "png" : suffix(file);
        if (!ImageIO.getImageWritersBySuffix(suffix).hasNext()) {
            throw new ParameterException(command, asked != null ? "no installed picture format writes ." + suffix + " files"
                    : "no installed picture format has the suffix of " + file);
        }
        return suffix;
    }

    /**
     * Refuses names of files to write that readers would not take for SEM's.
     *
     * @throws ParameterException if a file to write, unless it is standard output, does not end in .sem
     */
    public static void requireSem(Path file, CommandLine command) {
        if (Files.isDirectory(file)) {
            throw new ParameterException(command, file + " is a folder");
        }
        if (!Inputs.isStandard(file) && !suffix(file).equals(SEM)) {
            throw new ParameterException(command, file + " does not end in .sem");
        }
    }

    /** The suffix of a file's name in lower case, without the dot; empty if there is none. */
    public static String suffix(Path file) {
        String name = name(file);
        int dot = name.lastIndexOf('.');
        return dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
    }

    /** A file's name without its suffix. */
    public static String stem(Path file) {
        String name = name(file);
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }

    /** The last part of a path; empty for a root. */
    private static String name(Path file) {
        return file.getFileName() == null ? "" : file.getFileName().toString();
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
