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

    /** The first bytes of every picture. */
    static final byte[] MAGIC = {'S', 'E', 'M'};

    /** What the highest two bits of the fourth byte are, so that no text in UTF-8 begins as a picture does. */
    private static final int VERSION_MARK = 0b10;

    /** Critical chunks in the order in which they must appear. */
    private static final String CRITICAL_TAGS = "" + Chunk.ALPHA + Chunk.GENERATIVE + Chunk.LOSSLESS + Chunk.TRANSFORM;

    static final int SIDE_BYTES = 4;
    static final int LENGTH_BYTES = 5;
    static final int FORMAT_ALPHA = 1;
    static final int FORMAT_RGB = 2;
    static final int FORMAT_16_BITS = 4;

    private static final int READ_STEP = 1 << 16;

    /** A payload of more bytes than this for each pixel is none that an encoder has made. */
    private static final int PAYLOAD_PER_PIXEL = 32;
    private static final int PAYLOAD_BASE = 1 << 20;

    /** So much is read in one go, since nobody can stop it. */
    private static final int MAX_READ = 1 << 20;

    private final ImageInputStream in;
    private final long base;
    private final SemLimits limits;
    private final Cancellation cancellation;
    private final ByteArrayOutputStream headerBytes = new ByteArrayOutputStream(22);
    private final List<Chunk> chunks = new ArrayList<>();
    private int criticalSeen = -1;
    private int chunkCount;
    private boolean microChunksFollow;
    private long metadataLeft;
    private long payloadLeft;

    private SemParser(ImageInputStream in, SemLimits limits) throws IOException {
        this(in, limits, Cancellation.NEVER);
    }

    private SemParser(ImageInputStream in, SemLimits limits, Cancellation cancellation) throws IOException {
        this.cancellation = cancellation;
        this.in = in;
        this.base = in.getStreamPosition();
        this.limits = limits;
        this.metadataLeft = limits.maxMetadataBytes();
        this.payloadLeft = limits.maxPayloadBytes();
    }

    /** Whether a picture of any version begins at the stream's position, which is left where it was. */
    public static boolean startsPicture(ImageInputStream in) throws IOException {
        in.mark();
        try {
            for (byte expected : MAGIC) {
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
        return new SemParser(in, SemLimits.current()).header();
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

    private SemHeader header() throws IOException {
        for (int i = 0; i < MAGIC.length; i++) {
            int found = headerByte("magic");
            if (found != MAGIC[i]) {
                throw malformed(i, "not a SEM picture: magic", hex(MAGIC[i]), hex(found));
            }
        }
        int versionAndProfile = headerByte("version");
        int version = versionAndProfile >> 4;
        if (version != SemHeader.VERSION_CODE) {
            throw malformed(3, "format version", SemHeader.VERSION_CODE + " for version " + SemHeader.VERSION
                    + ", the only one that this build reads", String.valueOf(version));
        }
        int code = versionAndProfile & 0xF;
        ProfileId profile = ProfileId.ofCode(code)
                .orElseThrow(() -> malformed(3, "profile", "0.." + (ProfileId.values().length - 1), String.valueOf(code)));
        if (MicroForm.isOf(profile)) {
            return microHeader(profile);
        }
        int width = side("width");
        int height = side("height");
        PixelFormat format = format();
        return new SemHeader(profile, width, height, format, model());
    }

    private SemHeader microHeader(ProfileId profile) throws IOException {
        long at = offset();
        int form = headerByte("form");
        int code = form & ~MicroForm.CHUNKS_FOLLOW;
        if (code > MicroForm.MAX_CODE) {
            throw malformed(at, "size code", "0.." + MicroForm.MAX_CODE, String.valueOf(code));
        }
        microChunksFollow = code != form;
        int[] size = code == MicroForm.EXPLICIT_SIZE ? new int[] {side("width"), side("height")} : MicroForm.size(code);
        return new SemHeader(profile, size[0], size[1], PixelFormat.RGB, ModelRef.NONE);
    }

    private int side(String field) throws IOException {
        long at = offset();
        long sideMinusOne = varint(field, SIDE_BYTES, headerBytes);
        if (sideMinusOne >= SemHeader.MAX_SIDE) {
            throw malformed(at, field, "1.." + SemHeader.MAX_SIDE, String.valueOf(sideMinusOne + 1));
        }
        return (int) sideMinusOne + 1;
    }

    private PixelFormat format() throws IOException {
        long at = offset();
        int bits = headerByte("planes");
        if (bits > (FORMAT_ALPHA | FORMAT_RGB | FORMAT_16_BITS)) {
            throw malformed(at, "planes", "reserved bits 3..7 to be zero", hex(bits));
        }
        return PixelFormat.of((bits & FORMAT_RGB) == 0, (bits & FORMAT_ALPHA) != 0, (bits & FORMAT_16_BITS) == 0 ? 8 : 16);
    }

    private ModelRef model() throws IOException {
        int number = headerByte("model");
        if (number != ModelRef.BY_DIGEST) {
            return new ModelRef(number, 0);
        }
        long digest = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            digest = digest << 8 | headerByte("model digest");
        }
        return ModelRef.ofDigest(digest);
    }

    private SemFile file() throws IOException {
        SemHeader header = header();
        limits.checkSize(header.profile(), header.width(), header.height());
        long pixels = (long) header.width() * header.height();
        payloadLeft = Math.min(payloadLeft, PAYLOAD_BASE + PAYLOAD_PER_PIXEL * pixels);
        if (MicroForm.isOf(header.profile())) {
            boolean whole = microPayload(header.profile());
            if (!whole || !microChunksFollow) {
                return new SemFile(header, chunks, !whole);
            }
        }
        while (true) {
            long at = offset();
            int tag = in.read();
            if (tag == 0) {
                return SemFile.of(header, chunks);
            }
            boolean payloadSeen = criticalSeen == CRITICAL_TAGS.indexOf(Chunk.TRANSFORM);
            if (tag < 0 && !payloadSeen) {
                throw ended("a chunk or the end mark");
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
            throw malformed(at, "chunk 'A'", "none, as the header declares no alpha plane", "one");
        }
        if (tag == Chunk.ALPHA && header.profile() == ProfileId.LOSSLESS) {
            throw malformed(at, "chunk 'A'", "none, as the lossless profile codes alpha with the colours", "one");
        }
        if (MicroForm.isOf(header.profile()) && Chunk.isTag(tag) && isCritical(tag)) {
            throw malformed(at, "chunk '" + (char) tag + "'", "ancillary chunks alone, in the micro form", "a critical one");
        }
        if (tag == Chunk.LOSSLESS && header.profile() != ProfileId.LOSSLESS
                || tag == Chunk.GENERATIVE && header.profile() != ProfileId.GENERATIVE
                || tag == Chunk.TRANSFORM && header.profile() != ProfileId.TRANSFORM) {
            throw malformed(at, "chunk '" + (char) tag + "'", "none in the profile " + header.profile().label(), "one");
        }
    }

    private SemFile head() throws IOException {
        SemHeader header = header();
        if (MicroForm.isOf(header.profile())) {
            return SemFile.of(header, chunks);
        }
        while (true) {
            long at = offset();
            int tag = in.read();
            if (tag < 0) {
                throw ended("a chunk or the end mark");
            }
            if (tag == 0 || Chunk.isTag(tag) && isCritical(tag)) {
                return SemFile.of(header, chunks);
            }
            chunk(tag, at);
        }
    }

    private SemOutline outline() throws IOException {
        SemHeader header = header();
        List<SemOutline.Entry> entries = new ArrayList<>();
        boolean payloadSeen = MicroForm.isOf(header.profile());
        if (payloadSeen) {
            long length = varint("length of the payload", LENGTH_BYTES, new ByteArrayOutputStream());
            entries.add(new SemOutline.Entry(MicroForm.payloadTag(header.profile()), length));
            in.seek(in.getStreamPosition() + length);
            boolean whole = in.read() >= 0;
            if (!whole || !microChunksFollow) {
                return new SemOutline(header, entries, chunks, !whole);
            }
        }
        while (true) {
            long at = offset();
            int tag = in.read();
            if (tag < 0 && !payloadSeen) {
                throw ended("a chunk or the end mark");
            }
            if (tag <= 0) {
                return new SemOutline(header, entries, chunks, tag < 0);
            }
            checkAllowed(tag, at, header);
            if (isCritical(tag)) {
                checkTag(tag, at);
                payloadSeen = true;
                long length = varint("length of chunk '" + (char) tag + "'", LENGTH_BYTES, new ByteArrayOutputStream());
                in.seek(in.getStreamPosition() + length + Integer.BYTES);
                entries.add(new SemOutline.Entry((char) tag, length));
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
        long length = varint("length of " + name, LENGTH_BYTES, head);
        charge(tag, length, at);
        byte[] payload = available((int) length);
        byte[] crc = payload.length < length ? new byte[0] : available(Integer.BYTES);
        chunks.add(new Chunk((char) tag, payload));
        if (crc.length < Integer.BYTES) {
            if (tag == Chunk.TRANSFORM) {
                return false;
            }
            throw ended(name + " of " + length + " bytes, which begins at offset " + at);
        }
        int stored = crc[0] & 0xFF | (crc[1] & 0xFF) << 8 | (crc[2] & 0xFF) << 16 | crc[3] << 24;
        int computed = checksum(headerBytes.toByteArray(), head.toByteArray(), payload);
        if (stored != computed) {
            throw malformed(at, "CRC-32C of " + name, HexFormat.of().toHexDigits(computed), HexFormat.of().toHexDigits(stored));
        }
        return true;
    }

    /**
     * Reads the one payload of the micro form; false if the input ends inside a payload of descriptors, which is kept as far as it goes.
     */
    private boolean microPayload(ProfileId profile) throws IOException {
        long at = offset();
        char tag = MicroForm.payloadTag(profile);
        ByteArrayOutputStream lengthBytes = new ByteArrayOutputStream(LENGTH_BYTES);
        long length = varint("length of the payload", LENGTH_BYTES, lengthBytes);
        charge(tag, length, at);
        byte[] payload = available((int) length);
        int stored = payload.length < length ? -1 : in.read();
        chunks.add(new Chunk(tag, payload));
        if (stored < 0) {
            if (tag == Chunk.DESCRIPTORS) {
                return false;
            }
            throw ended("the payload of " + length + " bytes, which begins at offset " + at);
        }
        int computed = MicroForm.checksum(headerBytes.toByteArray(), lengthBytes.toByteArray(), payload);
        if (stored != computed) {
            throw malformed(at, "CRC-8 of the payload", hex(computed), hex(stored));
        }
        return true;
    }

    private void checkTag(int tag, long at) throws IIOException {
        if (!Chunk.isTag(tag)) {
            throw malformed(at, "chunk tag", "an ASCII letter, or 00 at the end", hex(tag));
        }
        if (chunkCount == SemLimits.MAX_CHUNKS) {
            throw malformed(at, "number of chunks", "at most " + SemLimits.MAX_CHUNKS, "more");
        }
        chunkCount++;
        if (!isCritical(tag)) {
            return;
        }
        int order = CRITICAL_TAGS.indexOf(tag);
        if (order < 0) {
            throw malformed(at, "critical chunk", "one of '" + CRITICAL_TAGS + "'", "unknown '" + (char) tag + "'");
        }
        if (order <= criticalSeen) {
            throw malformed(at, "critical chunk", "each at most once, in the order '" + CRITICAL_TAGS + "'",
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
            throw malformed(at, "length of chunk '" + (char) tag + "'", "at most " + left + " bytes (" + property + ")",
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

    private int headerByte(String field) throws IOException {
        int value = in.read();
        if (value < 0) {
            throw ended("the header's " + field);
        }
        headerBytes.write(value);
        return value;
    }

    /** Reads an unsigned LEB128 number; its bytes also go to {@code copy}. */
    private long varint(String field, int maxBytes, ByteArrayOutputStream copy) throws IOException {
        long at = offset();
        return Leb128.read(new Leb128.Source<IOException>() {
            @Override
            public int next() throws IOException {
                int b = in.read();
                if (b < 0) {
                    throw ended("the " + field);
                }
                copy.write(b);
                return b;
            }

            @Override
            public IIOException tooLong() {
                return malformed(at, field, "at most " + maxBytes + " bytes", "a longer number");
            }

            @Override
            public IIOException notShortest(long value, int bytes) {
                return malformed(at, field, "the shortest encoding of " + value, "one of " + bytes + " bytes");
            }
        }, maxBytes);
    }

    /** Reads bytes, fewer than asked for if the input ends; memory grows with what is there, not with what was declared. */
    private byte[] available(int length) throws IOException {
        byte[] buffer = new byte[Math.min(length, READ_STEP)];
        int filled = 0;
        while (filled < length) {
            if (filled == buffer.length) {
                buffer = Arrays.copyOf(buffer, (int) Math.min(length, 2L * buffer.length));
            }
            cancellation.check();
            int n = in.read(buffer, filled, Math.min(buffer.length - filled, MAX_READ));
            if (n <= 0) {
                return Arrays.copyOf(buffer, filled);
            }
            filled += n;
        }
        return buffer;
    }

    private long offset() throws IOException {
        return in.getStreamPosition() - base;
    }

    private IIOException ended(String where) throws IOException {
        return new IIOException("SEM input ends at offset " + offset() + ", in " + where);
    }

    private static IIOException malformed(long offset, String what, String expected, String found) {
        return new IIOException(what + " at offset " + offset + ": expected " + expected + ", found " + found);
    }

    private static String hex(int value) {
        return "0x" + HexFormat.of().withUpperCase().toHexDigits((byte) value);
    }
}
