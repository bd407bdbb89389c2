// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.transform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Rectangle;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.semimage.profile.EncodeOptions;

class GainMapTest {

    @Test
    void aPictureWithoutGainsHasFactorsOfOne() {
        GainMap.Factors factors = GainMap.NONE.factors(new Rectangle(64, 64, 128, 64), 3);
        assertEquals(8, factors.cell());
        assertEquals(1, factors.values().length);
        assertEquals(1, factors.values()[0][1]);
    }

    @Test
    void aRegionOfInterestGainsInEveryBlockThatItTouches() {
        GainMap map = GainMap.blank(128, 128).plus(List.of(new EncodeOptions.RegionOfInterest(new Rectangle(30, 40, 4, 1), 32)));
        float[][] level1 = map.factors(new Rectangle(128, 128), 1).values();
        assertEquals(2, level1[1][0], 1e-6);
        assertEquals(2, level1[1][1], 1e-6);
        assertEquals(1, level1[1][2]);
        assertEquals(1, level1[0][0]);
    }

    @Test
    void aCoefficientThatCoversSeveralBlocksHasTheirMeanGain() {
        GainMap map = GainMap.blank(64, 64).plus(List.of(new EncodeOptions.RegionOfInterest(new Rectangle(0, 0, 1, 1), 128)));
        GainMap.Factors level6 = map.factors(new Rectangle(64, 64), 6);
        assertEquals(1, level6.cell());
        assertEquals(2, level6.values()[0][0], 1e-6);
    }

    @Test
    void partsHaveTheFactorsOfTheWhole() {
        GainMap map = GainMap.blank(192, 256).plus(List.of(new EncodeOptions.RegionOfInterest(new Rectangle(130, 70, 60, 30), 200)));
        for (int level = 1; level <= 6; level++) {
            float[][] whole = map.factors(new Rectangle(256, 192), level).values();
            GainMap.Factors part = map.factors(new Rectangle(128, 64, 64, 128), level);
            int cell = part.cell() << level;
            for (int y = 0; y < part.values().length; y++) {
                for (int x = 0; x < part.values()[y].length; x++) {
                    assertEquals(whole[64 / cell + y][128 / cell + x], part.values()[y][x]);
                }
            }
        }
    }

    @Property
    void whatIsCodedIsDecoded(@ForAll @Size(60) List<@IntRange(min = -32, max = 32) Integer> values) {
        byte[] gains = new byte[60];
        for (int i = 0; i < gains.length; i++) {
            gains[i] = values.get(i).byteValue();
        }
        GainMap map = new GainMap(4, 6, 10, gains);
        byte[] coded = GainMapCodec.encode(map);
        assertEquals(map, GainMapCodec.decode(coded, 0, coded.length, 4, 6, 10));
    }

    @Property
    void anyBytesAreAMapWithinLimits(@ForAll byte[] bytes, @ForAll @IntRange(min = 1, max = 40) int rows) {
        GainMap map = GainMapCodec.decode(bytes, 0, bytes.length, 5, rows, 7);
        for (byte gain : map.gains()) {
            assertTrue(Math.abs(gain) <= GainMap.MAX_GAIN);
        }
    }

    @Test
    void aFlatMapTakesNextToNothing() {
        assertTrue(GainMapCodec.encode(GainMap.blank(4096, 4096)).length < 16);
    }

    @Test
    void aRegionOfInterestGetsFourOctavesAtMost() {
        Rectangle area = new Rectangle(0, 0, 64, 64);
        GainMap four = GainMap.blank(64, 64).plus(List.of(new EncodeOptions.RegionOfInterest(area, 128)));
        assertEquals(four, GainMap.blank(64, 64).plus(List.of(new EncodeOptions.RegionOfInterest(area, 255))));
        assertEquals(16, four.gains()[0]);
    }

    @Test
    void networksFadeWhereGainsAreTooLargeForThem() {
        byte[] gains = {8, 12, 16, 32, -32, 0, 9, 15, 0, 0, 0, 0, 0, 0, 0, 0};
        GainMap map = new GainMap(4, 4, 4, gains);
        float[] heard = map.heard(new Rectangle(0, 0, 64, 64));
        float[] expected = {1, 0.5f, 0, 0, 1, 1, 7 / 8f, 1 / 8f, 1, 1, 1, 1, 1, 1, 1, 1};
        assertEquals(64, heard.length);
        for (int i = 0; i < heard.length; i++) {
            assertEquals(expected[i / 16 * 4 + i % 8 / 2], heard[i]);
        }
    }

    @Test
    void networksAreHeardInFullUnderSmallGains() {
        GainMap map = GainMap.blank(64, 128);
        map.gains()[3] = 8;
        assertEquals(0, map.heard(new Rectangle(0, 0, 128, 64)).length);
    }
}
