// SPDX-License-Identifier: Apache-2.0
package org.semimage.imageio;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.semimage.container.Chunk;
import org.semimage.container.SemFile;
import org.semimage.container.SemHeader;
import org.semimage.container.SemParser;
import org.semimage.container.SemSerializer;
import org.semimage.picture.Images;
import org.semimage.picture.TiledImage;

import javax.imageio.IIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import java.awt.Point;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.RenderedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Pictures written and read through ImageIO, with the embedded model. */
class RoundTripTest {

    private static final double GOOD = 32;

    private static BufferedImage read(byte[] bytes) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(bytes));
    }

    private static byte[] write(RenderedImage image, ImageWriteParam param) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageWriter writer = Samples.writer();
        try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
            writer.setOutput(stream);
            writer.write(null, new IIOImage(image, null, null), param);
        }
        writer.dispose();
        return out.toByteArray();
    }

    private static byte[] rgb(int width, int height) throws IOException {
        return Samples.write(Samples.picture(width, height, BufferedImage.TYPE_3BYTE_BGR));
    }

    private static void assertSamePixels(BufferedImage expected, BufferedImage actual) {
        assertEquals(expected.getWidth(), actual.getWidth());
        assertEquals(expected.getHeight(), actual.getHeight());
        for (int y = 0; y < expected.getHeight(); y++) {
            for (int x = 0; x < expected.getWidth(); x++) {
                assertEquals(expected.getRGB(x, y), actual.getRGB(x, y), "pixel " + x + "," + y);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1,1", "7,3", "1,65", "641,479", "4000,3000"})
    void colourKeepsItsSizeAndLook(int width, int height) throws IOException {
        BufferedImage picture = Samples.picture(width, height, BufferedImage.TYPE_INT_RGB);
        BufferedImage decoded = read(Samples.write(picture));
        assertEquals(BufferedImage.TYPE_3BYTE_BGR, decoded.getType());
        assertEquals(width, decoded.getWidth());
        assertEquals(height, decoded.getHeight());
        assertTrue(Samples.psnr(picture, decoded) > GOOD, "PSNR " + Samples.psnr(picture, decoded));
    }

    @Test
    void grayStaysGray() throws IOException {
        BufferedImage picture = Samples.picture(120, 90, BufferedImage.TYPE_BYTE_GRAY);
        BufferedImage decoded = read(Samples.write(picture));
        assertEquals(BufferedImage.TYPE_BYTE_GRAY, decoded.getType());
        assertTrue(Samples.psnr(picture, decoded) > GOOD, "PSNR " + Samples.psnr(picture, decoded));
    }

    @Test
    void grayWithAlphaKeepsItsAlphaExactly() throws IOException {
        BufferedImage picture = Samples.picture(120, 90, ImageTypeSpecifier.createGrayscale(8, DataBuffer.TYPE_BYTE, false, false));
        BufferedImage decoded = read(Samples.write(picture));
        assertEquals(2, decoded.getRaster().getNumBands());
        assertArrayEquals(Images.toPlanes(picture).alpha(), Images.toPlanes(decoded).alpha());
    }

    @ParameterizedTest
    @ValueSource(ints = {BufferedImage.TYPE_INT_ARGB, BufferedImage.TYPE_4BYTE_ABGR, BufferedImage.TYPE_INT_ARGB_PRE})
    void colourWithAlphaKeepsItsAlphaExactly(int type) throws IOException {
        BufferedImage picture = Samples.picture(120, 90, type);
        BufferedImage decoded = read(Samples.write(picture));
        assertEquals(BufferedImage.TYPE_4BYTE_ABGR, decoded.getType());
        assertArrayEquals(Images.toPlanes(picture).alpha(), Images.toPlanes(decoded).alpha());
    }

    @Test
    void palettesAreWritten() throws IOException {
        BufferedImage indexed = new BufferedImage(100, 80, BufferedImage.TYPE_BYTE_INDEXED);
        indexed.createGraphics().drawImage(Samples.picture(100, 80, BufferedImage.TYPE_INT_RGB), 0, 0, null);
        assertEquals(BufferedImage.TYPE_3BYTE_BGR, read(Samples.write(indexed)).getType());
        BufferedImage binary = new BufferedImage(100, 80, BufferedImage.TYPE_BYTE_BINARY);
        assertEquals(BufferedImage.TYPE_BYTE_GRAY, read(Samples.write(binary)).getType());
    }

    @Test
    void filesStreamsAndOffsetsAllWork(@TempDir File folder) throws IOException {
        BufferedImage picture = Samples.picture(64, 48, BufferedImage.TYPE_INT_RGB);
        File file = new File(folder, "x.sem");
        assertTrue(ImageIO.write(picture, "SEM", file));
        BufferedImage expected = read(Samples.write(picture));
        assertSamePixels(expected, ImageIO.read(file));
        assertSamePixels(expected, ImageIO.read(file.toURI().toURL()));
    }

    @Test
    void encodingAndDecodingAreRepeatable() throws IOException {
        byte[] bytes = rgb(100, 70);
        assertArrayEquals(bytes, rgb(100, 70));
        ImageReader reader = Samples.reader(bytes);
        BufferedImage first = reader.read(0);
        BufferedImage second = reader.read(0);
        assertNotSame(first, second);
        assertSamePixels(first, second);
    }

    @Test
    void regionsAndSubsamplingTakeTheirPixelsFromTheWhole() throws IOException {
        ImageReader reader = Samples.reader(rgb(61, 47));
        BufferedImage whole = reader.read(0);
        ImageReadParam param = reader.getDefaultReadParam();
        param.setSourceRegion(new Rectangle(13, 9, 200, 20));
        param.setSourceSubsampling(3, 2, 1, 1);
        BufferedImage part = reader.read(0, param);
        assertEquals((61 - 14 + 2) / 3, part.getWidth());
        assertEquals(10, part.getHeight());
        for (int y = 0; y < part.getHeight(); y++) {
            for (int x = 0; x < part.getWidth(); x++) {
                assertEquals(whole.getRGB(14 + 3 * x, 10 + 2 * y), part.getRGB(x, y));
            }
        }
    }

    @Test
    void destinationsAndOffsetsAreHonoured() throws IOException {
        ImageReader reader = Samples.reader(rgb(20, 10));
        BufferedImage whole = reader.read(0);
        ImageReadParam param = reader.getDefaultReadParam();
        param.setDestinationOffset(new Point(5, 7));
        BufferedImage shifted = reader.read(0, param);
        assertEquals(25, shifted.getWidth());
        assertEquals(17, shifted.getHeight());
        assertSamePixels(whole, shifted.getSubimage(5, 7, 20, 10));
        BufferedImage given = new BufferedImage(12, 12, BufferedImage.TYPE_INT_RGB);
        param.setDestination(given);
        assertSame(given, reader.read(0, param));
        assertSamePixels(whole.getSubimage(0, 0, 7, 5), given.getSubimage(5, 7, 7, 5));
    }

    @Test
    void everyOfferedTypeIsHonouredAndOthersAreRefused() throws IOException {
        ImageReader reader = Samples.reader(Samples.write(Samples.picture(20, 10, BufferedImage.TYPE_INT_ARGB)));
        Iterator<ImageTypeSpecifier> types = reader.getImageTypes(0);
        BufferedImage whole = reader.read(0);
        while (types.hasNext()) {
            ImageTypeSpecifier type = types.next();
            ImageReadParam param = reader.getDefaultReadParam();
            param.setDestinationType(type);
            BufferedImage image = reader.read(0, param);
            assertEquals(type.getBufferedImageType(), image.getType());
            if (!image.isAlphaPremultiplied()) {
                assertSamePixels(whole, image);
            }
        }
        ImageReadParam param = reader.getDefaultReadParam();
        param.setDestinationType(ImageTypeSpecifier.createFromBufferedImageType(BufferedImage.TYPE_USHORT_GRAY));
        String message = assertThrows(Exception.class, () -> reader.read(0, param)).getMessage().toLowerCase();
        assertTrue(message.contains("destination") && message.contains("type"), message);
    }

    @Test
    void bandsAreSelected() throws IOException {
        ImageReader reader = Samples.reader(rgb(20, 10));
        BufferedImage whole = reader.read(0);
        ImageReadParam param = reader.getDefaultReadParam();
        param.setSourceBands(new int[] {2, 1, 0});
        BufferedImage swapped = reader.read(0, param);
        assertEquals(whole.getRaster().getSample(3, 3, 0), swapped.getRaster().getSample(3, 3, 2));
        param.setSourceBands(new int[] {0});
        assertThrows(IllegalArgumentException.class, () -> reader.read(0, param));
    }

    @Test
    void tiledImagesAndSourceRegionsAreWritten() throws IOException {
        BufferedImage picture = Samples.picture(61, 47, BufferedImage.TYPE_INT_RGB);
        assertArrayEquals(Samples.write(picture), write(new TiledImage(picture, -5, 100, 16), null));
        SemImageWriteParam param = new SemImageWriteParam();
        param.setSourceRegion(new Rectangle(0, 104, 30, 20));
        param.setSourceSubsampling(2, 2, 1, 0);
        BufferedImage part = new BufferedImage(15, 10, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 150; i++) {
            part.setRGB(i % 15, i / 15, picture.getRGB(6 + 2 * (i % 15), 4 + 2 * (i / 15)));
        }
        assertArrayEquals(Samples.write(part), write(new TiledImage(picture, -5, 100, 16), param));
    }

    @Test
    void qualityBuysBytesAndFidelity() throws IOException {
        BufferedImage picture = Samples.picture(160, 120, BufferedImage.TYPE_INT_RGB);
        int bytes = 0;
        double psnr = 0;
        for (float quality : new float[] {0.1f, 0.5f, 0.9f}) {
            SemImageWriteParam param = new SemImageWriteParam();
            param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            param.setCompressionQuality(quality);
            byte[] file = write(picture, param);
            assertTrue(file.length > bytes, file.length + " bytes at " + quality);
            double reached = Samples.psnr(picture, read(file));
            assertTrue(reached > psnr, reached + " dB at " + quality);
            bytes = file.length;
            psnr = reached;
        }
    }

    @Test
    void aTargetSizeIsAnUpperBoundMetadataIncluded() throws IOException {
        BufferedImage picture = Samples.picture(160, 120, BufferedImage.TYPE_INT_RGB);
        SemImageWriteParam param = new SemImageWriteParam();
        param.setTargetBytes(1000);
        assertTrue(write(picture, param).length <= 1000);

        byte[] withMetadata = SemSerializer.toBytes(SemParser.parse(rgb(8, 8)).withAncillary(List.of(new Chunk('q', new byte[300]))));
        ImageReader reader = Samples.reader(withMetadata);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageWriter writer = Samples.writer();
        try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
            writer.setOutput(stream);
            writer.write(null, new IIOImage(picture, null, reader.getImageMetadata(0)), param);
        }
        assertTrue(out.size() <= 1000);
        assertEquals(300, SemParser.parse(out.toByteArray()).chunk('q').orElseThrow().payload().length);
    }

    @Test
    void writingStartsWhereTheStreamStands() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageWriter writer = Samples.writer();
        try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
            stream.write(new byte[11]);
            writer.setOutput(stream);
            writer.write(Samples.picture(8, 8, BufferedImage.TYPE_INT_RGB));
        }
        byte[] all = out.toByteArray();
        assertArrayEquals(rgb(8, 8), Arrays.copyOfRange(all, 11, all.length));
    }

    @Test
    void aCutFileDecodesWithAWarning() throws IOException {
        byte[] bytes = rgb(160, 120);
        List<String> warnings = new ArrayList<>();
        ImageReader reader = Samples.reader(Arrays.copyOf(bytes, bytes.length * 2 / 3));
        reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
        BufferedImage decoded = reader.read(0);
        assertEquals(160, decoded.getWidth());
        assertFalse(warnings.isEmpty());
    }

    @Test
    void unknownAncillaryChunksAreWarnedOf() throws IOException {
        List<String> warnings = new ArrayList<>();
        ImageReader reader =
                Samples.reader(SemSerializer.toBytes(SemParser.parse(rgb(8, 8)).withAncillary(List.of(new Chunk('q', new byte[3])))));
        reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
        reader.read(0);
        assertEquals(1, warnings.size());
        assertTrue(warnings.get(0).contains("'q'"));
    }

    @Test
    void compressionCannotBeDisabled() {
        SemImageWriteParam param = new SemImageWriteParam();
        param.setCompressionMode(ImageWriteParam.MODE_DISABLED);
        assertThrows(IIOException.class, () -> write(Samples.picture(8, 8, BufferedImage.TYPE_INT_RGB), param));
    }

    @Test
    void readersOnManyThreadsGiveTheSamePixels() throws Exception {
        byte[] bytes = rgb(90, 60);
        BufferedImage expected = read(bytes);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            Callable<BufferedImage> task = () -> read(bytes);
            for (Future<BufferedImage> result : threads.invokeAll(List.of(task, task, task, task))) {
                assertSamePixels(expected, result.get());
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void everyBitFlipEndsInAPictureOrAnIIOException() throws IOException {
        byte[] bytes = Samples.write(Samples.picture(24, 20, BufferedImage.TYPE_INT_ARGB));
        for (int bit = 0; bit < 8 * bytes.length; bit += 11) {
            byte[] flipped = bytes.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            ImageReader reader = Samples.reader(flipped);
            try {
                assertEquals(24, reader.read(0).getWidth());
            } catch (IIOException refused) {
                assertFalse(refused.getMessage().isBlank());
            }
        }
    }

    @Test
    void payloadsOfRandomBytesEndInAPictureOrAnIIOException() throws IOException {
        Random random = new Random(5);
        SemHeader header = SemParser.parse(rgb(30, 40)).header();
        for (int i = 0; i < 6; i++) {
            byte[] payload = new byte[2 + random.nextInt(300)];
            random.nextBytes(payload);
            payload[1] = (byte) random.nextInt(6);
            byte[] bytes = SemSerializer.toBytes(SemFile.of(header, List.of(new Chunk(Chunk.TRANSFORM, payload))));
            try {
                assertEquals(30, read(bytes).getWidth());
            } catch (IIOException refused) {
                assertFalse(refused.getMessage().isBlank());
            }
        }
    }
}
