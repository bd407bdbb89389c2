package org.semimage.imageio;

import org.semimage.container.SemLimits;

import javax.imageio.ImageTypeSpecifier;
import javax.imageio.metadata.IIOMetadataFormat;
import javax.imageio.metadata.IIOMetadataFormatImpl;

/** The structure of {@link SemMetadata}'s native tree: a {@code Header}, the list of {@code Chunks}, and {@code Synthesis} if
 * the file holds no pixels: the IPTC digital source type of what a reader gives, and the caption. */
public final class SemMetadataFormat extends IIOMetadataFormatImpl {

    static final String HEADER = "Header";
    static final String VERSION = "version";
    static final String PROFILE = "profile";
    static final String PLANES = "planes";
    static final String MODEL = "model";
    static final String CHUNKS = "Chunks";
    static final String CHUNK = "Chunk";
    static final String TAG = "tag";
    static final String LENGTH = "length";
    static final String SYNTHESIS = "Synthesis";
    static final String SOURCE_TYPE = "digitalSourceType";
    static final String CAPTION = "caption";

    private static final SemMetadataFormat INSTANCE = new SemMetadataFormat();

    private SemMetadataFormat() {
        super(SemMetadata.FORMAT_NAME, CHILD_POLICY_SOME);
        addElement(HEADER, SemMetadata.FORMAT_NAME, CHILD_POLICY_EMPTY);
        addAttribute(HEADER, VERSION, DATATYPE_INTEGER, true, null);
        addAttribute(HEADER, PROFILE, DATATYPE_STRING, true, null);
        addAttribute(HEADER, PLANES, DATATYPE_STRING, true, null);
        addAttribute(HEADER, MODEL, DATATYPE_STRING, true, null);
        addElement(CHUNKS, SemMetadata.FORMAT_NAME, 0, SemLimits.MAX_CHUNKS);
        addElement(CHUNK, CHUNKS, CHILD_POLICY_EMPTY);
        addAttribute(CHUNK, TAG, DATATYPE_STRING, true, null);
        addAttribute(CHUNK, LENGTH, DATATYPE_INTEGER, true, null);
        addElement(SYNTHESIS, SemMetadata.FORMAT_NAME, CHILD_POLICY_EMPTY);
        addAttribute(SYNTHESIS, SOURCE_TYPE, DATATYPE_STRING, true, null);
        addAttribute(SYNTHESIS, CAPTION, DATATYPE_STRING, false, null);
    }

    /** The one instance; ImageIO finds it by reflection. */
    public static IIOMetadataFormat getInstance() {
        return INSTANCE;
    }

    @Override
    public boolean canNodeAppear(String elementName, ImageTypeSpecifier imageType) {
        return true;
    }
}
