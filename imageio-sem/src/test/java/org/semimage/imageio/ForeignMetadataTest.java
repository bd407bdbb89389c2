// SPDX-License-Identifier: Apache-2.0
package org.semimage.imageio;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.semimage.container.SemParser;
import org.semimage.metadata.Ancillary;
import org.semimage.metadata.Exif;
import org.semimage.metadata.ExifBuilder;
import org.semimage.metadata.TextEntry;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.plugins.tiff.BaselineTIFFTagSet;
import javax.imageio.plugins.tiff.ExifParentTIFFTagSet;
import javax.imageio.plugins.tiff.ExifTIFFTagSet;
import javax.imageio.plugins.tiff.TIFFDirectory;
import javax.imageio.plugins.tiff.TIFFField;
import javax.imageio.plugins.tiff.TIFFTag;
import javax.imageio.plugins.tiff.TIFFTagSet;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.ImageOutputStream;
import java.awt.color.ICC_ColorSpace;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.zip.DeflaterOutputStream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Metadata of pictures that the JDK's own plug-ins wrote and read. */
class ForeignMetadataTest {

    private static final byte[] EXIF = new ExifBuilder().orientation(8).text(ExifBuilder.Directory.FIRST, 0x010F, "ACME").build()
            .orElseThrow();
    private static final byte[] XMP = "<x:xmpmeta xmlns:x='adobe:ns:meta/'>\u00e4</x:xmpmeta>".getBytes(StandardCharsets.UTF_8);
    private static final byte[] PROFILE = WideGamut.DISPLAY_P3.getProfile().getData();

    /** What a program does that turns files into SEM files and cares for metadata. */
    private static Ancillary transcoded(byte[] file) throws IOException {
        return transcoded(file, ImageIO.getImageReaders(Samples.stream(file)).next());
    }

    private static Ancillary transcoded(byte[] file, ImageReader reader) throws IOException {
        try (ImageInputStream in = Samples.stream(file)) {
            reader.setInput(in);
            byte[] sem = Samples.write(reader.readAll(0, null), null);
            IIOMetadata converted = Samples.writer().convertImageMetadata(reader.getImageMetadata(0),
                    ImageTypeSpecifier.createFromRenderedImage(reader.read(0)), null);
            Ancillary written = Ancillary.of(SemParser.parse(sem).chunks());
            assertEquals(written.texts(), ((SemMetadata) converted).ancillary().texts());
            return written;
        }
    }

    private static byte[] write(BufferedImage image, IIOMetadata metadata, ImageWriter writer) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, metadata), writer.getDefaultWriteParam());
        }
        return bytes.toByteArray();
    }

    static byte[] join(String marker, byte[] content) {
        byte[] head = marker.getBytes(StandardCharsets.ISO_8859_1);
        byte[] joined = Arrays.copyOf(head, head.length + content.length);
        System.arraycopy(content, 0, joined, head.length, content.length);
        return joined;
    }

    /** A JPEG file with further segments behind its first two bytes. */
    static byte[] jpeg(Object... markersAndContents) throws IOException {
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        ImageIO.write(Samples.picture(8, 8, BufferedImage.TYPE_3BYTE_BGR), "jpeg", plain);
        byte[] bytes = plain.toByteArray();
        int behindJfif = 4 + ((bytes[4] & 0xFF) << 8 | bytes[5] & 0xFF);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(file);
        out.write(bytes, 0, behindJfif);
        for (int i = 0; i < markersAndContents.length; i += 2) {
            byte[] content = (byte[]) markersAndContents[i + 1];
            out.writeShort(0xFF00 | (int) markersAndContents[i]);
            out.writeShort(content.length + 2);
            out.write(content);
        }
        out.write(bytes, behindJfif, bytes.length - behindJfif);
        return file.toByteArray();
    }

    @Test
    void jpegGivesExifXmpCaptionAndComment() throws IOException {
        byte[] iptc = {'8', 'B', 'I', 'M', 4, 4, 0, 0, 0, 0, 0, 9, 0x1C, 2, 120, 0, 4, 'b', 'o', 'a', 't'};
        Ancillary carried = transcoded(jpeg(0xE1, join("Exif\0\0", EXIF), 0xE1, join("http://ns.adobe.com/xap/1.0/\0", XMP),
                0xED, join("Photoshop 3.0\0", iptc), 0xFE, "a comment".getBytes()));
        assertArrayEquals(EXIF, carried.exif().orElseThrow());
        assertArrayEquals(XMP, carried.xmp().orElseThrow());
        assertEquals(Optional.of("boat"), carried.text(TextEntry.CAPTION));
        assertTrue(carried.texts().stream().anyMatch(text -> text.value().equals("a comment")), carried.texts().toString());
    }

    @Test
    void jpegWithoutMetadataGivesNone() throws IOException {
        assertEquals(Ancillary.NONE, transcoded(jpeg()));
    }

    /**
     * Turns a file into a SEM file, with metadata.
     *
     * @param warnings takes what the writer warns of
     */
    static Ancillary transcoded(byte[] file, List<String> warnings) throws IOException {
        ImageReader reader = ImageIO.getImageReaders(Samples.stream(file)).next();
        reader.setInput(Samples.stream(file));
        ByteArrayOutputStream sem = new ByteArrayOutputStream();
        ImageWriter writer = Samples.writer();
        writer.addIIOWriteWarningListener((source, index, warning) -> warnings.add(warning));
        try (ImageOutputStream out = ImageIO.createImageOutputStream(sem)) {
            writer.setOutput(out);
            writer.write(reader.readAll(0, null));
        }
        return Ancillary.of(SemParser.parse(sem.toByteArray()).chunks());
    }

    @ParameterizedTest
    @CsvSource({"1, 300, 25.4", "2, 118, 10"})
    void theDensityOfAJpegWithoutExifBecomesExif(String units, int density, double millimetres) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        BufferedImage image = Samples.picture(8, 8, BufferedImage.TYPE_3BYTE_BGR);
        IIOMetadata metadata = writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(image), null);
        Node root = metadata.getAsTree("javax_imageio_jpeg_image_1.0");
        Element jfif = MetadataTrees.elements(root, "app0JFIF").get(0);
        jfif.setAttribute("resUnits", units);
        jfif.setAttribute("Xdensity", String.valueOf(density));
        jfif.setAttribute("Ydensity", String.valueOf(density));
        metadata.setFromTree("javax_imageio_jpeg_image_1.0", root);
        List<String> warnings = new ArrayList<>();
        Ancillary carried = transcoded(write(image, metadata, writer), warnings);
        assertEquals(List.of(), warnings);
        assertEquals(millimetres / density, Exif.of(carried.exif().orElseThrow()).pixelWidth(), 1e-5);
        assertEquals(millimetres / density, Exif.of(carried.exif().orElseThrow()).pixelHeight(), 1e-5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jpeg", "png", "gif", "bmp", "tiff", "wbmp"})
    void standardMetadataOfTheJdksOwnPluginsMergesWithoutAWarning(String format) throws IOException {
        int type = switch (format) {
            case "wbmp" -> BufferedImage.TYPE_BYTE_BINARY;
            case "gif" -> BufferedImage.TYPE_BYTE_INDEXED;
            default -> BufferedImage.TYPE_3BYTE_BGR;
        };
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(8, 8, type), format, file);
        List<String> warnings = new ArrayList<>();
        transcoded(file.toByteArray(), warnings);
        assertEquals(List.of(), warnings);
        ImageReader reader = jdks(ImageIO.getImageReadersByFormatName(format));
        reader.setInput(Samples.stream(file.toByteArray()));
        IIOMetadata metadata = Samples.writer().getDefaultImageMetadata(reader.getRawImageType(0), null);
        metadata.mergeTree("javax_imageio_1.0", reader.getImageMetadata(0).getAsTree("javax_imageio_1.0"));
    }

    @Test
    void whatMakesNoSenseIsLeftOutAndTheRestCarried() {
        IIOMetadataNode root = new IIOMetadataNode("javax_imageio_1.0");
        root.appendChild(in("Dimension", node("ImageOrientation", "value", "sideways")));
        root.appendChild(in("Dimension", node("HorizontalPixelSize", "value", "0.1")));
        root.appendChild(in("Dimension", node("VerticalPixelSize", "value", "0.1")));
        root.appendChild(in("Document", node("ImageCreationTime", "year", "2024", "month", "13", "day", "1")));
        List<String> warnings = new ArrayList<>();
        Exif exif = Exif.of(ForeignMetadata.carry(new StandardAlone(root), warnings::add).exif().orElseThrow());
        assertEquals(0.1, exif.pixelWidth(), 1e-5);
        assertEquals(Optional.empty(), exif.dateTime());
        assertEquals(2, warnings.size(), warnings.toString());
    }

    /** Metadata that knows the standard format alone. */
    private static final class StandardAlone extends IIOMetadata {

        private final Node root;

        StandardAlone(Node root) {
            super(true, null, null, null, null);
            this.root = root;
        }

        @Override
        public boolean isReadOnly() {
            return true;
        }

        @Override
        public Node getAsTree(String formatName) {
            return root;
        }

        @Override
        public void mergeTree(String formatName, Node tree) {
            throw new IllegalStateException();
        }

        @Override
        public void reset() {
            throw new IllegalStateException();
        }
    }

    @Test
    void iptcInTwoSegmentsIsOneBlock() throws IOException {
        byte[] iptc = {'8', 'B', 'I', 'M', 4, 4, 0, 0, 0, 0, 0, 9, 0x1C, 2, 120, 0, 4, 'b', 'o', 'a', 't'};
        byte[] first = join("Photoshop 3.0\0", Arrays.copyOf(iptc, 15));
        byte[] second = join("Photoshop 3.0\0", Arrays.copyOfRange(iptc, 15, 21));
        Ancillary carried = transcoded(jpeg(0xED, first, 0xED, second));
        assertEquals(Optional.of("boat"), carried.text(TextEntry.CAPTION));
    }

    @Test
    void aJpegInAWideGamutKeepsItsProfileIfItIsReadInItsOwnSpace() throws IOException {
        byte[] icc = new byte[14 + PROFILE.length];
        System.arraycopy("ICC_PROFILE\0\1\1".getBytes(StandardCharsets.ISO_8859_1), 0, icc, 0, 14);
        System.arraycopy(PROFILE, 0, icc, 14, PROFILE.length);
        byte[] file = jpeg(0xE2, icc);
        assertFalse(transcoded(file).icc().isPresent(), "the JDK's reader has converted to sRGB");
        ImageReader reader = ImageIO.getImageReadersByFormatName("jpeg").next();
        reader.setInput(Samples.stream(file));
        ImageReadParam param = reader.getDefaultReadParam();
        reader.getImageTypes(0).forEachRemaining(type -> {
            if (!type.getColorModel().getColorSpace().isCS_sRGB() && type.getNumBands() == 3) {
                param.setDestinationType(type);
            }
        });
        byte[] sem = Samples.write(reader.readAll(0, param), null);
        assertArrayEquals(PROFILE, Ancillary.of(SemParser.parse(sem).chunks()).icc().orElseThrow());
    }

    private static byte[] png(IIOMetadataNode... children) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
        BufferedImage image = Samples.picture(8, 8, BufferedImage.TYPE_3BYTE_BGR);
        IIOMetadata metadata = writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(image), null);
        IIOMetadataNode root = new IIOMetadataNode("javax_imageio_png_1.0");
        Arrays.stream(children).forEach(root::appendChild);
        metadata.mergeTree("javax_imageio_png_1.0", root);
        return write(image, metadata, writer);
    }

    private static IIOMetadataNode node(String name, String... attributes) {
        IIOMetadataNode node = new IIOMetadataNode(name);
        for (int i = 0; i < attributes.length; i += 2) {
            node.setAttribute(attributes[i], attributes[i + 1]);
        }
        return node;
    }

    private static IIOMetadataNode in(String name, IIOMetadataNode child) {
        IIOMetadataNode node = node(name);
        node.appendChild(child);
        return node;
    }

    private static IIOMetadataNode international(String keyword, String text) {
        return node("iTXtEntry", "keyword", keyword, "compressionFlag", "TRUE", "compressionMethod", "0", "languageTag", "de",
                "translatedKeyword", "", "text", text);
    }

    @Test
    void pngGivesExifXmpProfileTextsAndResolution() throws IOException {
        IIOMetadataNode exif = node("UnknownChunk", "type", "eXIf");
        exif.setUserObject(EXIF);
        ByteArrayOutputStream deflated = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(deflated)) {
            out.write(PROFILE);
        }
        IIOMetadataNode profile = node("iCCP", "profileName", "P3", "compressionMethod", "deflate");
        profile.setUserObject(deflated.toByteArray());
        IIOMetadataNode texts = in("iTXt", international("XML:com.adobe.xmp", new String(XMP, StandardCharsets.UTF_8)));
        texts.appendChild(international("Title", "B\u00e4r"));
        Ancillary carried = transcoded(png(profile, in("UnknownChunks", exif), texts));
        assertArrayEquals(EXIF, carried.exif().orElseThrow());
        assertArrayEquals(XMP, carried.xmp().orElseThrow());
        assertArrayEquals(PROFILE, carried.icc().orElseThrow());
        assertEquals(List.of(new TextEntry("Title", "de", "B\u00e4r")), carried.texts());
    }

    @Test
    void theProfileOfAPngIsWhatItsSamplesAreReadIn() throws IOException {
        ByteArrayOutputStream deflated = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(deflated)) {
            out.write(PROFILE);
        }
        IIOMetadataNode profile = node("iCCP", "profileName", "P3", "compressionMethod", "deflate");
        profile.setUserObject(deflated.toByteArray());
        ImageReader reader = ImageIO.getImageReadersByFormatName("png").next();
        reader.setInput(ImageIO.createImageInputStream(new ByteArrayInputStream(png(profile))));
        ImageReader sem = Samples.reader(Samples.write(reader.readAll(0, null), null));
        assertFalse(sem.getRawImageType(0).getColorModel().getColorSpace().isCS_sRGB());
        assertArrayEquals(PROFILE, ((ICC_ColorSpace) sem.getRawImageType(0).getColorModel().getColorSpace()).getProfile().getData());
    }

    @Test
    void profilesThatImageMagickWritesAsTextAreUnderstood() throws IOException {
        String digits = HexFormat.of().formatHex(join("Exif\0\0", EXIF)).replaceAll("(.{72})", "$1\n");
        IIOMetadataNode raw = node("zTXtEntry", "keyword", "Raw profile type exif", "compressionMethod", "deflate",
                "text", "\nexif\n      " + (EXIF.length + 6) + "\n" + digits + "\n");
        Ancillary carried = transcoded(png(in("zTXt", raw)));
        assertArrayEquals(EXIF, carried.exif().orElseThrow());
        assertEquals(List.of(), carried.texts());
    }

    @Test
    void theResolutionOfAPngBecomesExif() throws IOException {
        Ancillary carried =
                transcoded(png(node("pHYs", "pixelsPerUnitXAxis", "11811", "pixelsPerUnitYAxis", "11811", "unitSpecifier", "meter")));
        assertEquals(25.4 / 300, Exif.of(carried.exif().orElseThrow()).pixelWidth(), 1e-5);
    }

    @Test
    void tiffGivesItsFieldsExifXmpAndCaption() throws IOException {
        ImageWriter writer = jdks(ImageIO.getImageWritersByFormatName("tiff"));
        BufferedImage image = Samples.picture(8, 8, BufferedImage.TYPE_3BYTE_BGR);
        IIOMetadata metadata = writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(image),
                writer.getDefaultWriteParam());
        TIFFDirectory directory = TIFFDirectory.createFromMetadata(metadata);
        BaselineTIFFTagSet baseline = BaselineTIFFTagSet.getInstance();
        directory.addTIFFField(new TIFFField(baseline.getTag(BaselineTIFFTagSet.TAG_ORIENTATION), 3));
        directory.addTIFFField(new TIFFField(baseline.getTag(BaselineTIFFTagSet.TAG_MAKE), TIFFTag.TIFF_ASCII, 1, new String[] {"ACME"}));
        directory.addTIFFField(new TIFFField(new TIFFTag("XMP", 700, 1 << TIFFTag.TIFF_BYTE), TIFFTag.TIFF_BYTE, XMP.length, XMP));
        TIFFDirectory exif = new TIFFDirectory(new TIFFTagSet[] {ExifTIFFTagSet.getInstance()}, null);
        ExifTIFFTagSet tags = ExifTIFFTagSet.getInstance();
        exif.addTIFFField(new TIFFField(tags.getTag(ExifTIFFTagSet.TAG_DATE_TIME_ORIGINAL), TIFFTag.TIFF_ASCII, 1,
                new String[] {"2025:06:07 08:09:10"}));
        exif.addTIFFField(new TIFFField(tags.getTag(ExifTIFFTagSet.TAG_EXPOSURE_TIME), TIFFTag.TIFF_RATIONAL, 1, new long[][] {{1, 250}}));
        directory.addTIFFField(new TIFFField(ExifParentTIFFTagSet.getInstance().getTag(ExifParentTIFFTagSet.TAG_EXIF_IFD_POINTER),
                TIFFTag.TIFF_IFD_POINTER, 1L, exif));
        byte[] file = write(image, directory.getAsMetadata(), writer);
        for (ImageReader reader : new ImageReader[] {jdks(ImageIO.getImageReadersByFormatName("tiff")),
                ImageIO.getImageReaders(Samples.stream(file)).next()}) {
            Ancillary carried = transcoded(file, reader);
            Exif read = Exif.of(carried.exif().orElseThrow());
            assertEquals(3, read.orientation());
            assertEquals("ACME", read.texts().get("Make"));
            assertEquals("2025:06:07 08:09:10", read.texts().get("DateTimeOriginal"));
            boolean givesUnknownTags = !reader.getClass().getName().startsWith("com.sun.");
            assertEquals(givesUnknownTags, carried.xmp().isPresent());
        }
    }

    /** The JDK's own plug-in, which may stand behind others of the same format. */
    private static <T> T jdks(Iterator<T> plugins) {
        T plugin = plugins.next();
        while (!plugin.getClass().getName().startsWith("com.sun.")) {
            plugin = plugins.next();
        }
        return plugin;
    }

    @Test
    void gifGivesItsComment() throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
        BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_INDEXED);
        IIOMetadata metadata = writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(image), null);
        IIOMetadataNode root = new IIOMetadataNode("javax_imageio_gif_image_1.0");
        root.appendChild(in("CommentExtensions", node("CommentExtension", "value", "hello")));
        metadata.mergeTree("javax_imageio_gif_image_1.0", root);
        assertEquals("hello", transcoded(write(image, metadata, writer)).texts().get(0).value());
    }
}
