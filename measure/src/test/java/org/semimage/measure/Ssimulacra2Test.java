// SPDX-License-Identifier: Apache-2.0
package org.semimage.measure;

import org.semimage.picture.RgbSamples;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Random;
import java.util.function.IntUnaryOperator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class Ssimulacra2Test {

    /** Scores of the published program, version 2.1, for PNG files of these pictures. */
    @ParameterizedTest
    @CsvSource({
            "160, 120, noise, 72.0031",
            "160, 120, grain, 95.9885",
            "160, 120, posterized, 35.2091",
            "160, 120, coarse, -3.9812",
            "113, 140, brighter, 84.6895",
            "112, 150, posterized, 58.1111",
            "64, 50, noise, 31.8603",
            "33, 17, coarse, 44.8954",
            "9, 20, grain, 98.1492",
            "8, 8, noise, 93.6111"
    })
    void scoresAsThePublishedProgram(int width, int height, String distortion, double score) {
        RgbSamples original = drawn(width, height);
        assertEquals(score, Ssimulacra2.of(original, distorted(original, distortion)).orElseThrow(), 0.01);
    }

    @Test
    void equalPicturesScoreAHundred() {
        RgbSamples picture = drawn(120, 115);
        assertEquals(100, Ssimulacra2.of(picture, picture).orElseThrow());
    }

    @Test
    void theOriginalIsNotTheDistorted() {
        RgbSamples picture = drawn(150, 130);
        RgbSamples noisy = distorted(picture, "noise");
        assertNotEquals(Ssimulacra2.of(picture, noisy).orElseThrow(), Ssimulacra2.of(noisy, picture).orElseThrow(), 0.1);
    }

    @Test
    void picturesBelowEightPixelsHaveNoScore() {
        assertTrue(Ssimulacra2.of(drawn(7, 90), drawn(7, 90)).isEmpty());
        assertTrue(Ssimulacra2.of(drawn(90, 7), drawn(90, 7)).isEmpty());
        assertTrue(Ssimulacra2.of(drawn(8, 8), drawn(8, 8)).isPresent());
    }

    @Test
    void refusesPicturesOfDifferentSize() {
        assertThrows(IllegalArgumentException.class, () -> Ssimulacra2.of(drawn(9, 8), drawn(8, 9)));
    }

    /** Ramps of colour, a disc with a sharp edge and stripes. */
    static RgbSamples drawn(int width, int height) {
        int[] rgb = new int[width * height];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int red = 255 * x / width;
                int green = 255 * y / height;
                int blue = 100 + 50 * (x / 5 % 2);
                int dx = 2 * x - width;
                int dy = 2 * y - height;
                boolean inside = dx * dx + dy * dy < width * height / 4;
                rgb[y * width + x] = inside ? green << 16 | blue << 8 | red : red << 16 | green << 8 | blue;
            }
        }
        return new RgbSamples(width, height, rgb);
    }

    static RgbSamples distorted(RgbSamples picture, String distortion) {
        Random random = new Random(1);
        return switch (distortion) {
            case "noise" -> changed(picture, v -> v + random.nextInt(21) - 10);
            case "grain" -> changed(picture, v -> v + random.nextInt(3) - 1);
            case "posterized" -> changed(picture, v -> v / 24 * 24 + 12);
            case "brighter" -> changed(picture, v -> v + 6);
            case "coarse" -> coarse(picture);
            default -> throw new IllegalArgumentException(distortion);
        };
    }

    private static RgbSamples changed(RgbSamples picture, IntUnaryOperator change) {
        int[] rgb = new int[picture.rgb().length];
        for (int i = 0; i < rgb.length; i++) {
            for (int shift = 0; shift < 24; shift += 8) {
                int value = change.applyAsInt(picture.rgb()[i] >> shift & 0xFF);
                rgb[i] |= Math.max(0, Math.min(255, value)) << shift;
            }
        }
        return new RgbSamples(picture.width(), picture.height(), rgb);
    }

    /** Every pixel of a block of 3x3 takes the first one's colour. */
    private static RgbSamples coarse(RgbSamples picture) {
        int[] rgb = new int[picture.rgb().length];
        for (int i = 0; i < rgb.length; i++) {
            int x = i % picture.width();
            int y = i / picture.width();
            rgb[i] = picture.rgb()[y / 3 * 3 * picture.width() + x / 3 * 3];
        }
        return new RgbSamples(picture.width(), picture.height(), rgb);
    }
}
