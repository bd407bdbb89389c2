// SPDX-License-Identifier: Apache-2.0
package org.semimage.metadata;

import org.w3c.dom.Attr;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.ErrorHandler;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Optional;

/** Looks up single properties of an XMP packet. */
final class Xmp {

    private static final String IPTC_EXTENSION = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/";
    private static final String DUBLIN_CORE = "http://purl.org/dc/elements/1.1/";
    static final String RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";

    private Xmp() {
    }

    /** How the picture came about: IPTC's DigitalSourceType, a URI. Empty if the packet does not say or cannot be parsed. */
    static Optional<String> digitalSourceType(byte[] packet) {
        return property(packet, IPTC_EXTENSION, "DigitalSourceType");
    }

    /** IPTC's caption, in its first language. Empty if the packet has none or cannot be parsed. */
    static Optional<String> caption(byte[] packet) {
        return property(packet, DUBLIN_CORE, "description");
    }

    /** A simple property, or the first item of an array, whether written as an element or as an attribute. */
    static Optional<String> property(byte[] packet, String namespace, String name) {
        try {
            Document document = parse(packet);
            NodeList elements = document.getElementsByTagNameNS(namespace, name);
            if (elements.getLength() > 0) {
                Element element = (Element) elements.item(0);
                NodeList items = element.getElementsByTagNameNS(RDF, "li");
                return text((items.getLength() > 0 ? items.item(0) : element).getTextContent());
            }
            NodeList descriptions = document.getElementsByTagNameNS(RDF, "Description");
            for (int i = 0; i < descriptions.getLength(); i++) {
                Attr attribute = ((Element) descriptions.item(i)).getAttributeNodeNS(namespace, name);
                if (attribute != null) {
                    return text(attribute.getValue());
                }
            }
            return Optional.empty();
        } catch (SAXException | IOException | ParserConfigurationException e) {
            System.getLogger("org.semimage").log(System.Logger.Level.DEBUG, "XMP packet cannot be parsed", e);
            return Optional.empty();
        }
    }

    static Document parse(byte[] packet) throws SAXException, IOException, ParserConfigurationException {
        return parser().parse(new InputSource(new ByteArrayInputStream(packet)));
    }

    private static Optional<String> text(String value) {
        return Optional.of(value.strip()).filter(text -> !text.isEmpty());
    }

    /** A parser that fetches nothing and expands no entities. */
    private static DocumentBuilder parser() throws ParserConfigurationException {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultNSInstance();
        factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        DocumentBuilder builder = factory.newDocumentBuilder();
        builder.setErrorHandler(new Strict());
        return builder;
    }

    /** Throws errors instead of printing them. */
    private static final class Strict implements ErrorHandler {

        @Override
        public void warning(SAXParseException e) {
        }

        @Override
        public void error(SAXParseException e) throws SAXException {
            throw e;
        }

        @Override
        public void fatalError(SAXParseException e) throws SAXException {
            throw e;
        }
    }
}
