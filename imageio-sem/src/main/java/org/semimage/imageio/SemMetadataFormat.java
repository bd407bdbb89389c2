// SPDX-License-Identifier: Apache-2.0
package org.semimage.imageio;

import org.semimage.container.SemLimits;

import javax.imageio.ImageTypeSpecifier;
import javax.imageio.metadata.IIOMetadataFormat;
import javax.imageio.metadata.IIOMetadataFormatImpl;
import java.util.Locale;
import java.util.Map;

/**
 * The structure of {@link SemMetadata}'s native tree, all elements in this order:
 *
 * <pre>{@code
 * <Header version profile planes model/>   what the header says; ignored when a tree is merged
 * <Chunks>                                 what the file consists of; ignored when a tree is merged
 *   <Chunk tag length/>*
 * </Chunks>
 * <Synthesis digitalSourceType caption/>?  of a file that holds no pixels: IPTC's digital source type of those that a
 *                                          reader gives, and the caption, if there is one; ignored when a tree is merged
 * <ICCProfile/>?                           user object: byte[], the profile of the samples as they are stored
 * <Exif/>?                                 user object: byte[], from the TIFF header on
 * <XMP/>?                                  user object: byte[], a packet in UTF-8
 * <Text keyword language value/>*          language is a tag as of BCP 47, or empty
 * }</pre>
 */
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
    static final String ICC = "ICCProfile";
    static final String EXIF = "Exif";
    static final String XMP = "XMP";
    static final String TEXT = "Text";
    static final String KEYWORD = "keyword";
    static final String LANGUAGE = "language";
    static final String VALUE = "value";

    private static final Map<String, String> DESCRIPTIONS = Map.of(
            HEADER, "What the picture's header says",
            CHUNKS, "The pieces of the file, in their order",
            CHUNK, "A piece of the file: its tag and the bytes of its payload",
            SYNTHESIS, "What a file without pixels says: where decoded ones come from, and what the picture shows",
            ICC, "The ICC profile of the samples as they are stored",
            EXIF, "Exif, from the TIFF header on",
            XMP, "An XMP packet in UTF-8",
            TEXT, "A text and what it is; the keywords Caption and DigitalSourceType have the meanings that IPTC gives them");

    private static final SemMetadataFormat INSTANCE = new SemMetadataFormat();

    private SemMetadataFormat() {
        super(SemMetadata.FORMAT_NAME, CHILD_POLICY_SEQUENCE);
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
        for (String name : new String[] {ICC, EXIF, XMP}) {
            addElement(name, SemMetadata.FORMAT_NAME, CHILD_POLICY_EMPTY);
            addObjectValue(name, byte.class, 1, MetadataTrees.MAX_CONTENT);
        }
        addElement(TEXT, SemMetadata.FORMAT_NAME, CHILD_POLICY_EMPTY);
        addAttribute(TEXT, KEYWORD, DATATYPE_STRING, true, null);
        addAttribute(TEXT, LANGUAGE, DATATYPE_STRING, false, "");
        addAttribute(TEXT, VALUE, DATATYPE_STRING, true, null);
    }

    /** The one instance; ImageIO finds it by reflection. */
    public static IIOMetadataFormat getInstance() {
        return INSTANCE;
    }

    @Override
    public boolean canNodeAppear(String elementName, ImageTypeSpecifier imageType) {
        return true;
    }

    /** In English, whatever the locale. */
    @Override
    public String getElementDescription(String elementName, Locale locale) {
        return DESCRIPTIONS.get(elementName);
    }
}
