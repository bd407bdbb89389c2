// SPDX-License-Identifier: Apache-2.0
package org.semimage.metadata;

import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

import javax.imageio.IIOException;
import javax.xml.XMLConstants;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * XMP beyond the 64 kB of a JPEG segment: a packet that names an extension by its MD5, and the extension in pieces (XMP specification,
 * part 3, "Extended XMP in JPEG").
 */
public final class ExtendedXmp {

    private static final String NOTE = "http://ns.adobe.com/xmp/note/";
    private static final String POINTER = "HasExtendedXMP";
    private static final int DIGEST = 32;
    private static final int HEADER = DIGEST + 2 * Integer.BYTES;

    /** The longest extension that is put together. */
    private static final int MAX_LENGTH = 1 << 24;

    /** Some bytes of the extension that a digest names. */
    private record Piece(String digest, long length, long offset, byte[] segment) {

        int size() {
            return segment.length - HEADER;
        }
    }

    private final List<Piece> pieces = new ArrayList<>();

    /** Adds the content of a segment behind its name; one that is too short for its header is passed over. */
    public void add(byte[] segment) {
        if (segment.length > HEADER) {
            ByteBuffer in = ByteBuffer.wrap(segment);
            pieces.add(new Piece(new String(segment, 0, DIGEST, StandardCharsets.ISO_8859_1), in.getInt(DIGEST) & 0xFFFFFFFFL,
                    in.getInt(DIGEST + Integer.BYTES) & 0xFFFFFFFFL, segment));
        }
    }

    /**
     * A packet together with the extension that it names.
     *
     * @param packet as the file has it
     * @return the packet itself if it names none
     * @throws IIOException if the extension is not whole, not the one that is named, or cannot be parsed
     */
    public byte[] with(byte[] packet) throws IIOException {
        Optional<String> named = Xmp.property(packet, NOTE, POINTER);
        if (named.isEmpty()) {
            return packet;
        }
        byte[] extension = extension(named.get());
        try {
            Document document = Xmp.parse(packet);
            Element target = rdf(document);
            NodeList descriptions = rdf(Xmp.parse(extension)).getChildNodes();
            for (int i = 0; i < descriptions.getLength(); i++) {
                if (descriptions.item(i) instanceof Element) {
                    target.appendChild(document.importNode(descriptions.item(i), true));
                }
            }
            removePointer(document);
            return bytes(document);
        } catch (SAXException | IOException | ParserConfigurationException | TransformerException e) {
            throw new IIOException("the extension of its XMP cannot be read: " + e.getMessage(), e);
        }
    }

    private byte[] extension(String digest) throws IIOException {
        List<Piece> own = pieces.stream().filter(piece -> piece.digest.equalsIgnoreCase(digest))
                .sorted(Comparator.comparingLong(Piece::offset)).toList();
        long length = own.isEmpty() ? 0 : own.get(0).length;
        if (length > MAX_LENGTH) {
            throw new IIOException("the extension of its XMP has " + length + " bytes, more than " + MAX_LENGTH);
        }
        ByteArrayOutputStream whole = new ByteArrayOutputStream((int) length);
        for (Piece piece : own) {
            if (piece.offset == whole.size() && piece.length == length) {
                whole.write(piece.segment, HEADER, piece.size());
            }
        }
        if (length == 0 || whole.size() != length) {
            throw new IIOException("of the extension of its XMP there are " + whole.size() + " of " + length + " bytes");
        }
        if (!HexFormat.of().formatHex(md5(whole.toByteArray())).equalsIgnoreCase(digest)) {
            throw new IIOException("the extension of its XMP is not the one that it names");
        }
        return whole.toByteArray();
    }

    private static byte[] md5(byte[] bytes) {
        try {
            return MessageDigest.getInstance("MD5").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }

    private static Element rdf(Document document) throws IIOException {
        NodeList found = document.getElementsByTagNameNS(Xmp.RDF, "RDF");
        if (found.getLength() == 0) {
            throw new IIOException("XMP without rdf:RDF");
        }
        return (Element) found.item(0);
    }

    private static void removePointer(Document document) {
        NodeList elements = document.getElementsByTagNameNS(NOTE, POINTER);
        while (elements.getLength() > 0) {
            Node element = elements.item(0);
            element.getParentNode().removeChild(element);
        }
        NodeList descriptions = document.getElementsByTagNameNS(Xmp.RDF, "Description");
        for (int i = 0; i < descriptions.getLength(); i++) {
            ((Element) descriptions.item(i)).removeAttributeNS(NOTE, POINTER);
        }
    }

    private static byte[] bytes(Document document) throws TransformerException {
        TransformerFactory factory = TransformerFactory.newDefaultInstance();
        factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
        Transformer identity = factory.newTransformer();
        identity.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
        identity.setOutputProperty(OutputKeys.ENCODING, "UTF-8");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        identity.transform(new DOMSource(document), new StreamResult(out));
        return out.toByteArray();
    }
}
