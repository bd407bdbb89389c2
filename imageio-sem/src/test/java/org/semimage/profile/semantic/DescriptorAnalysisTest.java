// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.semantic;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.semimage.container.PixelFormat;
import org.semimage.generate.Descriptors;
import org.semimage.picture.PixelPlanes;

import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DescriptorAnalysisTest {

    /** Where HL, LH and HH of a picture are in the picture with rows and columns exchanged. */
    private static final int[] EXCHANGED = {1, 0, 2};

    @ParameterizedTest
    @CsvSource({"1,1", "2,3", "1,1024", "64,1024", "65,1024", "64,2047", "1,2048", "128,2048", "129,2048", "3,8000"})
    void aBannerHasTheDescriptorsOfTheOneThatStandsUpright(int side, int longSide) {
        PixelPlanes upright = noise(side, longSide);
        Descriptors a = DescriptorAnalysis.of(upright);
        Descriptors b = DescriptorAnalysis.of(exchanged(upright));
        assertEquals(a.columns(), b.rows());
        assertEquals(a.rows(), b.columns());
        for (int c = 0; c < 3; c++) {
            assertArrayEquals(a.layout()[c], exchanged(b.layout()[c], b.columns(), b.rows()), 1e-2f);
        }
        for (int level = 0; level < a.texture().length; level++) {
            for (int orientation = 0; orientation < 3; orientation++) {
                assertArrayEquals(a.texture()[level][orientation], exchanged(b.texture()[level][EXCHANGED[orientation]], 3, 3), 1e-3f,
                        "level " + (level + 1) + ", orientation " + orientation);
            }
        }
    }

    @Test
    void aRegionOfABannerKnowsNothingOfTheOthers() {
        PixelPlanes banner = PixelPlanes.blank(64, 1024, PixelFormat.GRAY);
        Random random = new Random(1);
        for (int i = 0; i < 64 * 300; i++) {
            banner.samples()[0][i] = (short) random.nextInt(256);
        }
        for (float[][] level : DescriptorAnalysis.of(banner).texture()) {
            for (float[] regions : level) {
                for (int column = 0; column < 3; column++) {
                    assertTrue(regions[column] > 1, "noise above");
                    assertEquals(-2, regions[6 + column], 0.01, "nothing below");
                }
            }
        }
    }

    private static PixelPlanes noise(int width, int height) {
        PixelPlanes planes = PixelPlanes.blank(width, height, PixelFormat.RGB);
        Random random = new Random(7);
        for (short[] plane : planes.samples()) {
            for (int i = 0; i < plane.length; i++) {
                plane[i] = (short) random.nextInt(256);
            }
        }
        return planes;
    }

    private static PixelPlanes exchanged(PixelPlanes planes) {
        PixelPlanes result = PixelPlanes.blank(planes.height(), planes.width(), planes.format());
        for (int p = 0; p < planes.samples().length; p++) {
            for (int y = 0; y < planes.height(); y++) {
                for (int x = 0; x < planes.width(); x++) {
                    result.samples()[p][x * planes.height() + y] = planes.samples()[p][y * planes.width() + x];
                }
            }
        }
        return result;
    }

    private static float[] exchanged(float[] grid, int columns, int rows) {
        float[] result = new float[grid.length];
        for (int y = 0; y < rows; y++) {
            for (int x = 0; x < columns; x++) {
                result[x * rows + y] = grid[y * columns + x];
            }
        }
        return result;
    }
}
