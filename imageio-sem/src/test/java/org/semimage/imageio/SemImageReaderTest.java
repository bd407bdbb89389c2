// SPDX-License-Identifier: Apache-2.0
package org.semimage.imageio;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.semimage.container.Chunk;
import org.semimage.container.ModelRef;
import org.semimage.container.PixelFormat;
import org.semimage.container.ProfileId;
import org.semimage.container.SemFile;
import org.semimage.container.SemHeader;
import org.semimage.container.SemSerializer;
import org.semimage.model.LatentPacks;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataFormatImpl;
import javax.imageio.stream.ImageInputStream;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What the reader does without decoding. */
class SemImageReaderTest {

    private static final byte[] HOLLOW = Samples.hollowFile(641, 479, PixelFormat.RGB_ALPHA, new Chunk('q', new byte[3]));

    private static String refusal(byte[] bytes) {
        IIOException refused = assertThrows(IIOException.class, () -> Samples.reader(bytes).read(0));
        assertNotNull(refused.getMessage());
        return refused.getMessage();
    }

    private static void assertContains(String message, String... parts) {
        for (String part : parts) {
            assertTrue(message.contains(part), () -> "'" + part + "' in: " + message);
        }
    }

    private static String attribute(Node tree, String element, String attribute) {
        return ((Element) ((Element) tree).getElementsByTagName(element).item(0)).getAttribute(attribute);
    }

    @Test
    void sizeAndTypesComeFromWhatStandsBeforeThePayload() throws IOException {
        ImageReader reader = Samples.reader(Arrays.copyOf(HOLLOW, 10));
        assertEquals(641, reader.getWidth(0));
        assertEquals(479, reader.getHeight(0));
        assertEquals(641f / 479, reader.getAspectRatio(0));
        int payloadAt = HOLLOW.length - 8;
        assertEquals(Chunk.TRANSFORM, HOLLOW[payloadAt]);
        assertEquals(4, Samples.reader(Arrays.copyOf(HOLLOW, payloadAt + 1)).getRawImageType(0).getNumBands());
    }

    @ParameterizedTest
    @EnumSource
    void theRawTypeIsAmongTheTypes(PixelFormat format) throws IOException {
        ImageReader reader = Samples.reader(Samples.hollowFile(5, 4, format));
        List<ImageTypeSpecifier> types = new ArrayList<>();
        reader.getImageTypes(0).forEachRemaining(types::add);
        assertTrue(types.contains(reader.getRawImageType(0)));
        for (ImageTypeSpecifier type : types) {
            assertEquals(format.planes(), type.getNumBands());
            assertEquals(format.hasAlpha(), type.getColorModel().hasAlpha());
        }
    }

    @Test
    void aPictureBeginsWhereTheStreamStood() throws IOException {
        byte[] embedded = new byte[HOLLOW.length + 9];
        System.arraycopy(HOLLOW, 0, embedded, 9, HOLLOW.length);
        ImageInputStream in = Samples.stream(embedded);
        in.seek(9);
        SemImageReader reader = new SemImageReader(new SemImageReaderSpi());
        reader.setInput(in, true, true);
        in.seek(3);
        assertEquals(641, reader.getWidth(0));
        in.seek(4);
        assertNotNull(reader.getImageMetadata(0));
    }

    @Test
    void theLifeCycleIsForgiving() throws IOException {
        ImageReader reader = ImageIO.getImageReadersByFormatName("sem").next();
        assertThrows(IllegalStateException.class, () -> reader.getWidth(0));
        assertThrows(IllegalStateException.class, () -> reader.read(0));
        reader.setInput(Samples.stream(new byte[0]));
        assertThrows(IIOException.class, () -> reader.getWidth(0));
        reader.setInput(Samples.stream(HOLLOW));
        assertEquals(641, reader.getWidth(0));
        assertThrows(IndexOutOfBoundsException.class, () -> reader.getWidth(1));
        assertThrows(IndexOutOfBoundsException.class, () -> reader.read(-1));
        reader.setInput(null);
        assertThrows(IllegalStateException.class, () -> reader.getHeight(0));
        reader.dispose();
        reader.dispose();
    }

    @Test
    void anotherInputIsAnotherPicture() throws IOException {
        ImageReader reader = Samples.reader(HOLLOW);
        assertEquals(641, reader.getWidth(0));
        reader.setInput(Samples.stream(Samples.hollowFile(5, 4, PixelFormat.GRAY)));
        assertEquals(5, reader.getWidth(0));
    }

    @Test
    void theStandardMetadataDescribesThePicture() throws IOException {
        ImageReader reader = Samples.reader(HOLLOW);
        IIOMetadata metadata = reader.getImageMetadata(0);
        reader.dispose();
        Node tree = metadata.getAsTree("javax_imageio_1.0");
        assertEquals("RGB", attribute(tree, "ColorSpaceType", "name"));
        assertEquals("4", attribute(tree, "NumChannels", "value"));
        assertEquals("transform", attribute(tree, "CompressionTypeName", "value"));
        assertEquals("FALSE", attribute(tree, "Lossless", "value"));
        assertEquals("8 8 8 8", attribute(tree, "BitsPerSample", "value"));
        assertEquals("nonpremultiplied", attribute(tree, "Alpha", "value"));
        assertTrue(metadata.isReadOnly());
        assertThrows(IllegalArgumentException.class, () -> metadata.getAsTree("another"));
    }

    @Test
    void theNativeMetadataListsHeaderAndChunks() throws IOException {
        IIOMetadata metadata = Samples.reader(HOLLOW).getImageMetadata(0);
        String name = metadata.getNativeMetadataFormatName();
        assertEquals(new SemImageReaderSpi().getNativeImageMetadataFormatName(), name);
        assertEquals(new SemImageWriterSpi().getNativeImageMetadataFormatName(), name);
        IIOMetadataFormatImpl format = (IIOMetadataFormatImpl) metadata.getMetadataFormat(name);
        assertEquals(name, format.getRootName());
        Node tree = metadata.getAsTree(name);
        assertEquals(String.valueOf(SemHeader.VERSION), attribute(tree, "Header", "version"));
        assertEquals("transform", attribute(tree, "Header", "profile"));
        assertEquals("RGB_ALPHA", attribute(tree, "Header", "planes"));
        assertEquals("embedded:1", attribute(tree, "Header", "model"));
        assertEquals("q", attribute(tree, "Chunk", "tag"));
        assertEquals("3", attribute(tree, "Chunk", "length"));
    }

    @Test
    void anEmptyFileHasNoReader(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("empty.sem"), new byte[0]);
        assertEquals(null, ImageIO.read(file.toFile()));
        assertContains(refusal(new byte[0]), "offset 0");
    }

    @Test
    void aJpegOfTheWrongNameIsReadAsAJpeg(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("photo.sem");
        ImageIO.write(Samples.picture(8, 8, BufferedImage.TYPE_3BYTE_BGR), "jpeg", file.toFile());
        assertEquals(8, ImageIO.read(file.toFile()).getWidth());
        assertContains(refusal(Files.readAllBytes(file)), "not a SEM picture");
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 7, 9, 10, 12, 15})
    void aCutHeaderOrChunkIsRefusedThroughImageIo(int length) {
        byte[] cut = Arrays.copyOf(HOLLOW, length);
        IIOException refused = assertThrows(IIOException.class, () -> ImageIO.read(new ByteArrayInputStream(cut)));
        assertContains(refused.getMessage(), "ends at offset " + length);
    }

    @Test
    void anAbsurdSizeIsRefusedBeforeMemoryIsTaken() {
        assertContains(refusal(Samples.hollowFile(1 << 24, 1 << 24, PixelFormat.RGB)), "16777216x16777216", "org.semimage.maxPixels");
    }

    @Test
    void aWrongChecksumIsRefused() {
        byte[] bytes = HOLLOW.clone();
        bytes[13]++;
        assertContains(refusal(bytes), "CRC-32C", "'q'", "offset 10");
    }

    @Test
    void anUnknownModelPackIsRefusedByName() {
        SemHeader header = new SemHeader(ProfileId.TRANSFORM, 8, 8, PixelFormat.RGB, ModelRef.embedded(77));
        byte[] bytes = SemSerializer.toBytes(SemFile.of(header, List.of(new Chunk(Chunk.TRANSFORM, new byte[8]))));
        assertContains(refusal(bytes), "embedded:77");
    }

    @Test
    void aLatentPackIsRefusedWithTheArtifactThatReadsIt() {
        SemHeader header = new SemHeader(ProfileId.GENERATIVE, 8, 8, PixelFormat.RGB, ModelRef.ofDigest(0x123456789ABCDEFL));
        byte[] bytes = SemSerializer.toBytes(SemFile.of(header, List.of(new Chunk(Chunk.GENERATIVE, new byte[8]))));
        assertContains(refusal(bytes), LatentPacks.ARTIFACT);
    }

    @Test
    void aPayloadTooShortToMeanAnythingIsRefused() {
        assertContains(refusal(Samples.hollowFile(8, 8, PixelFormat.RGB)), "'T'");
        assertContains(refusal(HOLLOW), "'A'");
    }

    @Test
    void failuresOfTheStreamPassThroughUntouched() throws IOException {
        IOException failure = new IOException("the disk is on fire");
        ImageInputStream in = new javax.imageio.stream.ImageInputStreamImpl() {
            @Override
            public int read() throws IOException {
                throw failure;
            }

            @Override
            public int read(byte[] b, int off, int len) throws IOException {
                throw failure;
            }
        };
        ImageReader reader = ImageIO.getImageReadersByFormatName("sem").next();
        reader.setInput(in);
        assertEquals(failure, assertThrows(IOException.class, () -> reader.read(0)));
    }

    @Test
    void aFailedWriteLeavesNothingBehind() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        javax.imageio.ImageWriter writer = Samples.writer();
        assertThrows(IllegalStateException.class, () -> writer.write(Samples.picture(4, 4, BufferedImage.TYPE_INT_RGB)));
        try (var stream = ImageIO.createImageOutputStream(out)) {
            writer.setOutput(stream);
            assertThrows(IllegalArgumentException.class, () -> writer.write((java.awt.image.RenderedImage) null));
            SemImageWriteParam param = new SemImageWriteParam();
            param.setSourceRegion(new java.awt.Rectangle(100, 100, 5, 5));
            assertThrows(IIOException.class, () -> writer.write(null,
                    new javax.imageio.IIOImage(Samples.picture(4, 4, BufferedImage.TYPE_INT_RGB), null, null), param));
            assertEquals(0, stream.length());
        }
        assertEquals(0, out.size());
    }
}
