// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance;

import net.coobird.thumbnailator.Thumbnails;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.semimage.picture.Psnr;
import org.semimage.picture.RgbSamples;

import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import java.awt.image.BufferedImage;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What applications do that know ImageIO and have never heard of SEM. */
class ExistingApplicationTest {

    private static final int WIDTH = 320;
    private static final int HEIGHT = 200;

    private static File file;

    @BeforeAll
    static void encode() {
        file = EncodedFiles.sem(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    }

    @Test
    void thumbnailatorMakesAThumbnail(@TempDir Path folder) throws IOException {
        File thumbnail = folder.resolve("t.jpg").toFile();
        Thumbnails.of(file).size(160, 160).toFile(thumbnail);
        BufferedImage small = ImageIO.read(thumbnail);
        assertEquals(160, small.getWidth());
        assertEquals(100, small.getHeight());
        BufferedImage expected = Thumbnails.of(EncodedFiles.picture(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB))
                .size(160, 160).asBufferedImage();
        assertTrue(Psnr.of(RgbSamples.of(expected), RgbSamples.of(small)) > 24);
    }

    @Test
    void thumbnailatorWritesTheFormat(@TempDir Path folder) throws IOException {
        File thumbnail = folder.resolve("t.sem").toFile();
        Thumbnails.of(file).size(160, 160).outputFormat("sem").toFile(thumbnail);
        assertEquals(160, ImageIO.read(thumbnail).getWidth());
    }

    @Test
    void imageIoReadsFilesUrlsAndStreamsAlike() throws IOException {
        int[] expected = pixels(ImageIO.read(file));
        assertArrayEquals(expected, pixels(ImageIO.read(file.toURI().toURL())));
        try (InputStream in = new BufferedInputStream(new FileInputStream(file))) {
            assertArrayEquals(expected, pixels(ImageIO.read(in)));
        }
    }

    @Test
    void imageIoFindsReaderAndWriterForEachOther() {
        ImageWriter writer = ImageIO.getImageWritersBySuffix("sem").next();
        ImageReader reader = ImageIO.getImageReader(writer);
        assertEquals(writer.getClass(), ImageIO.getImageWriter(reader).getClass());
        assertTrue(ImageIO.getImageReadersByMIMEType("image/x-sem").hasNext());
        assertTrue(ImageIO.getImageWriters(ImageTypeSpecifier.createFromBufferedImageType(BufferedImage.TYPE_3BYTE_BGR), "SEM").hasNext());
    }

    @Test
    void compressionQualityWorksAsForJpeg() throws IOException {
        assertTrue(encoded(0.2f).length < encoded(0.8f).length);
    }

    @Test
    void manyThreadsReadAndWriteAtOnce() throws Exception {
        int[] expected = pixels(ImageIO.read(file));
        BufferedImage picture = EncodedFiles.picture(64, 48, BufferedImage.TYPE_INT_RGB);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            Callable<int[]> work = () -> {
                ImageIO.write(picture, "sem", new ByteArrayOutputStream());
                return pixels(ImageIO.read(file));
            };
            List<Future<int[]>> results = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                results.add(threads.submit(work));
            }
            for (Future<int[]> result : results) {
                assertArrayEquals(expected, result.get());
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static byte[] encoded(float quality) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("sem").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
            ImageWriteParam param = writer.getDefaultWriteParam();
            param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            param.setCompressionQuality(quality);
            writer.setOutput(out);
            writer.write(null, new IIOImage(EncodedFiles.picture(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB), null, null), param);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    private static int[] pixels(BufferedImage image) {
        return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    }
}
