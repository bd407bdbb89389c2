// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.transform;

import org.junit.jupiter.api.Test;
import org.semimage.compute.Cancellation;
import org.semimage.compute.Watcher;
import org.semimage.container.Chunk;
import org.semimage.container.PixelFormat;
import org.semimage.container.SemFile;
import org.semimage.container.SemSerializer;
import org.semimage.picture.PixelPlanes;
import org.semimage.profile.EncodeOptions;
import org.semimage.profile.Tune;
import org.semimage.profile.Profile;
import org.semimage.profile.WholePicture;

import javax.imageio.IIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.semimage.profile.transform.TransformFiles.cut;
import static org.semimage.profile.transform.TransformFiles.psnr;

class TransformProfileTest {

    private static final EncodeOptions PSNR = EncodeOptions.DEFAULT.withTune(Tune.PSNR);

    private final Profile profile = new TransformProfile();

    private static PixelPlanes waves(int width, int height, PixelFormat format) {
        PixelPlanes image = PixelPlanes.blank(width, height, format);
        for (int c = 0; c < format.planes(); c++) {
            for (int i = 0; i < width * height; i++) {
                double x = i % width;
                double y = i / width;
                image.samples()[c][i] = (short) (128 + 90 * Math.sin(x / (9 + c) + y / 23) + (((int) x / 16 + (int) y / 16) % 2) * 30);
            }
        }
        return image;
    }

    @Test
    void qualityRunsFromTheCoarsestStepToTheFinest() {
        assertEquals(0, QualityIndex.ofQuality(0));
        assertEquals(111, QualityIndex.ofQuality(0.5f));
        assertEquals(255, QualityIndex.ofQuality(1));
        assertEquals(256, QualityIndex.step(0));
        assertEquals(1, QualityIndex.step(256));
    }

    @Test
    void betterQualityTakesMoreBytesAndLessError() throws IIOException {
        PixelPlanes image = waves(150, 90, PixelFormat.RGB);
        double lastPsnr = 0;
        long lastSize = 0;
        for (float quality : new float[] {0, 0.25f, 0.5f, 0.75f, 1}) {
            SemFile file = profile.encode(image, EncodeOptions.ofQuality(quality), Watcher.NONE);
            double psnr = psnr(image, WholePicture.decode(profile, file, Watcher.NONE));
            assertTrue(psnr > lastPsnr && SemSerializer.size(file) > lastSize, quality + ": " + psnr + " dB");
            lastPsnr = psnr;
            lastSize = SemSerializer.size(file);
        }
        assertTrue(lastPsnr > 40, lastPsnr + " dB at the best quality");
    }

    @Test
    void grayCostsNoColour() throws IIOException {
        PixelPlanes gray = waves(128, 128, PixelFormat.GRAY);
        PixelPlanes colour = new PixelPlanes(128, 128, PixelFormat.RGB,
                new short[][] {gray.samples()[0], gray.samples()[0], gray.samples()[0]});
        long graySize = SemSerializer.size(profile.encode(gray, PSNR, Watcher.NONE));
        assertTrue(graySize <= SemSerializer.size(profile.encode(colour, PSNR, Watcher.NONE)));
    }

    @Test
    void everyPrefixOfThePayloadDecodesAndLongerOnesAreNotWorse() throws IIOException {
        PixelPlanes image = waves(100, 70, PixelFormat.RGB);
        SemFile file = profile.encode(image, PSNR, Watcher.NONE);
        int length = file.chunk(Chunk.TRANSFORM).orElseThrow().payload().length;
        double whole = psnr(image, WholePicture.decode(profile, file, Watcher.NONE));
        double half = psnr(image, WholePicture.decode(profile, cut(file, length / 2), Watcher.NONE));
        double little = psnr(image, WholePicture.decode(profile, cut(file, length / 8), Watcher.NONE));
        assertTrue(whole > half && half > little && little > 10, whole + ", " + half + ", " + little);
        for (int bytes = 2; bytes < 40; bytes++) {
            List<String> warnings = new ArrayList<>();
            WholePicture.decode(profile, cut(file, bytes), new Watcher() {
                @Override
                public void warning(String message) {
                    warnings.add(message);
                }
            });
            assertEquals(1, warnings.size(), "warnings at " + bytes + " bytes");
        }
    }

    @Test
    void aTargetIsFilledButNotPassed() throws IIOException {
        PixelPlanes image = waves(200, 120, PixelFormat.RGB);
        SemFile file = profile.encode(image, EncodeOptions.ofBytes(3000), Watcher.NONE);
        assertTrue(SemSerializer.size(file) <= 3000 && SemSerializer.size(file) > 2800, SemSerializer.size(file) + " bytes");
        assertThrows(IIOException.class, () -> profile.encode(image, EncodeOptions.ofBytes(30), Watcher.NONE));
    }

    @Test
    void lanesThatNoStreamHasAreRefused() throws IIOException {
        SemFile file = profile.encode(waves(8, 8, PixelFormat.RGB), PSNR, Watcher.NONE);
        for (byte lanes : new byte[] {6, -1}) {
            byte[] payload = file.chunk(Chunk.TRANSFORM).orElseThrow().payload().clone();
            payload[2] = lanes;
            SemFile broken = SemFile.of(file.header(), List.of(new Chunk(Chunk.TRANSFORM, payload)));
            String message = assertThrows(IIOException.class, () -> WholePicture.decode(profile, broken, Watcher.NONE)).getMessage();
            assertTrue(message.contains("chunk 'T', offset 3"), message);
        }
    }

    @Test
    void aWatcherCanStopBothWays() throws IIOException {
        PixelPlanes image = waves(64, 64, PixelFormat.RGB);
        SemFile file = profile.encode(image, PSNR, Watcher.NONE);
        Cancellation cancellation = new Cancellation();
        cancellation.request();
        Watcher stop = Watcher.silent(cancellation);
        assertThrows(CancellationException.class, () -> profile.encode(image, PSNR, stop));
        assertThrows(CancellationException.class, () -> WholePicture.decode(profile, file, stop));
    }
}
