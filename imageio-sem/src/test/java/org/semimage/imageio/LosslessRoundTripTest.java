// SPDX-License-Identifier: Apache-2.0
package org.semimage.imageio;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.semimage.container.SemParser;

import javax.imageio.IIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import java.awt.Rectangle;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.RenderedImage;
import java.awt.image.WritableRaster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Pictures written in the lossless profile and read through ImageIO. */
class LosslessRoundTripTest {

    private static SemImageWriteParam lossless() {
        SemImageWriteParam param = new SemImageWriteParam();
        param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        param.setCompressionType("lossless");
        return param;
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

    private static BufferedImage back(RenderedImage image) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(write(image, lossless())));
    }

    /** Every bit of every sample drawn at random; premultiplied colour no larger than its alpha. */
    private static BufferedImage noise(BufferedImage image) {
        Random random = new Random(image.getType());
        WritableRaster raster = image.getRaster();
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                int limit = Integer.MAX_VALUE;
                for (int b = raster.getNumBands() - 1; b >= 0; b--) {
                    int sample = random.nextInt(1 << raster.getSampleModel().getSampleSize(b));
                    raster.setSample(x, y, b, Math.min(sample, limit));
                    limit = image.isAlphaPremultiplied() && b == raster.getNumBands() - 1 ? sample : limit;
                }
            }
        }
        return image;
    }

    private static void assertSameSamples(BufferedImage expected, BufferedImage actual) {
        int bands = expected.getRaster().getNumBands();
        assertEquals(bands, actual.getRaster().getNumBands());
        for (int b = 0; b < bands; b++) {
            assertArrayEquals(samples(expected, b), samples(actual, b), "band " + b);
        }
    }

    private static int[] samples(BufferedImage image, int band) {
        return image.getRaster().getSamples(0, 0, image.getWidth(), image.getHeight(), band, (int[]) null);
    }

    private static int[] colours(BufferedImage image) {
        return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 5, 6, 8, 9, 10, 12, 13})
    void everyTypeShowsTheSameColours(int type) throws IOException {
        BufferedImage image = noise(new BufferedImage(41, 23, type));
        assertArrayEquals(colours(image), colours(back(image)));
    }

    @ParameterizedTest
    @ValueSource(ints = {BufferedImage.TYPE_INT_ARGB_PRE, BufferedImage.TYPE_4BYTE_ABGR_PRE})
    void premultipliedSamplesSurvive(int type) throws IOException {
        BufferedImage image = noise(new BufferedImage(41, 23, type));
        BufferedImage decoded = new BufferedImage(41, 23, type);
        ImageReader reader = Samples.reader(write(image, lossless()));
        var param = reader.getDefaultReadParam();
        param.setDestination(decoded);
        reader.read(0, param);
        assertSameSamples(image, decoded);
    }

    @ParameterizedTest
    @CsvSource({"1,1", "7,3", "641,479"})
    void sixteenBitsSurviveInEveryKindOfPicture(int width, int height) throws IOException {
        ColorSpace srgb = ColorSpace.getInstance(ColorSpace.CS_sRGB);
        ImageTypeSpecifier[] types = {
                ImageTypeSpecifier.createFromBufferedImageType(BufferedImage.TYPE_USHORT_GRAY),
                ImageTypeSpecifier.createGrayscale(16, DataBuffer.TYPE_USHORT, false, false),
                ImageTypeSpecifier.createInterleaved(srgb, new int[] {2, 1, 0}, DataBuffer.TYPE_USHORT, false, false),
                ImageTypeSpecifier.createInterleaved(srgb, new int[] {0, 1, 2, 3}, DataBuffer.TYPE_USHORT, true, false)};
        for (ImageTypeSpecifier type : types) {
            BufferedImage image = noise(type.createBufferedImage(width, height));
            BufferedImage decoded = back(image);
            assertEquals(DataBuffer.TYPE_USHORT, decoded.getRaster().getTransferType());
            assertEquals(16, decoded.getColorModel().getComponentSize(0));
            assertSameSamples(image, decoded);
        }
        assertEquals(BufferedImage.TYPE_USHORT_GRAY, back(noise(types[0].createBufferedImage(width, height))).getType());
    }

    @Test
    void colourUnderTransparencyIsKept() throws IOException {
        BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_ARGB);
        image.setRGB(0, 0, 0x00123456);
        image.setRGB(1, 0, 0x00FEDCBA);
        assertArrayEquals(new int[] {0x00123456, 0x00FEDCBA}, colours(back(image)));
    }

    @Test
    void partsOfRastersAndSourceRegionsSurvive() throws IOException {
        BufferedImage whole = noise(new BufferedImage(60, 50, BufferedImage.TYPE_4BYTE_ABGR));
        BufferedImage part = whole.getSubimage(11, 7, 30, 20);
        assertArrayEquals(colours(part), colours(back(part)));
        SemImageWriteParam param = lossless();
        param.setSourceRegion(new Rectangle(11, 7, 30, 20));
        assertArrayEquals(write(part, lossless()), write(whole, param));
    }

    @Test
    void regionsAreReadExactly() throws IOException {
        BufferedImage whole = noise(new BufferedImage(60, 50, BufferedImage.TYPE_USHORT_GRAY));
        ImageReader reader = Samples.reader(write(whole, lossless()));
        var param = reader.getDefaultReadParam();
        param.setSourceRegion(new Rectangle(5, 6, 20, 10));
        assertSameSamples(whole.getSubimage(5, 6, 20, 10), reader.read(0, param));
        param.setSourceBands(new int[] {0});
        param.setDestinationBands(new int[] {0});
        assertSameSamples(whole.getSubimage(5, 6, 20, 10), reader.read(0, param));
    }

    @Test
    void metadataSaysThatNothingWasLost() throws IOException {
        ImageReader reader = Samples.reader(write(noise(new BufferedImage(9, 9, BufferedImage.TYPE_USHORT_GRAY)), lossless()));
        String standard = text(reader.getImageMetadata(0).getAsTree("javax_imageio_1.0"));
        assertTrue(standard.contains("Lossless=TRUE"), standard);
        assertTrue(standard.contains("BitsPerSample=16"), standard);
        assertTrue(lossless().isCompressionLossless());
        SemImageWriteParam transform = lossless();
        transform.setCompressionType("transform");
        assertFalse(transform.isCompressionLossless());
    }

    private static String text(org.w3c.dom.Node node) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < node.getAttributes().getLength(); i++) {
            text.append(node.getNodeName()).append('=').append(node.getAttributes().item(i).getNodeValue()).append(' ');
        }
        for (org.w3c.dom.Node child = node.getFirstChild(); child != null; child = child.getNextSibling()) {
            text.append(text(child));
        }
        return text.toString();
    }

    @Test
    void everyCutIsRefusedWithItsOffset() throws IOException {
        byte[] bytes = write(noise(new BufferedImage(12, 9, BufferedImage.TYPE_3BYTE_BGR)), lossless());
        for (int length = 1; length < bytes.length; length += 3) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertTrue(assertThrows(IIOException.class, () -> Samples.reader(cut).read(0)).getMessage().contains("offset"));
        }
        assertEquals(1, SemParser.parse(bytes).chunks().size());
    }

    @Test
    void everyBitFlipEndsInAPictureOrAnIIOException() throws IOException {
        byte[] bytes = write(noise(new BufferedImage(12, 9, BufferedImage.TYPE_INT_ARGB)), lossless());
        for (int bit = 0; bit < 8 * bytes.length; bit += 7) {
            byte[] flipped = bytes.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThrows(IIOException.class, () -> Samples.reader(flipped).read(0), "bit " + bit);
        }
    }
}
