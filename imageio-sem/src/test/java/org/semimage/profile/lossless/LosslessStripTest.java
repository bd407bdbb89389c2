// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.lossless;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.semimage.compute.Cancellation;
import org.semimage.container.PixelFormat;
import org.semimage.picture.PixelPlanes;
import org.semimage.profile.lossless.LosslessStrip.Kind;

import javax.imageio.IIOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.CancellationException;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class LosslessStripTest {

    private static final PixelPlanes EXAMPLE = new PixelPlanes(4, 3, PixelFormat.GRAY,
            new short[][] {{128, 128, 128, 128, 128, 130, 130, 128, 128, 130, 130, 128}});

    /** Glyphs of few colours, many times over, or waves with noise. */
    private static PixelPlanes picture(int width, int height, PixelFormat format, boolean drawn, long seed) {
        Random random = new Random(seed);
        PixelPlanes picture = PixelPlanes.blank(width, height, format);
        int[] glyphs = random.ints(4 * 64, 0, 3).toArray();
        int[] text = random.ints(1 + width / 8, 0, 4).toArray();
        for (int i = 0; i < width * height; i++) {
            int x = i % width;
            int y = i / width;
            int ink = glyphs[text[x / 8] * 64 + y % 8 * 8 + x % 8];
            for (int p = 0; p < format.planes(); p++) {
                double wave = 0.5 + 0.4 * Math.sin(x / 9.0 + p) * Math.cos(y / 7.0) + 0.02 * random.nextGaussian();
                double level = drawn ? ink * (p + 1) / 8.0 : Math.min(1, Math.max(0, wave));
                picture.samples()[p][i] = (short) Math.round(format.maxSample() * level);
            }
        }
        return picture;
    }

    private static PixelPlanes decode(LosslessStrip strip, PixelPlanes like) throws IIOException {
        PixelPlanes decoded = PixelPlanes.blank(like.width(), like.height(), like.format());
        strip.decode(decoded, 16, 0, like.height() - 1, Cancellation.NEVER);
        return decoded;
    }

    @Property(tries = 120)
    void anyStripSurvivesInEveryKind(@ForAll @IntRange(min = 1, max = 40) int width, @ForAll @IntRange(min = 1, max = 40) int height,
                                     @ForAll PixelFormat format, @ForAll boolean drawn, @ForAll Kind kind, @ForAll long seed)
            throws IIOException {
        PixelPlanes picture = picture(width, height, format, drawn, seed);
        assertArrayEquals(picture.samples(), decode(LosslessStrip.encode(kind, picture, 16, Cancellation.NEVER), picture).samples());
    }

    @Property(tries = 60)
    void extremesSurviveInEveryKind(@ForAll PixelFormat format, @ForAll Kind kind, @ForAll long seed) throws IIOException {
        PixelPlanes picture = PixelPlanes.blank(33, 21, format);
        Random random = new Random(seed);
        for (short[] plane : picture.samples()) {
            for (int i = 0; i < plane.length; i++) {
                plane[i] = (short) (random.nextBoolean() ? format.maxSample() : 0);
            }
        }
        assertArrayEquals(picture.samples(), decode(LosslessStrip.encode(kind, picture, 16, Cancellation.NEVER), picture).samples());
    }

    @Test
    void encodingLeavesThePictureAsItIs() {
        PixelPlanes picture = picture(50, 40, PixelFormat.RGB_ALPHA, true, 1);
        short[][] before = Arrays.stream(picture.samples()).map(short[]::clone).toArray(short[][]::new);
        for (Kind kind : Kind.values()) {
            LosslessStrip.encode(kind, picture, 16, Cancellation.NEVER);
            assertArrayEquals(before, picture.samples());
        }
    }

    @Test
    void drawingsTakeTheFewestBytesRepeated() {
        PixelPlanes picture = picture(200, 100, PixelFormat.RGB, true, 2);
        assertEquals(Kind.REPEATED, LosslessStrip.encode(picture, 64, true, Cancellation.NEVER).kind());
        int repeated = LosslessStrip.encode(Kind.REPEATED, picture, 64, Cancellation.NEVER).size();
        int banded = LosslessStrip.encode(Kind.BANDED, picture, 64, Cancellation.NEVER).size();
        assertTrue(10 * repeated < banded, repeated + " and " + banded);
    }

    @Test
    void noisyPicturesTakeTheFewestBytesBlendedButBandsAreFast() {
        PixelPlanes picture = picture(300, 200, PixelFormat.RGB, false, 3);
        assertEquals(Kind.BLENDED, LosslessStrip.encode(picture, 64, true, Cancellation.NEVER).kind());
        assertEquals(Kind.BANDED, LosslessStrip.encode(picture, 64, false, Cancellation.NEVER).kind());
    }

    @Test
    void everyCutAndEveryExtraByteIsRefused() {
        for (boolean drawn : new boolean[] {false, true}) {
            PixelPlanes picture = picture(40, 30, PixelFormat.RGB, drawn, 4);
            for (Kind kind : Kind.values()) {
                LosslessStrip strip = LosslessStrip.encode(kind, picture, 16, Cancellation.NEVER);
                byte[] more = Arrays.copyOf(strip.payload(), strip.size() + 2);
                for (int to = 0; to <= more.length; to += to < 60 ? 1 : 29) {
                    if (to != strip.size()) {
                        LosslessStrip other = new LosslessStrip(kind, more, 0, to);
                        String message = assertThrows(IIOException.class, () -> decode(other, picture)).getMessage();
                        assertTrue(message.startsWith("chunk 'L', offset "), message);
                    }
                }
            }
        }
    }

    @Property(tries = 300)
    void anyBytesEndInAPictureOrAnIIOException(@ForAll @Size(max = 80) byte[] bytes, @ForAll Kind kind, @ForAll PixelFormat format) {
        PixelPlanes picture = PixelPlanes.blank(9, 30, format);
        try {
            decode(new LosslessStrip(kind, bytes, 0, bytes.length), picture);
        } catch (IIOException refused) {
            assertTrue(refused.getMessage().startsWith("chunk 'L', offset "), refused.getMessage());
        }
    }

    @Test
    void aRequestStopsEveryKindBothWays() {
        Cancellation cancellation = new Cancellation();
        cancellation.request();
        PixelPlanes picture = picture(30, 30, PixelFormat.RGB, true, 5);
        for (Kind kind : Kind.values()) {
            LosslessStrip strip = LosslessStrip.encode(kind, picture, 16, Cancellation.NEVER);
            assertThrows(CancellationException.class, () -> LosslessStrip.encode(kind, picture, 16, cancellation));
            assertThrows(CancellationException.class, () -> strip.decode(picture, 16, 0, 29, cancellation));
        }
    }

    @Test
    void theWorkedExamplesOfTheFormatDocumentDecode() throws IIOException {
        assertExample(Kind.BANDED, "0a000000080000008427d940241417d68b1d00260200008c2601");
        assertExample(Kind.REPEATED, "aa3ca08d0b51");
        assertExample(Kind.BLENDED, "ad919b0084f2");
    }

    private static void assertExample(Kind kind, String body) throws IIOException {
        LosslessStrip strip = LosslessStrip.encode(kind, EXAMPLE, 1 << 14, Cancellation.NEVER);
        assertEquals(body, HexFormat.of().formatHex(strip.payload()));
        assertArrayEquals(EXAMPLE.samples(), decode(strip, EXAMPLE).samples());
    }
}
