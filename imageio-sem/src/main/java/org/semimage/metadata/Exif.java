// SPDX-License-Identifier: Apache-2.0
package org.semimage.metadata;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What Exif says that other programs ask for. Read leniently: what is broken is as if it were not there.
 *
 * @param orientation 1..8, how the picture is to be turned (TIFF's Orientation); 1 if it does not say
 * @param pixelWidth  millimetres, 0 if unknown
 * @param pixelHeight millimetres, 0 if unknown
 * @param texts       fields of text by their names in the Exif standard, in the standard's order
 */
public record Exif(int orientation, double pixelWidth, double pixelHeight, Map<String, String> texts) {

    static final int ORIENTATION = 0x0112;
    static final int X_RESOLUTION = 0x011A;
    static final int Y_RESOLUTION = 0x011B;
    static final int RESOLUTION_UNIT = 0x0128;
    static final int DATE_TIME = 0x0132;
    static final int EXIF_DIRECTORY = 0x8769;
    static final int GPS_DIRECTORY = 0x8825;
    static final int DATE_TIME_ORIGINAL = 0x9003;

    static final int INCHES = 2;
    static final int CENTIMETRES = 3;

    private static final double MILLIMETRES_PER_INCH = 25.4;
    private static final int MAX_FIELDS = 1000;

    private static final Map<Integer, String> NAMES = names();

    private static Map<Integer, String> names() {
        Map<Integer, String> names = new LinkedHashMap<>();
        names.put(0x010E, "ImageDescription");
        names.put(0x010F, "Make");
        names.put(0x0110, "Model");
        names.put(0x0131, "Software");
        names.put(DATE_TIME, "DateTime");
        names.put(0x013B, "Artist");
        names.put(0x8298, "Copyright");
        names.put(DATE_TIME_ORIGINAL, "DateTimeOriginal");
        return names;
    }

    /** Reads Exif that begins with a TIFF header. */
    public static Exif of(byte[] tiff) {
        Map<Integer, TiffField> fields = fields(tiff, ExifBuilder.Directory.FIRST);
        fields(tiff, ExifBuilder.Directory.EXIF).forEach(fields::putIfAbsent);
        long orientation = fields.containsKey(ORIENTATION) ? fields.get(ORIENTATION).integer() : 1;
        double unit = unitInMillimetres(fields.get(RESOLUTION_UNIT));
        Map<String, String> texts = new LinkedHashMap<>();
        NAMES.forEach((tag, name) -> Optional.ofNullable(fields.get(tag)).map(TiffField::text).filter(text -> !text.isEmpty())
                .ifPresent(text -> texts.put(name, text)));
        return new Exif(orientation >= 1 && orientation <= 8 ? (int) orientation : 1, pixelSize(fields.get(X_RESOLUTION), unit),
                pixelSize(fields.get(Y_RESOLUTION), unit), texts);
    }

    /** When the picture was taken or, unless that is known, last changed: {@code YYYY:MM:DD HH:MM:SS}. Never a time that there is not. */
    public Optional<String> dateTime() {
        return dateTimes().filter(text -> ExifTime.parse(text).isPresent()).findFirst();
    }

    /** Those of the two times that there are not, such as one in month 0. */
    public List<String> impossibleDateTimes() {
        return dateTimes().filter(text -> !ExifTime.isUnknown(text) && ExifTime.parse(text).isEmpty()).toList();
    }

    private Stream<String> dateTimes() {
        return Stream.of("DateTimeOriginal", "DateTime").map(texts::get).filter(Objects::nonNull);
    }

    private static Optional<ByteBuffer> header(byte[] tiff) {
        if (tiff.length < 8 || tiff[0] != tiff[1] || tiff[0] != 'I' && tiff[0] != 'M') {
            return Optional.empty();
        }
        ByteOrder order = tiff[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        return Optional.of(ByteBuffer.wrap(tiff).order(order)).filter(buffer -> buffer.getShort(2) == 42);
    }

    /** The fields of a directory by their tags; of fields of one tag, the first. */
    static Map<Integer, TiffField> fields(byte[] tiff, ExifBuilder.Directory directory) {
        Optional<ByteBuffer> buffer = header(tiff);
        if (buffer.isEmpty()) {
            return new LinkedHashMap<>();
        }
        Map<Integer, TiffField> first = read(buffer.get(), buffer.get().getInt(4) & 0xFFFFFFFFL);
        if (directory == ExifBuilder.Directory.FIRST) {
            return first;
        }
        TiffField pointer = first.get(directory == ExifBuilder.Directory.EXIF ? EXIF_DIRECTORY : GPS_DIRECTORY);
        return pointer == null ? new LinkedHashMap<>() : read(buffer.get(), pointer.integer());
    }

    private static Map<Integer, TiffField> read(ByteBuffer tiff, long at) {
        Map<Integer, TiffField> fields = new LinkedHashMap<>();
        if (at < 8 || at + 2 > tiff.capacity()) {
            return fields;
        }
        int count = Math.min(tiff.getShort((int) at) & 0xFFFF, MAX_FIELDS);
        for (int i = 0; i < count && at + 2 + 12L * (i + 1) <= tiff.capacity(); i++) {
            int entry = (int) at + 2 + 12 * i;
            int tag = tiff.getShort(entry) & 0xFFFF;
            int type = tiff.getShort(entry + 2) & 0xFFFF;
            long length = (tiff.getInt(entry + 4) & 0xFFFFFFFFL) * TiffField.size(type);
            long from = length <= 4 ? entry + 8 : tiff.getInt(entry + 8) & 0xFFFFFFFFL;
            if (length > 0 && from + length <= tiff.capacity()) {
                fields.putIfAbsent(tag, new TiffField(tag, type, tiff.slice((int) from, (int) length).order(tiff.order())));
            }
        }
        return fields;
    }

    private static double unitInMillimetres(TiffField unit) {
        long code = unit == null ? INCHES : unit.integer();
        return code == INCHES ? MILLIMETRES_PER_INCH : code == CENTIMETRES ? 10 : 0;
    }

    private static double pixelSize(TiffField resolution, double unit) {
        double size = resolution == null ? 0 : unit / resolution.number();
        return size > 0 && Double.isFinite(size) ? size : 0;
    }
}
