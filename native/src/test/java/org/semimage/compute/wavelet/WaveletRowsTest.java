// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.wavelet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;
import org.semimage.compute.Cancellation;

import java.util.Random;

class WaveletRowsTest {

    private static final int HEIGHT = 192;
    private static final int WIDTH = 128;
    private static final int LEVELS = 3;

    private final Pyramid pyramid = random(new Random(1));
    private final float[][] low3 = {values(new Random(2), 3), values(new Random(3), 3), values(new Random(4), 3)};

    private static Pyramid random(Random random) {
        Pyramid pyramid = Pyramid.zero(HEIGHT, WIDTH, LEVELS, 1);
        for (int level = 1; level <= LEVELS; level++) {
            for (int c = 0; c < pyramid.bands(level).length; c++) {
                pyramid.bands(level)[c] = values(random, level);
            }
        }
        return pyramid;
    }

    private static float[] values(Random random, int level) {
        float[] values = new float[(HEIGHT >> level) * (WIDTH >> level)];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat() - 0.5f;
        }
        return values;
    }

    /** Of all three components; the last two have no details on level 1. */
    @Test
    void everyWayToCutRowsGivesTheSameBits() {
        float[][] whole = Wavelet97.synthesise(pyramid, LEVELS, 0, low3, Cancellation.NEVER);
        float[][] low1 = Wavelet97.synthesise(pyramid, LEVELS, 1, low3, Cancellation.NEVER);
        for (int rows : new int[] {2, 6, 34, HEIGHT}) {
            assertCut(whole, new WaveletRows(pyramid, 1, low1), rows);
        }
    }

    @Test
    void twoLevelsInOneGiveTheSameBits() {
        float[][] whole = Wavelet97.synthesise(pyramid, LEVELS, 0, low3, Cancellation.NEVER);
        float[][] low2 = Wavelet97.synthesise(pyramid, LEVELS, 2, low3, Cancellation.NEVER);
        for (int rows : new int[] {2, 6, 34, HEIGHT}) {
            assertCut(whole, WaveletRows.ofTwo(pyramid, 1, low2), rows);
        }
    }

    private static void assertCut(float[][] expected, WaveletRows rows, int perStrip) {
        WaveletRows.Room room = new WaveletRows.Room();
        for (int c = 0; c < expected.length; c++) {
            float[] found = new float[HEIGHT * WIDTH];
            for (int from = 0; from < HEIGHT; from += perStrip) {
                rows.join(c, from, Math.min(HEIGHT, from + perStrip), room, found, from * WIDTH);
            }
            assertArrayEquals(expected[c], found);
        }
    }
}
