// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.lossless;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.semimage.cli.TestPicture;
import org.semimage.compute.Cancellation;
import org.semimage.compute.Watcher;
import org.semimage.container.Chunk;
import org.semimage.container.ModelRef;
import org.semimage.container.PixelFormat;
import org.semimage.container.ProfileId;
import org.semimage.container.SemFile;
import org.semimage.container.SemHeader;
import org.semimage.container.SemSerializer;
import org.semimage.generate.SynthesisPolicy;
import org.semimage.picture.Images;
import org.semimage.picture.PixelPlanes;
import org.semimage.picture.PixelSink;
import org.semimage.picture.PixelSource;
import org.semimage.profile.DecodeRequest;
import org.semimage.profile.EncodeOptions;
import org.semimage.profile.WholePicture;

import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class LosslessProfileTest {

    private final LosslessProfile profile = new LosslessProfile();

    /** Waves with noise of some strength; strength 0 is smooth, 1 is nothing but noise. */
    private static PixelPlanes picture(int width, int height, PixelFormat format, double noise, long seed) {
        Random random = new Random(seed);
        PixelPlanes picture = PixelPlanes.blank(width, height, format);
        for (int p = 0; p < format.planes(); p++) {
            for (int i = 0; i < width * height; i++) {
                double wave = 0.5 + 0.5 * Math.sin(i % width / 9.0 + p) * Math.cos(i / width / 7.0);
                picture.samples()[p][i] = (short) Math.round(format.maxSample() * (wave * (1 - noise) + noise * random.nextDouble()));
            }
        }
        return picture;
    }

    private SemFile encode(PixelPlanes picture) throws IIOException {
        return profile.encode(PixelSource.of(picture), EncodeOptions.DEFAULT, Watcher.NONE);
    }

    private static byte[] payload(SemFile file) {
        return file.chunk(Chunk.LOSSLESS).orElseThrow().payload();
    }

    private PixelPlanes decode(SemHeader header, byte[] payload) throws IIOException {
        return WholePicture.decode(profile, SemFile.of(header, List.of(new Chunk(Chunk.LOSSLESS, payload))), Watcher.NONE);
    }

    private void assertSurvives(PixelPlanes picture) throws IIOException {
        PixelPlanes decoded = WholePicture.decode(profile, encode(picture), Watcher.NONE);
        assertEquals(picture.format(), decoded.format());
        assertArrayEquals(picture.samples(), decoded.samples());
    }

    @Property(tries = 150)
    void anyPictureSurvives(@ForAll @IntRange(min = 1, max = 50) int width, @ForAll @IntRange(min = 1, max = 50) int height,
                            @ForAll PixelFormat format, @ForAll @IntRange(max = 4) int noise, @ForAll long seed) throws IIOException {
        assertSurvives(picture(width, height, format, noise / 4.0, seed));
    }

    @ParameterizedTest
    @EnumSource
    void extremesSurvive(PixelFormat format) throws IIOException {
        PixelPlanes picture = PixelPlanes.blank(70, 40, format);
        Random random = new Random(1);
        for (short[] plane : picture.samples()) {
            for (int i = 0; i < plane.length; i++) {
                plane[i] = (short) (random.nextBoolean() ? format.maxSample() : 0);
            }
        }
        assertSurvives(picture);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "7, 3", "641, 479", "1, 3000", "70000, 3", "1500, 1500"})
    void sizesOfOneAndManyBandsSurvive(int width, int height) throws IIOException {
        assertSurvives(picture(width, height, PixelFormat.RGB, 0.05, 3));
        assertSurvives(picture(width, height, PixelFormat.GRAY_ALPHA_16, 0.01, 4));
    }

    @Test
    void encodingIsRepeatable() throws IIOException {
        PixelPlanes picture = picture(400, 700, PixelFormat.RGB_ALPHA, 0.1, 5);
        assertArrayEquals(payload(encode(picture)), payload(encode(picture)));
    }

    @Test
    void drawnPicturesTakeLessThanInPng() throws IOException {
        BufferedImage drawn = TestPicture.draw(320, 240, 1);
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(drawn, "png", png);
        long bytes = SemSerializer.size(encode(Images.toPlanes(drawn)));
        assertTrue(bytes < png.size(), bytes + " bytes, " + png.size() + " in PNG");
    }

    @Test
    void flatPicturesTakeNextToNothing() throws IIOException {
        PixelPlanes picture = PixelPlanes.blank(640, 480, PixelFormat.RGB_ALPHA);
        Arrays.fill(picture.alpha(), (short) 255);
        long bytes = SemSerializer.size(encode(picture));
        assertTrue(bytes < 100, bytes + " bytes");
    }

    @Test
    void moreEffortTakesFewerBytesOfNoisyPictures() throws IIOException {
        PixelPlanes picture = picture(300, 200, PixelFormat.RGB, 0.05, 12);
        SemFile slow = profile.encode(PixelSource.of(picture), EncodeOptions.DEFAULT.withEffort(2), Watcher.NONE);
        assertTrue(payload(slow).length < payload(encode(picture)).length);
        assertArrayEquals(picture.samples(), WholePicture.decode(profile, slow, Watcher.NONE).samples());
    }

    @Test
    void regionsOfSeveralStripsAreCutOutOfThePicture() throws IIOException {
        PixelPlanes picture = picture(60, 400, PixelFormat.RGB, 0.1, 13);
        Rectangle region = new Rectangle(7, 30, 40, 300);
        PixelPlanes part = PixelPlanes.blank(region.width, region.height, PixelFormat.RGB);
        DecodeRequest request = new DecodeRequest(region, 1, SynthesisPolicy.PLAIN, 0, DecodeRequest.ALL_PASSES);
        SemHeader header = new SemHeader(ProfileId.LOSSLESS, 60, 400, PixelFormat.RGB, ModelRef.NONE);
        ByteArrayOutputStream strips = new ByteArrayOutputStream();
        StripLayout layout = new StripLayout(400, 5, 1);
        layout.write(strips);
        for (int s = 0; s < layout.strips(); s++) {
            PixelPlanes rows = picture.crop(new Rectangle(0, layout.top(s), 60, layout.rows(s)));
            LosslessStrip.encode(rows, layout.bandRows(), s % 2 == 1, Cancellation.NEVER).write(strips);
        }
        SemFile file = SemFile.of(header, List.of(new Chunk(Chunk.LOSSLESS, strips.toByteArray())));
        profile.decode(file, request, PixelSink.into(part, region.x, region.y), Watcher.NONE);
        assertArrayEquals(picture.crop(region).samples(), part.samples());
    }

    @Test
    void everyCutAndEveryExtraByteIsRefused() throws IIOException {
        SemFile file = encode(picture(40, 30, PixelFormat.RGB, 0.2, 6));
        byte[] payload = payload(file);
        for (int length = 0; length < payload.length; length += length < 300 ? 1 : 37) {
            byte[] cut = Arrays.copyOf(payload, length);
            String message = assertThrows(IIOException.class, () -> decode(file.header(), cut)).getMessage();
            assertTrue(message.contains("chunk 'L', offset "), message);
        }
        assertThrows(IIOException.class, () -> decode(file.header(), Arrays.copyOf(payload, payload.length + 1)));
    }

    @Property(tries = 300)
    void anyDamageEndsInAPictureOrAnIIOException(@ForAll @IntRange(max = 1500) int at, @ForAll byte value,
                                                 @ForAll PixelFormat format) throws IIOException {
        SemFile file = encode(picture(25, 20, format, 0.2, 7));
        byte[] payload = payload(file).clone();
        payload[at % payload.length] = value;
        try {
            assertEquals(25, decode(file.header(), payload).width());
        } catch (IIOException refused) {
            assertTrue(refused.getMessage().contains("chunk 'L'"), refused.getMessage());
        }
    }

    @Property(tries = 300)
    void anyPayloadEndsInAPictureOrAnIIOException(@ForAll @Size(max = 200) byte[] payload, @ForAll PixelFormat format) {
        try {
            decode(new SemHeader(ProfileId.LOSSLESS, 9, 70, format, ModelRef.NONE), payload);
        } catch (IIOException refused) {
            assertTrue(refused.getMessage().contains("chunk 'L'"), refused.getMessage());
        }
    }

    @Test
    void layoutsOfOtherEncodersAreRead() throws IIOException {
        SemFile file = encode(picture(9, 1, PixelFormat.GRAY, 0.2, 8));
        byte[] payload = payload(file).clone();
        payload[0] = 0;
        payload[1] = 24;
        assertArrayEquals(WholePicture.decode(profile, file, Watcher.NONE).samples(), decode(file.header(), payload).samples());
        payload[1] = 25;
        assertTrue(assertThrows(IIOException.class, () -> decode(file.header(), payload)).getMessage().contains("offset 1"));
    }

    @Test
    void aTargetTooSmallIsRefused() throws IIOException {
        PixelPlanes picture = picture(60, 60, PixelFormat.RGB, 0.2, 9);
        int size = (int) SemSerializer.size(encode(picture));
        assertEquals(size, SemSerializer.size(profile.encode(PixelSource.of(picture), EncodeOptions.ofBytes(size), Watcher.NONE)));
        assertThrows(IIOException.class, () -> profile.encode(PixelSource.of(picture), EncodeOptions.ofBytes(size - 1), Watcher.NONE));
    }

    @Test
    void aWatcherCanStopBothWays() throws IIOException {
        PixelPlanes picture = picture(30, 30, PixelFormat.RGB, 0.2, 10);
        SemFile file = encode(picture);
        Cancellation cancellation = new Cancellation();
        cancellation.request();
        Watcher stop = Watcher.silent(cancellation);
        assertThrows(CancellationException.class, () -> profile.encode(PixelSource.of(picture), EncodeOptions.DEFAULT, stop));
        assertThrows(CancellationException.class, () -> WholePicture.decode(profile, file, stop));
    }
}
