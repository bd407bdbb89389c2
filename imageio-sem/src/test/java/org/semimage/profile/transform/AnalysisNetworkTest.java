// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.transform;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import javax.imageio.IIOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.semimage.cli.TestPicture;
import org.semimage.compute.Cancellation;
import org.semimage.compute.Watcher;
import org.semimage.compute.wavelet.Pyramid;
import org.semimage.container.Chunk;
import org.semimage.container.PixelFormat;
import org.semimage.container.SemFile;
import org.semimage.container.SemSerializer;
import org.semimage.model.Models;
import org.semimage.model.TransformModel;
import org.semimage.picture.Images;
import org.semimage.picture.PixelPlanes;
import org.semimage.profile.EncodeOptions;
import org.semimage.profile.Tune;
import org.semimage.profile.WholePicture;

/** Encoding with a pack that has an analysis network, which changes coefficients before they are quantized. */
class AnalysisNetworkTest {

    private static final TransformProfile PROFILE = new TransformProfile();
    private final PixelPlanes picture;

    AnalysisNetworkTest() throws IIOException {
        picture = Images.toPlanes(TestPicture.draw(400, 300, 1));
    }

    private static SemFile encode(PixelPlanes image, EncodeOptions options) throws IIOException {
        return PROFILE.encode(image, options.withTune(Tune.PERCEPTUAL), Watcher.NONE);
    }

    private static SemFile encode(PixelPlanes image, TileGrid tiles) {
        return TransformFiles.file(Models.PERCEPTUAL, image, TransformFiles.payload(Models.PERCEPTUAL, image, tiles, 100, false));
    }

    private static double meanSquares(PixelPlanes a, PixelPlanes b) {
        double sum = 0;
        for (int c = 0; c < a.samples().length; c++) {
            for (int i = 0; i < a.samples()[c].length; i++) {
                double d = a.samples()[c][i] - b.samples()[c][i];
                sum += d * d;
            }
        }
        return sum / a.samples().length / a.samples()[0].length;
    }

    @Test
    void thePerceptualPackHasOne() throws IIOException {
        try (Models.Lease<TransformModel> lease = Models.transform(Models.PERCEPTUAL)) {
            assertTrue(lease.model().analysis().isPresent());
        }
    }

    @Test
    void tilesSeeWhatLiesAroundThem() throws IIOException {
        int height = Pyramid.padded(picture.height());
        int width = Pyramid.padded(picture.width());
        SemFile whole = encode(picture, new TileGrid(height, width, height, width));
        SemFile tiled = encode(picture, new TileGrid(height, width, 128, 128));
        double lostWhole = meanSquares(picture, WholePicture.decode(PROFILE, whole, Watcher.NONE));
        double lostTiled = meanSquares(picture, WholePicture.decode(PROFILE, tiled, Watcher.NONE));
        assertTrue(lostTiled < 1.15 * lostWhole, lostTiled + " in tiles, " + lostWhole + " in one piece");
        assertEquals(SemSerializer.size(whole), SemSerializer.size(tiled), 0.1 * SemSerializer.size(whole));
    }

    @Test
    void theSamePictureGivesTheSameFile() throws IIOException {
        byte[] first = encode(picture, EncodeOptions.DEFAULT).chunk(Chunk.TRANSFORM).orElseThrow().payload();
        byte[] second = encode(picture, EncodeOptions.DEFAULT).chunk(Chunk.TRANSFORM).orElseThrow().payload();
        assertArrayEquals(first, second);
    }

    @Test
    void effortChangesNothing() throws IIOException {
        byte[] once = encode(picture, EncodeOptions.ofQuality(0.3f)).chunk(Chunk.TRANSFORM).orElseThrow().payload();
        byte[] thrice = encode(picture, EncodeOptions.ofQuality(0.3f).withEffort(3)).chunk(Chunk.TRANSFORM).orElseThrow().payload();
        assertArrayEquals(once, thrice);
    }

    @ParameterizedTest
    @EnumSource(names = {"GRAY", "GRAY_ALPHA", "RGB", "RGB_ALPHA"})
    void everyFormatOfSamplesComesBack(PixelFormat format) throws IIOException {
        PixelPlanes image = PixelPlanes.blank(70, 50, format);
        for (short[] plane : image.samples()) {
            for (int i = 0; i < plane.length; i++) {
                plane[i] = (short) (128 + 100 * Math.sin(i % 70 / 9.0) * Math.cos(i / 70 / 7.0));
            }
        }
        PixelPlanes decoded = WholePicture.decode(PROFILE, encode(image, EncodeOptions.ofQuality(0.7f)), Watcher.NONE);
        assertEquals(format, decoded.format());
        double psnr = 10 * Math.log10(65025 / meanSquares(image, decoded));
        assertTrue(psnr > 33, psnr + " dB");
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 300", "9, 7", "65, 64"})
    void aSmallPictureIsLikeItself(int width, int height) throws IIOException {
        PixelPlanes image = PixelPlanes.blank(width, height, PixelFormat.RGB);
        for (int c = 0; c < 3; c++) {
            Arrays.fill(image.samples()[c], (short) (60 + 50 * c));
        }
        PixelPlanes decoded = WholePicture.decode(PROFILE, encode(image, EncodeOptions.DEFAULT), Watcher.NONE);
        assertTrue(meanSquares(image, decoded) < 9, meanSquares(image, decoded) + " squared levels");
    }

    @Test
    void targetsAreHit() throws IIOException {
        long size = SemSerializer.size(encode(picture, EncodeOptions.ofBytes(6000)));
        assertTrue(size <= 6000 && size > 5700, size + " bytes");
        SemFile reaching = encode(picture, EncodeOptions.ofPsnr(33));
        int index = index(reaching);
        SemFile coarser = encode(picture, EncodeOptions.ofQuality(QualityIndex.toQuality(index - 1)));
        assertEquals(index - 1, index(coarser));
        double psnr = TransformFiles.psnr(picture, WholePicture.decode(PROFILE, reaching, Watcher.NONE));
        double missed = TransformFiles.psnr(picture, WholePicture.decode(PROFILE, coarser, Watcher.NONE));
        assertTrue(psnr >= 33 && missed < 33, psnr + " dB, an index less " + missed);
        assertEquals(33.25, psnr, 0.25);
    }

    private static int index(SemFile file) throws IIOException {
        return TransformPayload.parse(file.chunk(Chunk.TRANSFORM).orElseThrow().payload(), file.header())
                .qualityIndex();
    }

    @Test
    void layersGetBetter() throws IIOException {
        SemFile file = encode(picture, EncodeOptions.ofQuality(0.5f).withProgressive(true));
        byte[] payload = file.chunk(Chunk.TRANSFORM).orElseThrow().payload();
        double before = Double.MAX_VALUE;
        for (int divisor : new int[] {16, 4, 1}) {
            SemFile cut = new SemFile(file.header(), List.of(new Chunk(Chunk.TRANSFORM, Arrays.copyOf(payload, payload.length / divisor))),
                    divisor > 1);
            double lost = meanSquares(picture, WholePicture.decode(PROFILE, cut, Watcher.silent(Cancellation.NEVER)));
            assertTrue(lost < before, lost + " of 1/" + divisor);
            before = lost;
        }
    }

    @Test
    void aWatcherCanStopIt() {
        Cancellation cancellation = new Cancellation();
        cancellation.request();
        assertThrows(CancellationException.class,
                () -> PROFILE.encode(picture, EncodeOptions.DEFAULT.withTune(Tune.PERCEPTUAL), Watcher.silent(cancellation)));
    }
}
