// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.measure;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PchipTest {

    @Test
    void followsAStraightLine() {
        Pchip line = new Pchip(new double[] {0, 1, 4}, new double[] {1, 3, 9});
        assertEquals(6, line.at(2.5), 1e-12);
        assertEquals(20, line.integral(0, 4), 1e-12);
        assertEquals(4, line.integral(1, 2), 1e-12);
    }

    @Test
    void passesThroughItsKnotsAndStaysBetweenThem() {
        double[] x = {0, 1, 2, 3};
        double[] y = {0, 0, 1, 1};
        Pchip step = new Pchip(x, y);
        for (int i = 0; i < x.length; i++) {
            assertEquals(y[i], step.at(x[i]), 1e-12);
        }
        assertTrue(step.at(1.9) <= 1 && step.at(1.1) >= 0);
        assertEquals(0.5, step.at(1.5), 1e-12);
    }

    @Test
    void takesEndSlopesFromThreePoints() {
        Pchip curve = new Pchip(new double[] {1, 2, 4}, new double[] {1, 4, 16});
        double slopeAtFirst = (4 * 3 - 1 * 6) / 3.0;
        double slopeAtSecond = 9 / (5 / 3.0 + 4 / 6.0);
        assertEquals(2.5 + (slopeAtFirst - slopeAtSecond) / 8, curve.at(1.5), 1e-12);
    }

    @Test
    void integratesWhatItInterpolates() {
        Pchip curve = new Pchip(new double[] {0, 1, 2.5, 3}, new double[] {0, 2, 3, 7});
        double sum = 0;
        int steps = 100_000;
        for (int i = 0; i < steps; i++) {
            sum += curve.at(0.4 + 2.4 * (i + 0.5) / steps) * 2.4 / steps;
        }
        assertEquals(sum, curve.integral(0.4, 2.8), 1e-8);
    }

    @Test
    void refusesKnotsOutOfOrderAndPlacesOutside() {
        assertThrows(IllegalArgumentException.class, () -> new Pchip(new double[] {0, 0}, new double[] {1, 2}));
        assertThrows(IllegalArgumentException.class, () -> new Pchip(new double[] {0, 1}, new double[] {1, 2}).at(1.5));
    }
}
