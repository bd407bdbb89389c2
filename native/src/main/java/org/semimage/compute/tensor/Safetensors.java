// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.tensor;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Reads the safetensors layout: eight bytes of header length, a JSON header, raw tensors.
 *
 * <p>Nothing is allocated on the word of a field: sizes are checked against the buffer first, and tensors are views of it.
 */
public final class Safetensors {

    /** The largest published checkpoints have headers below a megabyte. */
    private static final int MAX_HEADER = 16 << 20;
    private static final int MAX_TENSORS = 1 << 16;
    private static final int MAX_DIMENSIONS = 8;

    /** The size of a stream. */
    private static final long UNKNOWN = Long.MAX_VALUE;

    private static final Set<String> FIELDS = Set.of("dtype", "shape", "data_offsets");

    private Safetensors() {
    }

    private record Entry(String name, NamedTensors.Type type, long[] shape, long from, long to) implements Comparable<Entry> {

        @Override
        public int compareTo(Entry other) {
            return from == other.from ? Long.compare(to, other.to) : Long.compare(from, other.from);
        }
    }

    /** Views of a file's bytes, which are asked for in ascending order. */
    private interface Bytes {
        ByteBuffer view(long from, int length) throws IOException;
    }

    /**
     * @param source where the buffer comes from, for messages
     * @param buffer the whole file, from position to limit; kept, and must not change
     * @throws IOException if the layout is broken; the message names the tensor
     */
    public static NamedTensors parse(String source, ByteBuffer buffer) throws IOException {
        ByteBuffer file = buffer.slice();
        return parse(source, file.remaining(), (from, length) -> file.slice((int) from, length), name -> true);
    }

    /**
     * Reads some tensors of a file whose header can be trusted: each gets the memory that the header says, and what comes behind the last
     * of them is not looked at.
     *
     * @param source where the file comes from, for messages
     * @param in     the file from its beginning; stays open
     * @param wanted tells tensors that are wanted by their names
     * @throws IOException if the layout is broken, the message names the tensor; or if the stream fails or ends before
     */
    public static NamedTensors read(String source, InputStream in, Predicate<String> wanted) throws IOException {
        return parse(source, UNKNOWN, new Stream(source, in), wanted);
    }

    /** Reads ascending views of a stream, and passes over what lies between. */
    private static final class Stream implements Bytes {

        private final String source;
        private final InputStream in;
        private long at;

        private Stream(String source, InputStream in) {
            this.source = source;
            this.in = in;
        }

        @Override
        public ByteBuffer view(long from, int length) throws IOException {
            byte[] bytes = new byte[length];
            try {
                in.skipNBytes(from - at);
            } catch (EOFException e) {
                throw new IOException(source + " ends before byte " + from, e);
            }
            if (in.readNBytes(bytes, 0, length) < length) {
                throw new IOException(source + " ends before byte " + (from + length));
            }
            at = from + length;
            return ByteBuffer.wrap(bytes);
        }
    }

    /**
     * Maps a file into memory. The tensors stay usable after the channel is closed, and the file must not change while they are.
     *
     * @param source where the file is, for messages
     * @throws IOException if the layout is broken, the message names the tensor; or if the file cannot be read or mapped
     */
    public static NamedTensors map(String source, FileChannel channel) throws IOException {
        return parse(source, channel.size(), new Windows(channel), name -> true);
    }

    /** Maps ascending views in windows of up to a gigabyte, as there may be many small tensors and a process has few mappings. */
    private static final class Windows implements Bytes {

        private static final int WINDOW = 1 << 30;

        private final FileChannel channel;
        private ByteBuffer window = ByteBuffer.allocate(0);
        private long start;

        private Windows(FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public ByteBuffer view(long from, int length) throws IOException {
            if (from < start || from + length > start + window.capacity()) {
                start = from;
                window = channel.map(FileChannel.MapMode.READ_ONLY, from, Math.max(length, Math.min(WINDOW, channel.size() - from)));
            }
            return window.slice((int) (from - start), length);
        }
    }

    private static NamedTensors parse(String source, long fileSize, Bytes bytes, Predicate<String> wanted) throws IOException {
        if (fileSize < 8) {
            throw new IOException(source + ": " + fileSize + " bytes are no safetensors file");
        }
        long length = bytes.view(0, 8).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
        if (length < 2 || length > MAX_HEADER || length > fileSize - 8) {
            throw new IOException(source + ": header of " + length + " bytes in a file of " + fileSize);
        }
        byte[] json = new byte[(int) length];
        bytes.view(8, json.length).get(json);
        List<Entry> entries = header(source, new String(json, StandardCharsets.UTF_8));
        long data = 8 + length;
        long size = fileSize - data;
        Map<String, NamedTensors.Tensor> tensors = new LinkedHashMap<>();
        long expected = 0;
        Collections.sort(entries);
        for (Entry e : entries) {
            if (e.from != expected || e.to < e.from || e.to > size) {
                throw new IOException(source + ": tensor '" + e.name + "' at " + e.from + ".." + e.to + ", expected from " + expected
                        + " to at most " + size);
            }
            expected = e.to;
            if (e.to - e.from != byteCount(source, e)) {
                throw new IOException(source + ": tensor '" + e.name + "' has " + (e.to - e.from) + " bytes, its shape needs "
                        + byteCount(source, e));
            }
            if (e.to - e.from > Integer.MAX_VALUE) {
                throw new IOException(source + ": tensor '" + e.name + "' has " + (e.to - e.from) + " bytes, more than two gigabytes");
            }
            if (wanted.test(e.name)) {
                ByteBuffer view = bytes.view(data + e.from, (int) (e.to - e.from)).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
                tensors.put(e.name, new NamedTensors.Tensor(e.type, e.shape, view));
            }
        }
        if (fileSize != UNKNOWN && expected != size) {
            throw new IOException(source + ": " + (size - expected) + " bytes after the last tensor");
        }
        return new NamedTensors(source, tensors);
    }

    private static long byteCount(String source, Entry e) throws IOException {
        try {
            long count = e.type.bytes();
            for (long side : e.shape) {
                count = Math.multiplyExact(count, side);
            }
            return count;
        } catch (ArithmeticException overflow) {
            throw new IOException(source + ": the shape of tensor '" + e.name + "' overflows", overflow);
        }
    }

    private static List<Entry> header(String source, String json) throws IOException {
        List<Entry> entries = new ArrayList<>();
        try {
            for (Map.Entry<String, Json> member : Json.parse(json).members().entrySet()) {
                if (entries.size() == MAX_TENSORS) {
                    throw new IOException(source + ": more than " + MAX_TENSORS + " tensors");
                }
                if (!member.getKey().equals("__metadata__")) {
                    entries.add(entry(source, member.getKey(), member.getValue()));
                }
            }
        } catch (IllegalArgumentException e) {
            throw new IOException(source + ": header is not valid JSON: " + e.getMessage(), e);
        }
        return entries;
    }

    private static Entry entry(String source, String name, Json json) throws IOException {
        if (!json.members().keySet().containsAll(FIELDS)) {
            throw new IOException(source + ": tensor '" + name + "' lacks dtype, shape or data_offsets");
        }
        long[] offsets = numbers(source, name, json.get("data_offsets"));
        if (offsets.length != 2) {
            throw new IOException(source + ": tensor '" + name + "' has " + offsets.length + " data_offsets");
        }
        return new Entry(name, type(source, name, json.get("dtype").string()), numbers(source, name, json.get("shape")), offsets[0],
                offsets[1]);
    }

    private static NamedTensors.Type type(String source, String name, String type) throws IOException {
        for (NamedTensors.Type known : NamedTensors.Type.values()) {
            if (known.name().equals(type)) {
                return known;
            }
        }
        throw new IOException(source + ": tensor '" + name + "' has the unknown dtype '" + type + "'");
    }

    private static long[] numbers(String source, String name, Json json) throws IOException {
        List<Json> elements = json.elements();
        long[] numbers = new long[Math.min(elements.size(), MAX_DIMENSIONS + 1)];
        boolean bad = numbers.length > MAX_DIMENSIONS;
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = elements.get(i).integer();
            bad |= numbers[i] < 0;
        }
        if (bad) {
            throw new IOException(source + ": tensor '" + name + "' has a bad shape or offset");
        }
        return numbers;
    }
}
