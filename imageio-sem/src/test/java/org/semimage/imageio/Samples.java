// SPDX-License-Identifier: Apache-2.0
package org.semimage.imageio;

import org.semimage.container.Chunk;
import org.semimage.container.ModelRef;
import org.semimage.container.PixelFormat;
import org.semimage.container.ProfileId;
import org.semimage.container.SemFile;
import org.semimage.container.SemHeader;
import org.semimage.container.SemParser;
import org.semimage.container.SemSerializer;

import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.ImageOutputStream;
import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;

/** Pictures and files for tests. */
final class Samples {

    private Samples() {
    }

    /** Smooth colour with some texture, and alpha (where the type has it) that is 0, 255 and between. */
    static BufferedImage picture(BufferedImage image) {
        WritableRaster raster = image.getRaster();
        boolean alpha = image.getColorModel().hasAlpha();
        int bands = raster.getNumBands();
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                int a = alpha ? Math.max(0, Math.min(255, 4 * x + y - 60)) : 255;
                for (int b = 0; b < bands; b++) {
                    double wave = 60 * Math.sin(x / (17.0 + 4 * b)) * Math.cos(y / 23.0) + 12 * Math.sin(x * 1.3 + y * 0.9);
                    int value = (int) Math.round(128 + wave + 20 * b);
                    boolean multiply = image.isAlphaPremultiplied();
                    raster.setSample(x, y, b, alpha && b == bands - 1 ? a : multiply ? value * a / 255 : value);
                }
            }
        }
        return image;
    }

    static BufferedImage picture(int width, int height, int type) {
        return picture(new BufferedImage(width, height, type));
    }

    static BufferedImage picture(int width, int height, ImageTypeSpecifier type) {
        return picture(type.createBufferedImage(width, height));
    }

    /** A well-formed file whose payload is not. */
    static byte[] hollowFile(int width, int height, PixelFormat format, Chunk... ancillary) {
        SemHeader header = new SemHeader(ProfileId.TRANSFORM, width, height, format, ModelRef.embedded(1));
        return SemSerializer.toBytes(SemFile.of(header, List.of(new Chunk(Chunk.TRANSFORM, new byte[1])))
                .withAncillary(List.of(ancillary)));
    }

    static byte[] write(BufferedImage image) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (!ImageIO.write(image, "sem", out)) {
            throw new IOException("no writer for " + image);
        }
        return out.toByteArray();
    }

    static byte[] write(IIOImage image, ImageWriteParam param) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageWriter writer = writer();
        try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
            writer.setOutput(stream);
            writer.write(null, image, param);
        } finally {
            writer.dispose();
        }
        return out.toByteArray();
    }

    /** A file with further ancillary chunks. */
    static byte[] withAncillary(byte[] file, Chunk... ancillary) throws IOException {
        return SemSerializer.toBytes(SemParser.parse(file).withAncillary(List.of(ancillary)));
    }

    static ImageInputStream stream(byte[] bytes) throws IOException {
        return ImageIO.createImageInputStream(new ByteArrayInputStream(bytes));
    }

    static ImageReader reader(byte[] bytes) throws IOException {
        ImageReader reader = ImageIO.getImageReadersByFormatName("sem").next();
        reader.setInput(stream(bytes));
        return reader;
    }

    static ImageWriter writer() {
        return ImageIO.getImageWritersByFormatName("sem").next();
    }

    /** Peak signal-to-noise ratio in dB over the colours that Java shows. */
    static double psnr(BufferedImage a, BufferedImage b) {
        double sum = 0;
        for (int y = 0; y < a.getHeight(); y++) {
            for (int x = 0; x < a.getWidth(); x++) {
                for (int shift = 0; shift < 24; shift += 8) {
                    double difference = (a.getRGB(x, y) >>> shift & 0xFF) - (b.getRGB(x, y) >>> shift & 0xFF);
                    sum += difference * difference;
                }
            }
        }
        return 10 * Math.log10(255 * 255 * 3.0 * a.getWidth() * a.getHeight() / sum);
    }
}
