// SPDX-License-Identifier: Apache-2.0
package org.semimage.metadata;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A field of a TIFF directory, which is what Exif is made of.
 *
 * @param tag   number of the field
 * @param type  1..12, as TIFF numbers them
 * @param value the values in a buffer of the file's byte order, from position 0 to its limit
 */
record TiffField(int tag, int type, ByteBuffer value) {

    static final int ASCII = 2;
    static final int SHORT = 3;
    static final int LONG = 4;
    static final int RATIONAL = 5;
    private static final int SRATIONAL = 10;

    private static final int[] SIZES = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8};

    /** Bytes of one value of a type; 0 if there is no such type. */
    static int size(int type) {
        return type >= 1 && type < SIZES.length ? SIZES[type] : 0;
    }

    int count() {
        return value.limit() / size(type);
    }

    /** The first value as a whole number; -1 if the field holds none. */
    long integer() {
        if (count() == 0) {
            return -1;
        }
        return switch (type) {
            case SHORT -> value.getShort(0) & 0xFFFF;
            case LONG -> value.getInt(0) & 0xFFFFFFFFL;
            default -> size(type) == 1 ? value.get(0) & 0xFF : -1;
        };
    }

    /** The first value as a number; NaN if the field holds none. */
    double number() {
        if (count() == 0) {
            return Double.NaN;
        }
        return switch (type) {
            case RATIONAL -> (value.getInt(0) & 0xFFFFFFFFL) / (double) (value.getInt(4) & 0xFFFFFFFFL);
            case SRATIONAL -> value.getInt(0) / (double) value.getInt(4);
            default -> integer() < 0 ? Double.NaN : integer();
        };
    }

    /** The text of a field of ASCII characters, which in practice are UTF-8; empty if it is of another type. */
    String text() {
        if (type != ASCII) {
            return "";
        }
        byte[] bytes = new byte[value.limit()];
        value.get(0, bytes);
        String text = new String(bytes, StandardCharsets.UTF_8);
        int end = text.indexOf('\0');
        return (end < 0 ? text : text.substring(0, end)).strip();
    }

    /** The values in big-endian order. */
    byte[] bigEndian() {
        byte[] bytes = new byte[value.limit()];
        value.get(0, bytes);
        int unit = type == RATIONAL || type == SRATIONAL ? 4 : size(type);
        if (value.order() == ByteOrder.LITTLE_ENDIAN) {
            for (int at = 0; at < bytes.length; at += unit) {
                for (int i = 0; i < unit / 2; i++) {
                    byte swapped = bytes[at + i];
                    bytes[at + i] = bytes[at + unit - 1 - i];
                    bytes[at + unit - 1 - i] = swapped;
                }
            }
        }
        return bytes;
    }
}
