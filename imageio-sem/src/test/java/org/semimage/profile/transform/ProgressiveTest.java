// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.transform;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.semimage.profile.transform.TransformFiles.cut;

import java.awt.Rectangle;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.imageio.IIOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.semimage.compute.Cancellation;
import org.semimage.compute.Watcher;
import org.semimage.compute.wavelet.Pyramid;
import org.semimage.container.Chunk;
import org.semimage.container.PixelFormat;
import org.semimage.container.SemFile;
import org.semimage.container.SemSerializer;
import org.semimage.model.Models;
import org.semimage.picture.Downscale;
import org.semimage.picture.PixelPlanes;
import org.semimage.picture.PixelSink;
import org.semimage.profile.DecodeRequest;
import org.semimage.profile.EncodeOptions;
import org.semimage.profile.WholePicture;

/** Files in layers, whole and cut. {@code -Dorg.semimage.test.cuts=1000} cuts more often. */
class ProgressiveTest {

    private static final int CUTS = Integer.getInteger("org.semimage.test.cuts", 24);
    private static final int QUALITY = 150;
    private static final TransformProfile PROFILE = new TransformProfile();

    private enum Kind {
        COLOUR(150, 100, PixelFormat.RGB, 192),
        GRAY(90, 130, PixelFormat.GRAY, 192),
        SMALL(1, 1, PixelFormat.RGB, 64),
        TILED(200, 130, PixelFormat.RGB, 128);

        private final PixelPlanes picture;
        private final TransformPayload payload;
        private final SemFile file;

        Kind(int width, int height, PixelFormat format, int tile) {
            picture = draw(width, height, format);
            int paddedHeight = Pyramid.padded(height);
            int paddedWidth = Pyramid.padded(width);
            TileGrid tiles = new TileGrid(paddedHeight, paddedWidth, Math.min(tile, paddedHeight), Math.min(tile, paddedWidth));
            payload = encode(picture, tiles, QUALITY, true);
            file = TransformFiles.file(Models.TRANSFORM, picture, payload);
        }
    }

    private static TransformPayload encode(PixelPlanes picture, TileGrid tiles, int qualityIndex, boolean progressive) {
        return TransformFiles.payload(Models.TRANSFORM, picture, tiles, qualityIndex, progressive);
    }

    /** Waves, edges and grain. */
    private static PixelPlanes draw(int width, int height, PixelFormat format) {
        PixelPlanes image = PixelPlanes.blank(width, height, format);
        Random random = new Random(1);
        for (int i = 0; i < width * height; i++) {
            int x = i % width;
            int y = i / width;
            for (int c = 0; c < format.colourPlanes(); c++) {
                double value = 128 + 60 * Math.sin(x / 40.0 + c) + 30 * Math.cos(y / 9.0 + x / (30.0 + c)) + ((x / 37 + y / 23) % 2) * 25
                        + random.nextInt(8);
                image.samples()[c][i] = (short) Math.max(0, Math.min(255, value));
            }
        }
        return image;
    }

    private static PixelPlanes decode(SemFile file, List<String> warnings) throws IIOException {
        return WholePicture.decode(PROFILE, file, new Watcher() {
            @Override
            public void warning(String message) {
                warnings.add(message);
            }
        });
    }

    private static double psnr(Kind kind, SemFile file) throws IIOException {
        return TransformFiles.psnr(kind.picture, WholePicture.decode(PROFILE, file, Watcher.NONE));
    }

    @ParameterizedTest
    @EnumSource(value = Kind.class, names = "SMALL", mode = EnumSource.Mode.EXCLUDE)
    void everyLayerAddsDetail(Kind kind) throws IIOException {
        assertEquals(QUALITY / 32, kind.payload.refinements());
        assertEquals(QUALITY % 32, kind.payload.qualityIndex());
        TransformPayload parsed = TransformPayload.parse(kind.file.chunk(Chunk.TRANSFORM).orElseThrow().payload(), kind.file.header());
        double last = 0;
        for (int layer = 0; layer <= parsed.refinements(); layer++) {
            int end = parsed.segment(parsed.order().index(layer + 1, 0, Pyramid.LEVELS) - 1).to();
            double psnr = psnr(kind, cut(kind.file, end));
            assertTrue(psnr > last + 1, "layer " + layer + ": " + psnr + " dB after " + last);
            last = psnr;
        }
        List<String> warnings = new ArrayList<>();
        decode(kind.file, warnings);
        assertEquals(List.of(), warnings);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void everyCutDecodesWithOneWarning(Kind kind) throws IIOException {
        int length = kind.file.chunk(Chunk.TRANSFORM).orElseThrow().payload().length;
        int header = kind.payload.tiles().isTiled() ? 4 : 2;
        Random random = new Random(2);
        for (int i = 0; i < Math.max(1, CUTS / Kind.values().length); i++) {
            List<String> warnings = new ArrayList<>();
            PixelPlanes decoded = decode(cut(kind.file, header + random.nextInt(length - header)), warnings);
            assertEquals(kind.picture.width(), decoded.width());
            assertEquals(1, warnings.size(), warnings::toString);
        }
    }

    @Test
    void layersAreWorthAboutWhatASingleOneIs() throws IIOException {
        Kind kind = Kind.COLOUR;
        TransformPayload single = encode(kind.picture, kind.payload.tiles(), QUALITY, false);
        SemFile alone = SemFile.of(kind.file.header(), List.of(new Chunk(Chunk.TRANSFORM, single.toBytes())));
        assertTrue(SemSerializer.size(kind.file) < 1.25 * SemSerializer.size(alone),
                SemSerializer.size(kind.file) + " and " + SemSerializer.size(alone) + " bytes");
        assertEquals(psnr(kind, alone), psnr(kind, kind.file), 0.5);
    }

    @Test
    void aRegionAndASmallerSizeArePartOfTheWhole() throws IIOException {
        Rectangle region = new Rectangle(100, 60, 90, 70);
        SemFile cut = cut(Kind.TILED.file, Kind.TILED.file.chunk(Chunk.TRANSFORM).orElseThrow().payload().length * 2 / 3);
        for (SemFile file : List.of(Kind.TILED.file, cut)) {
            PixelPlanes part = PixelPlanes.blank(region.width, region.height, PixelFormat.RGB);
            PROFILE.decode(file, new DecodeRequest(region, 1), PixelSink.into(part, region.x, region.y), Watcher.NONE);
            assertArrayEquals(WholePicture.decode(PROFILE, file, Watcher.NONE).crop(region).samples()[1], part.samples()[1]);
            for (int scale : new int[] {2, 4, 8}) {
                DecodeRequest request = DecodeRequest.whole(200, 130);
                Rectangle scaled = new DecodeRequest(request.region(), scale).scaledRegion();
                PixelPlanes small = PixelPlanes.blank(scaled.width, scaled.height, PixelFormat.RGB);
                PROFILE.decode(file, new DecodeRequest(request.region(), scale), PixelSink.into(small, 0, 0), Watcher.NONE);
                assertTrue(TransformFiles.psnr(Downscale.box(WholePicture.decode(PROFILE, file, Watcher.NONE), scaled, scale,
                        Cancellation.NEVER), small) > 22, "at 1/" + scale);
            }
        }
    }

    @Test
    void targetsAreHit() throws IIOException {
        SemFile file = PROFILE.encode(Kind.COLOUR.picture, EncodeOptions.ofBytes(4000).withProgressive(true), Watcher.NONE);
        assertTrue(SemSerializer.size(file) <= 4000 && SemSerializer.size(file) > 3700, SemSerializer.size(file) + " bytes");
    }

    @ParameterizedTest
    @EnumSource(value = Kind.class, names = "SMALL", mode = EnumSource.Mode.EXCLUDE)
    void aTruncatedFileIsCompleteAndAsLongAsCanBe(Kind kind) throws IIOException {
        long whole = SemSerializer.size(kind.file);
        for (long bytes : new long[] {whole + 1, whole, whole - 1, whole / 2, whole / 5}) {
            SemFile cut = TransformProfile.truncate(kind.file, bytes);
            assertEquals(Math.min(whole, bytes), SemSerializer.size(cut), 1);
            assertTrue(SemSerializer.size(cut) <= bytes && !cut.truncated());
            WholePicture.decode(PROFILE, cut, Watcher.NONE);
        }
    }

    @Test
    void whatDoesNotDecodeIsNoTruncation() {
        assertTrue(assertThrows(IIOException.class, () -> TransformProfile.truncate(Kind.COLOUR.file, 10))
                .getMessage().contains("10 bytes"));
        assertTrue(assertThrows(IIOException.class, () -> TransformProfile.truncate(Kind.COLOUR.file, 16))
                .getMessage().contains("16 bytes"));
        SemFile none = SemFile.of(Kind.COLOUR.file.header(), List.of());
        assertTrue(assertThrows(IIOException.class, () -> TransformProfile.truncate(none, 1000)).getMessage().contains("chunk 'T'"));
    }

    @Test
    void anyStreamsDecode() throws IIOException {
        Random random = new Random(3);
        for (int i = 0; i < 8; i++) {
            byte[] payload = new byte[2 + 4 * 102];
            random.nextBytes(payload);
            payload[0] = (byte) random.nextInt(160);
            payload[1] = 3 << 2;
            for (int at = 2; at < payload.length; at += 102) {
                payload[at] = (byte) random.nextInt(6);
                payload[at + 1] = 100;
            }
            WholePicture.decode(PROFILE, SemFile.of(Kind.COLOUR.file.header(), List.of(new Chunk(Chunk.TRANSFORM, payload))), Watcher.NONE);
        }
    }
}
