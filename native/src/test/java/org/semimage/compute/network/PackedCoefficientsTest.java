// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.network;

import org.junit.jupiter.api.Test;
import org.semimage.compute.wavelet.Pyramid;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

class PackedCoefficientsTest {

    private static final int HEIGHT = 64;
    private static final int WIDTH = 128;
    private static final int AREA = HEIGHT / 8 * (WIDTH / 8);

    private static Pyramid numbered() {
        Pyramid pyramid = Pyramid.zero(HEIGHT, WIDTH);
        for (int level = 1; level <= 3; level++) {
            float[][] bands = pyramid.detail()[level - 1];
            for (int c = 0; c < bands.length; c++) {
                for (int i = 0; i < bands[c].length; i++) {
                    bands[c][i] = level * 1e6f + c * 1e4f + i;
                }
            }
        }
        return pyramid;
    }

    @Test
    void everyCoefficientHasTheChannelThatTheFormatGivesIt() {
        float[] packed = PackedCoefficients.pack(new float[3][AREA], numbered());
        int y = 3;
        int x = 5;
        int position = y * (WIDTH / 8) + x;
        assertEquals(3e6f + 2e4f + position, packed[(3 + 2) * AREA + position]);
        assertEquals(2e6f + 7e4f + (2 * y + 1) * (WIDTH / 4) + 2 * x, packed[(12 + 4 * 7 + 2) * AREA + position]);
        assertEquals(1e6f + 1e4f + (4 * y + 2) * (WIDTH / 2) + 4 * x + 3, packed[(48 + 16 + 2 * 4 + 3) * AREA + position]);
    }

    @Test
    void addingWhatWasPackedDoublesEveryBand() {
        Pyramid pyramid = numbered();
        float[][] low3 = new float[3][AREA];
        low3[1][7] = 4;
        PackedCoefficients.add(PackedCoefficients.pack(low3, pyramid), low3, pyramid);
        assertEquals(8, low3[1][7]);
        for (int level = 1; level <= 3; level++) {
            for (int c = 0; c < Pyramid.channels(level, false); c++) {
                float[] doubled = numbered().detail()[level - 1][c];
                for (int i = 0; i < doubled.length; i++) {
                    doubled[i] *= 2;
                }
                assertArrayEquals(doubled, pyramid.detail()[level - 1][c]);
            }
        }
    }
}
