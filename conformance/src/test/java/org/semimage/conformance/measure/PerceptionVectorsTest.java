// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.measure;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import org.junit.jupiter.api.Test;
import org.semimage.compute.Watcher;
import org.semimage.container.PixelFormat;
import org.semimage.measure.MsSsim;
import org.semimage.picture.PixelPlanes;
import org.semimage.picture.RgbSamples;
import org.semimage.profile.transform.ContrastMasking;
import org.semimage.profile.transform.GainMap;

import java.awt.Rectangle;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** MS-SSIM and gains of blocks against vectors that training/vectors.py computed in PyTorch. */
class PerceptionVectorsTest {

    private final JsonObject vectors = read();

    private static JsonObject read() {
        try (Reader in = new InputStreamReader(PerceptionVectorsTest.class.getResourceAsStream("perception-vectors.json"),
                StandardCharsets.UTF_8)) {
            return JsonParser.parseReader(in).getAsJsonObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void similarityIsTrainings() {
        JsonObject expected = vectors.getAsJsonObject("similarity");
        int width = expected.get("width").getAsInt();
        int height = expected.get("height").getAsInt();
        int[][] a = picture(height, width, 4, 90);
        int[][] b = picture(height, width, 5, 90);
        for (int c = 0; c < 3; c++) {
            for (int i = 0; i < a[c].length; i++) {
                b[c][i] = (3 * a[c][i] + b[c][i]) / 4;
            }
        }
        double similarity = MsSsim.of(samples(width, height, a), samples(width, height, b)).orElseThrow();
        assertEquals(expected.get("similarity").getAsDouble(), similarity, 1e-5);
    }

    @Test
    void gainsOfBlocksAreTrainings() throws IOException {
        JsonObject expected = vectors.getAsJsonObject("gains");
        int height = expected.get("height").getAsInt();
        int width = expected.get("width").getAsInt();
        PixelPlanes planes = PixelPlanes.blank(width, height, PixelFormat.RGB);
        int[][] picture = picture(height, width, 6, 120);
        for (int c = 0; c < 3; c++) {
            for (int i = 0; i < picture[c].length; i++) {
                planes.samples()[c][i] = (short) picture[c][i];
            }
        }
        ContrastMasking masking = ContrastMasking.of(planes, height, width, Watcher.NONE);
        for (JsonElement each : expected.getAsJsonArray("qualities")) {
            JsonObject quality = each.getAsJsonObject();
            GainMap map = masking.at(quality.get("qualityIndex").getAsInt());
            JsonArray gains = quality.getAsJsonArray("gains");
            byte[] units = new byte[gains.size()];
            for (int i = 0; i < units.length; i++) {
                units[i] = gains.get(i).getAsByte();
            }
            assertArrayEquals(units, map.gains());
            for (int level = 1; level <= 6; level++) {
                double told = quality.getAsJsonArray("factors").get(level - 1).getAsJsonArray().get(0).getAsDouble();
                assertEquals(told, told(map.factors(new Rectangle(width, height), level), height >> level, width >> level), 1e-3,
                        "level " + level);
            }
        }
    }

    /** The sum of factors of all coefficients of a level times drawn weights. */
    private static double told(GainMap.Factors factors, int height, int width) {
        Generator weights = new Generator(99);
        double sum = 0;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                sum += (double) weights.next() * factors.values()[y / factors.cell()][x / factors.cell()];
            }
        }
        return sum;
    }

    /** Three planes around a slope; contrast grows to the right, as a share of the width. */
    private static int[][] picture(int height, int width, int seed, float contrast) {
        Generator generator = new Generator(seed);
        int[][] planes = new int[3][height * width];
        for (int[] plane : planes) {
            for (int i = 0; i < plane.length; i++) {
                int x = i % width;
                float noise = contrast * generator.next() * (x / 32) * 32 / width;
                plane[i] = Math.max(0, Math.min(255, (int) Math.floor(128 + x / 4f + noise)));
            }
        }
        return planes;
    }

    private static RgbSamples samples(int width, int height, int[][] planes) {
        int[] rgb = new int[width * height];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = planes[0][i] << 16 | planes[1][i] << 8 | planes[2][i];
        }
        return new RgbSamples(width, height, rgb);
    }

    /** The generator of training/vectors.py. */
    private static final class Generator {

        private int state;

        Generator(int seed) {
            state = seed;
        }

        /** -1..127/128. */
        float next() {
            state = state * 1664525 + 1013904223;
            return (state >>> 24) / 128f - 1;
        }
    }
}
