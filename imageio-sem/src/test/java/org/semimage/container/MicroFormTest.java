// SPDX-License-Identifier: Apache-2.0
package org.semimage.container;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

import javax.imageio.IIOException;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class MicroFormTest {

    private static final byte[] PAYLOAD = {1, 2, 3, 4, 5};

    private static SemFile file(ProfileId profile, int width, int height, Chunk... others) {
        SemHeader header = new SemHeader(profile, width, height, PixelFormat.RGB, ModelRef.NONE);
        return SemFile.of(header, List.of(new Chunk(MicroForm.payloadTag(profile), PAYLOAD))).withAncillary(List.of(others));
    }

    @Test
    void theWorkedExampleOfTheFormatDocumentParses() throws IOException {
        SemFile file = SemFile.of(new SemHeader(ProfileId.CAPTION, 640, 480, PixelFormat.RGB, ModelRef.NONE),
                List.of(new Chunk(Chunk.CAPTION, new byte[] {0x12, 0x34})));
        byte[] bytes = SemSerializer.toBytes(file);
        assertEquals("53454d80" + "27" + "02" + "1234" + "44", HexFormat.of().formatHex(bytes));
        assertEquals(file.header(), SemParser.parse(bytes).header());
    }

    @Property(tries = 200)
    void everySizeSurvives(@ForAll @IntRange(min = 1, max = 1 << 24) int width, @ForAll @IntRange(min = 1, max = 16) int height)
            throws IOException {
        SemFile file = file(ProfileId.DESCRIPTOR, width, height);
        byte[] bytes = SemSerializer.toBytes(file);
        assertEquals(bytes.length, SemSerializer.size(file));
        assertEquals(file.header(), SemParser.parse(bytes).header());
    }

    @Test
    void sizeCodesAreDistinctAndCommonSizesHaveOne() {
        for (int code = 1; code <= MicroForm.MAX_CODE; code++) {
            assertEquals(code, MicroForm.code(MicroForm.size(code)[0], MicroForm.size(code)[1]));
        }
        for (int[] size : new int[][] {{640, 480}, {640, 427}, {768, 512}, {512, 768}, {512, 512}, {1920, 1080},
                {1080, 1920}, {4032, 3024}}) {
            assertTrue(MicroForm.code(size[0], size[1]) > 0, Arrays.toString(size));
        }
    }

    @Test
    void ancillaryChunksFollowThePayload() throws IOException {
        SemFile file = file(ProfileId.CAPTION, 33, 44, new Chunk('q', new byte[] {7}), new Chunk(Chunk.XMP, new byte[300]));
        byte[] bytes = SemSerializer.toBytes(file);
        assertEquals(bytes.length, SemSerializer.size(file));
        SemFile parsed = SemParser.parse(bytes);
        assertEquals(List.of('C', 'q', 'x'), parsed.chunks().stream().map(Chunk::tag).toList());
        assertArrayEquals(PAYLOAD, parsed.chunks().get(0).payload());
        assertArrayEquals(bytes, SemSerializer.toBytes(parsed));
        assertThrows(IIOException.class, () -> SemParser.parse(Arrays.copyOf(bytes, bytes.length - 1)));
    }

    @Test
    void nothingBehindTheLastByteIsRead() throws IOException {
        byte[] bytes = SemSerializer.toBytes(file(ProfileId.CAPTION, 640, 480));
        ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(Arrays.copyOf(bytes, bytes.length + 9)));
        SemParser.parse(in);
        assertEquals(bytes.length, in.getStreamPosition());
    }

    @Test
    void theOutlineEndsWhereThePictureDoes() throws IOException {
        for (Chunk[] others : new Chunk[][] {{}, {new Chunk('q', new byte[] {7}), new Chunk(Chunk.XMP, new byte[300])}}) {
            byte[] bytes = SemSerializer.toBytes(file(ProfileId.DESCRIPTOR, 33, 44, others));
            ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(Arrays.copyOf(bytes, bytes.length + 9)));
            SemOutline outline = SemParser.outline(in);
            assertEquals(bytes.length, in.getStreamPosition());
            assertEquals(new SemOutline.Entry('D', PAYLOAD.length), outline.entries().get(0));
            assertEquals(List.of(others).stream().map(Chunk::tag).toList(), outline.ancillary().stream().map(Chunk::tag).toList());
            assertFalse(outline.truncated());
        }
        byte[] cut = Arrays.copyOf(SemSerializer.toBytes(file(ProfileId.DESCRIPTOR, 33, 44)), 9);
        assertTrue(SemParser.outline(new MemoryCacheImageInputStream(new ByteArrayInputStream(cut))).truncated());
    }

    @Test
    void everyDamagedBitIsNoticed() {
        byte[] bytes = SemSerializer.toBytes(file(ProfileId.CAPTION, 640, 480));
        for (int bit = 0; bit < 8 * bytes.length; bit++) {
            byte[] damaged = bytes.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            assertThrows(IIOException.class, () -> SemParser.parse(damaged));
        }
    }

    @Test
    void descriptorsMayBeCutAndCaptionsMayNot() throws IOException {
        byte[] caption = SemSerializer.toBytes(file(ProfileId.CAPTION, 640, 480));
        byte[] descriptors = SemSerializer.toBytes(file(ProfileId.DESCRIPTOR, 640, 480));
        for (int length = 0; length < caption.length; length++) {
            byte[] cut = Arrays.copyOf(caption, length);
            assertThrows(IIOException.class, () -> SemParser.parse(cut));
        }
        for (int length = 6; length < descriptors.length; length++) {
            SemFile cut = SemParser.parse(Arrays.copyOf(descriptors, length));
            assertTrue(cut.truncated());
            assertEquals(Math.min(length - 6, PAYLOAD.length), cut.chunks().get(0).payload().length);
        }
        assertFalse(SemParser.parse(descriptors).truncated());
    }

    @Test
    void criticalChunksAndUnknownSizeCodesAreRefused() {
        byte[] chunk = SemSerializer.toBytes(file(ProfileId.CAPTION, 640, 480, new Chunk('q', new byte[0])));
        chunk[12] = 'T';
        assertTrue(assertThrows(IIOException.class, () -> SemParser.parse(chunk)).getMessage().contains("ancillary chunks alone"));
        assertThrows(IIOException.class, () -> SemParser.outline(new MemoryCacheImageInputStream(new ByteArrayInputStream(chunk))));
        byte[] unknown = HexFormat.of().parseHex("53454d807f");
        assertTrue(assertThrows(IIOException.class, () -> SemParser.parse(unknown)).getMessage().contains("size code"));
    }

    @Test
    void otherFormatsHaveNoMicroForm() {
        SemHeader header = new SemHeader(ProfileId.CAPTION, 1, 1, PixelFormat.GRAY, ModelRef.NONE);
        assertThrows(IllegalArgumentException.class, () -> SemSerializer.toBytes(SemFile.of(header, List.of(new Chunk('C', PAYLOAD)))));
    }
}
