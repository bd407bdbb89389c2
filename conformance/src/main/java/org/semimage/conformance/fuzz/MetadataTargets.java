// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.fuzz;

import org.semimage.container.Chunk;
import org.semimage.container.SemFile;
import org.semimage.metadata.Ancillary;
import org.semimage.metadata.Exif;
import org.semimage.metadata.ExifTime;
import org.semimage.metadata.ExtendedXmp;
import org.semimage.metadata.IccDescription;
import org.semimage.metadata.ThumbnailFile;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Metadata, which is read leniently: nothing but extended XMP is refused. */
final class MetadataTargets {

    private static final int SEGMENT = 200;

    private MetadataTargets() {
    }

    /** Chunks of a tag, a length in two bytes and a payload. What they hold is the same when it is taken out and put in again. */
    static void ancillary(FuzzInput in) {
        List<Chunk> chunks = new ArrayList<>();
        while (!in.isEmpty()) {
            char tag = (char) in.u8();
            int length = in.below(1 << 16);
            if (tag >= 'a' && tag <= 'z') {
                chunks.add(new Chunk(tag, in.take(length)));
            }
        }
        Ancillary read = new Ancillary(chunks);
        read.caption();
        read.digitalSourceType();
        read.withoutPayloadsTexts();
        for (byte[] thumbnail : read.thumbnails()) {
            Found.unless(thumbnail.length <= 1 << 16, "a thumbnail longer than its chunk");
        }
        Ancillary again = Ancillary.NONE.withIcc(read.icc()).withExif(read.exif()).withXmp(read.xmp()).withTexts(read.texts())
                .withThumbnails(read.thumbnails());
        Found.unless(again.faults().isEmpty(), "faults in what was written");
        Found.unless(same(read.icc(), again.icc()) && same(read.exif(), again.exif()) && same(read.xmp(), again.xmp())
                && read.texts().equals(again.texts()) && read.thumbnails().size() == again.thumbnails().size(),
                "metadata does not come back");
    }

    private static boolean same(Optional<byte[]> a, Optional<byte[]> b) {
        return Arrays.equals(a.orElse(null), b.orElse(null));
    }

    static List<byte[]> ancillarySeeds(List<byte[]> files) throws IOException {
        return Seeds.parsed(files).stream().map(Seeds::ancillary).filter(seed -> seed.length > 0).toList();
    }

    /** Contents of the files' chunks, unpacked. */
    static List<byte[]> contents(List<byte[]> files, Function<Ancillary, List<byte[]>> content) throws IOException {
        List<byte[]> contents = new ArrayList<>();
        for (SemFile file : Seeds.parsed(files)) {
            contents.addAll(content.apply(Ancillary.of(file.chunks())));
        }
        return contents;
    }

    static void exif(FuzzInput in) {
        Exif exif = Exif.of(in.rest());
        Found.unless(exif.orientation() >= 1 && exif.orientation() <= 8, "an orientation that there is not");
        Found.unless(exif.pixelWidth() >= 0 && exif.pixelHeight() >= 0 && Double.isFinite(exif.pixelWidth() + exif.pixelHeight()),
                "a pixel without a size");
        exif.impossibleDateTimes();
        exif.dateTime().ifPresent(time -> Found.unless(ExifTime.parse(time).isPresent(), "a time that there is not"));
    }

    static void icc(FuzzInput in) {
        IccDescription.of(in.rest()).ifPresent(name -> Found.unless(!name.isEmpty(), "a name of nothing"));
    }

    static void xmp(FuzzInput in) throws IOException {
        ExtendedXmp extended = new ExtendedXmp();
        if (in.flag()) {
            extended.add(in.take(in.below(SEGMENT)));
        }
        byte[] packet = in.rest();
        Ancillary ancillary = Ancillary.NONE.withXmp(Optional.of(packet));
        ancillary.caption();
        ancillary.digitalSourceType();
        extended.with(packet);
    }

    static List<byte[]> xmpSeeds(List<byte[]> files) throws IOException {
        return contents(files, ancillary -> ancillary.xmp().stream().map(packet -> Seeds.behind(packet, 0)).toList());
    }

    static void thumbnail(FuzzInput in) throws IOException {
        ThumbnailFile file = ThumbnailFile.of(in.rest());
        Found.unless(Math.max(file.width(), file.height()) <= ThumbnailFile.MAX_SIDE, "a thumbnail beyond its limit");
    }
}
