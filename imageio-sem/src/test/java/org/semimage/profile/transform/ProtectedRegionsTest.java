// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.transform;

import org.semimage.compute.Cancellation;
import org.semimage.container.Chunk;
import org.semimage.container.ModelRef;
import org.semimage.container.PixelFormat;
import org.semimage.container.ProfileId;
import org.semimage.container.SemFile;
import org.semimage.container.SemHeader;
import org.semimage.picture.Doubled;
import org.semimage.picture.PixelPlanes;
import org.semimage.picture.PixelSink;
import org.semimage.profile.EncodeOptions.RegionOfInterest;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import javax.imageio.IIOException;
import java.awt.Rectangle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ProtectedRegionsTest {

    private static final SemHeader HEADER = new SemHeader(ProfileId.TRANSFORM, 300, 200, PixelFormat.GRAY, ModelRef.NONE);

    private final List<String> warnings = new ArrayList<>();

    private static ProtectedRegions around(int x, int y, int width, int height) {
        return ProtectedRegions.of(List.of(RegionOfInterest.protectedArea(new Rectangle(x, y, width, height)),
                new RegionOfInterest(new Rectangle(0, 0, 9, 9), 64),
                RegionOfInterest.protectedArea(new Rectangle(300, 0, 9, 9))), HEADER);
    }

    private ProtectedRegions read(byte... payload) {
        return ProtectedRegions.of(SemFile.of(HEADER, List.of(new Chunk(Chunk.PROTECTED, payload))), warnings::add);
    }

    @Test
    void wholeBlocksInsideThePictureAreProtected() {
        assertEquals(List.of(new Rectangle(16, 32, 32, 16)), around(31, 32, 2, 16).areas());
        assertEquals(List.of(new Rectangle(288, 192, 12, 8)), around(299, 199, 50, 50).areas());
    }

    @Test
    void aChunkSaysWhatWasProtected() {
        ProtectedRegions regions = around(31, 32, 2, 16);
        byte[] payload = regions.toChunk().payload();
        assertArrayEquals(new byte[] {1, 2, 1, 0}, payload);
        assertEquals(regions, read(payload));
        assertTrue(warnings.isEmpty());
        assertEquals(ProtectedRegions.NONE, ProtectedRegions.of(SemFile.of(HEADER, List.of()), warnings::add));
    }

    @ParameterizedTest
    @CsvSource({"010201, ends within", "01020100 01, ends within", "81020100, ends within", "80000000 00, 0 in 2 bytes",
        "8080800100, more than 3 bytes", "13000000, outside", "000D0000, outside", "FFFF7F000000, outside"})
    void aChunkThatSaysNothingIsPassedOver(String payload, String why) {
        assertEquals(ProtectedRegions.NONE, read(HexFormat.of().parseHex(payload.replace(" ", ""))));
        assertTrue(warnings.size() == 1 && warnings.get(0).contains(why), warnings.toString());
    }

    @Test
    void otherProfilesHaveNoProtectedRegions() {
        SemHeader lossless = new SemHeader(ProfileId.LOSSLESS, 300, 200, PixelFormat.GRAY, ModelRef.NONE);
        Chunk chunk = around(31, 32, 2, 16).toChunk();
        assertEquals(List.of(), TransformProfile.protectedRegions(SemFile.of(lossless, List.of(chunk))));
        assertEquals(1, TransformProfile.protectedRegions(SemFile.of(HEADER, List.of(chunk))).size());
    }

    @Test
    void noNumbersAreNoRegions() {
        assertEquals(ProtectedRegions.NONE, read());
        assertTrue(warnings.get(0).contains("ends within a region"), warnings.toString());
    }

    @Test
    void aHugeRegionIsThatOfThePicture() {
        assertEquals(List.of(new Rectangle(300, 200)), read((byte) 0, (byte) 0, (byte) -1, (byte) -1, (byte) 127, (byte) -1, (byte) -1,
                (byte) 127).areas());
    }

    @Test
    void moreRegionsThanAnEncoderWritesAreNone() {
        assertEquals(255, read(new byte[4 * 255]).areas().size());
        assertEquals(ProtectedRegions.NONE, read(new byte[4 * 256]));
        assertTrue(warnings.get(0).contains("more than 255"), warnings.toString());
    }

    @Test
    void detailComesInAroundARegionAlone() throws IIOException {
        PixelPlanes plain = filled(80);
        PixelPlanes kept = filled(0);
        PixelSink sink = around(64, 64, 32, 32).keeping(plain, new Rectangle(300, 200), 0, PixelSink.into(kept, 0, 0));
        sink.write(filled(180), 0, 0);
        assertEquals(80, at(kept, 64, 64));
        assertEquals(80, at(kept, 95, 95));
        assertEquals(130, at(kept, 56, 70));
        assertEquals(130, at(kept, 70, 103));
        assertEquals(180, at(kept, 48, 70));
        assertEquals(180, at(kept, 200, 150));
    }

    @Test
    void partsAreKeptLikeTheWhole() throws IIOException {
        ProtectedRegions regions = around(64, 64, 32, 32);
        PixelPlanes whole = filled(0);
        regions.keeping(filled(10), new Rectangle(300, 200), 0, PixelSink.into(whole, 0, 0)).write(filled(200), 0, 0);
        PixelPlanes part = PixelPlanes.blank(40, 30, PixelFormat.GRAY);
        Arrays.fill(part.samples()[0], (short) 200);
        PixelPlanes kept = filled(0);
        regions.keeping(filled(10), new Rectangle(300, 200), 0, PixelSink.into(kept, 0, 0)).write(part, 50, 60);
        assertArrayEquals(whole.crop(new Rectangle(50, 60, 40, 30)).samples()[0], kept.crop(new Rectangle(50, 60, 40, 30)).samples()[0]);
    }

    @Test
    void aRegionShrinksWithThePicture() throws IIOException {
        PixelPlanes kept = filled(0);
        around(64, 64, 32, 32).keeping(filled(80), new Rectangle(300, 200), 2, PixelSink.into(kept, 0, 0)).write(filled(180), 0, 0);
        assertEquals(80, at(kept, 16, 16));
        assertEquals(80, at(kept, 23, 23));
        assertEquals(180, at(kept, 64, 64));
    }

    @Test
    void noDetailComesIntoARegionWhenThePictureIsDoubled() throws IIOException {
        PixelPlanes picture = filled(180);
        for (int halvings = 3; halvings >= 0; halvings--) {
            int width = 300 - 1 >> halvings;
            int height = 200 - 1 >> halvings;
            PixelPlanes rendered = picture.crop(new Rectangle(width + 1, height + 1));
            around(64, 64, 32, 32).keeping(halvings == 3 ? filled(80) : picture, new Rectangle(picture.width(), picture.height()), halvings,
                    (part, x, y) -> { }).write(rendered, 0, 0);
            picture = halvings == 0 ? rendered : new Doubled(rendered, (300 - 1 >> halvings - 1) + 1, (200 - 1 >> halvings - 1) + 1)
                    .readAll(Cancellation.NEVER);
        }
        Rectangle region = new Rectangle(64, 64, 32, 32);
        assertArrayEquals(filled(80).crop(region).samples()[0], picture.crop(region).samples()[0]);
    }

    @Test
    void regionsFarAwayTakeNoTime() {
        Rectangle picture = new Rectangle(1 << 11, 1 << 10);
        PixelPlanes planes = PixelPlanes.blank(picture.width, picture.height, PixelFormat.GRAY);
        for (int columns : new int[] {picture.width / 32, 1}) {
            List<Rectangle> areas = IntStream.range(0, 255)
                    .mapToObj(i -> new Rectangle(i % columns * 32, i / columns * 4 / 16 * 16, 16, 16)).toList();
            PixelSink sink = new ProtectedRegions(areas).keeping(planes, picture, 0, (part, x, y) -> { });
            assertTimeout(Duration.ofSeconds(3), () -> sink.write(planes, 0, 0));
        }
    }

    @Test
    void aRegionThatIsGivenTwiceIsStoredOnce() {
        RegionOfInterest first = RegionOfInterest.protectedArea(new Rectangle(1, 1, 2, 2));
        RegionOfInterest second = RegionOfInterest.protectedArea(new Rectangle(5, 5, 2, 2));
        assertEquals(List.of(new Rectangle(16, 16)), ProtectedRegions.of(List.of(first, second), HEADER).areas());
    }

    private static PixelPlanes filled(int value) {
        PixelPlanes planes = PixelPlanes.blank(300, 200, PixelFormat.GRAY);
        Arrays.fill(planes.samples()[0], (short) value);
        return planes;
    }

    private static int at(PixelPlanes planes, int x, int y) {
        return planes.samples()[0][y * planes.width() + x];
    }
}
