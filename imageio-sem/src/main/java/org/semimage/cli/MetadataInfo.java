// SPDX-License-Identifier: Apache-2.0
package org.semimage.cli;

import org.semimage.container.SemFile;
import org.semimage.metadata.Ancillary;
import org.semimage.metadata.Exif;
import org.semimage.metadata.IccDescription;
import org.semimage.metadata.TextEntry;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What {@code sem info} says about a picture's metadata; Gson writes it field by field, and leaves out what is null.
 *
 * @param icc               the ICC profile's name
 * @param exif              null if there is none
 * @param xmpBytes          length of the XMP packet
 * @param caption           of a text or of XMP; null where the payload has it
 * @param digitalSourceType of a text or of XMP; null where it follows from the profile
 * @param texts             all texts
 * @param thumbnailBytes    length of each thumbnail's file
 * @param faults            what could not be read
 */
record MetadataInfo(String icc, ExifInfo exif, Integer xmpBytes, String caption, String digitalSourceType, List<TextEntry> texts,
                    List<Integer> thumbnailBytes, List<String> faults) {

    /** Exif, pixel sizes in millimetres or null. */
    record ExifInfo(int bytes, int orientation, Double pixelWidth, Double pixelHeight, Map<String, String> fields) {

        private static ExifInfo of(byte[] bytes) {
            Exif exif = Exif.of(bytes);
            boolean sized = exif.pixelWidth() > 0 && exif.pixelHeight() > 0;
            return new ExifInfo(bytes.length, exif.orientation(), sized ? exif.pixelWidth() : null, sized ? exif.pixelHeight() : null,
                    exif.texts());
        }
    }

    static MetadataInfo of(SemFile sem) {
        Ancillary ancillary = Ancillary.of(sem.chunks());
        boolean payloadSays = sem.header().profile().isSemantic();
        return new MetadataInfo(
                ancillary.icc().map(icc -> IccDescription.of(icc).orElse("unnamed")).orElse(null),
                ancillary.exif().map(ExifInfo::of).orElse(null),
                ancillary.xmp().map(packet -> packet.length).orElse(null),
                payloadSays ? null : ancillary.caption().orElse(null),
                payloadSays ? null : ancillary.digitalSourceType().orElse(null),
                (payloadSays ? ancillary.withoutPayloadsTexts() : ancillary).texts(),
                ancillary.thumbnails().stream().map(file -> file.length).toList(),
                ancillary.faults());
    }

    void print(PrintWriter out) {
        line(out, "icc", icc);
        if (exif != null) {
            line(out, "exif", exif.bytes + " bytes, orientation " + exif.orientation);
            if (exif.pixelWidth != null) {
                line(out, "dpi", String.format(Locale.ROOT, "%.0f x %.0f", 25.4 / exif.pixelWidth, 25.4 / exif.pixelHeight));
            }
            exif.fields.forEach((name, value) -> line(out, "exif", name + ": " + value));
        }
        line(out, "xmp", xmpBytes == null ? null : xmpBytes + " bytes");
        line(out, "caption", caption);
        line(out, "source", digitalSourceType);
        texts.forEach(text ->
                line(out, "text", text.keyword() + (text.language().isEmpty() ? "" : " (" + text.language() + ")") + ": " + text.value()));
        thumbnailBytes.forEach(length -> line(out, "thumb", length + " bytes"));
        faults.forEach(fault -> line(out, "fault", fault));
    }

    /** One line, whatever the value holds: control characters become spaces. */
    static void line(PrintWriter out, String name, String value) {
        if (value != null) {
            out.printf(Locale.ROOT, "%-7s %s%n", name, value.replaceAll("\\p{Cntrl}+", " "));
        }
    }
}
