// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.diffusion;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PhiloxTest {

    /** The known answers that come with the authors' Random123 library. */
    @Test
    void blocksAreThePublishedOnes() {
        assertArrayEquals(new int[] {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8},
                Philox.block(new int[4], new int[2]));
        assertArrayEquals(new int[] {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd},
                Philox.block(new int[] {-1, -1, -1, -1}, new int[] {-1, -1}));
        assertArrayEquals(new int[] {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1},
                Philox.block(new int[] {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, new int[] {0xa4093822, 0x299f31d0}));
    }

    @Test
    void deviatesAreNormal() {
        float[] values = Philox.normal(7, 0, 4, 128, 128).data();
        double sum = 0;
        double squares = 0;
        double fourths = 0;
        for (float value : values) {
            sum += value;
            squares += (double) value * value;
            fourths += Math.pow(value, 4);
            assertTrue(Math.abs(value) < 6.8);
        }
        assertEquals(0, sum / values.length, 0.01);
        assertEquals(1, squares / values.length, 0.02);
        assertEquals(3, fourths / values.length, 0.1);
    }

    @Test
    void aValueDependsOnSeedDrawAndPlaceAlone() {
        Planes wide = Philox.normal(1L << 40 | 5, 2, 1, 2, 8);
        Planes tall = Philox.normal(1L << 40 | 5, 2, 1, 3, 5);
        for (int i = 0; i < tall.data().length; i++) {
            assertEquals(wide.data()[i], tall.data()[i]);
        }
        assertTrue(wide.data()[0] != Philox.normal(5, 2, 1, 2, 8).data()[0]);
        assertTrue(wide.data()[0] != Philox.normal(1L << 40 | 5, 3, 1, 2, 8).data()[0]);
    }
}
