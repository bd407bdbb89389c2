// SPDX-License-Identifier: Apache-2.0
package org.semimage.imageio;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.semimage.container.Chunk;
import org.semimage.container.PixelFormat;
import org.semimage.container.SemParser;
import org.semimage.metadata.Ancillary;
import org.semimage.metadata.Exif;
import org.semimage.metadata.ExifBuilder;
import org.semimage.metadata.TextEntry;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOInvalidTreeException;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataFormat;
import javax.imageio.metadata.IIOMetadataNode;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Metadata in the standard and the native format, in and out. */
class MetadataTest {

    private static final String STANDARD = "javax_imageio_1.0";
    private static final ImageTypeSpecifier RGB = ImageTypeSpecifier.createFromBufferedImageType(BufferedImage.TYPE_INT_RGB);
    private static final byte[] EXIF = new ExifBuilder().orientation(6).pixelSize(0.1, 0.2).dateTime("2025:06:07 08:09:10").build()
            .orElseThrow();
    private static final byte[] XMP = "<x:xmpmeta xmlns:x='adobe:ns:meta/'/>".getBytes();

    private static IIOMetadataNode node(String name, String... attributes) {
        IIOMetadataNode node = new IIOMetadataNode(name);
        for (int i = 0; i < attributes.length; i += 2) {
            node.setAttribute(attributes[i], attributes[i + 1]);
        }
        return node;
    }

    private static IIOMetadataNode tree(String name, IIOMetadataNode... children) {
        IIOMetadataNode root = node(name);
        Arrays.stream(children).forEach(root::appendChild);
        return root;
    }

    private static IIOMetadataNode object(String name, byte[] bytes) {
        IIOMetadataNode node = node(name);
        node.setUserObject(bytes);
        return node;
    }

    private static IIOMetadata fresh() {
        return Samples.writer().getDefaultImageMetadata(RGB, null);
    }

    private static Ancillary written(IIOMetadata metadata) throws IOException {
        byte[] file = Samples.write(new IIOImage(Samples.picture(8, 8, BufferedImage.TYPE_INT_RGB), null, metadata), null);
        return Ancillary.of(SemParser.parse(file).chunks());
    }

    private static IIOMetadata hollow(Ancillary ancillary) throws IOException {
        return Samples.reader(Samples.hollowFile(9, 9, PixelFormat.RGB, ancillary.chunks().toArray(Chunk[]::new))).getImageMetadata(0);
    }

    private static String attribute(Node tree, String element, String attribute) {
        return ((Element) ((Element) tree).getElementsByTagName(element).item(0)).getAttribute(attribute);
    }

    @Test
    void theStandardFormatSaysWhatExifAndTextsSay() throws IOException {
        Ancillary ancillary = Ancillary.NONE.withExif(Optional.of(EXIF)).withTexts(List.of(new TextEntry("Author", "en", "Ada")));
        Node tree = hollow(ancillary).getAsTree(STANDARD);
        assertEquals("Rotate270", attribute(tree, "ImageOrientation", "value"));
        assertEquals(0.1, Double.parseDouble(attribute(tree, "HorizontalPixelSize", "value")), 1e-5);
        assertEquals(0.2, Double.parseDouble(attribute(tree, "VerticalPixelSize", "value")), 1e-5);
        assertEquals(0.5, Double.parseDouble(attribute(tree, "PixelAspectRatio", "value")), 1e-4);
        assertEquals("6", attribute(tree, "ImageCreationTime", "month"));
        assertEquals("Author", attribute(tree, "TextEntry", "keyword"));
        assertEquals("Ada", attribute(tree, "TextEntry", "value"));
        assertEquals("en", attribute(tree, "TextEntry", "language"));
    }

    @Test
    void theStandardFormatIsTakenForWriting() throws IOException {
        IIOMetadata metadata = fresh();
        assertFalse(metadata.isReadOnly());
        metadata.mergeTree(STANDARD, tree(STANDARD,
                tree("Dimension", node("ImageOrientation", "value", "FlipH"), node("HorizontalPixelSize", "value", "0.0846667"),
                        node("VerticalPixelSize", "value", "0.0846667")),
                tree("Document", node("ImageCreationTime", "year", "2026", "month", "11", "day", "22", "hour", "1", "minute", "2", "second",
                        "3")),
                tree("Text", node("TextEntry", "keyword", "Caption", "value", "Two boats"), node("TextEntry", "value", "no keyword"))));
        Ancillary written = written(metadata);
        Exif exif = Exif.of(written.exif().orElseThrow());
        assertEquals(2, exif.orientation());
        assertEquals(25.4 / 300, exif.pixelWidth(), 1e-6);
        assertEquals(Optional.of("2026:11:22 01:02:03"), exif.dateTime());
        assertEquals(List.of(new TextEntry("Caption", "", "Two boats"), new TextEntry("Comment", "", "no keyword")), written.texts());
    }

    @Test
    void theNativeFormatCarriesBytesBothWays() throws IOException {
        Ancillary ancillary = Ancillary.NONE.withExif(Optional.of(EXIF)).withXmp(Optional.of(XMP))
                .withTexts(List.of(new TextEntry("a", "b", "c")));
        IIOMetadata metadata = fresh();
        metadata.setFromTree(SemMetadata.FORMAT_NAME, hollow(ancillary).getAsTree(SemMetadata.FORMAT_NAME));
        Ancillary written = written(metadata);
        assertArrayEquals(EXIF, written.exif().orElseThrow());
        assertArrayEquals(XMP, written.xmp().orElseThrow());
        assertEquals(ancillary.texts(), written.texts());
    }

    @Test
    void everyElementOfTheNativeTreeIsInItsFormat() throws IOException {
        Ancillary ancillary = Ancillary.NONE.withIcc(Optional.of(WideGamut.DISPLAY_P3.getProfile().getData())).withExif(Optional.of(EXIF))
                .withXmp(Optional.of(XMP)).withTexts(List.of(new TextEntry("a", "b", "c")));
        IIOMetadata metadata = hollow(ancillary);
        IIOMetadataFormat format = metadata.getMetadataFormat(SemMetadata.FORMAT_NAME);
        List<String> known = Arrays.asList(format.getChildNames(format.getRootName()));
        Node tree = metadata.getAsTree(SemMetadata.FORMAT_NAME);
        for (Node child = tree.getFirstChild(); child != null; child = child.getNextSibling()) {
            assertTrue(known.contains(child.getNodeName()), child.getNodeName());
            assertNotNull(format.getElementDescription(child.getNodeName(), null));
            for (int i = 0; i < child.getAttributes().getLength(); i++) {
                String attribute = child.getAttributes().item(i).getNodeName();
                assertTrue(Arrays.asList(format.getAttributeNames(child.getNodeName())).contains(attribute), attribute);
            }
        }
        assertEquals(byte.class, format.getObjectClass(SemMetadataFormat.EXIF));
    }

    @Test
    void whatIsSynthesizedIsInTheNativeFormatToo() {
        IIOMetadataFormat format = SemMetadataFormat.getInstance();
        assertTrue(Arrays.asList(format.getChildNames(format.getRootName())).contains(SemMetadataFormat.SYNTHESIS));
        assertEquals(List.of("digitalSourceType", "caption"), Arrays.asList(format.getAttributeNames(SemMetadataFormat.SYNTHESIS)));
        assertNotNull(format.getElementDescription(SemMetadataFormat.SYNTHESIS, null));
    }

    @Test
    void changingTheOrientationKeepsTheRestOfExif() throws IOException {
        IIOMetadata metadata = fresh();
        metadata.mergeTree(SemMetadata.FORMAT_NAME, tree(SemMetadata.FORMAT_NAME, object(SemMetadataFormat.EXIF, EXIF)));
        metadata.mergeTree(STANDARD, tree(STANDARD, tree("Dimension", node("ImageOrientation", "value", "Normal"))));
        Exif exif = Exif.of(written(metadata).exif().orElseThrow());
        assertEquals(1, exif.orientation());
        assertEquals(0.1, exif.pixelWidth(), 1e-5);
        assertEquals(Optional.of("2025:06:07 08:09:10"), exif.dateTime());
    }

    @Test
    void mergingAPicturesOwnTreesChangesNothing() throws IOException {
        Ancillary ancillary = Ancillary.NONE.withExif(Optional.of(EXIF)).withTexts(List.of(new TextEntry("Author", "en", "Ada")));
        IIOMetadata read = hollow(ancillary);
        SemMetadata metadata = (SemMetadata) Samples.writer().convertImageMetadata(read, RGB, null);
        metadata.mergeTree(STANDARD, read.getAsTree(STANDARD));
        metadata.mergeTree(SemMetadata.FORMAT_NAME, read.getAsTree(SemMetadata.FORMAT_NAME));
        assertArrayEquals(EXIF, metadata.ancillary().exif().orElseThrow());
        assertEquals(ancillary.texts(), metadata.ancillary().texts());
        metadata.reset();
        assertEquals(Ancillary.NONE, metadata.ancillary());
    }

    @Test
    void treesThatMakeNoSenseAreRefusedAndChangeNothing() throws IOException {
        IIOMetadata metadata = fresh();
        IIOMetadataNode text = node("TextEntry", "keyword", "ok", "value", "ok");
        for (IIOMetadataNode wrong : new IIOMetadataNode[] {node("ImageOrientation", "value", "Upwards"),
                node("HorizontalPixelSize", "value", "wide"),
                node("ImageCreationTime", "year", "soon"), node("TextEntry", "keyword", "a\nb", "value", "x")}) {
            IIOMetadataNode root = tree(STANDARD, tree("Text", (IIOMetadataNode) text.cloneNode(true)), wrong);
            assertThrows(IIOInvalidTreeException.class, () -> metadata.mergeTree(STANDARD, root), wrong.getNodeName());
        }
        assertThrows(IIOInvalidTreeException.class,
                () -> metadata.mergeTree(SemMetadata.FORMAT_NAME, tree(SemMetadata.FORMAT_NAME, node("Exif"))));
        assertThrows(IIOInvalidTreeException.class, () -> metadata.mergeTree(STANDARD, node("another")));
        assertThrows(IllegalArgumentException.class, () -> metadata.mergeTree("another", node("another")));
        assertEquals(Ancillary.NONE, ((SemMetadata) metadata).ancillary());
        IIOMetadata read = hollow(Ancillary.NONE);
        assertThrows(IllegalStateException.class, () -> read.mergeTree(STANDARD, tree(STANDARD)));
        assertThrows(IllegalStateException.class, read::reset);
    }

    @ParameterizedTest
    @CsvSource({"2024,13,1", "2024,1,45", "2024,2,30", "-5,1,1", "99999,1,1", "2024,,1", "2024,0,0", "2024,1,9999999999"})
    void timesThatThereAreNotAreRefusedAndChangeNothing(String year, String month, String day) throws IOException {
        IIOMetadata metadata = fresh();
        IIOMetadataNode time = node("ImageCreationTime", "year", year, "day", day);
        if (month != null) {
            time.setAttribute("month", month);
        }
        assertThrows(IIOInvalidTreeException.class, () -> metadata.mergeTree(STANDARD, tree(STANDARD, tree("Document", time))));
        assertEquals(Ancillary.NONE, written(metadata));
    }

    @Test
    void aLeapSecondIsTheSecondBeforeIt() throws IOException {
        IIOMetadata metadata = fresh();
        metadata.mergeTree(STANDARD, tree(STANDARD, tree("Document",
                node("ImageCreationTime", "year", "2016", "month", "12", "day", "31", "hour", "23", "minute", "59", "second", "60"))));
        assertEquals("59", attribute(metadata.getAsTree(STANDARD), "ImageCreationTime", "second"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0000:00:00 00:00:00", "2024:13:01 00:00:00", "2024:02:30 00:00:00", "2024:01:01 24:00:00", "yesterday"})
    void anImpossibleTimeInExifIsLeftOutWithAWarningAndTheTreeIsGoodForOthers(String time) throws IOException {
        Ancillary ancillary = Ancillary.NONE.withExif(new ExifBuilder().dateTime(time).build());
        ImageReader reader = Samples.reader(Samples.hollowFile(8, 8, PixelFormat.RGB, ancillary.chunks().toArray(Chunk[]::new)));
        List<String> warnings = new ArrayList<>();
        reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
        Node standard = reader.getImageMetadata(0).getAsTree(STANDARD);
        assertEquals(List.of(), MetadataTrees.elements(standard, "ImageCreationTime"));
        assertEquals(List.of("Exif's time '" + time + "' is none and is left out of the standard metadata"), warnings);
        for (String format : new String[] {"png", "jpeg", "gif", "tiff", "bmp"}) {
            IIOMetadata other = ImageIO.getImageWritersByFormatName(format).next().getDefaultImageMetadata(RGB, null);
            if (!other.isReadOnly()) {
                other.mergeTree(STANDARD, standard);
            }
        }
    }

    @Test
    void anUnknownTimeInExifIsNoFaultAndTheOtherOneCounts() throws IOException {
        Optional<byte[]> exif = new ExifBuilder().dateTime("    :  :     :  :  ")
                .text(ExifBuilder.Directory.FIRST, 0x0132, "2025:06:07 08:09:10").build();
        Chunk chunk = Ancillary.NONE.withExif(exif).chunks().get(0);
        ImageReader reader = Samples.reader(Samples.hollowFile(8, 8, PixelFormat.RGB, chunk));
        reader.addIIOReadWarningListener((source, warning) -> {
            throw new AssertionError(warning);
        });
        assertEquals("6", attribute(reader.getImageMetadata(0).getAsTree(STANDARD), "ImageCreationTime", "month"));
    }

    @Test
    void orientationsAreTakenInEitherCaseAndPixelSizesUnderEitherName() throws IOException {
        IIOMetadata metadata = fresh();
        metadata.mergeTree(STANDARD, tree(STANDARD, tree("Dimension", node("ImageOrientation", "value", "rotate90"),
                node("HorizontalPhysicalPixelSpacing", "value", "0.1"), node("VerticalPhysicalPixelSpacing", "value", "0.2"))));
        Exif exif = Exif.of(written(metadata).exif().orElseThrow());
        assertEquals(8, exif.orientation());
        assertEquals(0.1, exif.pixelWidth(), 1e-5);
        assertEquals(0.2, exif.pixelHeight(), 1e-5);
    }

    @Test
    void lineBreaksOfTextsAreLineFeeds() throws IOException {
        IIOMetadata metadata = fresh();
        metadata.mergeTree(STANDARD, tree(STANDARD, tree("Text", node("TextEntry", "keyword", "Comment", "value", "a\r\nb\rc\nd"))));
        assertEquals("a\nb\nc\nd", written(metadata).texts().get(0).value());
    }

    @Test
    void metadataIsReadWithoutThePayloadAndOutlivesTheReader() throws IOException {
        byte[] file = Samples.hollowFile(9, 9, PixelFormat.RGB, Ancillary.NONE.withXmp(Optional.of(XMP)).chunks().toArray(Chunk[]::new));
        file[file.length - 3]++;
        ImageReader reader = Samples.reader(file);
        IIOMetadata metadata = reader.getImageMetadata(0);
        assertThrows(IOException.class, () -> reader.read(0), "the payload's checksum is wrong");
        reader.dispose();
        assertNotNull(metadata.getAsTree(STANDARD));
        assertNull(reader.getOriginatingProvider().getNativeStreamMetadataFormatName());
    }

    @Test
    void aProfileSetOnPurposeIsAssignedToSamplesInSrgb() throws IOException {
        byte[] profile = WideGamut.DISPLAY_P3.getProfile().getData();
        IIOMetadata metadata = fresh();
        metadata.mergeTree(SemMetadata.FORMAT_NAME, tree(SemMetadata.FORMAT_NAME, object(SemMetadataFormat.ICC, profile)));
        assertArrayEquals(profile, written(metadata).icc().orElseThrow());
    }

    @Test
    void aProfileThatCannotBeAssignedIsWarnedOf() throws IOException {
        IIOMetadata metadata = fresh();
        metadata.mergeTree(SemMetadata.FORMAT_NAME, tree(SemMetadata.FORMAT_NAME, object(SemMetadataFormat.ICC, new byte[] {1, 2, 3})));
        List<String> warnings = new ArrayList<>();
        ImageWriter writer = Samples.writer();
        writer.addIIOWriteWarningListener((source, index, warning) -> warnings.add(warning));
        try (var out = ImageIO.createImageOutputStream(new ByteArrayOutputStream())) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(Samples.picture(8, 8, BufferedImage.TYPE_INT_RGB), null, metadata), null);
        }
        assertEquals(1, warnings.size());
        assertTrue(warnings.get(0).contains("ICC"), warnings.get(0));
    }

    @Test
    void theExampleOfTheFormatDocumentIsWhatIsWritten() {
        byte[] chunk = HexFormat.of().parseHex("740c0043617074696f6e00004869d7c62b37");
        byte[] file = Samples.hollowFile(640, 480, PixelFormat.RGB_ALPHA,
                Ancillary.NONE.withTexts(List.of(new TextEntry(TextEntry.CAPTION, "", "Hi"))).chunks().toArray(Chunk[]::new));
        assertArrayEquals(chunk, Arrays.copyOfRange(file, 10, 10 + chunk.length));
    }

    @Test
    void moreMetadataThanReadersTakeIsRefusedBeforeAnythingIsWritten() throws IOException {
        SemMetadata metadata = (SemMetadata) fresh();
        IIOMetadataNode texts = node("Text");
        for (int i = 0; i < 1000; i++) {
            texts.appendChild(node("TextEntry", "keyword", "k" + i, "value", "v"));
        }
        metadata.mergeTree(STANDARD, tree(STANDARD, texts));
        assertTrue(assertThrows(IOException.class, () -> written(metadata)).getMessage().contains("1000 chunks"));
    }

    @Test
    void nullsAreRefusedWhereTheStandardSaysSo() {
        ImageWriter writer = Samples.writer();
        assertThrows(IllegalArgumentException.class, () -> writer.convertImageMetadata(null, RGB, null));
        assertThrows(IllegalArgumentException.class, () -> writer.convertImageMetadata(fresh(), null, null));
        assertNotNull(writer.getDefaultImageMetadata(null, null));
        assertNull(writer.getDefaultStreamMetadata(null));
        IIOMetadata metadata = fresh();
        assertThrows(IllegalArgumentException.class, () -> metadata.mergeTree(STANDARD, null));
        assertThrows(IllegalArgumentException.class, () -> metadata.mergeTree(SemMetadata.FORMAT_NAME, null));
        assertThrows(IllegalArgumentException.class, () -> metadata.mergeTree(null, tree(STANDARD)));
        assertThrows(IllegalArgumentException.class, () -> metadata.getAsTree(null));
        assertThrows(IllegalArgumentException.class, () -> metadata.setFromTree(STANDARD, null));
    }

    @Test
    void metadataOfFilesWithoutPixelsSaysRgbWhateverTheImage() {
        ImageWriter writer = Samples.writer();
        ImageTypeSpecifier gray = ImageTypeSpecifier.createFromBufferedImageType(BufferedImage.TYPE_BYTE_GRAY);
        for (String profile : new String[] {"caption", "descriptor", "transform"}) {
            ImageWriteParam param = writer.getDefaultWriteParam();
            param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            param.setCompressionType(profile);
            IIOMetadata metadata = writer.getDefaultImageMetadata(gray, param);
            Element channels = MetadataTrees.elements(metadata.getAsTree(STANDARD), "NumChannels").get(0);
            assertEquals(profile.equals("transform") ? "1" : "3", channels.getAttribute("value"), profile);
        }
    }
}
