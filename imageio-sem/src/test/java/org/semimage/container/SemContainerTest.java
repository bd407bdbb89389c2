// SPDX-License-Identifier: Apache-2.0
package org.semimage.container;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import javax.imageio.IIOException;
import javax.imageio.stream.ImageInputStreamImpl;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SemContainerTest {

    private static final SemHeader HEADER =
            new SemHeader(ProfileId.TRANSFORM, 641, 479, PixelFormat.RGB_ALPHA, ModelRef.embedded(1));

    private static SemFile sample() {
        return SemFile.of(HEADER, List.of(
                new Chunk('q', new byte[] {1, 2, 3}),
                new Chunk(Chunk.ALPHA, new byte[] {0, -1}),
                new Chunk(Chunk.TRANSFORM, "payload".getBytes()),
                new Chunk('z', new byte[0])));
    }

    private static SemFile sampleEndingInPayload() {
        return SemFile.of(HEADER, sample().chunks().subList(0, 3));
    }

    private static void assertSame(SemFile expected, SemFile actual) {
        assertEquals(expected.header(), actual.header());
        assertEquals(expected.truncated(), actual.truncated());
        assertEquals(expected.chunks().size(), actual.chunks().size());
        for (int i = 0; i < expected.chunks().size(); i++) {
            assertEquals(expected.chunks().get(i).tag(), actual.chunks().get(i).tag());
            assertArrayEquals(expected.chunks().get(i).payload(), actual.chunks().get(i).payload());
        }
    }

    private static String messageOf(byte[] bytes) {
        return assertThrows(IIOException.class, () -> SemParser.parse(bytes)).getMessage();
    }

    private static String messageOf(String hex) {
        return messageOf(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    private static void assertContains(String message, String... parts) {
        for (String part : parts) {
            assertTrue(message.contains(part), () -> "'" + part + "' in: " + message);
        }
    }

    @Test
    void picturesSurviveARoundTrip() throws IOException {
        byte[] bytes = SemSerializer.toBytes(sample());
        assertEquals(bytes.length, SemSerializer.size(sample()));
        assertSame(sample(), SemParser.parse(bytes));
    }

    @ParameterizedTest
    @EnumSource
    void everyPlaneFormatSurvives(PixelFormat format) throws IOException {
        SemFile file = SemFile.of(new SemHeader(ProfileId.LOSSLESS, 1, SemHeader.MAX_SIDE, format, ModelRef.NONE), List.of());
        assertSame(file, SemParser.parse(SemSerializer.toBytes(file)));
    }

    @Property(tries = 200)
    void headersSurviveARoundTrip(@ForAll @IntRange(min = 1, max = 16384) int width,
                                  @ForAll @IntRange(min = 1, max = 16384) int height,
                                  @ForAll("chunkProfiles") ProfileId profile, @ForAll PixelFormat format, @ForAll long digest)
            throws IOException {
        SemFile file = SemFile.of(new SemHeader(profile, width, height, format, ModelRef.ofDigest(digest)), List.of());
        assertSame(file, SemParser.parse(SemSerializer.toBytes(file)));
    }

    @Provide
    Arbitrary<ProfileId> chunkProfiles() {
        return Arbitraries.of(ProfileId.values()).filter(profile -> !MicroForm.isOf(profile));
    }

    @Test
    void theWorkedExampleOfTheFormatDocumentParses() throws IOException {
        SemFile file = SemFile.of(new SemHeader(ProfileId.TRANSFORM, 640, 480, PixelFormat.RGB_ALPHA, ModelRef.embedded(1)),
                List.of(new Chunk(Chunk.ALPHA, new byte[] {0, -1}), new Chunk(Chunk.TRANSFORM, new byte[] {0x12, 0x34, 0x56})));
        assertEquals("53454d83ff04df030301" + "410200ff" + "3551932a" + "5403123456" + "bac21838" + "00",
                HexFormat.of().formatHex(SemSerializer.toBytes(file)));
    }

    @Test
    void serializingWritesAtTheStreamsPositionOnly() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            out.writeByte(42);
            out.write(SemSerializer.toBytes(sample()));
            assertEquals(1 + SemSerializer.size(sample()), out.getStreamPosition());
        }
        assertEquals(42, bytes.toByteArray()[0]);
        assertSame(sample(), SemParser.parse(Arrays.copyOfRange(bytes.toByteArray(), 1, bytes.size())));
    }

    @Test
    void aHeaderParsesWithoutItsChunks() throws IOException {
        byte[] bytes = SemSerializer.toBytes(sample());
        TailedStream in = new TailedStream(Arrays.copyOf(bytes, 10), 0, 10);
        assertEquals(HEADER, SemParser.parseHeader(in));
        assertEquals(10, in.getStreamPosition());
    }

    @Test
    void parsingTakesNoByteBehindThePictureAndNeedsNoLength() throws IOException {
        byte[] bytes = SemSerializer.toBytes(sample());
        byte[] embedded = new byte[bytes.length + 20];
        System.arraycopy(bytes, 0, embedded, 7, bytes.length);
        TailedStream in = new TailedStream(embedded, 7, 7 + bytes.length);
        assertSame(sample(), SemParser.parse(in));
        assertEquals(7 + bytes.length, in.getStreamPosition());
    }

    @Test
    void aMissingEndMarkBehindThePayloadIsATruncation() throws IOException {
        byte[] bytes = SemSerializer.toBytes(sampleEndingInPayload());
        SemFile cut = SemParser.parse(Arrays.copyOf(bytes, bytes.length - 1));
        assertTrue(cut.truncated());
        assertArrayEquals("payload".getBytes(), cut.chunk(Chunk.TRANSFORM).orElseThrow().payload());
    }

    @Test
    void everyCutInsideThePayloadKeepsWhatWasThereAndEveryOtherCutIsRefused() throws IOException {
        byte[] bytes = SemSerializer.toBytes(sampleEndingInPayload());
        int payloadStart = bytes.length - 1 - 4 - "payload".length();
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            if (length < payloadStart) {
                assertContains(messageOf(cut), "offset " + length);
            } else {
                SemFile file = SemParser.parse(cut);
                assertTrue(file.truncated());
                assertEquals(3, file.chunks().size());
                String kept = new String(file.chunks().get(2).payload());
                assertEquals("payload".substring(0, Math.min(length - payloadStart, 7)), kept);
            }
        }
    }

    @Test
    void aCutInsideAnotherChunkNamesIt() {
        byte[] bytes = SemSerializer.toBytes(sample());
        assertContains(messageOf(Arrays.copyOf(bytes, 13)), "'q'", "offset 13", "offset 10");
    }

    @Test
    void everyBitFlipIsRefusedUnlessItOnlyLengthensThePayload() throws IOException {
        byte[] bytes = SemSerializer.toBytes(sampleEndingInPayload());
        for (int bit = 0; bit < 8 * bytes.length; bit++) {
            byte[] flipped = bytes.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            try {
                SemFile file = SemParser.parse(flipped);
                assertTrue(file.truncated(), "bit " + bit);
                assertEquals(bytes.length - 1 - 4 - "payload".length() - 1, bit / 8, "only the payload's length may be off");
            } catch (IIOException refused) {
                assertFalse(refused.getMessage().isBlank());
            }
        }
    }

    @Property(tries = 500)
    void randomBytesAreRefused(@ForAll @Size(max = 300) byte[] bytes) {
        assertContains(messageOf(bytes), "offset");
    }

    @Property(tries = 500)
    void randomBytesBehindAHeaderNeverRaiseAnythingElse(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        byte[] bytes = new byte[200];
        random.nextBytes(bytes);
        byte[] header = SemSerializer.toBytes(SemFile.of(HEADER, List.of()));
        System.arraycopy(header, 0, bytes, 0, header.length - 1);
        bytes[header.length - 1] = (byte) "Taq".charAt(random.nextInt(3));
        try {
            SemParser.parse(bytes);
        } catch (IIOException refused) {
            assertContains(refused.getMessage(), "offset");
        }
    }

    @Test
    void anEmptyInputIsRefused() {
        assertContains(messageOf(""), "ends at offset 0", "magic");
    }

    @Test
    void aJpegIsRefused() {
        assertContains(messageOf("FFD8FFE000104A464946"), "not a SEM picture", "offset 0", "0x53", "0xFF");
    }

    @Test
    void aVersionIsToldModuloFour() {
        assertEquals(8, SemHeader.versionCode(12));
        assertEquals(11, SemHeader.versionCode(11));
        assertEquals(10, SemHeader.versionCode(14));
    }

    @Test
    void anotherVersionIsRefusedByNumber() {
        assertContains(messageOf("53454D23 00 00 00 00 00"), "version 12", "found 2", "offset 3");
    }

    @Test
    void anUnknownProfileIsRefused() {
        assertContains(messageOf("53454D8F 00 00 00 00 00"), "profile", "15");
    }

    @Test
    void reservedBitsAreRefused() {
        assertContains(messageOf("53454D83 00 00 08 00 00"), "reserved", "0x08", "offset 6");
    }

    @Test
    void aSideBeyondTheFormatsBoundIsRefused() {
        assertContains(messageOf("53454D83 FFFFFF7F 00 02 00 00"), "width", "268435456", "offset 4");
    }

    @Test
    void aPictureBeyondThePixelLimitIsRefusedButItsHeaderReads() throws IOException {
        byte[] bytes = HexFormat.of().parseHex("53454D83FFFFFF07FFFFFF07020000");
        assertContains(messageOf(bytes), "16777216x16777216", "org.semimage.maxPixels");
        assertEquals(1 << 24, SemParser.parseHeader(new TailedStream(bytes, 0, bytes.length)).width());
    }

    @ParameterizedTest
    @ValueSource(strings = {"53454D83 8000 00 02 00 00", "53454D83 00 FF8000 02 00 00", "53454D83 00 00 02 00 71 8100 00"})
    void numbersThatAreNotMinimalAreRefused(String hex) {
        assertContains(messageOf(hex), "shortest encoding");
    }

    @Test
    void numbersThatAreTooLongAreRefused() {
        assertContains(messageOf("53454D83 80808080 01 00 02 00 00"), "width", "at most 4 bytes");
        assertContains(messageOf("53454D83 00 00 02 00 54 808080808001"), "'T'", "at most 5 bytes");
    }

    @Test
    void aDeclaredLengthBeyondTheLimitIsRefused() {
        assertContains(messageOf("53454D83 00 00 02 00 54 FFFFFFFF7F 00"), "'T'", "34359738367", "org.semimage.maxPayloadBytes");
        assertContains(messageOf("53454D83 00 00 02 00 78 FFFFFFFF7F 00"), "'x'", "org.semimage.maxMetadataBytes");
    }

    @Test
    void aHugeDeclaredLengthCostsNoMemory() throws IOException {
        SemFile file = SemParser.parse(HexFormat.of().parseHex("53454D83FF7FFF7F0200" + "54" + "8080808004" + "0102"));
        assertTrue(file.truncated());
        assertArrayEquals(new byte[] {1, 2}, file.chunks().get(0).payload());
    }

    @Test
    void aWrongChecksumNamesItsChunk() {
        byte[] bytes = SemSerializer.toBytes(sample());
        bytes[12]++;
        assertContains(messageOf(bytes), "CRC-32C", "'q'", "offset 10");
    }

    @Test
    void unknownAncillaryChunksAreKeptAndUnknownCriticalOnesAreRefused() throws IOException {
        assertTrue(SemParser.parse(SemSerializer.toBytes(sample())).chunk('q').isPresent());
        SemFile critical = SemFile.of(HEADER, List.of(new Chunk('Q', new byte[1])));
        assertContains(messageOf(SemSerializer.toBytes(critical)), "unknown 'Q'");
    }

    @Test
    void criticalChunksHaveOneOrder() {
        Chunk alpha = new Chunk(Chunk.ALPHA, new byte[1]);
        Chunk transform = new Chunk(Chunk.TRANSFORM, new byte[1]);
        assertContains(messageOf(SemSerializer.toBytes(SemFile.of(HEADER, List.of(transform, alpha)))), "'A' after 'T'");
        assertContains(messageOf(SemSerializer.toBytes(SemFile.of(HEADER, List.of(alpha, alpha)))), "'A' after 'A'");
    }

    @Test
    void chunksOfAnotherProfileAreRefused() {
        SemHeader lossless = new SemHeader(ProfileId.LOSSLESS, 8, 8, PixelFormat.RGB_ALPHA, ModelRef.NONE);
        for (char tag : new char[] {Chunk.ALPHA, Chunk.TRANSFORM}) {
            assertContains(messageOf(SemSerializer.toBytes(SemFile.of(lossless, List.of(new Chunk(tag, new byte[2]))))),
                    "chunk '" + tag + "'", "none");
        }
        assertContains(messageOf(SemSerializer.toBytes(SemFile.of(HEADER, List.of(new Chunk(Chunk.LOSSLESS, new byte[2]))))), "chunk 'L'",
                "none");
    }

    @Test
    void anOutlineKnowsOfAnIccProfileBehindTheCriticalChunksButDoesNotGiveIt() throws IOException {
        Chunk profile = new Chunk(Chunk.ICC, new byte[] {0, 1});
        SemHeader opaque = new SemHeader(ProfileId.TRANSFORM, 8, 8, PixelFormat.RGB, ModelRef.NONE);
        byte[] bytes = SemSerializer.toBytes(SemFile.of(opaque, List.of(new Chunk(Chunk.TRANSFORM, new byte[3]), profile)));
        SemOutline outline = SemParser.outline(new TailedStream(bytes, 0, bytes.length));
        assertEquals(2, outline.entries().size());
        assertEquals(List.of(), outline.ancillary());
    }

    @Test
    void alphaThatTheHeaderDoesNotDeclareIsRefused() {
        SemHeader opaque = new SemHeader(ProfileId.TRANSFORM, 8, 8, PixelFormat.RGB, ModelRef.NONE);
        SemFile file = SemFile.of(opaque, List.of(new Chunk(Chunk.ALPHA, new byte[2])));
        assertContains(messageOf(SemSerializer.toBytes(file)), "chunk 'A' at offset 8", "no alpha");
    }

    @Test
    void moreChunksThanTheFormatAllowsAreRefused() {
        byte[] empty = SemSerializer.toBytes(SemFile.of(HEADER, List.of()));
        byte[] one = SemSerializer.toBytes(SemFile.of(HEADER, List.of(new Chunk('q', new byte[0]))));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(empty, 0, empty.length - 1);
        for (int i = 0; i <= SemLimits.MAX_CHUNKS; i++) {
            out.write(one, empty.length - 1, one.length - empty.length);
        }
        out.write(0);
        assertContains(messageOf(out.toByteArray()), "at most 1024");
    }

    @Test
    void aTruncatedPictureIsRewrittenAsACompleteOne() throws IOException {
        byte[] bytes = SemSerializer.toBytes(sampleEndingInPayload());
        SemFile rewritten = SemParser.parse(SemSerializer.toBytes(SemParser.parse(Arrays.copyOf(bytes, bytes.length - 8))));
        assertFalse(rewritten.truncated());
        assertEquals("payl", new String(rewritten.chunk(Chunk.TRANSFORM).orElseThrow().payload()));
    }

    @Test
    void limitsFollowTheSystemProperties() {
        System.setProperty("org.semimage.maxPixels", "1000");
        System.setProperty("org.semimage.maxMetadataBytes", "nonsense");
        try {
            assertEquals(new SemLimits(1000, 64 << 20, 1 << 30), SemLimits.current());
            assertContains(messageOf(SemSerializer.toBytes(sample())), "limit is 1000");
        } finally {
            System.clearProperty("org.semimage.maxPixels");
            System.clearProperty("org.semimage.maxMetadataBytes");
        }
    }

    /** A stream of unknown length that forbids reading from an offset on and hands out few bytes at a time. */
    private static final class TailedStream extends ImageInputStreamImpl {

        private final byte[] bytes;
        private final int forbidden;

        TailedStream(byte[] bytes, int start, int forbidden) throws IOException {
            this.bytes = bytes;
            this.forbidden = forbidden;
            seek(start);
        }

        @Override
        public int read() {
            bitOffset = 0;
            assertTrue(streamPos < forbidden, "read behind the picture");
            return bytes[(int) streamPos++] & 0xFF;
        }

        @Override
        public int read(byte[] b, int off, int len) {
            bitOffset = 0;
            assertTrue(streamPos + len <= forbidden, "read behind the picture");
            int n = Math.min(len, 3);
            System.arraycopy(bytes, (int) streamPos, b, off, n);
            streamPos += n;
            return n;
        }
    }
}
