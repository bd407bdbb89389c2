// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.wavelet;

import org.junit.jupiter.api.Test;
import org.semimage.compute.Cancellation;

import java.util.Arrays;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

class Wavelet97Test {

    private static final int HEIGHT = 128;
    private static final int WIDTH = 320;

    private static float[][] random(long seed) {
        Random random = new Random(seed);
        float[][] planes = new float[3][HEIGHT * WIDTH];
        for (float[] plane : planes) {
            for (int i = 0; i < plane.length; i++) {
                plane[i] = 200 * random.nextFloat() - 100;
            }
        }
        return planes;
    }

    @Test
    void synthesisInvertsAnalysisOfLuma() {
        float[][] planes = random(1);
        float[][] again = Wavelet97.synthesise(Wavelet97.analyse(planes, HEIGHT, WIDTH));
        assertArrayEquals(random(1)[0], again[0], 1e-3f);
    }

    @Test
    void colourLosesItsFinestDetailsOnly() {
        Pyramid pyramid = Wavelet97.analyse(random(2), HEIGHT, WIDTH);
        Pyramid again = Wavelet97.analyse(Wavelet97.synthesise(pyramid), HEIGHT, WIDTH);
        for (int level = 2; level <= Pyramid.LEVELS; level++) {
            for (int c = 0; c < Pyramid.channels(level, false); c++) {
                assertArrayEquals(pyramid.detail()[level - 1][c], again.detail()[level - 1][c], 1e-3f);
            }
        }
    }

    @Test
    void aFlatPictureHasNothingButItsLowBand() {
        float[][] planes = new float[3][HEIGHT * WIDTH];
        Arrays.fill(planes[0], 10);
        Pyramid pyramid = Wavelet97.analyse(planes, HEIGHT, WIDTH);
        for (float low : pyramid.low()[0]) {
            assertEquals(640, low, 0.01f);
        }
        for (float[][] bands : pyramid.detail()) {
            for (float[] band : bands) {
                assertArrayEquals(new float[band.length], band, 1e-3f);
            }
        }
    }

    @Test
    void energyIsNearlyKept() {
        float[][] planes = random(3);
        Pyramid pyramid = Wavelet97.analyse(planes, HEIGHT, WIDTH);
        double energy = energy(pyramid.low()[0]);
        for (float[][] bands : pyramid.detail()) {
            energy += energy(bands[0]) + energy(bands[1]) + energy(bands[2]);
        }
        assertEquals(1, energy / energy(planes[0]), 0.05);
    }

    @Test
    void partialSynthesisMeetsThePartialAnalysis() {
        Pyramid pyramid = Wavelet97.analyse(random(4), HEIGHT, WIDTH);
        float[][] low3 = Wavelet97.synthesise(pyramid, 6, 3, pyramid.low(), Cancellation.NEVER);
        assertArrayEquals(Wavelet97.synthesise(pyramid)[0], Wavelet97.synthesise(pyramid, 3, 0, low3, Cancellation.NEVER)[0], 1e-3f);
    }

    @Test
    void analysingALowBandGivesTheLevelsBelowIt() {
        Pyramid pyramid = Wavelet97.analyse(random(5), HEIGHT, WIDTH);
        Pyramid again = Pyramid.zero(HEIGHT, WIDTH);
        float[][] low = Wavelet97.analyse(Wavelet97.synthesise(pyramid, 6, 3, pyramid.low(), Cancellation.NEVER), 3, 6,
                again, Cancellation.NEVER);
        assertArrayEquals(pyramid.low()[2], low[2], 1e-2f);
        for (int level = 4; level <= 6; level++) {
            assertArrayEquals(pyramid.detail()[level - 1][8], again.detail()[level - 1][8], 1e-2f);
        }
    }

    private static double energy(float[] plane) {
        double sum = 0;
        for (float v : plane) {
            sum += v * v;
        }
        return sum;
    }
}
