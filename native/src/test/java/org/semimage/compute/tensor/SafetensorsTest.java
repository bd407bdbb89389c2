// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.tensor;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SafetensorsTest {

    private static ByteBuffer file(String header, int data) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(8 + json.length + data).order(ByteOrder.LITTLE_ENDIAN).putLong(json.length).put(json);
        for (int i = 0; i < data; i++) {
            file.put((byte) i);
        }
        return file.flip();
    }

    private static void assertRefused(String part, ByteBuffer file) {
        String message = assertThrows(IOException.class, () -> Safetensors.parse("pack", file)).getMessage();
        assertTrue(message.contains(part), message);
    }

    @Test
    void tensorsAreReadByName() throws IOException {
        NamedTensors tensors = Safetensors.parse("pack", file("""
                {"__metadata__":{"a":"b"},
                 "x":{"dtype":"I8","shape":[2,3],"data_offsets":[0,6]},
                 "y":{"dtype":"I32","shape":[1],"data_offsets":[6,10]}}""", 10));
        assertArrayEquals(new byte[] {0, 1, 2, 3, 4, 5}, tensors.bytes("x", 2, -1));
        assertArrayEquals(new int[] {0x09080706}, tensors.ints("y", 1));
    }

    @Test
    void ofAStreamTheWantedTensorsAreRead() throws IOException {
        byte[] bytes = file("""
                {"y":{"dtype":"I8","shape":[3],"data_offsets":[6,9]},
                 "x":{"dtype":"I8","shape":[2,3],"data_offsets":[0,6]},
                 "z":{"dtype":"I8","shape":[1],"data_offsets":[9,10]}}""", 10).array();
        NamedTensors all = Safetensors.read("pack", new ByteArrayInputStream(bytes), name -> true);
        assertArrayEquals(new byte[] {0, 1, 2, 3, 4, 5}, all.bytes("x", 2, 3));
        NamedTensors some = Safetensors.read("pack", new ByteArrayInputStream(bytes), name -> !name.equals("x"));
        assertEquals(Set.of("y", "z"), some.names());
        assertArrayEquals(new byte[] {6, 7, 8}, some.bytes("y", 3));
        assertArrayEquals(new byte[] {9}, some.bytes("z", 1));
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThrows(IOException.class, () -> Safetensors.read("pack", new ByteArrayInputStream(cut), name -> !name.equals("x")));
        }
    }

    @Test
    void aMissingOrMisshapenTensorIsNamed() throws IOException {
        NamedTensors tensors = Safetensors.parse("pack", file("{\"x\":{\"dtype\":\"I8\",\"shape\":[2],\"data_offsets\":[0,2]}}", 2));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> tensors.bytes("y", 2)).getMessage().contains("'y'"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> tensors.bytes("x", 3)).getMessage()
                .contains("'x' is I8[2], expected I8[3]"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> tensors.ints("x", 2)).getMessage().contains("'x'"));
    }

    @Test
    void halfPrecisionIsWidenedExactly() throws IOException {
        ByteBuffer file = file("{\"x\":{\"dtype\":\"F16\",\"shape\":[4],\"data_offsets\":[0,8]}}", 8);
        file.putShort(file.limit() - 8, (short) 0x3C00).putShort(file.limit() - 6, (short) 0xC000)
                .putShort(file.limit() - 4, (short) 0x0001).putShort(file.limit() - 2, (short) 0x7BFF);
        assertArrayEquals(new float[] {1, -2, 0x1p-24f, 65504}, Safetensors.parse("pack", file).halves("x", 4));
    }

    @Test
    void halfPrecisionIsCopiedAsItIs() throws IOException {
        ByteBuffer file = file("{\"x\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[0,4]},"
                + "\"y\":{\"dtype\":\"I8\",\"shape\":[4],\"data_offsets\":[4,8]}}", 8);
        file.putShort(file.limit() - 8, (short) 0x3C00).putShort(file.limit() - 6, (short) 0xC000);
        NamedTensors tensors = Safetensors.parse("pack", file);
        short[] room = {1, 2, 3};
        tensors.copyHalves("x", room);
        assertArrayEquals(new short[] {0x3C00, (short) 0xC000, 3}, room);
        assertThrows(IllegalArgumentException.class, () -> tensors.copyHalves("x", new short[1]));
        assertThrows(IllegalArgumentException.class, () -> tensors.copyHalves("y", room));
        assertThrows(IllegalArgumentException.class, () -> tensors.copyHalves("z", room));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "at 0..2, expected from 0 to at most 1 | {\"x\":{\"dtype\":\"I8\",\"shape\":[2],\"data_offsets\":[0,2]}} | 1",
        "its shape needs 4611686018427387904 | {\"x\":{\"dtype\":\"I8\",\"shape\":[2147483648,2147483648],\"data_offsets\":[0,2]}} | 2",
        "overflows | {\"x\":{\"dtype\":\"I32\",\"shape\":[4611686018427387904,9],\"data_offsets\":[0,2]}} | 2",
        "bad shape or offset | {\"x\":{\"dtype\":\"I8\",\"shape\":[-2],\"data_offsets\":[0,2]}} | 2",
        "unknown dtype 'PICKLE' | {\"x\":{\"dtype\":\"PICKLE\",\"shape\":[2],\"data_offsets\":[0,2]}} | 2",
        "lacks dtype, shape or data_offsets | {\"x\":{\"dtype\":\"I8\"}} | 2",
        "stands twice | "
            + "{\"x\":{\"dtype\":\"I8\",\"shape\":[1],\"data_offsets\":[0,1]},"
            + "\"x\":{\"dtype\":\"I8\",\"shape\":[1],\"data_offsets\":[1,2]}} | 2",
        "1 bytes after the last tensor | {\"x\":{\"dtype\":\"I8\",\"shape\":[1],\"data_offsets\":[0,1]}} | 2",
        "expected from 2 | "
            + "{\"x\":{\"dtype\":\"I8\",\"shape\":[2],\"data_offsets\":[0,2]},"
            + "\"y\":{\"dtype\":\"I8\",\"shape\":[2],\"data_offsets\":[1,3]}} | 4",
        "not valid JSON | {\"x\":[}} | 2",
        "not valid JSON | [1] | 0",
        "not valid JSON | {\"x\" | 0",
        "not valid JSON | {\"x\":{\"shape\":[1, | 0"})
    void aBrokenHeaderIsRefused(String part, String header, int data) {
        assertRefused(part, file(header, data));
    }

    @Test
    void aHeaderLengthBeyondTheFileIsRefused() {
        assertRefused("header of 9223372036854775807 bytes", ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN)
                .putLong(0, Long.MAX_VALUE));
        assertRefused("header of -1 bytes", ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN).putLong(0, -1));
        assertRefused("3 bytes are no safetensors file", ByteBuffer.allocate(3));
    }

    private NamedTensors map(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            return Safetensors.map("pack", channel);
        }
    }

    @Test
    void aMappedFileGivesTheSameTensors(@TempDir Path folder) throws IOException {
        ByteBuffer bytes = file("""
                {"x":{"dtype":"I8","shape":[2,3],"data_offsets":[0,6]},"none":{"dtype":"F32","shape":[0,3],"data_offsets":[6,6]},
                 "y":{"dtype":"I32","shape":[1],"data_offsets":[6,10]}}""", 10);
        Path path = Files.write(folder.resolve("a.safetensors"), bytes.array());
        NamedTensors mapped = map(path);
        assertArrayEquals(new byte[] {0, 1, 2, 3, 4, 5}, mapped.bytes("x", 2, -1));
        assertArrayEquals(new int[] {0x09080706}, mapped.ints("y", 1));
        assertEquals(0, mapped.floats("none", 0, 3).length);
        Files.write(path, Arrays.copyOf(bytes.array(), bytes.limit() - 1));
        assertTrue(assertThrows(IOException.class, () -> map(path)).getMessage()
                .contains("tensor 'y' at 6..10, expected from 6 to at most 9"));
        Files.write(path, new byte[0]);
        assertTrue(assertThrows(IOException.class, () -> map(path)).getMessage().contains("0 bytes are no safetensors file"));
    }

    @Test
    void filesBeyondTwoGigabytesAreMappedInParts(@TempDir Path folder) throws IOException {
        long[] ends = {900L << 20, 1800L << 20, 2700L << 20};
        byte[] header = String.format("""
                {"a":{"dtype":"I8","shape":[%d],"data_offsets":[0,%d]},"b":{"dtype":"I8","shape":[%d],"data_offsets":[%d,%d]},
                 "c":{"dtype":"I8","shape":[%d],"data_offsets":[%d,%d]}}""",
                ends[0], ends[0], ends[0], ends[0], ends[1], ends[0], ends[1], ends[2])
                .getBytes(StandardCharsets.UTF_8);
        Path path = folder.resolve("large.safetensors");
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(8 + header.length + ends[2]);
            file.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).array());
            file.write(header);
            file.seek(file.length() - 1);
            file.write(42);
        }
        NamedTensors tensors = map(path);
        assertEquals(42, tensors.get("c").data().get((int) (900L << 20) - 1));
        assertEquals(0, tensors.get("a").data().get(0));
        assertEquals(ends[2], tensors.parameters());
    }

    @Test
    void moreTensorsThanAnyNetworkHasAreRefused() {
        StringBuilder header = new StringBuilder("{");
        for (int i = 0; i <= 1 << 16; i++) {
            header.append(i == 0 ? "" : ",").append('"').append(i).append("\":{\"dtype\":\"I8\",\"shape\":[0],\"data_offsets\":[0,0]}");
        }
        assertRefused("more than 65536 tensors", file(header.append('}').toString(), 0));
    }

    @Test
    void aDeeplyNestedHeaderIsRefused() {
        assertRefused("not valid JSON", file("{\"x\":{\"y\":" + "[".repeat(1 << 20) + "]".repeat(1 << 20) + "}}", 0));
    }

    @Property
    void anyBytesAreReadOrRefused(@ForAll byte[] header, @ForAll byte[] data) {
        ByteBuffer file = ByteBuffer.allocate(8 + header.length + data.length).order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length).put(header).put(data).flip();
        try {
            Safetensors.parse("pack", file);
        } catch (IOException e) {
            assertTrue(e.getMessage().startsWith("pack: "), e.getMessage());
        }
    }
}
