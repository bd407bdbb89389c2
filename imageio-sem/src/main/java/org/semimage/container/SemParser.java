// SPDX-License-Identifier: Apache-2.0
package org.semimage.container;

import org.semimage.compute.Cancellation;

import javax.imageio.IIOException;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Reads one picture from a stream, front to back, from the stream's position to the picture's last byte and no further
 * (FORMAT.md, sections 2 and 3). Never asks for the stream's length.
 *
 * <p>Whatever is wrong with the bytes is an {@link IIOException} that says what was expected and found, and at which offset from
 * the picture's first byte. Trouble of the stream itself passes through untouched.
 */
public final class SemParser {

    /** What the highest two bits of the fourth byte are, so that no text in UTF-8 begins as a picture does. */
    private static final int VERSION_MARK = 0b10;

    /** Critical chunks in the order in which they must appear. */
    private static final String CRITICAL_TAGS = "" + Chunk.ALPHA + Chunk.GENERATIVE + Chunk.LOSSLESS + Chunk.TRANSFORM;

    static final int LENGTH_BYTES = 5;

    /** A payload of more bytes than this for each pixel is none that an encoder has made. */
    private static final int PAYLOAD_PER_PIXEL = 32;
    private static final int PAYLOAD_BASE = 1 << 20;

    private final SemInput in;
    private final HeaderParser headerParser;
    private final SemLimits limits;
    private final List<Chunk> chunks = new ArrayList<>();
    private int criticalSeen = -1;
    private int chunkCount;
    private long metadataLeft;
    private long payloadLeft;

    private SemParser(ImageInputStream in, SemLimits limits) throws IOException {
        this(in, limits, Cancellation.NEVER);
    }

    private SemParser(ImageInputStream in, SemLimits limits, Cancellation cancellation) throws IOException {
        this.in = new SemInput(in, cancellation);
        this.headerParser = new HeaderParser(this.in);
        this.limits = limits;
        this.metadataLeft = limits.maxMetadataBytes();
        this.payloadLeft = limits.maxPayloadBytes();
    }

    /** Whether four bytes, the first in the highest place, begin a picture of any version. */
    static boolean isStart(int bytes) {
        byte[] magic = HeaderParser.MAGIC;
        return bytes >>> 8 == (magic[0] << 16 | magic[1] << 8 | magic[2]) && (bytes & 0xFF) >> 6 == VERSION_MARK;
    }

    /** Whether a picture of any version begins at the stream's position, which is left where it was. */
    public static boolean startsPicture(ImageInputStream in) throws IOException {
        in.mark();
        try {
            for (byte expected : HeaderParser.MAGIC) {
                if (in.read() != expected) {
                    return false;
                }
            }
            int version = in.read();
            return version >= 0 && version >> 6 == VERSION_MARK;
        } finally {
            in.reset();
        }
    }

    /**
     * Reads a header; the stream is left behind its last byte. The size is checked against the format's bounds only, so that
     * a caller can learn the size of a picture that it will not decode.
     *
     * @throws IIOException if there is no well-formed header
     * @throws IOException  if the stream fails
     */
    public static SemHeader parseHeader(ImageInputStream in) throws IOException {
        return new SemParser(in, SemLimits.current()).headerParser.parse();
    }

    /**
     * Reads a picture; the stream is left behind its last byte.
     *
     * @return the picture, {@link SemFile#truncated()} if the input ends inside or right behind the payload chunk
     * @throws IIOException if the bytes are malformed or declare more than {@link SemLimits} allow
     * @throws IOException  if the stream fails
     */
    public static SemFile parse(ImageInputStream in) throws IOException {
        return parse(in, Cancellation.NEVER);
    }

    /**
     * Reads a picture as {@link #parse(ImageInputStream)} does, unless the request is made to stop.
     *
     * @throws java.util.concurrent.CancellationException if it is; the stream is then somewhere in the picture
     */
    public static SemFile parse(ImageInputStream in, Cancellation cancellation) throws IOException {
        return new SemParser(in, SemLimits.current(), cancellation).file();
    }

    /**
     * Reads a header and the ancillary chunks in front of the first critical one, which is all that the type of a picture
     * depends on; in the micro form there are none. The stream is left somewhere in the picture.
     *
     * @return the picture without its critical chunks
     * @throws IIOException if the bytes are malformed or declare more metadata than {@link SemLimits} allow
     * @throws IOException  if the stream fails
     */
    public static SemFile parseHead(ImageInputStream in) throws IOException {
        return new SemParser(in, SemLimits.current()).head();
    }

    /**
     * Reads a picture but for the payloads of its critical chunks, which are neither loaded nor checked; the stream is left behind
     * the picture's last byte.
     *
     * @throws IIOException if the bytes are malformed or declare more metadata than {@link SemLimits} allow
     * @throws IOException  if the stream fails
     */
    public static SemOutline outline(ImageInputStream in) throws IOException {
        return new SemParser(in, SemLimits.current()).outline();
    }

    /**
     * Reads a picture that begins at an array's first byte; bytes behind its end are ignored.
     *
     * @throws IIOException as {@link #parse(ImageInputStream)}
     */
    public static SemFile parse(byte[] bytes) throws IOException {
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
            return parse(in);
        }
    }

    private SemFile file() throws IOException {
        SemHeader header = headerParser.parse();
        limits.checkSize(header.profile(), header.width(), header.height());
        long pixels = (long) header.width() * header.height();
        payloadLeft = Math.min(payloadLeft, PAYLOAD_BASE + PAYLOAD_PER_PIXEL * pixels);
        if (headerParser.bareForm() >= 0) {
            chunks.add(new Chunk(Chunk.CAPTION, bareText()));
            return SemFile.of(header, chunks);
        }
        if (MicroForm.isOf(header.profile())) {
            boolean whole = microPayload(header.profile());
            if (!whole || !headerParser.microChunksFollow()) {
                return new SemFile(header, chunks, !whole);
            }
        }
        while (true) {
            long at = in.offset();
            int tag = in.read();
            if (tag == 0) {
                return SemFile.of(header, chunks);
            }
            boolean payloadSeen = criticalSeen == CRITICAL_TAGS.indexOf(Chunk.TRANSFORM);
            if (tag < 0 && !payloadSeen) {
                throw in.ended("a chunk or the end mark");
            }
            checkAllowed(tag, at, header);
            if (tag < 0 || !chunk(tag, at)) {
                return new SemFile(header, chunks, true);
            }
        }
    }

    /** Refuses a critical chunk that the header rules out. */
    private static void checkAllowed(int tag, long at, SemHeader header) throws IIOException {
        if (tag == Chunk.ALPHA && !header.format().hasAlpha()) {
            throw SemInput.malformed(at, "chunk 'A'", "none, as the header declares no alpha plane", "one");
        }
        if (tag == Chunk.ALPHA && header.profile() == ProfileId.LOSSLESS) {
            throw SemInput.malformed(at, "chunk 'A'", "none, as the lossless profile codes alpha with the colours", "one");
        }
        if (MicroForm.isOf(header.profile()) && Chunk.isTag(tag) && isCritical(tag)) {
            throw SemInput.malformed(at, "chunk '" + (char) tag + "'", "ancillary chunks alone, in the micro form", "a critical one");
        }
        if (tag == Chunk.LOSSLESS && header.profile() != ProfileId.LOSSLESS
                || tag == Chunk.GENERATIVE && header.profile() != ProfileId.GENERATIVE
                || tag == Chunk.TRANSFORM && header.profile() != ProfileId.TRANSFORM) {
            throw SemInput.malformed(at, "chunk '" + (char) tag + "'", "none in the profile " + header.profile().label(), "one");
        }
    }

    private SemFile head() throws IOException {
        SemHeader header = headerParser.parse();
        if (MicroForm.isOf(header.profile())) {
            return SemFile.of(header, chunks);
        }
        while (true) {
            long at = in.offset();
            int tag = in.read();
            if (tag < 0) {
                throw in.ended("a chunk or the end mark");
            }
            if (tag == 0 || Chunk.isTag(tag) && isCritical(tag)) {
                return SemFile.of(header, chunks);
            }
            chunk(tag, at);
        }
    }

    private SemOutline outline() throws IOException {
        SemHeader header = headerParser.parse();
        List<SemOutline.Entry> entries = new ArrayList<>();
        boolean payloadSeen = MicroForm.isOf(header.profile());
        if (headerParser.bareForm() >= 0) {
            entries.add(new SemOutline.Entry(Chunk.CAPTION, bareText().length));
            return new SemOutline(header, entries, chunks, false);
        }
        if (payloadSeen) {
            long length = in.varint("length of the payload", LENGTH_BYTES, new ByteArrayOutputStream());
            entries.add(new SemOutline.Entry(MicroForm.payloadTag(header.profile()), length));
            in.skip(length);
            boolean whole = in.read() >= 0;
            if (!whole || !headerParser.microChunksFollow()) {
                return new SemOutline(header, entries, chunks, !whole);
            }
        }
        while (true) {
            long at = in.offset();
            int tag = in.read();
            if (tag < 0 && !payloadSeen) {
                throw in.ended("a chunk or the end mark");
            }
            if (tag <= 0) {
                return new SemOutline(header, entries, chunks, tag < 0);
            }
            checkAllowed(tag, at, header);
            if (isCritical(tag)) {
                checkTag(tag, at);
                payloadSeen = true;
                long length = in.varint("length of chunk '" + (char) tag + "'", LENGTH_BYTES, new ByteArrayOutputStream());
                boolean hasHead = tag == Chunk.TRANSFORM && length > 1;
                int first = hasHead ? in.read() : -1;
                int second = first < 0 ? -1 : in.read();
                in.skip(length + Integer.BYTES - (hasHead ? 2 : 0));
                entries.add(new SemOutline.Entry((char) tag, length, second < 0 ? -1 : first << 8 | second));
            } else {
                chunk(tag, at);
                entries.add(new SemOutline.Entry((char) tag, chunks.get(chunks.size() - 1).payload().length));
                if (tag == Chunk.ICC && payloadSeen) {
                    chunks.remove(chunks.size() - 1);
                }
            }
        }
    }

    /** Reads a chunk behind its tag; false if the input ends inside the payload chunk, which is kept as far as it goes. */
    private boolean chunk(int tag, long at) throws IOException {
        checkTag(tag, at);
        String name = "chunk '" + (char) tag + "'";
        ByteArrayOutputStream head = new ByteArrayOutputStream(1 + LENGTH_BYTES);
        head.write(tag);
        long length = in.varint("length of " + name, LENGTH_BYTES, head);
        charge(tag, length, at);
        byte[] payload = in.available((int) length);
        byte[] crc = payload.length < length ? new byte[0] : in.available(Integer.BYTES);
        chunks.add(new Chunk((char) tag, payload));
        if (crc.length < Integer.BYTES) {
            if (tag == Chunk.TRANSFORM) {
                return false;
            }
            throw in.ended(name + " of " + length + " bytes, which begins at offset " + at);
        }
        int stored = crc[0] & 0xFF | (crc[1] & 0xFF) << 8 | (crc[2] & 0xFF) << 16 | crc[3] << 24;
        int computed = checksum(headerParser.bytes(), head.toByteArray(), payload);
        if (stored != computed) {
            throw SemInput.malformed(at, "CRC-32C of " + name, HexFormat.of().toHexDigits(computed), HexFormat.of().toHexDigits(stored));
        }
        return true;
    }

    /**
     * Reads the one payload of the micro form; false if the input ends inside a payload of descriptors, which is kept as far as it goes.
     */
    private boolean microPayload(ProfileId profile) throws IOException {
        long at = in.offset();
        char tag = MicroForm.payloadTag(profile);
        ByteArrayOutputStream lengthBytes = new ByteArrayOutputStream(LENGTH_BYTES);
        long length = in.varint("length of the payload", LENGTH_BYTES, lengthBytes);
        charge(tag, length, at);
        byte[] payload = in.available((int) length);
        int stored = payload.length < length ? -1 : in.read();
        chunks.add(new Chunk(tag, payload));
        if (stored < 0) {
            if (tag == Chunk.DESCRIPTORS) {
                return false;
            }
            throw in.ended("the payload of " + length + " bytes, which begins at offset " + at);
        }
        int computed = MicroForm.checksum(headerParser.bytes(), lengthBytes.toByteArray(), payload);
        if (stored != computed) {
            throw SemInput.malformed(at, "CRC-8 of the payload", SemInput.hex(computed), SemInput.hex(stored));
        }
        return true;
    }

    /** Reads what is behind the form byte of the bare form, to the input's end or to where another picture begins. */
    private byte[] bareText() throws IOException {
        long at = in.offset();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int last = 0;
        int next = in.read();
        while (next >= 0) {
            bytes.write(next);
            last = last << Byte.SIZE | next;
            if (bytes.size() >= Integer.BYTES && isStart(last)) {
                in.skip(-Integer.BYTES);
                break;
            }
            if (bytes.size() > BareForm.MAX_REST + 1 + Integer.BYTES) {
                throw SemInput.malformed(at, "length of a caption in the bare form", "at most " + BareForm.MAX_REST + " bytes and a check",
                        "more");
            }
            next = in.read();
        }
        int count = bytes.size() - (next >= 0 ? Integer.BYTES : 0) - 1;
        if (count < 0) {
            throw in.ended("a caption, before its check");
        }
        if (count > BareForm.MAX_REST) {
            throw SemInput.malformed(at, "length of a caption in the bare form", "at most " + BareForm.MAX_REST + " bytes",
                    count + " bytes");
        }
        byte[] rest = Arrays.copyOf(bytes.toByteArray(), count);
        int stored = bytes.toByteArray()[count] & 0xFF;
        int computed = MicroForm.checksum(headerParser.bytes(), rest);
        if (stored != computed) {
            throw SemInput.malformed(at, "CRC-8 of the caption", SemInput.hex(computed), SemInput.hex(stored));
        }
        if (!BareForm.isShortest(headerParser.bareForm(), rest)) {
            throw SemInput.malformed(at + count - 1, "last byte of a caption in the bare form", "another than 00", "00");
        }
        return BareForm.text(headerParser.bareForm(), rest);
    }

    private void checkTag(int tag, long at) throws IIOException {
        if (!Chunk.isTag(tag)) {
            throw SemInput.malformed(at, "chunk tag", "an ASCII letter, or 00 at the end", SemInput.hex(tag));
        }
        if (chunkCount == SemLimits.MAX_CHUNKS) {
            throw SemInput.malformed(at, "number of chunks", "at most " + SemLimits.MAX_CHUNKS, "more");
        }
        chunkCount++;
        if (!isCritical(tag)) {
            return;
        }
        int order = CRITICAL_TAGS.indexOf(tag);
        if (order < 0) {
            throw SemInput.malformed(at, "critical chunk", "one of '" + CRITICAL_TAGS + "'", "unknown '" + (char) tag + "'");
        }
        if (order <= criticalSeen) {
            throw SemInput.malformed(at, "critical chunk", "each at most once, in the order '" + CRITICAL_TAGS + "'",
                    "'" + (char) tag + "' after '" + CRITICAL_TAGS.charAt(criticalSeen) + "'");
        }
        criticalSeen = order;
    }

    /** Takes a chunk's payload from what the limits leave. */
    private void charge(int tag, long length, long at) throws IIOException {
        long left = isCritical(tag) ? payloadLeft : metadataLeft;
        if (length > left) {
            String property = isCritical(tag) ? "for a picture of this size; org.semimage.maxPayloadBytes"
                    : "org.semimage.maxMetadataBytes";
            throw SemInput.malformed(at, "length of chunk '" + (char) tag + "'", "at most " + left + " bytes (" + property + ")",
                    length + " bytes");
        }
        if (isCritical(tag)) {
            payloadLeft -= length;
        } else {
            metadataLeft -= length;
        }
    }

    private static boolean isCritical(int tag) {
        return tag <= 'Z';
    }

    /** CRC-32C of a picture's header, a chunk's tag and length bytes, and its payload. */
    static int checksum(byte[] header, byte[] tagAndLength, byte[] payload) {
        CRC32C crc = new CRC32C();
        crc.update(header);
        crc.update(tagAndLength);
        crc.update(payload);
        return (int) crc.getValue();
    }
}
