// SPDX-License-Identifier: Apache-2.0
package org.semimage.measure;

import org.junit.jupiter.api.Test;
import org.semimage.picture.RgbSamples;

import java.util.Arrays;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class MsSsimTest {

    @Test
    void equalPicturesScoreOne() {
        RgbSamples noise = noise(200, 180, 128, 1);
        assertEquals(1, MsSsim.of(noise, noise).orElseThrow(), 1e-12);
    }

    @Test
    void constantPicturesScoreTheLuminanceTermOfTheCoarsestScale() {
        double score = MsSsim.of(plain(200, 200, 0x646464), plain(200, 200, 0x8C8C8C)).orElseThrow();
        assertEquals(0.992622, score, 5e-7);
    }

    @Test
    void moreNoiseScoresLower() {
        RgbSamples flat = plain(192, 192, 0x808080);
        double little = MsSsim.of(flat, noise(192, 192, 8, 2)).orElseThrow();
        double much = MsSsim.of(flat, noise(192, 192, 40, 2)).orElseThrow();
        assertTrue(little > much && much > 0, little + " and " + much);
    }

    @Test
    void needsRoomForOneWindowAtTheCoarsestScale() {
        assertTrue(MsSsim.of(plain(175, 400, 0), plain(175, 400, 0)).isEmpty());
        assertTrue(MsSsim.of(plain(176, 176, 0), plain(176, 176, 0)).isPresent());
    }

    @Test
    void countsDecibelsFromOne() {
        assertEquals(20, MsSsim.decibels(0.99), 1e-9);
    }

    private static RgbSamples noise(int width, int height, int amplitude, long seed) {
        Random random = new Random(seed);
        int[] pixels = new int[width * height];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (128 - amplitude / 2 + random.nextInt(amplitude)) * 0x010101;
        }
        return new RgbSamples(width, height, pixels);
    }

    private static RgbSamples plain(int width, int height, int rgb) {
        int[] pixels = new int[width * height];
        Arrays.fill(pixels, rgb);
        return new RgbSamples(width, height, pixels);
    }
}
