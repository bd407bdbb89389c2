// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.fit;

import org.semimage.conformance.bench.Arguments;
import org.semimage.imageio.SemImageWriteParam;
import org.semimage.profile.transform.QualityIndex;

import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import java.awt.Graphics2D;
import java.awt.Image;
import java.awt.image.BufferedImage;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Writes what the renderer is trained on: photographs, and what plain decoders make of small files of them.
 *
 * <p>{@code -Dbench.main=org.semimage.conformance.fit.RendererPairs -Dbench="PHOTOS OUT"}: every sixteenth photograph by name is left out.
 * {@code OUT/pairs.bin} holds pictures as interleaved RGB bytes, {@code OUT/pairs.csv} a line for each small file: offset of the
 * photograph, offset of the decoded picture, height, width, and either the quality index or minus the bytes of a descriptor file.
 */
public final class RendererPairs {

    private static final int LEFT_OUT = 16;
    private static final int TRANSFORM_FILES = 2;
    private static final int MOST_INDEX = 56;
    private static final int LEAST_BYTES = 50;
    private static final int MOST_BYTES = 320;

    private final OutputStream pixels;
    private final List<String> lines = new ArrayList<>();
    private long written;

    private RendererPairs(OutputStream pixels) {
        this.pixels = pixels;
    }

    /** Takes the same random numbers each time. */
    public static void main(String[] arguments) throws IOException {
        Arguments.require(2, arguments, "RendererPairs PHOTOS OUT");
        Path folder = Files.createDirectories(Path.of(arguments[1]));
        List<Path> photos = Arguments.pictures(arguments[0]);
        Random random = new Random(1);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(folder.resolve("pairs.bin")))) {
            RendererPairs pairs = new RendererPairs(out);
            for (int i = 0; i < photos.size(); i++) {
                if (i % LEFT_OUT != 0) {
                    pairs.add(ImageIO.read(photos.get(i).toFile()), random);
                }
            }
            Files.write(folder.resolve("pairs.csv"), pairs.lines);
            System.out.println(pairs.lines.size() + " pairs, " + pairs.written / 3_000_000 + " megapixels");
        }
    }

    private void add(BufferedImage photo, Random random) throws IOException {
        double scale = 0.45 + 0.4 * random.nextDouble();
        BufferedImage image = scaled(photo, (int) (scale * photo.getWidth()), (int) (scale * photo.getHeight()));
        long original = append(image);
        for (int i = 0; i < TRANSFORM_FILES; i++) {
            SemImageWriteParam param = new SemImageWriteParam();
            int index = random.nextInt(MOST_INDEX + 1);
            param.setCompressionMode(SemImageWriteParam.MODE_EXPLICIT);
            param.setCompressionType("transform");
            param.setCompressionQuality(QualityIndex.toQuality(index));
            line(original, append(decoded(image, param)), image, index);
        }
        SemImageWriteParam param = new SemImageWriteParam();
        int bytes = LEAST_BYTES + random.nextInt(MOST_BYTES - LEAST_BYTES);
        param.setCompressionMode(SemImageWriteParam.MODE_EXPLICIT);
        param.setCompressionType("descriptor");
        param.setTargetBytes(bytes);
        line(original, append(decoded(image, param)), image, -bytes);
    }

    private void line(long original, long plain, BufferedImage image, int file) {
        lines.add(original + "," + plain + "," + image.getHeight() + "," + image.getWidth() + "," + file);
    }

    private static BufferedImage scaled(BufferedImage image, int width, int height) {
        BufferedImage out = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = out.createGraphics();
        g.drawImage(image.getScaledInstance(width, height, Image.SCALE_AREA_AVERAGING), 0, 0, null);
        g.dispose();
        return out;
    }

    private static BufferedImage decoded(BufferedImage image, SemImageWriteParam param) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("sem").next();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), param);
        } finally {
            writer.dispose();
        }
        return ImageIO.read(new ByteArrayInputStream(bytes.toByteArray()));
    }

    /** Where the picture is. */
    private long append(BufferedImage image) throws IOException {
        int[] row = new int[image.getWidth()];
        byte[] bytes = new byte[3 * row.length];
        long at = written;
        for (int y = 0; y < image.getHeight(); y++) {
            image.getRGB(0, y, row.length, 1, row, 0, row.length);
            for (int x = 0; x < row.length; x++) {
                bytes[3 * x] = (byte) (row[x] >> 16);
                bytes[3 * x + 1] = (byte) (row[x] >> 8);
                bytes[3 * x + 2] = (byte) row[x];
            }
            pixels.write(bytes);
            written += bytes.length;
        }
        return at;
    }
}
