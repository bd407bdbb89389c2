// SPDX-License-Identifier: Apache-2.0
package org.semimage.imageio;

import org.w3c.dom.Element;
import org.w3c.dom.Node;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Reads field values out of TIFF's native metadata trees, where they stand as text. */
final class TiffTree {

    /** Names of the nodes of values, at the place of their type's number; "s" is appended for the node around them. */
    private static final List<String> TYPES = List.of("", "TIFFByte", "TIFFAscii", "TIFFShort", "TIFFLong", "TIFFRational", "TIFFSByte",
            "TIFFUndefined", "TIFFSShort", "TIFFSLong", "TIFFSRational", "TIFFFloat", "TIFFDouble");
    private static final String UNDEFINED = "TIFFUndefined";

    /**
     * A field's values.
     *
     * @param type  1..12, as TIFF numbers them
     * @param bytes big-endian
     */
    record Values(int type, byte[] bytes) {
    }

    private TiffTree() {
    }

    /** The values of a node {@code TIFFField}; empty if it holds none, or some that cannot be read. */
    static Optional<Values> values(Element field) {
        for (Node list = field.getFirstChild(); list != null; list = list.getNextSibling()) {
            String name = list.getNodeName();
            int type = name.equals(UNDEFINED) ? TYPES.indexOf(UNDEFINED) : TYPES.indexOf(name.replaceFirst("s$", ""));
            if (type > 0) {
                return read(list, type);
            }
        }
        return Optional.empty();
    }

    private static Optional<Values> read(Node list, int type) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            if (TYPES.get(type).equals(UNDEFINED)) {
                for (String value : ((Element) list).getAttribute("value").split(",")) {
                    out.writeByte(Integer.parseInt(value.strip()));
                }
            }
            for (Node node = list.getFirstChild(); node != null; node = node.getNextSibling()) {
                write(((Element) node).getAttribute("value"), type, out);
            }
            return Optional.of(new Values(type, bytes.toByteArray()));
        } catch (NumberFormatException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(String value, int type, DataOutputStream out) throws IOException {
        switch (TYPES.get(type)) {
            case "TIFFAscii" -> {
                out.write(value.getBytes(StandardCharsets.UTF_8));
                out.writeByte(0);
            }
            case "TIFFByte", "TIFFSByte" -> out.writeByte(Integer.parseInt(value));
            case "TIFFShort", "TIFFSShort" -> out.writeShort(Integer.parseInt(value));
            case "TIFFLong", "TIFFSLong" -> out.writeInt((int) Long.parseLong(value));
            case "TIFFFloat" -> out.writeFloat(Float.parseFloat(value));
            case "TIFFDouble" -> out.writeDouble(Double.parseDouble(value));
            default -> {
                String[] parts = value.split("/");
                out.writeInt((int) Long.parseLong(parts[0]));
                out.writeInt(parts.length > 1 ? (int) Long.parseLong(parts[1]) : 1);
            }
        }
    }
}
