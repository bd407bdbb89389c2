// SPDX-License-Identifier: Apache-2.0
package org.semimage.reflect;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Set;

import static org.junit.jupiter.api.Assertions.assertEquals;

class CaptionDetailsTest {

    @Test
    void dropsPhrasesAtTheEndAndWordsBeforeNouns() {
        Set<String> shorter = Set.copyOf(CaptionDetails.without("a small dog runs on a beach, with an old ball"));
        assertEquals(Set.of("a small dog runs on a beach", "a small dog runs", "a dog runs on a beach, with an old ball",
                "a small dog runs on a beach, with a ball"), shorter);
        assertEquals(List.of("the boats"), CaptionDetails.without("the boats near a pier"));
    }

    @Test
    void articlesFollowWhatStandsBehindThem() {
        assertEquals(List.of("an apple"), CaptionDetails.without("a red apple"));
        assertEquals(List.of("A pear"), CaptionDetails.without("An unripe pear"));
    }

    @Test
    void shortAndOddTextsHaveNoneToLose() {
        for (String text : new String[] {"", " ", "dog", "a dog", "on the", "\u72ac", "two dogs", "a, b", "--- ..."}) {
            assertEquals(List.of(), CaptionDetails.without(text), text);
        }
    }
}
