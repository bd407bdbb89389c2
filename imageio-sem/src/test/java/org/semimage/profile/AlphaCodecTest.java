// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.semimage.compute.Cancellation;
import org.semimage.container.PixelFormat;
import org.semimage.picture.Images;
import org.semimage.picture.PixelPlanes;

import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class AlphaCodecTest {

    private static short[] decode(byte[] payload, int width, int height) throws IIOException {
        short[] plane = new short[width * height];
        AlphaCodec.decode(payload, plane, width, height, Cancellation.NEVER);
        return plane;
    }

    private static short[] disc(int width, int height) {
        short[] plane = new short[width * height];
        for (int i = 0; i < plane.length; i++) {
            double distance = Math.hypot(i % width - width / 2.0, i / width - height / 2.0) - height / 3.0;
            plane[i] = (short) Math.round(255 * Math.max(0, Math.min(1, 0.5 - distance)));
        }
        return plane;
    }

    @Property(tries = 200)
    void anyPlaneSurvives(@ForAll @IntRange(min = 1, max = 40) int width, @ForAll @IntRange(min = 1, max = 40) int height,
                          @ForAll @IntRange(min = 1, max = 256) int values, @ForAll long seed) throws IIOException {
        Random random = new Random(seed);
        short[] plane = new short[width * height];
        for (int i = 0; i < plane.length; i++) {
            plane[i] = (short) (255 - random.nextInt(values));
        }
        assertArrayEquals(plane, decode(AlphaCodec.encode(plane, width, height, Cancellation.NEVER), width, height));
    }

    @Test
    void planesOfSeveralStreamsSurvive() throws IIOException {
        short[] plane = disc(1500, 1500);
        assertArrayEquals(plane, decode(AlphaCodec.encode(plane, 1500, 1500, Cancellation.NEVER), 1500, 1500));
        short[] wide = disc((1 << 20) + 1, 2);
        wide[5] = 9;
        assertArrayEquals(wide, decode(AlphaCodec.encode(wide, (1 << 20) + 1, 2, Cancellation.NEVER), (1 << 20) + 1, 2));
    }

    @Test
    void constantPlanesCostTwoBytes() throws IIOException {
        short[] plane = new short[100 * 100];
        Arrays.fill(plane, (short) 200);
        byte[] payload = AlphaCodec.encode(plane, 100, 100, Cancellation.NEVER);
        assertArrayEquals(new byte[] {0, (byte) 200}, payload);
        assertArrayEquals(plane, decode(payload, 100, 100));
    }

    @Test
    void anAntialiasedShapeCostsLessThanInPng() throws IOException {
        short[] plane = disc(512, 512);
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(Images.toImage(new PixelPlanes(512, 512, PixelFormat.GRAY, new short[][] {plane})), "png", png);
        int bytes = AlphaCodec.encode(plane, 512, 512, Cancellation.NEVER).length;
        assertTrue(bytes < 0.8 * png.size(), bytes + " bytes, " + png.size() + " in PNG");
    }

    @Test
    void theWorkedExampleOfTheFormatDocumentDecodes() throws IIOException {
        short[] plane = {0, 0, 0, 0, 0, 255, 255, 0, 0, 255, 255, 0};
        assertEquals("018926c00700b0", HexFormat.of().formatHex(AlphaCodec.encode(plane, 4, 3, Cancellation.NEVER)));
        assertArrayEquals(plane, decode(HexFormat.of().parseHex("018926c00700b0"), 4, 3));
    }

    @Test
    void everyCutAndEveryExtraByteIsRefused() {
        byte[] payload = AlphaCodec.encode(disc(40, 40), 40, 40, Cancellation.NEVER);
        for (int length = 0; length < payload.length; length++) {
            byte[] cut = Arrays.copyOf(payload, length);
            assertThrows(IIOException.class, () -> decode(cut, 40, 40));
        }
        byte[] longer = Arrays.copyOf(payload, payload.length + 1);
        assertThrows(IIOException.class, () -> decode(longer, 40, 40));
    }

    @Property(tries = 500)
    void anyPayloadEndsInSamplesOrAnIIOException(@ForAll @Size(max = 100) byte[] tail,
                                                 @ForAll @IntRange(min = 1, max = 50) int width) {
        byte[] payload = new byte[tail.length + 1];
        payload[0] = 1;
        System.arraycopy(tail, 0, payload, 1, tail.length);
        try {
            for (short sample : decode(payload, width, 20)) {
                assertTrue(sample >= 0 && sample <= 255);
            }
        } catch (IIOException refused) {
            assertTrue(refused.getMessage().contains("chunk 'A'"));
        }
    }
}
