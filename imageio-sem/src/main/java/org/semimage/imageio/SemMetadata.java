package org.semimage.imageio;

import com.twelvemonkeys.imageio.AbstractMetadata;
import org.semimage.container.Chunk;
import org.semimage.container.ModelRef;
import org.semimage.container.SemHeader;
import org.semimage.generate.SourceType;
import org.semimage.profile.PixelPlanes;
import org.semimage.profile.ProfileId;
import org.w3c.dom.Node;

import javax.imageio.metadata.IIOMetadataNode;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The metadata of a picture, read-only: the standard format, and a native one ({@link SemMetadataFormat}) with the header's
 * fields and the list of chunks. Given to a writer, it carries its ancillary chunks into the new file.
 */
public final class SemMetadata extends AbstractMetadata {

    /** The native format's name. */
    public static final String FORMAT_NAME = "org_semimage_imageio_sem_image_1.0";

    private final ProfileId profile;
    private final PixelPlanes.Format format;
    private final ModelRef model;
    private final List<Chunk> chunks;
    private final SourceType source;
    private final String caption;

    SemMetadata(ProfileId profile, PixelPlanes.Format format, ModelRef model, List<Chunk> chunks) {
        this(profile, format, model, chunks, null, null);
    }

    private SemMetadata(ProfileId profile, PixelPlanes.Format format, ModelRef model, List<Chunk> chunks, SourceType source, String caption) {
        super(true, FORMAT_NAME, SemMetadataFormat.class.getName(), null, null);
        this.profile = profile;
        this.format = format;
        this.model = model;
        this.chunks = List.copyOf(chunks);
        this.source = source;
        this.caption = caption;
    }

    /** This metadata, saying that decoded pixels are not recorded ones, and what the file says of the picture. */
    SemMetadata synthesized(SourceType source, Optional<String> caption) {
        return new SemMetadata(profile, format, model, chunks, source, caption.orElse(null));
    }

    /** The ancillary chunks, in file order. */
    List<Chunk> ancillaryChunks() {
        return chunks.stream().filter(c -> !c.critical()).toList();
    }

    @Override
    protected Node getNativeTree() {
        IIOMetadataNode root = new IIOMetadataNode(FORMAT_NAME);
        IIOMetadataNode header = append(root, SemMetadataFormat.HEADER);
        header.setAttribute(SemMetadataFormat.VERSION, String.valueOf(SemHeader.VERSION));
        header.setAttribute(SemMetadataFormat.PROFILE, profile.label());
        header.setAttribute(SemMetadataFormat.PLANES, format.name());
        header.setAttribute(SemMetadataFormat.MODEL, model.toString());
        IIOMetadataNode list = append(root, SemMetadataFormat.CHUNKS);
        for (Chunk chunk : chunks) {
            IIOMetadataNode node = append(list, SemMetadataFormat.CHUNK);
            node.setAttribute(SemMetadataFormat.TAG, String.valueOf(chunk.tag()));
            node.setAttribute(SemMetadataFormat.LENGTH, String.valueOf(chunk.payload().length));
        }
        if (source != null) {
            IIOMetadataNode synthesis = append(root, SemMetadataFormat.SYNTHESIS);
            synthesis.setAttribute(SemMetadataFormat.SOURCE_TYPE, source.uri());
            if (caption != null) {
                synthesis.setAttribute(SemMetadataFormat.CAPTION, caption);
            }
        }
        return root;
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
        IIOMetadataNode dimension = new IIOMetadataNode("Dimension");
        append(dimension, "PixelAspectRatio").setAttribute("value", "1.0");
        append(dimension, "ImageOrientation").setAttribute("value", "Normal");
        return dimension;
    }

    @Override
    protected IIOMetadataNode getStandardDocumentNode() {
        IIOMetadataNode document = new IIOMetadataNode("Document");
        append(document, "FormatVersion").setAttribute("value", String.valueOf(SemHeader.VERSION));
        return document;
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
