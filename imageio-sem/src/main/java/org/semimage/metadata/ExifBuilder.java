// SPDX-License-Identifier: Apache-2.0
package org.semimage.metadata;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Collects fields and writes them as Exif, big-endian: a first directory, and behind it those of Exif and GPS. */
public final class ExifBuilder {

    /** Which of Exif's directories a field belongs to. */
    public enum Directory {
        /** IFD0: the picture itself. */
        FIRST,
        /** How it was taken. */
        EXIF,
        /** Where it was taken. */
        GPS
    }

    private static final int HEADER = 8;
    private static final int ENTRY = 12;

    private final Map<Directory, TreeMap<Integer, TiffField>> directories = Map.of(
            Directory.FIRST, new TreeMap<>(), Directory.EXIF, new TreeMap<>(), Directory.GPS, new TreeMap<>());

    /** Adds a field of 16-bit numbers. */
    ExifBuilder shorts(Directory directory, int tag, int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(2 * values.length);
        for (int value : values) {
            bytes.putShort((short) value);
        }
        return add(directory, tag, TiffField.SHORT, bytes.array());
    }

    /** Adds a field of text. */
    public ExifBuilder text(Directory directory, int tag, String value) {
        return add(directory, tag, TiffField.ASCII, (value + '\0').getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Adds a field of any type.
     *
     * @param type   1..12, as TIFF numbers them
     * @param values big-endian; nothing is added if there are none
     * @throws IllegalArgumentException if there is no such type, or the values are no whole number of it
     */
    public ExifBuilder add(Directory directory, int tag, int type, byte[] values) {
        int size = TiffField.size(type);
        if (size == 0 || values.length % size != 0) {
            throw new IllegalArgumentException(values.length + " bytes of TIFF type " + type);
        }
        if (values.length > 0) {
            directories.get(directory).put(tag, new TiffField(tag, type, ByteBuffer.wrap(values)));
        }
        return this;
    }

    /** Adds all fields of existing Exif. A maker's note that points to places outside itself is of no use afterwards. */
    public ExifBuilder addAll(byte[] exif) {
        for (Directory directory : Directory.values()) {
            Exif.fields(exif, directory).forEach((tag, field) -> add(directory, tag, field.type(), field.bigEndian()));
        }
        return this;
    }

    /** Says how the picture is to be turned, 1..8. */
    public ExifBuilder orientation(int orientation) {
        return shorts(Directory.FIRST, Exif.ORIENTATION, orientation);
    }

    /** Says how large a pixel is, in millimetres. */
    public ExifBuilder pixelSize(double width, double height) {
        return resolution(Exif.X_RESOLUTION, width).resolution(Exif.Y_RESOLUTION, height)
                .shorts(Directory.FIRST, Exif.RESOLUTION_UNIT, Exif.INCHES);
    }

    private ExifBuilder resolution(int tag, double pixelSize) {
        int denominator = 10_000;
        long perInch = Math.min(0xFFFFFFFFL, Math.round(25.4 / pixelSize * denominator));
        return add(Directory.FIRST, tag, TiffField.RATIONAL, ByteBuffer.allocate(8).putInt((int) perInch).putInt(denominator).array());
    }

    /** Says when the picture was taken: {@code YYYY:MM:DD HH:MM:SS}. */
    public ExifBuilder dateTime(String dateTime) {
        return text(Directory.EXIF, Exif.DATE_TIME_ORIGINAL, dateTime);
    }

    /** The Exif of all fields, from the TIFF header on; empty if there are none. */
    public Optional<byte[]> build() {
        TreeMap<Integer, TiffField> first = new TreeMap<>(directories.get(Directory.FIRST));
        TreeMap<Integer, TiffField> exif = directories.get(Directory.EXIF);
        TreeMap<Integer, TiffField> gps = directories.get(Directory.GPS);
        first.keySet().removeAll(List.of(Exif.EXIF_DIRECTORY, Exif.GPS_DIRECTORY));
        if (!exif.isEmpty()) {
            first.put(Exif.EXIF_DIRECTORY, pointer(Exif.EXIF_DIRECTORY, 0));
        }
        if (!gps.isEmpty()) {
            first.put(Exif.GPS_DIRECTORY, pointer(Exif.GPS_DIRECTORY, 0));
        }
        if (first.isEmpty()) {
            return Optional.empty();
        }
        int exifAt = HEADER + size(first);
        int gpsAt = exifAt + (exif.isEmpty() ? 0 : size(exif));
        first.computeIfPresent(Exif.EXIF_DIRECTORY, (tag, field) -> pointer(tag, exifAt));
        first.computeIfPresent(Exif.GPS_DIRECTORY, (tag, field) -> pointer(tag, gpsAt));
        ByteBuffer out = ByteBuffer.allocate(gpsAt + (gps.isEmpty() ? 0 : size(gps)));
        out.put((byte) 'M').put((byte) 'M').putShort((short) 42).putInt(HEADER);
        for (TreeMap<Integer, TiffField> directory : List.of(first, exif, gps)) {
            if (!directory.isEmpty()) {
                write(directory, out);
            }
        }
        return Optional.of(out.array());
    }

    private static TiffField pointer(int tag, int offset) {
        return new TiffField(tag, TiffField.LONG, ByteBuffer.allocate(4).putInt(0, offset));
    }

    /** Bytes of a directory and of those of its values that do not fit their entry; even, as offsets must be. */
    private static int size(TreeMap<Integer, TiffField> directory) {
        int size = 2 + ENTRY * directory.size() + 4;
        for (TiffField field : directory.values()) {
            size += outside(field);
        }
        return size;
    }

    private static int outside(TiffField field) {
        int length = field.value().limit();
        return length <= 4 ? 0 : length + (length & 1);
    }

    private static void write(TreeMap<Integer, TiffField> directory, ByteBuffer out) {
        int valuesAt = out.position() + 2 + ENTRY * directory.size() + 4;
        out.putShort((short) directory.size());
        for (TiffField field : directory.values()) {
            out.putShort((short) field.tag()).putShort((short) field.type()).putInt(field.count());
            if (outside(field) == 0) {
                byte[] inside = new byte[4];
                field.value().get(0, inside, 0, field.value().limit());
                out.put(inside);
            } else {
                out.putInt(valuesAt);
                valuesAt += outside(field);
            }
        }
        out.putInt(0);
        for (TiffField field : directory.values()) {
            if (outside(field) > 0) {
                byte[] values = new byte[outside(field)];
                field.value().get(0, values, 0, field.value().limit());
                out.put(values);
            }
        }
    }
}
