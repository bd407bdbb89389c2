// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.transform;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Rectangle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.imageio.IIOException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.semimage.container.ModelRef;
import org.semimage.container.PixelFormat;
import org.semimage.container.ProfileId;
import org.semimage.container.SemHeader;
import org.semimage.profile.EncodeOptions;

class TransformPayloadTest {

    private static final int WIDTH = 192;
    private static final int HEIGHT = 192;

    /** Of nine tiles. */
    private static final int STREAMS = 4 * 9;

    private static TransformPayload tiled() {
        TileGrid tiles = new TileGrid(HEIGHT, WIDTH, 64, 64);
        GainMap gains = GainMap.blank(HEIGHT, WIDTH).plus(List.of(new EncodeOptions.RegionOfInterest(new Rectangle(64, 0, 128, 64), 64)));
        List<TransformPayload.Segment> segments = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
            byte[] stream = new byte[i == 3 ? 0 : 100 + 20 * i];
            Arrays.fill(stream, (byte) i);
            segments.add(TransformPayload.Segment.of(1 << i % 6, stream));
        }
        return new TransformPayload(200, 0, tiles, gains, false, 0, segments);
    }

    /** The header of a picture of which what is coded has a size. */
    private static SemHeader header(int height, int width) {
        return new SemHeader(ProfileId.TRANSFORM, width, height, PixelFormat.RGB, ModelRef.NONE);
    }

    private static byte[] bytes(TransformPayload.Segment segment) {
        return Arrays.copyOfRange(segment.bytes(), segment.from(), segment.to());
    }

    @Test
    void whatIsWrittenIsRead() throws IIOException {
        TransformPayload payload = tiled().withShrink(2);
        TransformPayload again = TransformPayload.parse(payload.toBytes(), header(4 * HEIGHT - 3, 4 * WIDTH));
        assertEquals(payload.shrink(), again.shrink());
        assertEquals(payload.qualityIndex(), again.qualityIndex());
        assertEquals(payload.tiles(), again.tiles());
        assertEquals(payload.gains(), again.gains());
        assertEquals(payload.segments().size(), again.segments().size());
        for (int i = 0; i < payload.segments().size(); i++) {
            assertEquals(payload.segment(i).lanes(), again.segment(i).lanes());
            assertArrayEquals(bytes(payload.segment(i)), bytes(again.segment(i)));
        }
    }

    @Test
    void streamsStandLevelByLevel() {
        TransformPayload payload = tiled();
        assertEquals(3, payload.order().index(0, 3, 6));
        assertEquals(3, payload.order().index(0, 3, 4));
        assertEquals(9, payload.order().index(0, 0, 3));
        assertEquals(26, payload.order().index(0, 8, 2));
        assertEquals(27, payload.order().index(0, 0, 1));
        assertEquals(STREAMS, payload.order().index(1, 0, 6));
    }

    @Test
    void aPrefixHasTheStreamsThatAreThere() throws IIOException {
        byte[] whole = tiled().toBytes();
        int header = 2 + 2 + 1 + 1 + GainMapCodec.encode(tiled().gains()).length;
        for (int length = header; length < whole.length; length++) {
            TransformPayload cut = TransformPayload.parse(Arrays.copyOf(whole, length), header(HEIGHT, WIDTH));
            long streams = cut.segments().stream().mapToLong(s -> s.to() - s.from()).sum();
            assertTrue(cut.segments().size() <= STREAMS && streams <= length - header);
            assertEquals(0, bytes(cut.segment(STREAMS)).length);
        }
    }

    @Test
    void bytesBehindTheLastStreamAreRefused() throws IIOException {
        byte[] tiled = tiled().toBytes();
        assertRefused("1 bytes behind the last of 36 streams", Arrays.copyOf(tiled, tiled.length + 1), HEIGHT);
        byte[] twoTiles = HexFormat.of().parseHex("640100000000".substring(0, 8) + "000100".repeat(8));
        assertEquals(8, TransformPayload.parse(twoTiles, header(64, 128)).segments().size());
        assertRefused("3 bytes behind the last of 8 streams", Arrays.copyOf(twoTiles, twoTiles.length + 3), 64);
        byte[] twoLayers = HexFormat.of().parseHex("4004" + "000100".repeat(2));
        assertEquals(2, TransformPayload.parse(twoLayers, header(64, 64)).segments().size());
        assertRefused("4 bytes behind the last of 2 streams", Arrays.copyOf(twoLayers, twoLayers.length + 4), 64);
    }

    private static void assertRefused(String part, byte[] payload, int height) {
        int width = height == HEIGHT ? WIDTH : payload[1] == 1 ? 128 : 64;
        String message = assertThrows(IIOException.class, () -> TransformPayload.parse(payload, header(height, width))).getMessage();
        assertTrue(message.startsWith("chunk 'T', offset ") && message.contains(part), message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "the quality index | ''",
        "the layout | 64",
        "2 refinements of quality index 192 | C0 08 00",
        "2^6 lanes | 64 00 06",
        "tile width of 256 in a picture of 192 | 64 01 03 00 00",
        "tiles of the picture's size | 64 01 02 02 00",
        "takes more bytes than it needs | 64 01 80 00 00",
        "more than 4 bytes | 64 01 FF FF FF FF 01",
        "the size of gains' blocks | 64 02",
        "gains of blocks of 2^3 samples | 64 02 03 00",
        "gains of blocks of 2^7 samples | 64 02 07 00",
        "the length of the gains | 64 02 05"})
    void aFieldWithoutMeaningIsRefused(String part, String hex) {
        byte[] payload = HexFormat.of().parseHex(hex.replace("'", "").replace(" ", ""));
        String message = assertThrows(IIOException.class, () -> TransformPayload.parse(payload, header(HEIGHT, WIDTH))).getMessage();
        assertTrue(message.startsWith("chunk 'T', offset ") && message.contains(part), message);
    }

    @Property
    void anyBytesAreReadOrRefused(@ForAll byte[] payload) {
        try {
            TransformPayload parsed = TransformPayload.parse(payload, header(HEIGHT, WIDTH));
            parsed.segments().forEach(s -> assertTrue(s.from() >= 0 && s.to() <= payload.length && s.from() <= s.to()));
        } catch (IIOException e) {
            assertTrue(e.getMessage().startsWith("chunk 'T', offset "), e.getMessage());
        }
    }
}
