// SPDX-License-Identifier: Apache-2.0
package org.semimage.imageio;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.semimage.metadata.Ancillary;
import org.w3c.dom.Element;

import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.event.IIOReadUpdateListener;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.ImageInputStreamImpl;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import java.awt.image.BufferedImage;
import java.awt.image.RenderedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Several pictures in one stream. */
class SequenceTest {

    private static byte[] three;

    private static BufferedImage picture(int index) {
        return Samples.picture(10 + index, 8, BufferedImage.TYPE_INT_RGB);
    }

    @BeforeAll
    static void writeSequence() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageWriter writer = Samples.writer();
        assertTrue(writer.canWriteSequence());
        try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.prepareWriteSequence(null);
            for (int i = 0; i < 3; i++) {
                writer.writeToSequence(new IIOImage(picture(i), null, null), null);
            }
            writer.endWriteSequence();
        }
        three = bytes.toByteArray();
    }

    @Test
    void aSequenceIsItsPicturesOneBehindTheOther() throws IOException {
        ByteArrayOutputStream each = new ByteArrayOutputStream();
        for (int i = 0; i < 3; i++) {
            each.writeBytes(Samples.write(picture(i)));
        }
        assertArrayEquals(each.toByteArray(), three);
    }

    @Test
    void picturesAreCountedAndReadInAnyOrder() throws IOException {
        ImageReader reader = Samples.reader(three);
        assertEquals(-1, reader.getNumImages(false));
        assertEquals(12, reader.getWidth(2));
        assertEquals(3, reader.getNumImages(true));
        assertEquals(3, reader.getNumImages(false));
        assertEquals(10, reader.read(0).getWidth());
        assertEquals(11, reader.getWidth(1));
        assertThrows(IndexOutOfBoundsException.class, () -> reader.getWidth(3));
        assertThrows(IndexOutOfBoundsException.class, () -> reader.read(-1));
    }

    @Test
    void readAllGivesThemAll() throws IOException {
        Iterator<IIOImage> all = Samples.reader(three).readAll(null);
        List<Integer> widths = new ArrayList<>();
        all.forEachRemaining(image -> widths.add(image.getRenderedImage().getWidth()));
        assertEquals(List.of(10, 11, 12), widths);
    }

    @Test
    void anInputReadForwardOnlyForgetsWhatHasPassed() throws IOException {
        ImageReader reader = ImageIO.getImageReadersByFormatName("sem").next();
        ImageInputStream in = Samples.stream(three);
        reader.setInput(in, true, true);
        assertThrows(IllegalStateException.class, () -> reader.getNumImages(true));
        assertEquals(-1, reader.getNumImages(false));
        assertEquals(11, reader.read(1).getWidth());
        assertEquals(1, reader.getMinIndex());
        assertTrue(in.getFlushedPosition() > 0);
        assertThrows(IndexOutOfBoundsException.class, () -> reader.getWidth(0));
        assertEquals(12, reader.read(2).getWidth());
    }

    @Test
    void appendingToAFileAddsAPicture(@org.junit.jupiter.api.io.TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("x.sem"), Samples.write(picture(0)));
        ImageWriter writer = Samples.writer();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
            out.seek(out.length());
            writer.setOutput(out);
            writer.write(picture(1));
        }
        try (ImageInputStream in = new FileImageInputStream(file.toFile())) {
            ImageReader reader = ImageIO.getImageReaders(in).next();
            reader.setInput(in);
            assertEquals(2, reader.getNumImages(true));
            assertEquals(11, reader.read(1).getWidth());
        }
    }

    private static byte[] semantic(String profile, BufferedImage image, int thumbnail) throws IOException {
        SemImageWriteParam param = new SemImageWriteParam();
        param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        param.setCompressionType(profile);
        param.setCaption("a boat");
        if (thumbnail > 0) {
            param.setThumbnailSize(thumbnail);
        }
        return Samples.write(new IIOImage(image, null, null), param);
    }

    @Test
    void picturesInTheMicroFormStandBesideOthers() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(semantic("caption", picture(0), 0));
        bytes.writeBytes(Samples.write(picture(1)));
        bytes.writeBytes(semantic("descriptor", picture(2), 4));
        bytes.writeBytes(Samples.write(picture(3)));
        ImageReader reader = Samples.reader(bytes.toByteArray());
        assertEquals(13, reader.read(3).getWidth());
        assertEquals(4, reader.getNumImages(true));
        assertEquals(4, reader.getThumbnailWidth(2, 0));
        for (int i = 0; i < 4; i++) {
            assertEquals(10 + i, reader.getWidth(i));
            assertEquals(i == 2 ? 1 : 0, reader.getNumThumbnails(i));
            assertEquals(i % 2 == 0 ? "caption,descriptor".split(",")[i / 2] : "transform", profile(reader, i));
            assertEquals(BufferedImage.TYPE_3BYTE_BGR, reader.getRawImageType(i).getBufferedImageType());
            assertEquals(10 + i, reader.read(i).getWidth());
        }
        ImageReader forward = ImageIO.getImageReadersByFormatName("sem").next();
        forward.setInput(ofUnknownLength(bytes.toByteArray()), true);
        for (int i = 0; i < 4; i++) {
            assertEquals(10 + i, forward.read(i).getWidth());
        }
        assertThrows(IndexOutOfBoundsException.class, () -> forward.read(4));
    }

    private static String profile(ImageReader reader, int index) throws IOException {
        Element tree = (Element) reader.getImageMetadata(index).getAsTree(SemMetadata.FORMAT_NAME);
        return ((Element) tree.getElementsByTagName("Header").item(0)).getAttribute("profile");
    }

    @Test
    void aPictureInTheMicroFormThatIsCutOffIsTheLast() throws IOException {
        byte[] first = semantic("descriptor", picture(0), 0);
        byte[] second = semantic("descriptor", picture(1), 0);
        byte[] both = Arrays.copyOf(first, first.length + second.length - 3);
        System.arraycopy(second, 0, both, first.length, second.length - 3);
        ImageReader reader = Samples.reader(both);
        assertEquals(2, reader.getNumImages(true));
        assertEquals(11, reader.read(1).getWidth());
    }

    @Test
    void whatFollowsAndIsNoPictureIsNotCounted() throws IOException {
        byte[] followed = Arrays.copyOf(three, three.length + 20);
        assertEquals(3, Samples.reader(followed).getNumImages(true));
        assertEquals(3, Samples.reader(Arrays.copyOf(three, three.length - 5)).getNumImages(true), "the last is cut off");
    }

    /** Counts what is read. */
    private static final class CountingStream extends MemoryCacheImageInputStream {

        private long count;

        CountingStream(byte[] bytes) {
            super(new ByteArrayInputStream(bytes));
        }

        @Override
        public int read() throws IOException {
            count++;
            return super.read();
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            int read = super.read(bytes, from, length);
            count += Math.max(0, read);
            return read;
        }
    }

    @Test
    void everythingIsReadOncePerCall() throws IOException {
        byte[] noise = new byte[50_000];
        new Random(1).nextBytes(noise);
        for (String profile : new String[] {"transform", "descriptor"}) {
            byte[] plain = profile.equals("transform") ? Samples.write(picture(0)) : semantic("descriptor", picture(0), 0);
            byte[] file = Samples.withAncillary(plain, Ancillary.NONE.withXmp(Optional.of(noise)).chunks().get(0));
            ByteArrayOutputStream two = new ByteArrayOutputStream();
            two.writeBytes(file);
            two.writeBytes(file);
            CountingStream in = new CountingStream(two.toByteArray());
            ImageReader reader = Samples.reader(file);
            reader.setInput(in);
            assertEquals(0, in.count);
            reader.readAll(0, null);
            assertEquals(file.length, in.count, 16, profile);
            reader.readAll(null);
            assertEquals(2 * file.length, in.count, 64, profile + ", of which the first is known");
        }
    }

    @Test
    void aTextBehindAPictureThatBeginsAsOneDoesEndsTheSequence() throws IOException {
        byte[] file = Samples.write(Samples.picture(9, 8, BufferedImage.TYPE_3BYTE_BGR));
        byte[] text = "SEMINAR, 12 May".getBytes();
        byte[] both = Arrays.copyOf(file, file.length + text.length);
        System.arraycopy(text, 0, both, file.length, text.length);
        ImageReader reader = Samples.reader(both);
        assertEquals(1, reader.getNumImages(true));
        assertEquals(9, reader.readAll(null).next().getRenderedImage().getWidth());
    }

    @Test
    void aSequenceHasABeginningAndAnEnd() throws IOException {
        ImageWriter writer = Samples.writer();
        assertThrows(IllegalStateException.class, () -> writer.prepareWriteSequence(null));
        try (ImageOutputStream out = ImageIO.createImageOutputStream(new ByteArrayOutputStream())) {
            writer.setOutput(out);
            IIOImage image = new IIOImage(picture(0), null, null);
            assertThrows(IllegalStateException.class, () -> writer.writeToSequence(image, null));
            assertThrows(IllegalStateException.class, writer::endWriteSequence);
            writer.prepareWriteSequence(null);
            assertThrows(IllegalStateException.class, () -> writer.prepareWriteSequence(null));
            writer.endWriteSequence();
            assertThrows(IllegalStateException.class, writer::endWriteSequence);
            assertFalse(writer.canReplaceImageMetadata(0));
            assertFalse(writer.canReplacePixels(0));
            assertFalse(writer.canInsertImage(0));
        }
    }

    /** A stream of unknown length that refuses to go back behind where it was flushed, as a socket's would. */
    private static ImageInputStream ofUnknownLength(byte[] bytes) {
        return new ImageInputStreamImpl() {
            @Override
            public int read() {
                bitOffset = 0;
                return streamPos < bytes.length ? bytes[(int) streamPos++] & 0xFF : -1;
            }

            @Override
            public int read(byte[] to, int offset, int length) {
                bitOffset = 0;
                int n = (int) Math.min(length, bytes.length - streamPos);
                if (n <= 0) {
                    return -1;
                }
                System.arraycopy(bytes, (int) streamPos, to, offset, n);
                streamPos += n;
                return n;
            }
        };
    }

    @Test
    void theLengthOfTheStreamIsNotAskedFor() throws IOException {
        ImageReader reader = ImageIO.getImageReadersByFormatName("sem").next();
        ImageInputStream in = ofUnknownLength(three);
        assertEquals(-1, in.length());
        reader.setInput(in, true);
        assertEquals(10, reader.read(0).getWidth());
        assertEquals(12, reader.read(2).getWidth());
    }

    @Test
    void tilesAndRenderedImagesAreTheWholePicture() throws IOException {
        ImageReader reader = Samples.reader(three);
        assertFalse(reader.isImageTiled(0));
        assertEquals(10, reader.getTileWidth(0));
        assertEquals(10, reader.readTile(0, 0, 0).getWidth());
        assertThrows(IllegalArgumentException.class, () -> reader.readTile(0, 1, 0));
        RenderedImage rendered = reader.readAsRenderedImage(1, null);
        assertEquals(11, rendered.getWidth());
        assertNull(reader.getStreamMetadata());
    }

    @Test
    void readRasterTakesRegionsAndBands() throws IOException {
        ImageReader reader = Samples.reader(three);
        assertTrue(reader.canReadRaster());
        var param = reader.getDefaultReadParam();
        param.setSourceRegion(new java.awt.Rectangle(2, 3, 4, 4));
        param.setDestinationType(ImageTypeSpecifier.createFromBufferedImageType(BufferedImage.TYPE_USHORT_GRAY));
        var raster = reader.readRaster(0, param);
        assertEquals(4, raster.getWidth());
        assertEquals(reader.read(0).getRaster().getSample(3, 4, 1), raster.getSample(1, 1, 1));
    }

    @Test
    void updateListenersHearWhichPixelsAreThere() throws IOException {
        List<String> heard = new ArrayList<>();
        ImageReader reader = Samples.reader(three);
        reader.addIIOReadUpdateListener((IIOReadUpdateListener) Proxy.newProxyInstance(SequenceTest.class.getClassLoader(),
                new Class<?>[] {IIOReadUpdateListener.class},
                (proxy, method, arguments) -> heard.add(method.getName() + arguments[4] + "x" + arguments[5])));
        reader.read(0);
        assertEquals(List.of("imageUpdate10x8"), heard);
    }

    @Test
    void chosenSourceBandsAreWritten() throws IOException {
        BufferedImage image = Samples.picture(20, 16, BufferedImage.TYPE_INT_ARGB);
        SemImageWriteParam param = new SemImageWriteParam();
        param.setSourceBands(new int[] {0, 1, 2});
        ImageReader opaque = Samples.reader(Samples.write(new IIOImage(image, null, null), param));
        assertEquals(3, opaque.getRawImageType(0).getNumBands());
        param.setSourceBands(new int[] {3});
        BufferedImage alpha = Samples.reader(Samples.write(new IIOImage(image, null, null), param)).read(0);
        assertEquals(BufferedImage.TYPE_BYTE_GRAY, alpha.getType());
        param.setSourceBands(new int[] {4});
        assertThrows(IOException.class, () -> Samples.write(new IIOImage(image, null, null), param));
    }
}
