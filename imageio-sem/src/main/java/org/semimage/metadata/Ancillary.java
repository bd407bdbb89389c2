// SPDX-License-Identifier: Apache-2.0
package org.semimage.metadata;

import org.semimage.container.Chunk;
import org.semimage.container.SemLimits;

import javax.imageio.IIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A picture's ancillary chunks, and what those mean that the format defines (FORMAT.md, "Ancillary chunks"). Immutable but for the
 * arrays, which nobody must change.
 *
 * <p>Contents are unpacked once, when the first is asked for. A chunk without a meaning is passed over; {@link #faults} says which, and
 * why.
 */
public final class Ancillary {

    /** No chunks. */
    public static final Ancillary NONE = new Ancillary(List.of());

    private static final String KNOWN = "" + Chunk.ICC + Chunk.EXIF + Chunk.XMP + Chunk.TEXT + Chunk.THUMBNAIL;

    /** Keywords of texts that have no place beside a payload of words or descriptors. */
    private static final Set<String> PAYLOADS_KEYWORDS = Set.of(TextEntry.CAPTION, TextEntry.DIGITAL_SOURCE_TYPE);

    /** Reads one chunk's payload. */
    private interface Unpacking<T> {
        T of(byte[] payload) throws IIOException;
    }

    private final List<Chunk> chunks;

    /** Faults of chunks that are not among these, since they stand where they must not. */
    private final List<String> misplaced;
    private volatile Contents contents;

    /** What the chunks hold; of those that may occur once, the first. */
    private record Contents(Optional<byte[]> icc, Optional<byte[]> exif, Optional<byte[]> xmp, List<TextEntry> texts,
                            List<byte[]> thumbnails, List<String> faults) {
    }

    /**
     * @param chunks in file order; unknown ones included
     * @throws IllegalArgumentException if a chunk is critical
     */
    public Ancillary(List<Chunk> chunks) {
        this(chunks, List.of());
    }

    private Ancillary(List<Chunk> chunks, List<String> misplaced) {
        this.chunks = List.copyOf(chunks);
        this.misplaced = misplaced;
        for (Chunk chunk : chunks) {
            if (chunk.critical()) {
                throw new IllegalArgumentException("critical chunk among the ancillary ones");
            }
        }
    }

    /**
     * Those of a picture's chunks that are ancillary and say something of the whole picture: protected regions belong to its pixels. An ICC
     * profile behind a critical chunk is left out.
     *
     * @param chunks all of the picture's, in file order
     */
    public static Ancillary of(List<Chunk> chunks) {
        List<Chunk> placed = new ArrayList<>();
        List<String> misplaced = new ArrayList<>();
        boolean behind = false;
        for (Chunk chunk : chunks) {
            behind |= chunk.critical();
            if (behind && chunk.tag() == Chunk.ICC) {
                misplaced.add("Chunk 'i' stands behind a critical chunk and is ignored");
            } else if (!chunk.critical() && chunk.tag() != Chunk.PROTECTED) {
                placed.add(chunk);
            }
        }
        return new Ancillary(placed, List.copyOf(misplaced));
    }

    /** The chunks in file order, unknown ones included. */
    public List<Chunk> chunks() {
        return chunks;
    }

    /** The ICC profile of the samples, not copied; empty if there is none. */
    public Optional<byte[]> icc() {
        return contents().icc;
    }

    /** Exif, from the TIFF header on, not copied; empty if there is none. */
    public Optional<byte[]> exif() {
        return contents().exif;
    }

    /** An XMP packet in UTF-8, not copied; empty if there is none. */
    public Optional<byte[]> xmp() {
        return contents().xmp;
    }

    /** All texts, in file order. */
    public List<TextEntry> texts() {
        return contents().texts;
    }

    /** The value of the first text of a keyword. */
    public Optional<String> text(String keyword) {
        return texts().stream().filter(text -> text.keyword().equals(keyword)).map(TextEntry::value).findFirst();
    }

    /** What the picture shows, as a text or else XMP says. */
    public Optional<String> caption() {
        return text(TextEntry.CAPTION).or(() -> xmp().flatMap(Xmp::caption));
    }

    /** How the picture came about, as a text or else XMP says: a URI of IPTC's vocabulary of digital source types. */
    public Optional<String> digitalSourceType() {
        return text(TextEntry.DIGITAL_SOURCE_TYPE).or(() -> xmp().flatMap(Xmp::digitalSourceType));
    }

    /** These chunks without the texts that say what the payload of a picture without pixels says. */
    public Ancillary withoutPayloadsTexts() {
        List<TextEntry> texts = texts();
        List<TextEntry> others = texts.stream().filter(text -> !PAYLOADS_KEYWORDS.contains(text.keyword())).toList();
        return others.size() == texts.size() ? this : withTexts(others);
    }

    /** Thumbnails as JPEG or PNG files, in file order; what is no {@link ThumbnailFile} is left out. */
    public List<byte[]> thumbnails() {
        return contents().thumbnails;
    }

    /** One message for each chunk that is unknown, cannot be unpacked, or is one too many. */
    public List<String> faults() {
        return contents().faults;
    }

    private Contents contents() {
        if (contents == null) {
            contents = unpacked();
        }
        return contents;
    }

    private Contents unpacked() {
        if (chunks.isEmpty()) {
            return new Contents(Optional.empty(), Optional.empty(), Optional.empty(), List.of(), List.of(), List.copyOf(misplaced));
        }
        List<String> faults = new ArrayList<>(misplaced);
        chunks.stream().map(Chunk::tag).filter(tag -> KNOWN.indexOf(tag) < 0).distinct()
                .forEach(tag -> faults.add("Chunk '" + tag + "' is unknown and ignored"));
        long[] left = {SemLimits.current().maxMetadataBytes()};
        Optional<byte[]> icc = first(Chunk.ICC, left, faults);
        Optional<byte[]> exif = first(Chunk.EXIF, left, faults);
        Optional<byte[]> xmp = first(Chunk.XMP, left, faults);
        List<TextEntry> texts = unpack(tagged(Chunk.TEXT), payload -> TextEntry.of(unpack(payload, left)), faults);
        List<byte[]> thumbnails = unpack(tagged(Chunk.THUMBNAIL), payload -> ThumbnailFile.of(payload).bytes(), faults);
        return new Contents(icc, exif, xmp, texts, thumbnails, List.copyOf(faults));
    }

    /** These chunks with another ICC profile, or with none. */
    public Ancillary withIcc(Optional<byte[]> icc) {
        return with(Chunk.ICC, icc.map(PackedBytes::pack).stream().toList());
    }

    /** These chunks with other Exif, or with none. */
    public Ancillary withExif(Optional<byte[]> exif) {
        return with(Chunk.EXIF, exif.map(PackedBytes::pack).stream().toList());
    }

    /** These chunks with another XMP packet, or with none. */
    public Ancillary withXmp(Optional<byte[]> xmp) {
        return with(Chunk.XMP, xmp.map(PackedBytes::pack).stream().toList());
    }

    /** These chunks with other texts. */
    public Ancillary withTexts(List<TextEntry> texts) {
        return with(Chunk.TEXT, texts.stream().map(text -> PackedBytes.pack(text.toBytes())).toList());
    }

    /** These chunks with other thumbnails, each a JPEG or PNG file. */
    public Ancillary withThumbnails(List<byte[]> thumbnails) {
        return with(Chunk.THUMBNAIL, thumbnails);
    }

    /** New chunks stand where the first of their tag stood, or behind all others. */
    private Ancillary with(char tag, List<byte[]> payloads) {
        List<Chunk> replaced = new ArrayList<>();
        List<Chunk> added = payloads.stream().map(payload -> new Chunk(tag, payload)).toList();
        boolean placed = false;
        for (Chunk chunk : chunks) {
            if (chunk.tag() != tag) {
                replaced.add(chunk);
            } else if (!placed) {
                replaced.addAll(added);
                placed = true;
            }
        }
        if (!placed) {
            replaced.addAll(added);
        }
        return new Ancillary(replaced);
    }

    private Optional<byte[]> first(char tag, long[] left, List<String> faults) {
        if (tagged(tag).count() > 1) {
            faults.add("Chunk '" + tag + "' occurs more than once; the first counts");
        }
        return unpack(tagged(tag).limit(1), payload -> unpack(payload, left), faults).stream().findFirst();
    }

    private Stream<Chunk> tagged(char tag) {
        return chunks.stream().filter(chunk -> chunk.tag() == tag);
    }

    private static <T> List<T> unpack(Stream<Chunk> chunks, Unpacking<T> unpacking, List<String> faults) {
        List<T> unpacked = new ArrayList<>();
        chunks.forEach(chunk -> {
            try {
                unpacked.add(unpacking.of(chunk.payload()));
            } catch (IIOException e) {
                faults.add("Chunk '" + chunk.tag() + "' " + e.getMessage() + "; ignored");
            }
        });
        return List.copyOf(unpacked);
    }

    /** Unpacks a content; {@code left[0]} is how many bytes all contents may still take. */
    private static byte[] unpack(byte[] payload, long[] left) throws IIOException {
        byte[] content = PackedBytes.unpack(payload, left[0]);
        left[0] -= content.length;
        return content;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Ancillary ancillary && chunks.equals(ancillary.chunks);
    }

    @Override
    public int hashCode() {
        return chunks.hashCode();
    }

    @Override
    public String toString() {
        return "Ancillary" + chunks;
    }
}
