// SPDX-License-Identifier: Apache-2.0
package example;

import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.ImageOutputStream;

/** Writes a photo as .sem, reads it again and takes its thumbnail, with ImageIO alone: nothing of SEM is imported. */
public class Pictures {

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            System.err.println("usage: Pictures PHOTO FOLDER");
            System.exit(2);
        }
        BufferedImage photo = ImageIO.read(new File(arguments[0]));
        File sem = new File(arguments[1], "photo.sem");
        write(photo, 0.7f, sem);
        System.out.println("written: " + sem.length() + " bytes");

        BufferedImage again = ImageIO.read(sem);
        System.out.println("read: " + again.getWidth() + " x " + again.getHeight());

        BufferedImage small = thumbnail(sem);
        ImageIO.write(small, "png", new File(arguments[1], "thumbnail.png"));
        System.out.println("thumbnail: " + small.getWidth() + " x " + small.getHeight());
    }

    /** Writes a picture with a quality from 0 to 1. */
    static void write(BufferedImage picture, float quality, File file) throws IOException {
        file.delete();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("sem").next();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(file)) {
            ImageWriteParam param = writer.getDefaultWriteParam();
            param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            param.setCompressionQuality(quality);
            writer.setOutput(out);
            writer.write(null, new IIOImage(picture, null, null), param);
        } finally {
            writer.dispose();
        }
    }

    /** The thumbnail of a file, an eighth of a large picture's size; of a small picture that has none, the picture itself. */
    static BufferedImage thumbnail(File file) throws IOException {
        ImageReader reader = ImageIO.getImageReadersByFormatName("sem").next();
        try (ImageInputStream in = ImageIO.createImageInputStream(file)) {
            reader.setInput(in);
            return reader.hasThumbnails(0) ? reader.readThumbnail(0, 0) : reader.read(0);
        } finally {
            reader.dispose();
        }
    }
}
