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
 * <p>Contents are unpacked when asked for. A chunk that cannot be unpacked is passed over; {@link #faults} says which, and why.
 *
 * @param chunks in file order; unknown ones included
 */
public record Ancillary(List<Chunk> chunks) {

    /** No chunks. */
    public static final Ancillary NONE = new Ancillary(List.of());

    private static final String KNOWN = "" + Chunk.ICC + Chunk.EXIF + Chunk.XMP + Chunk.TEXT + Chunk.THUMBNAIL;

    /** Keywords of texts that have no place beside a payload of words or descriptors. */
    private static final Set<String> PAYLOADS_KEYWORDS = Set.of(TextEntry.CAPTION, TextEntry.DIGITAL_SOURCE_TYPE);

    /** Reads one chunk's payload. */
    private interface Unpacking<T> {
        T of(byte[] payload) throws IIOException;
    }

    /** @throws IllegalArgumentException if a chunk is critical */
    public Ancillary {
        chunks = List.copyOf(chunks);
        if (chunks.stream().anyMatch(Chunk::critical)) {
            throw new IllegalArgumentException("critical chunk among the ancillary ones");
        }
    }

    /** Those of a picture's chunks that are ancillary. */
    public static Ancillary of(List<Chunk> chunks) {
        return new Ancillary(chunks.stream().filter(chunk -> !chunk.critical()).toList());
    }

    /** The ICC profile of the samples. */
    public Optional<byte[]> icc() {
        return first(Chunk.ICC);
    }

    /** Exif, from the TIFF header on. */
    public Optional<byte[]> exif() {
        return first(Chunk.EXIF);
    }

    /** An XMP packet, UTF-8. */
    public Optional<byte[]> xmp() {
        return first(Chunk.XMP);
    }

    /** All texts, in file order. */
    public List<TextEntry> texts() {
        long[] left = {SemLimits.current().maxMetadataBytes()};
        return unpack(tagged(Chunk.TEXT), payload -> text(payload, left), new ArrayList<>());
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

    /** Thumbnails as JPEG or PNG files, in file order. */
    public List<byte[]> thumbnails() {
        return tagged(Chunk.THUMBNAIL).map(Chunk::payload).toList();
    }

    /** One message for each chunk that is unknown or cannot be unpacked. */
    public List<String> faults() {
        List<String> faults = new ArrayList<>();
        chunks.stream().map(Chunk::tag).filter(tag -> KNOWN.indexOf(tag) < 0).distinct()
                .forEach(tag -> faults.add("Chunk '" + tag + "' is unknown and ignored"));
        long limit = SemLimits.current().maxMetadataBytes();
        for (char tag : new char[] {Chunk.ICC, Chunk.EXIF, Chunk.XMP}) {
            unpack(tagged(tag), payload -> PackedBytes.unpack(payload, limit), faults);
            if (tagged(tag).count() > 1) {
                faults.add("Chunk '" + tag + "' occurs more than once; the first counts");
            }
        }
        long[] left = {limit};
        unpack(tagged(Chunk.TEXT), payload -> text(payload, left), faults);
        return faults;
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

    private Optional<byte[]> first(char tag) {
        long limit = SemLimits.current().maxMetadataBytes();
        return unpack(tagged(tag).limit(1), payload -> PackedBytes.unpack(payload, limit), new ArrayList<>()).stream().findFirst();
    }

    private Stream<Chunk> tagged(char tag) {
        return chunks.stream().filter(chunk -> chunk.tag() == tag);
    }

    private static <T> List<T> unpack(Stream<Chunk> chunks, Unpacking<T> unpacking, List<String> faults) {
        List<T> contents = new ArrayList<>();
        chunks.forEach(chunk -> {
            try {
                contents.add(unpacking.of(chunk.payload()));
            } catch (IIOException e) {
                faults.add("Chunk '" + chunk.tag() + "' " + e.getMessage() + "; ignored");
            }
        });
        return contents;
    }

    /** @param left bytes that all texts together may still take */
    private static TextEntry text(byte[] payload, long[] left) throws IIOException {
        byte[] content = PackedBytes.unpack(payload, left[0]);
        left[0] -= content.length;
        return TextEntry.of(content);
    }
}
