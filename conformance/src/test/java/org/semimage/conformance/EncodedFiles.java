package org.semimage.conformance;

import org.semimage.cli.TestPicture;

import javax.imageio.ImageIO;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Drawn pictures of every type and shape, and files that ImageIO makes of them; the files go when the process ends. */
final class EncodedFiles {

    private static final Path FOLDER = folder();

    private EncodedFiles() {
    }

    /** A drawn picture in one of the types of {@link BufferedImage}; half transparent where the type has alpha. */
    static BufferedImage picture(int width, int height, int type) {
        BufferedImage drawn = TestPicture.draw(width, height, 1);
        BufferedImage image = new BufferedImage(width, height, type);
        Graphics2D graphics = image.createGraphics();
        graphics.drawImage(drawn, 0, 0, null);
        graphics.dispose();
        if (image.getColorModel().hasAlpha()) {
            for (int x = 0; x < width / 2; x++) {
                image.setRGB(x, x * height / width, 0x80FF0000);
            }
        }
        return image;
    }

    /** A file with a drawn picture. */
    static File sem(int width, int height, int type) {
        File file = FOLDER.resolve(width + "x" + height + "-" + type + ".sem").toFile();
        try {
            if (!ImageIO.write(picture(width, height, type), "sem", file)) {
                throw new IllegalStateException("no writer for type " + type);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        file.deleteOnExit();
        return file;
    }

    private static Path folder() {
        try {
            Path folder = Files.createTempDirectory("sem-conformance");
            folder.toFile().deleteOnExit();
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
