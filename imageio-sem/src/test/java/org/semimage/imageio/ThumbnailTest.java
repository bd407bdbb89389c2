// SPDX-License-Identifier: Apache-2.0
package org.semimage.imageio;

import org.junit.jupiter.api.Test;
import org.semimage.compute.Cancellation;
import org.semimage.container.Chunk;
import org.semimage.container.PixelFormat;
import org.semimage.container.SemParser;
import org.semimage.picture.PixelPlanes;

import javax.imageio.IIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import java.awt.Dimension;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Thumbnails, given and made. */
class ThumbnailTest {

    private static SemImageWriteParam making(int side) {
        SemImageWriteParam param = new SemImageWriteParam();
        param.setThumbnailSize(side);
        return param;
    }

    private static byte[] write(BufferedImage image, ImageWriteParam param, BufferedImage... thumbnails) throws IOException {
        return Samples.write(new IIOImage(image, List.of(thumbnails), null), param);
    }

    @Test
    void aThumbnailIsMadeOnRequest() throws IOException {
        BufferedImage picture = Samples.picture(120, 90, BufferedImage.TYPE_INT_RGB);
        ImageReader reader = Samples.reader(write(picture, making(32)));
        assertTrue(reader.hasThumbnails(0));
        assertEquals(1, reader.getNumThumbnails(0));
        assertEquals(32, reader.getThumbnailWidth(0, 0));
        assertEquals(24, reader.getThumbnailHeight(0, 0));
        BufferedImage thumbnail = reader.readThumbnail(0, 0);
        assertEquals(picture.getRGB(60, 45) >> 8 & 0xFF, thumbnail.getRGB(16, 12) >> 8 & 0xFF, 24);
        assertNotSame(thumbnail, reader.readThumbnail(0, 0));
        assertThrows(IndexOutOfBoundsException.class, () -> reader.readThumbnail(0, 1));
        assertFalse(Samples.reader(write(picture, null)).hasThumbnails(0));
    }

    @Test
    void aLargePictureHasAThumbnailThoughNoneIsStored() throws IOException {
        BufferedImage picture = Samples.picture(530, 300, BufferedImage.TYPE_INT_RGB);
        byte[] file = write(picture, null);
        ImageReader reader = Samples.reader(file);
        assertEquals(1, reader.getNumThumbnails(0));
        assertEquals(67, reader.getThumbnailWidth(0, 0));
        assertEquals(38, reader.getThumbnailHeight(0, 0));
        BufferedImage thumbnail = reader.readThumbnail(0, 0);
        assertEquals(new Dimension(67, 38), new Dimension(thumbnail.getWidth(), thumbnail.getHeight()));
        assertEquals(picture.getRGB(260, 100) & 0xFF, thumbnail.getRGB(32, 12) & 0xFF, 24);
        assertThrows(IndexOutOfBoundsException.class, () -> reader.readThumbnail(0, 1));
        assertEquals(0, reader.readAll(0, null).getNumThumbnails(), "only stored thumbnails go along with a picture");
        assertEquals(0, reader.readAll(Collections.emptyIterator()).next().getNumThumbnails());
        assertEquals(30, Samples.reader(write(picture, making(30))).getThumbnailWidth(0, 0), "a stored one comes first");
        SemImageWriteParam lossless = new SemImageWriteParam();
        lossless.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        lossless.setCompressionType("lossless");
        assertFalse(Samples.reader(write(picture, lossless)).hasThumbnails(0), "it would take decoding the whole");
    }

    @Test
    void givenThumbnailsAreWrittenInsteadAndScaledIfTheyAreTooLarge() throws IOException {
        BufferedImage small = Samples.picture(20, 10, BufferedImage.TYPE_BYTE_GRAY);
        BufferedImage large = Samples.picture(1024, 300, BufferedImage.TYPE_INT_RGB);
        ImageReader reader = Samples.reader(write(Samples.picture(40, 30, BufferedImage.TYPE_INT_RGB), making(16), small, large));
        assertEquals(2, reader.getNumThumbnails(0));
        assertEquals(20, reader.getThumbnailWidth(0, 0));
        assertEquals(Thumbnails.MAX_SIDE, reader.getThumbnailWidth(0, 1));
        assertEquals(150, reader.getThumbnailHeight(0, 1));
        IIOImage all = reader.readAll(0, null);
        assertEquals(2, all.getNumThumbnails());
        ImageReader again = Samples.reader(Samples.write(all, null));
        assertEquals(2, again.getNumThumbnails(0), "those of the image, and not those of its metadata as well");
    }

    @Test
    void alphaIsKept() throws IOException {
        BufferedImage picture = Samples.picture(120, 90, BufferedImage.TYPE_INT_ARGB);
        BufferedImage thumbnail = Samples.reader(write(picture, making(40))).readThumbnail(0, 0);
        assertTrue(thumbnail.getColorModel().hasAlpha());
        assertEquals(picture.getRGB(31, 31) >>> 24, thumbnail.getRGB(10, 10) >>> 24, 8);
    }

    @Test
    void colourOfPixelsThatAreTransparentDoesNotBleed() {
        PixelPlanes picture = PixelPlanes.blank(2, 1, PixelFormat.RGB_ALPHA);
        picture.samples()[0][0] = 200;
        picture.samples()[1][1] = 255;
        picture.alpha()[0] = 100;
        PixelPlanes small = Thumbnails.scaled(picture, 1, Cancellation.NEVER);
        assertEquals(200, small.samples()[0][0]);
        assertEquals(0, small.samples()[1][0]);
        assertEquals(50, small.alpha()[0]);
    }

    @Test
    void aThumbnailOfAWideGamutPictureIsInSrgb() throws IOException {
        BufferedImage picture = WideGamut.picture(WideGamut.DISPLAY_P3, 60, 60);
        BufferedImage thumbnail = Samples.reader(write(picture, making(60))).readThumbnail(0, 0);
        assertTrue(thumbnail.getColorModel().getColorSpace().isCS_sRGB());
        assertTrue(Samples.psnr(picture, thumbnail) > 28, "PSNR " + Samples.psnr(picture, thumbnail));
    }

    @Test
    void aThumbnailCountsTowardsTheTargetSize() throws IOException {
        SemImageWriteParam param = making(32);
        param.setTargetBytes(3000);
        byte[] file = write(Samples.picture(120, 90, BufferedImage.TYPE_INT_RGB), param);
        assertTrue(file.length <= 3000);
        assertTrue(SemParser.parse(file).chunk(Chunk.THUMBNAIL).isPresent());
    }

    private static byte[] png(int width, int height) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(Samples.picture(width, height, BufferedImage.TYPE_3BYTE_BGR), "png", out);
        return out.toByteArray();
    }

    @Test
    void thumbnailsThatAreNoneArePassedOverWithAWarning() throws IOException {
        byte[] file = write(Samples.picture(40, 30, BufferedImage.TYPE_INT_RGB), null);
        byte[] sizeless = png(9, 9);
        sizeless[19] = 0;
        byte[] atSizeless = {-1, (byte) 0xD8, -1, (byte) 0xC0, 0, 8, 8, 0, 0, 0, 0, 0};
        byte[] soi = {-1, (byte) 0xD8, 0};
        for (byte[] none : new byte[][] {{}, {1, 2, 3, 4, 5, 6}, "hello".getBytes(), soi, atSizeless, sizeless, Arrays.copyOf(sizeless, 20),
            png(513, 1), png(1, 513)}) {
            ImageReader reader = Samples.reader(Samples.withAncillary(file, new Chunk(Chunk.THUMBNAIL, none),
                    new Chunk(Chunk.THUMBNAIL, png(512, 1))));
            List<String> warnings = new ArrayList<>();
            reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
            assertEquals(40, reader.read(0).getWidth());
            assertEquals(1, warnings.stream().filter(warning -> warning.startsWith("Chunk 'p'")).count(), warnings.toString());
            assertEquals(1, reader.getNumThumbnails(0));
            assertEquals(512, reader.getThumbnailWidth(0, 0));
            assertEquals(1, reader.readAll(0, null).getNumThumbnails());
            assertThrows(IndexOutOfBoundsException.class, () -> reader.readThumbnail(0, 1));
        }
    }

    @Test
    void aThumbnailWithBrokenPixelsIsLeftOutOfAllAndRefusedByItself() throws IOException {
        byte[] file = write(Samples.picture(40, 30, BufferedImage.TYPE_INT_RGB), null);
        byte[] broken = png(30, 20);
        Arrays.fill(broken, 40, broken.length, (byte) 77);
        ImageReader reader = Samples.reader(Samples.withAncillary(file, new Chunk(Chunk.THUMBNAIL, broken),
                new Chunk(Chunk.THUMBNAIL, png(5, 4))));
        List<String> warnings = new ArrayList<>();
        reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
        IIOImage all = reader.readAll(0, null);
        assertEquals(40, all.getRenderedImage().getWidth());
        assertEquals(1, all.getNumThumbnails());
        assertEquals(1, warnings.stream().filter(warning -> warning.startsWith("Thumbnail 0 is left out")).count(), warnings.toString());
        assertEquals(1, reader.readAll(Collections.emptyIterator()).next().getNumThumbnails());
        assertThrows(IIOException.class, () -> reader.readThumbnail(0, 0));
    }

    @Test
    void theParameterIsBounded() {
        SemImageWriteParam param = new SemImageWriteParam();
        assertThrows(IllegalArgumentException.class, () -> param.setThumbnailSize(0));
        assertThrows(IllegalArgumentException.class, () -> param.setThumbnailSize(513));
        param.setThumbnailSize(64);
        assertEquals(64, param.getThumbnailSize().getAsInt());
        param.unsetThumbnailSize();
        assertTrue(param.getThumbnailSize().isEmpty());
        ImageWriter writer = Samples.writer();
        assertEquals(8, writer.getNumThumbnailsSupported(null, null, null, null));
        assertEquals(new Dimension(512, 512), writer.getPreferredThumbnailSizes(null, null, null, null)[1]);
    }

    @Test
    void moreThumbnailsThanSupportedAreLeftOut() throws IOException {
        BufferedImage[] many = Collections.nCopies(10, Samples.picture(4, 4, BufferedImage.TYPE_INT_RGB)).toArray(BufferedImage[]::new);
        assertEquals(8, Samples.reader(write(Samples.picture(8, 8, BufferedImage.TYPE_INT_RGB), null, many)).getNumThumbnails(0));
    }
}
