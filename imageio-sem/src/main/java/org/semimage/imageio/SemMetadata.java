// SPDX-License-Identifier: Apache-2.0
package org.semimage.imageio;

import org.semimage.container.ModelRef;
import org.semimage.container.PixelFormat;
import org.semimage.container.SemHeader;
import org.semimage.container.SemOutline;
import org.semimage.generate.SourceType;
import org.semimage.metadata.Ancillary;
import org.semimage.metadata.Exif;
import org.semimage.metadata.TextEntry;
import org.semimage.container.ProfileId;
import org.w3c.dom.Node;

import javax.imageio.metadata.IIOInvalidTreeException;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataFormatImpl;
import javax.imageio.metadata.IIOMetadataNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The metadata of a picture in the standard format and in a native one ({@link SemMetadataFormat}). A reader's is read-only. A writer's
 * takes, by {@link #mergeTree}, what is the user's to say: texts, Exif, XMP, an ICC profile, orientation, pixel size and date; what the
 * pixels decide is ignored.
 *
 * <p>Given to a writer, it carries its ancillary chunks into the new file. The ICC profile is the image's own: that of a reader's metadata
 * is not carried over, as the image that was read may be in sRGB; one that was set on purpose is assigned to an image in sRGB.
 * Of a picture without pixels it carries caption and digital source type as texts.
 */
public final class SemMetadata extends IIOMetadata {

    /** The native format's name. */
    public static final String FORMAT_NAME = "org_semimage_imageio_sem_image_1.0";

    private final ProfileId profile;
    private final PixelFormat format;
    private final ModelRef model;
    private final List<SemOutline.Entry> entries;
    private final boolean readOnly;
    private final SourceType source;
    private final Optional<String> caption;
    private Ancillary ancillary;

    /** What the Exif among these chunks says; null until somebody asks. */
    private Exif exif;

    private SemMetadata(ProfileId profile, PixelFormat format, ModelRef model, List<SemOutline.Entry> entries, Ancillary ancillary,
                        boolean readOnly, SourceType source, Optional<String> caption) {
        super(true, FORMAT_NAME, SemMetadataFormat.class.getName(), null, null);
        this.profile = profile;
        this.format = format;
        this.model = model;
        this.entries = entries;
        this.ancillary = ancillary;
        this.readOnly = readOnly;
        this.source = source;
        this.caption = caption;
    }

    /** The metadata of a picture in a file, read-only. */
    static SemMetadata of(SemHeader header, List<SemOutline.Entry> entries, Ancillary ancillary) {
        return new SemMetadata(header.profile(), header.format(), header.model(), entries, ancillary, true, null, Optional.empty());
    }

    /** This metadata, saying that decoded pixels are not recorded ones, and what the payload says of the picture. */
    SemMetadata synthesized(SourceType source, Optional<String> caption) {
        return new SemMetadata(profile, format, model, entries, ancillary, readOnly, source, caption);
    }

    /** The metadata of a picture to be written, which can be changed. */
    static SemMetadata toWrite(ProfileId profile, PixelFormat format, Ancillary ancillary) {
        return new SemMetadata(profile, format, ModelRef.NONE, List.of(), ancillary, false, null, Optional.empty());
    }

    /** What the standard tree leaves out because it makes no sense. */
    List<String> faults() {
        return exif().impossibleDateTimes().stream()
                .map(text -> "Exif's time '" + text + "' is none and is left out of the standard metadata").toList();
    }

    Ancillary ancillary() {
        return ancillary;
    }

    /** The ancillary chunks for another file of the picture: without the ICC profile, with texts of what the payload says. */
    Ancillary carried() {
        Ancillary carried = readOnly ? ancillary.withIcc(Optional.empty()) : ancillary;
        return source == null ? carried : carried.withTexts(texts());
    }

    /** All texts; caption and source type of a picture without pixels are those of its payload. */
    private List<TextEntry> texts() {
        if (source == null) {
            return ancillary.texts();
        }
        List<TextEntry> texts = new ArrayList<>();
        caption.ifPresent(text -> texts.add(new TextEntry(TextEntry.CAPTION, "", text.replace('\0', ' '))));
        texts.add(new TextEntry(TextEntry.DIGITAL_SOURCE_TYPE, "", source.uri()));
        texts.addAll(ancillary.withoutPayloadsTexts().texts());
        return texts;
    }

    /** False for the metadata that writers give. */
    @Override
    public boolean isReadOnly() {
        return readOnly;
    }

    /** Removes all texts, Exif, XMP, the ICC profile and every other ancillary chunk. */
    @Override
    public void reset() {
        assertMutable();
        change(Ancillary.NONE);
    }

    private void assertMutable() {
        if (readOnly) {
            throw new IllegalStateException("the metadata is a reader's, which cannot be changed");
        }
    }

    /** @throws IllegalArgumentException if the format is neither the standard nor the native one, or null */
    @Override
    public Node getAsTree(String formatName) {
        return isNative(formatName) ? getNativeTree() : getStandardTree();
    }

    private static boolean isNative(String formatName) {
        if (!FORMAT_NAME.equals(formatName) && !IIOMetadataFormatImpl.standardMetadataFormatName.equals(formatName)) {
            throw new IllegalArgumentException("metadata format '" + formatName + "', expected " + FORMAT_NAME + " or "
                    + IIOMetadataFormatImpl.standardMetadataFormatName);
        }
        return FORMAT_NAME.equals(formatName);
    }

    /**
     * Takes from a tree what is the user's to say: texts are added, everything else replaces what was there.
     *
     * @throws IllegalArgumentException if the format is neither the standard nor the native one, or a parameter is null
     * @throws IllegalStateException    if this is a reader's
     * @throws IIOInvalidTreeException  if a node's value is out of range or of the wrong type; nothing is changed then
     */
    @Override
    public void mergeTree(String formatName, Node root) throws IIOInvalidTreeException {
        assertMutable();
        boolean isNative = isNative(formatName);
        if (root == null) {
            throw new IllegalArgumentException("root == null");
        }
        if (!root.getNodeName().equals(formatName)) {
            throw new IIOInvalidTreeException("the root is '" + root.getNodeName() + "', not '" + formatName + "'", root);
        }
        change(isNative ? MetadataTrees.mergeNative(ancillary, root) : MetadataTrees.mergeStandard(ancillary, root));
    }

    private Node getNativeTree() {
        IIOMetadataNode root = new IIOMetadataNode(FORMAT_NAME);
        IIOMetadataNode header = append(root, SemMetadataFormat.HEADER);
        header.setAttribute(SemMetadataFormat.VERSION, String.valueOf(SemHeader.VERSION));
        header.setAttribute(SemMetadataFormat.PROFILE, profile.label());
        header.setAttribute(SemMetadataFormat.PLANES, format.name());
        header.setAttribute(SemMetadataFormat.MODEL, model.toString());
        IIOMetadataNode list = append(root, SemMetadataFormat.CHUNKS);
        for (SemOutline.Entry entry : entries) {
            IIOMetadataNode node = append(list, SemMetadataFormat.CHUNK);
            node.setAttribute(SemMetadataFormat.TAG, String.valueOf(entry.tag()));
            node.setAttribute(SemMetadataFormat.LENGTH, String.valueOf(entry.length()));
        }
        if (source != null) {
            IIOMetadataNode synthesis = append(root, SemMetadataFormat.SYNTHESIS);
            synthesis.setAttribute(SemMetadataFormat.SOURCE_TYPE, source.uri());
            caption.ifPresent(text -> synthesis.setAttribute(SemMetadataFormat.CAPTION, text));
        }
        appendBytes(root, SemMetadataFormat.ICC, ancillary.icc());
        appendBytes(root, SemMetadataFormat.EXIF, ancillary.exif());
        appendBytes(root, SemMetadataFormat.XMP, ancillary.xmp());
        for (TextEntry text : ancillary.texts()) {
            IIOMetadataNode node = append(root, SemMetadataFormat.TEXT);
            node.setAttribute(SemMetadataFormat.KEYWORD, text.keyword());
            node.setAttribute(SemMetadataFormat.LANGUAGE, text.language());
            node.setAttribute(SemMetadataFormat.VALUE, text.value());
        }
        return root;
    }

    private static void appendBytes(IIOMetadataNode root, String name, Optional<byte[]> bytes) {
        bytes.ifPresent(value -> append(root, name).setUserObject(value.clone()));
    }

    @Override
    protected IIOMetadataNode getStandardChromaNode() {
        IIOMetadataNode chroma = new IIOMetadataNode("Chroma");
        append(chroma, "ColorSpaceType").setAttribute("name", format.isGray() ? "GRAY" : "RGB");
        append(chroma, "NumChannels").setAttribute("value", String.valueOf(format.planes()));
        append(chroma, "BlackIsZero").setAttribute("value", "TRUE");
        return chroma;
    }

    @Override
    protected IIOMetadataNode getStandardCompressionNode() {
        IIOMetadataNode compression = new IIOMetadataNode("Compression");
        append(compression, "CompressionTypeName").setAttribute("value", profile.label());
        append(compression, "Lossless").setAttribute("value", profile == ProfileId.LOSSLESS ? "TRUE" : "FALSE");
        return compression;
    }

    @Override
    protected IIOMetadataNode getStandardDataNode() {
        IIOMetadataNode data = new IIOMetadataNode("Data");
        append(data, "PlanarConfiguration").setAttribute("value", "PixelInterleaved");
        append(data, "SampleFormat").setAttribute("value", "UnsignedIntegral");
        String bits = IntStream.range(0, format.planes()).mapToObj(i -> String.valueOf(format.bitDepth())).collect(Collectors.joining(" "));
        append(data, "BitsPerSample").setAttribute("value", bits);
        return data;
    }

    @Override
    protected IIOMetadataNode getStandardDimensionNode() {
        Exif exif = exif();
        boolean sizeKnown = exif.pixelWidth() > 0 && exif.pixelHeight() > 0;
        IIOMetadataNode dimension = new IIOMetadataNode("Dimension");
        append(dimension, "PixelAspectRatio").setAttribute("value", sizeKnown ? number(exif.pixelWidth() / exif.pixelHeight()) : "1.0");
        append(dimension, "ImageOrientation").setAttribute("value", MetadataTrees.ORIENTATIONS.get(exif.orientation() - 1));
        if (sizeKnown) {
            append(dimension, "HorizontalPixelSize").setAttribute("value", number(exif.pixelWidth()));
            append(dimension, "VerticalPixelSize").setAttribute("value", number(exif.pixelHeight()));
        }
        return dimension;
    }

    private static String number(double value) {
        return String.valueOf((float) value);
    }

    private Exif exif() {
        if (exif == null) {
            exif = Exif.of(ancillary.exif().orElse(new byte[0]));
        }
        return exif;
    }

    private void change(Ancillary changed) {
        ancillary = changed;
        exif = null;
    }

    @Override
    protected IIOMetadataNode getStandardDocumentNode() {
        IIOMetadataNode document = new IIOMetadataNode("Document");
        append(document, "FormatVersion").setAttribute("value", String.valueOf(SemHeader.VERSION));
        exif().dateTime().flatMap(MetadataTrees::dateFields).ifPresent(fields -> {
            IIOMetadataNode created = append(document, "ImageCreationTime");
            fields.forEach(created::setAttribute);
        });
        return document;
    }

    /** All texts; null if there are none. */
    @Override
    protected IIOMetadataNode getStandardTextNode() {
        List<TextEntry> texts = texts();
        if (texts.isEmpty()) {
            return null;
        }
        IIOMetadataNode node = new IIOMetadataNode("Text");
        for (TextEntry text : texts) {
            IIOMetadataNode entry = append(node, "TextEntry");
            entry.setAttribute("keyword", text.keyword());
            entry.setAttribute("value", text.value());
            entry.setAttribute("language", text.language());
            entry.setAttribute("encoding", "UTF-8");
            entry.setAttribute("compression", "none");
        }
        return node;
    }

    @Override
    protected IIOMetadataNode getStandardTransparencyNode() {
        IIOMetadataNode transparency = new IIOMetadataNode("Transparency");
        append(transparency, "Alpha").setAttribute("value", format.hasAlpha() ? "nonpremultiplied" : "none");
        return transparency;
    }

    private static IIOMetadataNode append(IIOMetadataNode parent, String name) {
        IIOMetadataNode child = new IIOMetadataNode(name);
        parent.appendChild(child);
        return child;
    }
}
