// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.measure;

import org.junit.jupiter.api.Test;

import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class EqualScoreTest {

    private static final RateCurve STEEP = curve(0.1, 20, 0.4, 80);
    private static final RateCurve DOUBLED = curve(0.2, 20, 0.8, 80);
    private static final RateCurve HIGH = curve(0.1, 60, 0.4, 80);

    @Test
    void averagesLogarithmsOverPictures() {
        EqualScore equal = EqualScore.at(50, List.of(DOUBLED, STEEP), List.of(STEEP, STEEP));
        assertEquals(2, equal.pictures());
        assertEquals(100 * (Math.sqrt(2) - 1), equal.percent().getAsDouble(), 1e-9);
    }

    @Test
    void leavesOutPicturesThatDoNotReachTheScore() {
        EqualScore equal = EqualScore.at(50, List.of(DOUBLED, STEEP), List.of(STEEP, HIGH));
        assertEquals(1, equal.pictures());
        assertEquals(100, equal.percent().getAsDouble(), 1e-9);
    }

    @Test
    void withoutPicturesThereIsNoDifference() {
        assertTrue(EqualScore.at(10, List.of(DOUBLED), List.of(STEEP)).percent().isEmpty());
        assertTrue(EqualScore.at(20, List.of(new RateCurve(List.of())), List.of(STEEP)).percent().isEmpty());
    }

    @Test
    void refusesCurvesOfOtherPictures() {
        assertThrows(IllegalArgumentException.class, () -> EqualScore.at(50, List.of(STEEP), List.of()));
    }

    private static RateCurve curve(double rate, double quality, double higherRate, double higherQuality) {
        return new RateCurve(List.of(new RateCurve.Point(rate, quality), new RateCurve.Point(higherRate, higherQuality)));
    }
}
