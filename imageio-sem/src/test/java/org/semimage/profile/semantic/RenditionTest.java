// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.semantic;

import org.junit.jupiter.api.Test;
import org.semimage.generate.Descriptors;

import java.util.Arrays;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RenditionTest {

    private static final int WIDTH = 256;
    private static final int HEIGHT = 192;
    private static final int COLUMNS = DescriptorAnalysis.cells(WIDTH, WIDTH);
    private static final int ROWS = DescriptorAnalysis.cells(HEIGHT, WIDTH);

    /** A layout of one upright wave in luma, with the same texture everywhere, or none. */
    private static Descriptors waves(int frequency, float amplitude, boolean textured) {
        float[][] layout = new float[3][COLUMNS * ROWS];
        layout[0][frequency] = amplitude;
        int levels = DescriptorAnalysis.levels(WIDTH);
        float[][][] texture = new float[levels][3][9];
        for (float[][] level : texture) {
            for (float[] orientation : level) {
                Arrays.fill(orientation, 3);
            }
        }
        return new Descriptors(COLUMNS, ROWS, layout, 3 * COLUMNS * ROWS, texture, textured ? 20 : 0);
    }

    @Test
    void meansOverCellsAreTheLayouts() {
        int frequency = 24;
        Descriptors d = waves(frequency, 60, false);
        Descriptors measured = DescriptorAnalysis.of(Rendition.of(d, WIDTH, HEIGHT, 1));
        for (int i = 0; i < COLUMNS * ROWS; i++) {
            assertEquals(i == frequency ? 60 : 0, measured.layout()[0][i], 0.5, "amplitude " + i);
        }
    }

    @Test
    void equalSeedsGiveEqualPicturesAndOthersDoNot() {
        Descriptors d = waves(2, 80, true);
        short[] one = Rendition.of(d, WIDTH, HEIGHT, 7).samples()[0];
        assertArrayEquals(one, Rendition.of(d, WIDTH, HEIGHT, 7).samples()[0]);
        assertFalse(Arrays.equals(one, Rendition.of(d, WIDTH, HEIGHT, 8).samples()[0]));
    }

    /** Mean squares of differences to the right and downwards, in columns from..to. */
    private static double[] roughness(Descriptors d, int from, int to) {
        short[] plain = Rendition.of(new Descriptors(d.columns(), d.rows(), d.layout(), d.layoutCount(), d.texture(), 0), WIDTH, HEIGHT, 3)
                .samples()[0];
        short[] textured = Rendition.of(d, WIDTH, HEIGHT, 3).samples()[0];
        double[] sums = new double[2];
        for (int y = 0; y < HEIGHT - 1; y++) {
            for (int x = from; x < to - 1; x++) {
                int at = y * WIDTH + x;
                sums[0] += Math.pow(textured[at + 1] - plain[at + 1] - textured[at] + plain[at], 2);
                sums[1] += Math.pow(textured[at + WIDTH] - plain[at + WIDTH] - textured[at] + plain[at], 2);
            }
        }
        return new double[] {sums[0] / HEIGHT / (to - from), sums[1] / HEIGHT / (to - from)};
    }

    @Test
    void strokesRunAlongEdges() {
        double[] roughness = roughness(waves(3, 60, true), 0, WIDTH);
        assertTrue(roughness[0] > 3 * roughness[1], roughness[0] + " across, " + roughness[1] + " along");
    }

    @Test
    void flatPlacesHaveLessTexture() {
        Descriptors d = waves(1, 60, true);
        double edge = roughness(d, 96, 160)[0];
        double flat = roughness(d, 0, 32)[0];
        assertTrue(flat < 0.7 * edge, flat + " in the flat, " + edge + " at the edge");
    }

    @Test
    void picturesOfOneSampleAreRendered() {
        float[][] layout = {{-30}, {0}, {0}};
        assertEquals(1, Rendition.of(new Descriptors(1, 1, layout, 3, new float[0][][], 1), 1, 1, 0).width());
    }
}
