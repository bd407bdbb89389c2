// SPDX-License-Identifier: Apache-2.0
package org.semimage.serve;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Optional;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What is kept in memory for a short time. */
class ShelfTest {

    @Test
    void roomIsBoundedInNumberAndBytes() {
        try (Shelf<String> shelf = new Shelf<>(2, 10, Duration.ofMinutes(1))) {
            assertTrue(shelf.reserve("a", 6));
            assertFalse(shelf.reserve("b", 5));
            assertTrue(shelf.reserve("b", 4));
            assertFalse(shelf.reserve("c", 0));
            assertEquals(Optional.empty(), shelf.find("a"));
            shelf.fill("a", "A");
            assertEquals(Optional.of("A"), shelf.find("a"));
            shelf.remove("a");
            shelf.remove("a");
            assertTrue(shelf.reserve("c", 6));
        }
    }

    @Test
    void theOldestMakeRoom() {
        try (Shelf<String> shelf = new Shelf<>(3, 10, Duration.ofMinutes(1))) {
            shelf.keep("a", "A", 4);
            shelf.keep("b", "B", 4);
            shelf.keep("c", "C", 4);
            assertEquals(Optional.empty(), shelf.find("a"));
            assertEquals(Optional.of("C"), shelf.find("c"));
            shelf.keep("huge", "H", 11);
            assertEquals(Optional.empty(), shelf.find("huge"));
            assertEquals(Optional.of("B"), shelf.find("b"));
            shelf.keep("b", "B2", 4);
            assertEquals(Optional.of("B2"), shelf.find("b"));
        }
    }

    @Test
    void nothingIsKeptLongerThanItsTime() throws InterruptedException {
        try (Shelf<String> shelf = new Shelf<>(1, 10, Duration.ofMillis(50))) {
            shelf.keep("a", "A", 4);
            Thread.sleep(60);
            assertEquals(Optional.empty(), shelf.find("a"));
            assertTrue(shelf.reserve("b", 10));
            Thread.sleep(60);
            shelf.fill("b", "B");
            assertEquals(Optional.empty(), shelf.find("b"));
        }
    }
}
