// SPDX-License-Identifier: Apache-2.0
package org.semimage.container;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.imageio.IIOException;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Captions whose files say no length. */
class BareFormTest {

    private static SemFile caption(int width, int height, byte... text) {
        return SemFile.of(new SemHeader(ProfileId.CAPTION, width, height, PixelFormat.RGB, ModelRef.NONE),
                List.of(new Chunk(Chunk.CAPTION, text)));
    }

    private static byte[] bare(SemFile file) {
        return BareForm.of(file).orElseThrow();
    }

    @Test
    void aCommonSizeTakesFourBits() {
        assertEquals(5 + 3, bare(caption(640, 480, (byte) 0x12, (byte) 0x34, (byte) 0x50)).length);
        assertEquals(6 + 3, bare(caption(640, 480, (byte) 0x12, (byte) 0x34, (byte) 0x56)).length);
        assertEquals(6 + 3, bare(caption(800, 600, (byte) 0x12, (byte) 0x34, (byte) 0x50)).length);
        assertEquals(6, bare(caption(512, 512)).length);
    }

    @ParameterizedTest
    @CsvSource({"512,512", "1024,1024", "640,480", "480,640", "768,512", "512,768", "1024,768", "1920,1080", "800,600", "4032,4032"})
    void whatIsWrittenIsRead(int width, int height) throws IOException {
        Random random = new Random(width + height);
        for (int length = 0; length < 254; length += 1 + length / 8) {
            byte[] text = new byte[length];
            random.nextBytes(text);
            for (int last : new int[] {0, 0x10, 1, 0xF0}) {
                if (length > 0) {
                    text[length - 1] = (byte) last;
                }
                SemFile file = caption(width, height, text);
                SemFile again = SemParser.parse(SemSerializer.toShortestBytes(file));
                assertEquals(file.header(), again.header());
                assertArrayEquals(text, again.chunks().get(0).payload());
                assertTrue(SemSerializer.toShortestBytes(file).length <= SemSerializer.size(file));
            }
        }
    }

    @Test
    void otherPicturesHaveTheFormWithALength() {
        assertTrue(BareForm.of(caption(641, 480)).isEmpty());
        assertTrue(BareForm.of(caption(640, 480, new byte[300])).isEmpty());
        assertTrue(BareForm.of(caption(800, 600, (byte) 'S', (byte) 'E', (byte) 'M', (byte) 0x80)).isEmpty());
        assertTrue(BareForm.of(SemFile.of(caption(640, 480).header(), List.of(new Chunk(Chunk.CAPTION, new byte[1]),
                new Chunk(Chunk.TEXT, new byte[3])))).isEmpty());
    }

    @Test
    void aPictureMayFollow() throws IOException {
        SemFile first = caption(640, 480, (byte) 1, (byte) 'S');
        SemFile second = caption(800, 600, (byte) 'S', (byte) 'E', (byte) 'M');
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] each : List.of(bare(first), bare(second), SemSerializer.toBytes(first), bare(second))) {
            all.writeBytes(each);
        }
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(all.toByteArray()))) {
            for (SemFile expected : List.of(first, second, first, second)) {
                assertTrue(SemParser.startsPicture(in));
                long at = in.getStreamPosition();
                SemOutline outline = SemParser.outline(in);
                assertEquals(expected.chunks().get(0).payload().length, outline.entries().get(0).length());
                in.seek(at);
                assertArrayEquals(expected.chunks().get(0).payload(), SemParser.parse(in).chunks().get(0).payload());
            }
            assertFalse(SemParser.startsPicture(in));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 50, 400})
    void otherBytesMayNot(int count) {
        byte[] good = bare(caption(640, 480, (byte) 1, (byte) 2, (byte) 3));
        byte[] bytes = Arrays.copyOf(good, good.length + count);
        assertThrows(IIOException.class, () -> SemParser.parse(bytes));
    }

    @Test
    void everyFlippedBitIsRefusedOrTakenForACutDescriptor() throws IOException {
        byte[] good = bare(caption(640, 480, (byte) 0x5A, (byte) 0x17, (byte) 0x90));
        for (int bit = 0; bit < 8 * good.length; bit++) {
            byte[] bytes = good.clone();
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
            try {
                SemFile file = SemParser.parse(bytes);
                assertTrue(file.truncated() && file.header().profile() == ProfileId.DESCRIPTOR, "bit " + bit);
            } catch (IIOException refused) {
                assertFalse(refused.getMessage().isEmpty());
            }
        }
    }

    @Test
    void everyPrefixIsRefused() {
        byte[] good = bare(caption(640, 480, (byte) 0x5A, (byte) 0x17, (byte) 0x91));
        for (int length = 0; length < good.length; length++) {
            byte[] bytes = Arrays.copyOf(good, length);
            assertThrows(IIOException.class, () -> SemParser.parse(bytes), length + " bytes");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0x80, 0xFF})
    void aSizeThatThereIsNotIsRefused(int form) {
        byte[] bytes = bare(caption(800, 600, (byte) 1));
        bytes[4] = (byte) form;
        bytes[bytes.length - 1] = (byte) MicroForm.checksum(Arrays.copyOf(bytes, bytes.length - 1));
        String message = assertThrows(IIOException.class, () -> SemParser.parse(bytes)).getMessage();
        assertTrue(message.contains("size code at offset 4"), message);
    }

    @Test
    void aLastByteOfZerosIsRefused() {
        byte[] good = bare(caption(640, 480, (byte) 1, (byte) 0x20));
        byte[] bytes = Arrays.copyOf(good, good.length + 1);
        bytes[good.length - 1] = 0;
        bytes[good.length] = (byte) MicroForm.checksum(Arrays.copyOf(bytes, good.length));
        String message = assertThrows(IIOException.class, () -> SemParser.parse(bytes)).getMessage();
        assertTrue(message.contains("last byte"), message);
    }
}
