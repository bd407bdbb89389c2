// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.lossless;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ColourMemoryTest {

    private static final long PLACE = Hash.of(1, 2);

    private final ColourMemory memory = new ColourMemory(12);

    private void follow(long colour, int times) {
        for (int i = 0; i < times; i++) {
            memory.find(PLACE);
            memory.learn(colour);
        }
        memory.find(PLACE);
    }

    @Test
    void whatWasNeverSeenIsNotKnown() {
        memory.find(PLACE);
        assertFalse(memory.knows());
        assertEquals(0, memory.confidence());
    }

    @Test
    void confidenceGrowsWithEachTimeInARow() {
        int[] times = {1, 2, 4, 16};
        for (int c = 0; c < times.length; c++) {
            follow(7, times[c] - (c == 0 ? 0 : times[c - 1]));
            assertTrue(memory.knows());
            assertEquals(7, memory.colour());
            assertEquals(c + 1, memory.confidence());
        }
    }

    @Test
    void aColourSeenOftenOutlivesAnother() {
        follow(7, 8);
        follow(9, 1);
        assertEquals(7, memory.colour());
        assertEquals(2, memory.confidence());
        follow(9, 1);
        assertEquals(9, memory.colour());
        assertEquals(1, memory.confidence());
    }

    @Test
    void neighbourhoodsInOnePlaceAreToldApart() {
        follow(7, 3);
        memory.find(PLACE ^ 2);
        assertFalse(memory.knows());
        memory.learn(8);
        memory.find(PLACE);
        assertFalse(memory.knows());
    }
}
