// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.transform;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Rectangle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.IIOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.semimage.cli.TestPicture;
import org.semimage.compute.Cancellation;
import org.semimage.compute.Watcher;
import org.semimage.compute.wavelet.Pyramid;
import org.semimage.container.Chunk;
import org.semimage.container.PixelFormat;
import org.semimage.container.SemFile;
import org.semimage.container.SemSerializer;
import org.semimage.model.Models;
import org.semimage.picture.Downscale;
import org.semimage.picture.Images;
import org.semimage.picture.PixelPlanes;
import org.semimage.picture.PixelSink;
import org.semimage.profile.DecodeRequest;
import org.semimage.profile.EncodeOptions;
import org.semimage.profile.Tune;
import org.semimage.profile.WholePicture;

/** Pictures that are coded in tiles, parts of pictures, smaller sizes, regions of interest. */
class TilesTest {

    private static final int WIDTH = 600;
    private static final int HEIGHT = 330;
    private static final int TILE = 256;
    private static final PixelPlanes PICTURE = draw(WIDTH, HEIGHT);
    private static final TransformProfile PROFILE = new TransformProfile();
    private static final SemFile FILE = encodeInTiles(PICTURE);

    /** Slow waves, fast ones, edges and grain. */
    private static PixelPlanes draw(int width, int height) {
        PixelPlanes image = PixelPlanes.blank(width, height, PixelFormat.RGB);
        int noise = 1;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                for (int c = 0; c < 3; c++) {
                    noise = noise * 1664525 + 1013904223;
                    double value = 128 + 60 * Math.sin(x / 190.0 + c) + 30 * Math.cos(y / 11.0 + x / (60.0 + c))
                            + ((x / 77 + y / 53) % 2) * 25 + (noise >>> 29);
                    image.samples()[c][y * width + x] = (short) Math.max(0, Math.min(255, value));
                }
            }
        }
        return image;
    }

    private static SemFile encode(PixelPlanes picture, EncodeOptions options) throws IIOException {
        return PROFILE.encode(picture, options.withTune(Tune.PSNR), Watcher.NONE);
    }

    private static SemFile encodeInTiles(PixelPlanes picture) {
        TileGrid tiles = new TileGrid(Pyramid.padded(picture.height()), Pyramid.padded(picture.width()), TILE, TILE);
        return TransformFiles.file(Models.TRANSFORM, picture, TransformFiles.payload(Models.TRANSFORM, picture, tiles, 100, false));
    }

    private static PixelPlanes decode(SemFile file, Rectangle region, int scale) throws IIOException {
        DecodeRequest request = new DecodeRequest(region, scale);
        Rectangle scaled = request.scaledRegion();
        PixelPlanes part = PixelPlanes.blank(scaled.width, scaled.height, file.header().format());
        PROFILE.decode(file, request, PixelSink.into(part, scaled.x, scaled.y), Watcher.NONE);
        return part;
    }

    private static double psnr(PixelPlanes a, PixelPlanes b, Rectangle region) {
        double sum = 0;
        for (int c = 0; c < 3; c++) {
            for (int y = region.y; y < region.y + region.height; y++) {
                for (int x = region.x; x < region.x + region.width; x++) {
                    double d = a.samples()[c][y * a.width() + x] - b.samples()[c][y * b.width() + x];
                    sum += d * d;
                }
            }
        }
        return 10 * Math.log10(255 * 255 * 3.0 * region.width * region.height / sum);
    }

    private static double psnr(PixelPlanes a, PixelPlanes b) {
        return psnr(a, b, new Rectangle(a.width(), a.height()));
    }

    @Test
    void noSeamIsWorseThanTheRest() throws IIOException {
        PixelPlanes picture = Images.toPlanes(TestPicture.draw(800, 600, 1));
        PixelPlanes inTiles = WholePicture.decode(PROFILE, encodeInTiles(picture), Watcher.NONE);
        PixelPlanes inOnePiece = WholePicture.decode(PROFILE,
                encode(picture, EncodeOptions.ofQuality(QualityIndex.toQuality(100))), Watcher.NONE);
        assertTrue(psnr(picture, inTiles) > 30);
        List<Rectangle> seams = new ArrayList<>();
        for (int at = TILE; at < 800; at += TILE) {
            seams.add(new Rectangle(at - 8, 0, 16, 600));
        }
        for (int at = TILE; at < 600; at += TILE) {
            seams.add(new Rectangle(0, at - 8, 800, 16));
        }
        double atSeams = 0;
        double between = 0;
        for (Rectangle seam : seams) {
            double lost = lost(picture, inOnePiece, inTiles, seam);
            assertTrue(lost < 0.6, lost + " dB are lost at " + seam);
            atSeams += lost;
            boolean upright = seam.width < seam.height;
            between += lost(picture, inOnePiece, inTiles,
                    new Rectangle(seam.x - (upright ? TILE / 2 : 0), seam.y - (upright ? 0 : TILE / 2), seam.width, seam.height));
        }
        // Quantizers go other ways in tiles, which is worth tenths of a decibel in any band; on average seams must hardly stand out.
        assertTrue(atSeams - between < 0.2 * seams.size(), atSeams + " dB are lost at seams, " + between + " between them");
    }

    private static double lost(PixelPlanes picture, PixelPlanes inOnePiece, PixelPlanes inTiles, Rectangle band) {
        return psnr(picture, inOnePiece, band) - psnr(picture, inTiles, band);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0,0,1,1", "599,329,1,1", "180,100,230,90", "10,5,580,3", "200,0,64,330"})
    void aRegionIsPartOfThePicture(String text) throws IIOException {
        int[] r = Arrays.stream(text.split(",")).mapToInt(Integer::parseInt).toArray();
        Rectangle region = new Rectangle(r[0], r[1], r[2], r[3]);
        PixelPlanes part = decode(FILE, region, 1);
        PixelPlanes expected = WholePicture.decode(PROFILE, FILE, Watcher.NONE).crop(region);
        for (int c = 0; c < 3; c++) {
            for (int i = 0; i < part.samples()[c].length; i++) {
                assertEquals(expected.samples()[c][i], part.samples()[c][i], 1, "networks see another neighbourhood, and no more");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 8})
    void aSmallerPictureLooksLikeTheLargeOne(int scale) throws IIOException {
        PixelPlanes small = decode(FILE, new Rectangle(WIDTH, HEIGHT), scale);
        PixelPlanes expected = Downscale.box(WholePicture.decode(PROFILE, FILE, Watcher.NONE),
                new Rectangle((WIDTH + scale - 1) / scale, (HEIGHT + scale - 1) / scale), scale, Cancellation.NEVER);
        assertEquals(expected.width(), small.width());
        assertEquals(expected.height(), small.height());
        double psnr = psnr(expected, small);
        assertTrue(psnr > 32, psnr + " dB at 1/" + scale);
        PixelPlanes part = decode(FILE, new Rectangle(190, 100, 133, 77), scale);
        Rectangle at = new DecodeRequest(new Rectangle(190, 100, 133, 77), scale).scaledRegion();
        assertArrayEquals(small.crop(at).samples()[1], part.samples()[1]);
    }

    @Test
    void everyPrefixDecodesWithOneWarning() throws IIOException {
        byte[] payload = FILE.chunk(Chunk.TRANSFORM).orElseThrow().payload();
        double last = 0;
        for (int divisor : new int[] {500, 100, 20, 4, 2}) {
            SemFile cut = new SemFile(FILE.header(), List.of(new Chunk(Chunk.TRANSFORM, Arrays.copyOf(payload, payload.length / divisor))),
                    true);
            List<String> warnings = new ArrayList<>();
            PixelPlanes decoded = PixelPlanes.blank(WIDTH, HEIGHT, PixelFormat.RGB);
            PROFILE.decode(cut, DecodeRequest.whole(WIDTH, HEIGHT), PixelSink.into(decoded, 0, 0), new Watcher() {
                @Override
                public void warning(String message) {
                    warnings.add(message);
                }
            });
            double psnr = psnr(PICTURE, decoded);
            assertTrue(psnr > last, psnr + " dB of 1/" + divisor);
            assertEquals(1, warnings.size());
            last = psnr;
        }
    }

    @Test
    void aRegionOfInterestGetsMoreDetail() throws IIOException {
        Rectangle area = new Rectangle(192, 128, 128, 128);
        PixelPlanes picture = PICTURE.crop(new Rectangle(0, 0, 512, 320));
        SemFile file = encode(picture, EncodeOptions.ofQuality(0.3f).withInterest(List.of(new EncodeOptions.RegionOfInterest(area, 64))));
        SemFile plain = encode(picture, EncodeOptions.ofQuality(0.3f));
        PixelPlanes decoded = WholePicture.decode(PROFILE, file, Watcher.NONE);
        PixelPlanes plainDecoded = WholePicture.decode(PROFILE, plain, Watcher.NONE);
        assertTrue(psnr(picture, decoded, area) > psnr(picture, plainDecoded, area) + 3);
        Rectangle away = new Rectangle(384, 0, 128, 320);
        assertEquals(psnr(picture, plainDecoded, away), psnr(picture, decoded, away), 0.5);
        assertTrue(SemSerializer.size(file) < 1.5 * SemSerializer.size(plain));
    }

    @Test
    void targetsAreHit() throws IIOException {
        long size = SemSerializer.size(encode(PICTURE, EncodeOptions.ofBytes(12_000)));
        assertTrue(size <= 12_000 && size > 11_640, size + " bytes");
        PixelPlanes crop = PICTURE.crop(new Rectangle(300, 100, 200, 150));
        PixelPlanes decoded = WholePicture.decode(PROFILE, encode(crop, EncodeOptions.ofPsnr(36)), Watcher.NONE);
        assertEquals(36.1, psnr(crop, decoded), 0.15);
    }

    @Test
    void aWidePictureIsTheSameColumnByColumnAsRowByRow() throws IIOException {
        PixelPlanes wide = draw(900, 300);
        SemFile file = encodeInTiles(wide);
        PixelPlanes whole = WholePicture.decode(PROFILE, file, Watcher.NONE);
        for (int x = 0; x < 900; x += 450) {
            Rectangle half = new Rectangle(x, 0, 450, 300);
            PixelPlanes byRows = decode(file, half, 1);
            PixelPlanes byColumns = whole.crop(half);
            for (int c = 0; c < 3; c++) {
                for (int i = 0; i < byRows.samples()[c].length; i++) {
                    assertEquals(byColumns.samples()[c][i], byRows.samples()[c][i], 1, "but for rounding");
                }
            }
        }
    }

    @Test
    void aLineOfPixelsIsAPicture() throws IIOException {
        PixelPlanes line = draw(40_000, 1);
        PixelPlanes decoded = WholePicture.decode(PROFILE, encode(line, EncodeOptions.DEFAULT), Watcher.NONE);
        assertTrue(psnr(line, decoded) > 30);
    }
}
