// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance;

import org.semimage.cli.TestPicture;

import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import java.awt.Graphics2D;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

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

    /** A file with a drawn picture in the primaries of Display P3, with its profile. */
    static File wideGamut(int width, int height) {
        byte[] data = ICC_Profile.getInstance(ColorSpace.CS_sRGB).getData();
        data[25] ^= 1; // the year of creation, so that nobody takes it for the JDK's own by its header
        ICC_Profile profile = ICC_Profile.getInstance(data);
        profile.setData(ICC_Profile.icSigRedColorantTag, xyz(0.51512, 0.24120, -0.00105));
        profile.setData(ICC_Profile.icSigGreenColorantTag, xyz(0.29198, 0.69225, 0.04189));
        profile.setData(ICC_Profile.icSigBlueColorantTag, xyz(0.15710, 0.06657, 0.78407));
        BufferedImage image = ImageTypeSpecifier
                .createInterleaved(new ICC_ColorSpace(profile), new int[] {0, 1, 2}, DataBuffer.TYPE_BYTE, false, false)
                .createBufferedImage(width, height);
        image.getRaster().setRect(picture(width, height, BufferedImage.TYPE_3BYTE_BGR).getRaster());
        return written("p3-" + width + "x" + height, new IIOImage(image, null, null));
    }

    private static byte[] xyz(double x, double y, double z) {
        return ByteBuffer.allocate(20).put("XYZ ".getBytes(StandardCharsets.US_ASCII)).putInt(0)
                .putInt((int) Math.round(x * 65536)).putInt((int) Math.round(y * 65536)).putInt((int) Math.round(z * 65536)).array();
    }

    /** A file with pictures of these widths, each with a thumbnail. */
    static File sequence(int height, int... widths) {
        IIOImage[] images = new IIOImage[widths.length];
        for (int i = 0; i < widths.length; i++) {
            images[i] = new IIOImage(picture(widths[i], height, BufferedImage.TYPE_INT_RGB),
                    List.of(picture(16, 12, BufferedImage.TYPE_INT_RGB)), null);
        }
        return written("sequence-" + height, images);
    }

    private static File written(String name, IIOImage... images) {
        File file = FOLDER.resolve(name + ".sem").toFile();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("sem").next();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(file)) {
            writer.setOutput(out);
            writer.prepareWriteSequence(null);
            for (IIOImage image : images) {
                writer.writeToSequence(image, null);
            }
            writer.endWriteSequence();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
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
