// SPDX-License-Identifier: Apache-2.0
package org.semimage.caption;

import org.junit.jupiter.api.Test;
import org.semimage.generate.Descriptors;

import java.util.Arrays;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

class ImaginationTest {

    private static final int AXES = 5;
    private static final int TAG_FEATURES = 4;
    private static final int TIMES = 16;
    private static final int WIDTH = 8;
    private static final int TEXTURE = 27;

    private final Imagination imagination = new Imagination(new SeededTensors().text("tags", "sea ocean\nred")
            .signs("words.weight", 2, TAG_FEATURES)
            .layer("start", WIDTH, AXES + TAG_FEATURES + TIMES).layer("blocks.0.0", WIDTH, WIDTH + TAG_FEATURES + TIMES)
            .layer("blocks.0.1", WIDTH, WIDTH).layer("end", AXES, WIDTH).ints("blocks", new long[] {1}, 1)
            .ints("places", new long[] {3, 3}, 0, 0, 0, 0, 1, 1, 2, 0, 1).floats("mean", new float[3 + TEXTURE])
            .signs("axes", 3 + TEXTURE, AXES).build());

    private Descriptors imagine(String caption, long seed) {
        return imagination.descriptors(caption, 6, 4, 2, seed);
    }

    @Test
    void layoutAndTextureHaveTheirPlaces() {
        Descriptors d = imagine("the sea", 1);
        assertEquals(6, d.columns());
        assertEquals(0, d.layout()[1][0]);
        assertFalse(d.layout()[0][0] == 0 || d.layout()[0][7] == 0 || d.layout()[2][1] == 0);
        assertEquals(1, d.texture().length);
        assertEquals(TEXTURE, d.textureCount());
    }

    @Test
    void equalSeedsGiveEqualLayouts() {
        assertArrayEquals(imagine("the sea", 1).layout()[0], imagine("the sea", 1).layout()[0]);
        assertFalse(Arrays.equals(imagine("the sea", 1).layout()[0], imagine("the sea", 2).layout()[0]));
    }

    @Test
    void wordsThatMeanTheSameGiveTheSame() {
        assertArrayEquals(imagine("the sea", 1).layout()[0], imagine("OCEAN, ocean: sea!", 1).layout()[0]);
        assertFalse(Arrays.equals(imagine("the sea", 1).layout()[0], imagine("red", 1).layout()[0]));
    }

    @Test
    void wordsThatNobodyTaughtAreIgnored() {
        assertArrayEquals(imagine("", 1).layout()[0], imagine("xyzzy \u732B", 1).layout()[0]);
    }

    @Test
    void aSmallGridKeepsWhatItHas() {
        Descriptors d = imagination.descriptors("sea", 1, 1, 0, 1);
        assertEquals(1, d.layout()[0].length);
        assertEquals(0, d.texture().length);
    }
}
