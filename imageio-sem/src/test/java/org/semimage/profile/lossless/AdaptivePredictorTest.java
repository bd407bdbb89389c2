// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.lossless;

import org.junit.jupiter.api.Test;

import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class AdaptivePredictorTest {

    @Test
    void weightsAreWhatTheyWereSetTo() {
        AdaptivePredictor predictor = new AdaptivePredictor(256, 2);
        predictor.set(0, 1 << 16);
        predictor.set(1, -(1 << 15));
        assertEquals(100 - 20, predictor.sum(new int[] {100, 40}));
    }

    @Test
    void aLinearRuleIsLearned() {
        AdaptivePredictor predictor = new AdaptivePredictor(1280, 3);
        Random random = new Random(1);
        long missed = 0;
        for (int i = 0; i < 2000; i++) {
            int[] differences = random.ints(3, -400, 401).toArray();
            int right = (2 * differences[0] - differences[1]) / 2;
            int error = right - (int) predictor.sum(differences);
            predictor.learn(differences, AdaptivePredictor.power(differences), error);
            missed += i < 1900 ? 0 : Math.abs(error);
        }
        assertTrue(missed < 300, "missed by " + missed / 100.0);
    }

    @Test
    void nothingIsLearnedWithoutDifferences() {
        AdaptivePredictor predictor = new AdaptivePredictor(1280, 2);
        predictor.learn(new int[2], AdaptivePredictor.power(new int[2]), 1000);
        assertEquals(0, predictor.sum(new int[] {1 << 20, 1 << 20}));
    }
}
