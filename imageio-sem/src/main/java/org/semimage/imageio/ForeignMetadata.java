// SPDX-License-Identifier: Apache-2.0
package org.semimage.imageio;

import org.semimage.metadata.Ancillary;
import org.semimage.metadata.ExifBuilder;
import org.semimage.metadata.ExtendedXmp;
import org.semimage.metadata.Iptc;
import org.semimage.metadata.TextEntry;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

import javax.imageio.IIOException;
import javax.imageio.metadata.IIOInvalidTreeException;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataFormatImpl;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.zip.InflaterInputStream;

/**
 * Carries metadata over from pictures of other formats: Exif, XMP, IPTC's caption and texts from JPEG, PNG and TIFF, and what the standard
 * format says from any. The ICC profile is carried over from PNG alone, whose reader leaves samples as they are and says sRGB;
 * other readers put it into the image's colour model.
 */
final class ForeignMetadata {

    private static final String JPEG = "javax_imageio_jpeg_image_1.0";
    private static final String PNG = "javax_imageio_png_1.0";
    private static final Set<String> TIFF = Set.of("javax_imageio_tiff_image_1.0", "com_sun_media_imageio_plugins_tiff_image_1.0");

    private static final byte[] EXIF_MARKER = "Exif\0\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final byte[] XMP_MARKER = "http://ns.adobe.com/xap/1.0/\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final byte[] EXTENDED_XMP_MARKER = "http://ns.adobe.com/xmp/extension/\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final byte[] PHOTOSHOP_MARKER = "Photoshop 3.0\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final int APP1 = 0xE1;
    private static final int APP13 = 0xED;

    private static final String PNG_XMP = "XML:com.adobe.xmp";
    private static final String PNG_RAW_PROFILE = "Raw profile type ";
    private static final int MAX_PROFILE = 1 << 24;

    private static final int TIFF_XMP = 700;
    private static final int TIFF_IPTC = 33723;
    /** Fields of a TIFF picture's first directory that say something about the picture and not about how it is stored. */
    private static final Set<Integer> TIFF_DESCRIPTIVE = Set.of(0x010E, 0x010F, 0x0110, 0x0112, 0x011A, 0x011B, 0x0128,
            0x0131, 0x0132, 0x013B, 0x8298);

    private final Consumer<String> warnings;
    private Optional<byte[]> icc = Optional.empty();
    private Optional<byte[]> exif = Optional.empty();
    private Optional<byte[]> xmp = Optional.empty();
    private final List<TextEntry> texts = new ArrayList<>();

    private ForeignMetadata(Consumer<String> warnings) {
        this.warnings = warnings;
    }

    /** Ancillary chunks of other formats' metadata; {@code warnings} hears of what could not be carried over. */
    static Ancillary carry(IIOMetadata metadata, Consumer<String> warnings) {
        return new ForeignMetadata(warnings).ancillary(metadata);
    }

    private Ancillary ancillary(IIOMetadata metadata) {
        String format = metadata.getNativeMetadataFormatName();
        if (JPEG.equals(format)) {
            fromJpeg(metadata.getAsTree(format));
        } else if (PNG.equals(format)) {
            fromPng(metadata.getAsTree(format));
        } else if (format != null && TIFF.contains(format)) {
            fromTiff(metadata.getAsTree(format));
        }
        Ancillary carried = Ancillary.NONE.withIcc(icc).withExif(exif).withXmp(xmp);
        if (!metadata.isStandardMetadataFormatSupported()) {
            return carried.withTexts(texts);
        }
        Node standard = metadata.getAsTree(IIOMetadataFormatImpl.standardMetadataFormatName);
        MetadataTrees.elements(standard, "TextEntry").forEach(this::addText);
        return withExifOf(standard, carried.withTexts(texts));
    }

    /** Orientation, pixel size and date of formats that have them elsewhere than in Exif. */
    private Ancillary withExifOf(Node standard, Ancillary carried) {
        if (exif.isPresent()) {
            return carried;
        }
        try {
            return MetadataTrees.withStandardExif(carried, standard, (message, node) -> warnings.accept("Not carried over: " + message));
        } catch (IIOInvalidTreeException e) {
            warnings.accept("Not carried over: " + e.getMessage());
            return carried;
        }
    }

    private void addText(Element entry) {
        String keyword = entry.hasAttribute("keyword") && !entry.getAttribute("keyword").isBlank() ? entry.getAttribute("keyword")
                : "Comment";
        if (!keyword.equals(PNG_XMP) && !keyword.startsWith(PNG_RAW_PROFILE)) {
            addText(keyword, entry.getAttribute("language"), entry.getAttribute("value"));
        }
    }

    private void addText(String keyword, String language, String value) {
        try {
            texts.add(new TextEntry(keyword, language, value));
        } catch (IllegalArgumentException e) {
            warnings.accept("Text '" + keyword + "' is not carried over: " + e.getMessage());
        }
    }

    private void addCaption(Optional<String> caption) {
        caption.ifPresent(text -> addText(TextEntry.CAPTION, "", text));
    }

    private void fromJpeg(Node root) {
        ExtendedXmp extension = new ExtendedXmp();
        ByteArrayOutputStream resources = new ByteArrayOutputStream();
        for (Element unknown : MetadataTrees.elements(root, "unknown")) {
            byte[] content = MetadataTrees.bytes(unknown).orElse(new byte[0]);
            String marker = unknown.getAttribute("MarkerTag");
            if (marker.equals(String.valueOf(APP1))) {
                exif = exif.or(() -> behind(EXIF_MARKER, content));
                xmp = xmp.or(() -> behind(XMP_MARKER, content));
                behind(EXTENDED_XMP_MARKER, content).ifPresent(extension::add);
            } else if (marker.equals(String.valueOf(APP13))) {
                behind(PHOTOSHOP_MARKER, content).ifPresent(resources::writeBytes);
            }
        }
        addCaption(Iptc.captionOfResources(resources.toByteArray()));
        xmp = xmp.map(packet -> whole(packet, extension));
    }

    private byte[] whole(byte[] packet, ExtendedXmp extension) {
        try {
            return extension.with(packet);
        } catch (IIOException e) {
            warnings.accept("Not carried over: " + e.getMessage());
            return packet;
        }
    }

    private static Optional<byte[]> behind(byte[] marker, byte[] content) {
        boolean marked = content.length > marker.length && Arrays.equals(marker, 0, marker.length, content, 0, marker.length);
        return marked ? Optional.of(Arrays.copyOfRange(content, marker.length, content.length)) : Optional.empty();
    }

    private void fromPng(Node root) {
        for (Element profile : MetadataTrees.elements(root, "iCCP")) {
            icc = MetadataTrees.bytes(profile).flatMap(this::inflated);
        }
        for (String name : new String[] {"eXIf", "UnknownChunk"}) {
            for (Element chunk : MetadataTrees.elements(root, name)) {
                if (name.equals("eXIf") || chunk.getAttribute("type").equals("eXIf")) {
                    exif = exif.or(() -> MetadataTrees.bytes(chunk));
                }
            }
        }
        for (String name : new String[] {"iTXtEntry", "zTXtEntry", "tEXtEntry"}) {
            for (Element text : MetadataTrees.elements(root, name)) {
                fromPngText(text.getAttribute("keyword"), text.getAttribute(name.equals("tEXtEntry") ? "value" : "text"));
            }
        }
    }

    private Optional<byte[]> inflated(byte[] deflated) {
        try (InflaterInputStream in = new InflaterInputStream(new ByteArrayInputStream(deflated))) {
            byte[] profile = in.readNBytes(MAX_PROFILE);
            return Optional.of(profile);
        } catch (IOException e) {
            warnings.accept("The ICC profile is not carried over: " + e.getMessage());
            return Optional.empty();
        }
    }

    /** XMP, and the profiles that ImageMagick writes as hexadecimal digits behind a name and a length. */
    private void fromPngText(String keyword, String value) {
        if (keyword.equals(PNG_XMP)) {
            xmp = xmp.or(() -> Optional.of(value.getBytes(StandardCharsets.UTF_8)));
        } else if (keyword.startsWith(PNG_RAW_PROFILE)) {
            Optional<byte[]> profile = rawProfile(value);
            switch (keyword.substring(PNG_RAW_PROFILE.length())) {
                case "exif", "APP1", "app1" -> {
                    exif = exif.or(() -> profile.flatMap(bytes -> behind(EXIF_MARKER, bytes)));
                    xmp = xmp.or(() -> profile.flatMap(bytes -> behind(XMP_MARKER, bytes)));
                }
                case "xmp" -> xmp = xmp.or(() -> profile);
                case "iptc", "8bim" -> addCaption(profile.flatMap(Iptc::captionOfResources));
                default -> warnings.accept("PNG's '" + keyword + "' is not carried over");
            }
        }
    }

    private static Optional<byte[]> rawProfile(String text) {
        String[] words = text.strip().split("\\s+");
        String digits = String.join("", Arrays.asList(words).subList(Math.min(2, words.length), words.length));
        try {
            return Optional.of(HexFormat.of().parseHex(digits)).filter(bytes -> bytes.length > 0);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private void fromTiff(Node root) {
        ExifBuilder builder = new ExifBuilder();
        // A picture's own fields stand in the tree's first TIFFIFD; those of Exif and GPS in TIFFIFDs nested in it.
        List<Element> directories = children(root, "TIFFIFD");
        if (directories.isEmpty()) {
            return;
        }
        for (Element field : children(directories.get(0), "TIFFField")) {
            int tag = Integer.parseInt(field.getAttribute("number"));
            if (tag == TIFF_XMP) {
                xmp = TiffTree.values(field).map(TiffTree.Values::bytes);
            } else if (tag == TIFF_IPTC) {
                addCaption(TiffTree.values(field).map(TiffTree.Values::bytes).flatMap(Iptc::captionOfModel));
            } else if (TIFF_DESCRIPTIVE.contains(tag)) {
                add(builder, ExifBuilder.Directory.FIRST, tag, field);
            }
        }
        for (Element directory : children(directories.get(0), "TIFFIFD")) {
            ExifBuilder.Directory target = switch (directory.getAttribute("parentTagNumber")) {
                case "34665" -> ExifBuilder.Directory.EXIF;
                case "34853" -> ExifBuilder.Directory.GPS;
                default -> null;
            };
            if (target != null) {
                children(directory, "TIFFField")
                        .forEach(field -> add(builder, target, Integer.parseInt(field.getAttribute("number")), field));
            }
        }
        exif = builder.build();
    }

    private static void add(ExifBuilder builder, ExifBuilder.Directory directory, int tag, Element field) {
        TiffTree.values(field).ifPresent(values -> builder.add(directory, tag, values.type(), values.bytes()));
    }

    private static List<Element> children(Node parent, String name) {
        List<Element> found = new ArrayList<>();
        for (Node child = parent.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child.getNodeName().equals(name)) {
                found.add((Element) child);
            }
        }
        return found;
    }
}
