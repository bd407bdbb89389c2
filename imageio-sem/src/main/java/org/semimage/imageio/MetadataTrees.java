// SPDX-License-Identifier: Apache-2.0
package org.semimage.imageio;

import org.semimage.metadata.Ancillary;
import org.semimage.metadata.Exif;
import org.semimage.metadata.ExifBuilder;
import org.semimage.metadata.ExifTime;
import org.semimage.metadata.TextEntry;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

import javax.imageio.metadata.IIOInvalidTreeException;
import javax.imageio.metadata.IIOMetadataNode;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Takes what a user may say about a picture out of metadata trees. */
final class MetadataTrees {

    /** The standard format's names for Exif's orientations 1..8. */
    static final List<String> ORIENTATIONS = List.of("Normal", "FlipH", "Rotate180", "FlipV", "FlipHRotate90", "Rotate270",
            "FlipVRotate90", "Rotate90");

    private static final String[] DATE_FIELDS = {"year", "month", "day", "hour", "minute", "second"};

    /** The largest ICC profile, Exif or XMP packet and text that is carried into a picture. */
    static final int MAX_CONTENT = 1 << 24;

    /** What becomes of values that make no sense: an exception, or a warning and the others. */
    interface Faults {
        void on(String message, Node node) throws IIOInvalidTreeException;
    }

    private MetadataTrees() {
    }

    /** The elements below a node, itself excluded, that have a name. */
    static List<Element> elements(Node root, String name) {
        List<Element> found = new ArrayList<>();
        for (Node child = root.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child.getNodeName().equals(name)) {
                found.add((Element) child);
            }
            found.addAll(elements(child, name));
        }
        return found;
    }

    /** A node's user object if it is an array of bytes. */
    static Optional<byte[]> bytes(Node node) {
        return node instanceof IIOMetadataNode own && own.getUserObject() instanceof byte[] bytes && bytes.length <= MAX_CONTENT
                ? Optional.of(bytes.clone()) : Optional.empty();
    }

    static Ancillary mergeNative(Ancillary ancillary, Node root) throws IIOInvalidTreeException {
        Ancillary merged = ancillary;
        for (Element node : elements(root, SemMetadataFormat.ICC)) {
            merged = merged.withIcc(required(node));
        }
        for (Element node : elements(root, SemMetadataFormat.EXIF)) {
            merged = merged.withExif(required(node));
        }
        for (Element node : elements(root, SemMetadataFormat.XMP)) {
            merged = merged.withXmp(required(node));
        }
        List<TextEntry> texts = new ArrayList<>(merged.texts());
        for (Element node : elements(root, SemMetadataFormat.TEXT)) {
            add(node, node.getAttribute(SemMetadataFormat.KEYWORD), texts);
        }
        return merged.withTexts(texts);
    }

    private static Optional<byte[]> required(Element node) throws IIOInvalidTreeException {
        Optional<byte[]> bytes = bytes(node).filter(content -> content.length > 0);
        if (bytes.isEmpty()) {
            throw new IIOInvalidTreeException(node.getNodeName() + " needs a user object of 1.." + MAX_CONTENT + " bytes", node);
        }
        return bytes;
    }

    private static void add(Element node, String keyword, List<TextEntry> texts) throws IIOInvalidTreeException {
        try {
            TextEntry text = new TextEntry(keyword, node.getAttribute("language"), node.getAttribute("value"));
            if (!texts.contains(text)) {
                texts.add(text);
            }
        } catch (IllegalArgumentException e) {
            throw new IIOInvalidTreeException(e.getMessage(), e, node);
        }
    }

    /**
     * Texts are added. Orientation, pixel size and date go into Exif; Exif that is there already is the camera's and stays as it is, but
     * for what the tree says otherwise.
     */
    static Ancillary mergeStandard(Ancillary ancillary, Node root) throws IIOInvalidTreeException {
        List<TextEntry> texts = new ArrayList<>(ancillary.texts());
        for (Element node : elements(root, "TextEntry")) {
            add(node, node.hasAttribute("keyword") ? node.getAttribute("keyword") : "Comment", texts);
        }
        return withStandardExif(ancillary.withTexts(texts), root, (message, at) -> {
            throw new IIOInvalidTreeException(message, at);
        });
    }

    /**
     * Builds Exif of what a standard tree says, unless the existing one says the same.
     *
     * @throws IIOInvalidTreeException if {@code faults} throws it
     */
    static Ancillary withStandardExif(Ancillary ancillary, Node root, Faults faults) throws IIOInvalidTreeException {
        Exif old = Exif.of(ancillary.exif().orElse(new byte[0]));
        ExifBuilder builder = new ExifBuilder();
        int turned = orientation(root, faults).orElse(old.orientation());
        double width = size(root, "Horizontal", faults).orElse(old.pixelWidth());
        double height = size(root, "Vertical", faults).orElse(old.pixelHeight());
        Optional<String> date = date(root, faults);
        boolean same = turned == old.orientation() && same(width, old.pixelWidth()) && same(height, old.pixelHeight())
                && (date.isEmpty() || date.equals(old.dateTime()));
        if (same) {
            return ancillary;
        }
        if (ancillary.exif().isPresent()) {
            builder.addAll(ancillary.exif().get());
        }
        if (turned != 1 || old.orientation() != 1) {
            builder.orientation(turned);
        }
        if (width > 0 && height > 0) {
            builder.pixelSize(width, height);
        }
        date.ifPresent(builder::dateTime);
        return ancillary.withExif(builder.build());
    }

    private static boolean same(double a, double b) {
        return Math.abs(a - b) <= 1e-4 * Math.max(a, b);
    }

    /** Exif's number of an orientation. The JDK's own plug-ins do not agree on upper and lower case. */
    private static Optional<Integer> orientation(Node root, Faults faults) throws IIOInvalidTreeException {
        Optional<String> name = value(root, "ImageOrientation");
        for (int i = 0; i < ORIENTATIONS.size(); i++) {
            if (name.isPresent() && ORIENTATIONS.get(i).equalsIgnoreCase(name.get())) {
                return Optional.of(i + 1);
            }
        }
        if (name.isPresent()) {
            faults.on("ImageOrientation '" + name.get() + "' is none of " + ORIENTATIONS, root);
        }
        return Optional.empty();
    }

    private static Optional<String> value(Node root, String name) {
        return elements(root, name).stream().map(node -> node.getAttribute("value")).filter(text -> !text.isEmpty()).findFirst();
    }

    /** The size of a pixel along an axis in millimetres, or what some plug-ins say in its place: the distance of pixels. */
    private static Optional<Double> size(Node root, String axis, Faults faults) throws IIOInvalidTreeException {
        Optional<Double> size = number(root, axis + "PixelSize", faults);
        return size.isPresent() ? size : number(root, axis + "PhysicalPixelSpacing", faults);
    }

    private static Optional<Double> number(Node root, String name, Faults faults) throws IIOInvalidTreeException {
        Optional<String> text = value(root, name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return text.map(Double::valueOf).filter(number -> number > 0 && Double.isFinite(number));
        } catch (NumberFormatException e) {
            faults.on(name + " '" + text.get() + "' is not a number", root);
            return Optional.empty();
        }
    }

    /** The attributes of the standard format's times, of a time as Exif writes it; empty if there is no such time. */
    static Optional<Map<String, String>> dateFields(String dateTime) {
        return ExifTime.parse(dateTime).map(time -> {
            int[] values = {time.getYear(), time.getMonthValue(), time.getDayOfMonth(), time.getHour(), time.getMinute(), time.getSecond()};
            Map<String, String> fields = new LinkedHashMap<>();
            for (int i = 0; i < DATE_FIELDS.length; i++) {
                fields.put(DATE_FIELDS[i], String.valueOf(values[i]));
            }
            return fields;
        });
    }

    private static Optional<String> date(Node root, Faults faults) throws IIOInvalidTreeException {
        List<Element> times = elements(root, "ImageCreationTime");
        if (times.isEmpty()) {
            return Optional.empty();
        }
        int[] values = new int[DATE_FIELDS.length];
        try {
            for (int i = 0; i < values.length; i++) {
                String text = times.get(0).getAttribute(DATE_FIELDS[i]);
                values[i] = text.isEmpty() ? 0 : Integer.parseInt(text);
            }
            return Optional.of(ExifTime.format(ExifTime.of(values)));
        } catch (NumberFormatException | DateTimeException e) {
            faults.on("ImageCreationTime " + Arrays.toString(values) + " is no time: " + e.getMessage(), times.get(0));
            return Optional.empty();
        }
    }
}
