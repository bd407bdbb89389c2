// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.measure;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The codec curves are means over the 24 Kodak pictures: bpp, RGB PSNR in dB. */
class BjontegaardDeltaTest {

    private static final RateCurve WEBP = curve(1,
            0.10257, 25.6749, 0.17420, 27.3661, 0.21742, 28.1086, 0.27442, 28.9319, 0.37749, 30.1936, 0.52602, 31.7099,
            0.67273, 33.0089, 0.82058, 34.1040, 1.06504, 35.6629, 1.59935, 38.2635, 2.40001, 40.7628, 3.22016, 42.4348);
    private static final RateCurve JPEG = curve(1,
            0.06792, 16.3195, 0.10757, 21.3733, 0.15571, 23.8234, 0.22574, 25.8354, 0.31269, 27.3246, 0.42883, 28.8044,
            0.55610, 30.0169, 0.70016, 31.1153, 0.86484, 32.1738, 1.08379, 33.3596, 1.43232, 35.0225, 2.00809, 37.3303,
            2.84156, 39.9448);
    private static final double[] AVIF_POINTS = {
            0.03776, 23.7942, 0.07219, 25.7019, 0.11503, 27.0690, 0.17949, 28.5128, 0.26722, 29.9938, 0.38446, 31.5232,
            0.54575, 33.1987, 0.74840, 34.8774, 0.97549, 36.4046, 1.21782, 37.6743, 1.46654, 38.8034, 1.87757, 40.1756};
    private static final RateCurve AVIF = curve(1, AVIF_POINTS);

    @Test
    void equalCurvesDifferByNothing() {
        assertEquals(0, BjontegaardDelta.rate(AVIF, AVIF).orElseThrow(), 1e-9);
    }

    @Test
    void doubledRateIsAHundredPercentMore() {
        assertEquals(100, BjontegaardDelta.rate(curve(2, AVIF_POINTS), AVIF).orElseThrow(), 1e-9);
        assertEquals(-50, BjontegaardDelta.rate(AVIF, curve(2, AVIF_POINTS)).orElseThrow(), 1e-9);
    }

    @Test
    void agreesWithIndependentlyComputedDifferences() {
        assertEquals(28.6, BjontegaardDelta.rate(WEBP, AVIF).orElseThrow(), 0.06);
        assertEquals(113.8, BjontegaardDelta.rate(JPEG, AVIF).orElseThrow(), 0.06);
        assertEquals(-35.7, BjontegaardDelta.rate(WEBP, JPEG).orElseThrow(), 0.06);
    }

    @Test
    void curvesWithoutCommonQualityHaveNoDifference() {
        assertTrue(BjontegaardDelta.rate(curve(1, 0.1, 20, 0.2, 22), curve(1, 0.1, 30, 0.2, 32)).isEmpty());
        assertTrue(BjontegaardDelta.rate(curve(1, 0.1, 20), AVIF).isEmpty());
    }

    @Test
    void interpolatesQualityOverTheLogarithmOfTheRate() {
        assertEquals(28.59, WEBP.qualityAt(0.25).orElseThrow(), 0.006);
        assertEquals(31.46, WEBP.qualityAt(0.5).orElseThrow(), 0.006);
        assertEquals(35.28, WEBP.qualityAt(1).orElseThrow(), 0.006);
        assertTrue(WEBP.qualityAt(0.05).isEmpty());
    }

    @Test
    void leavesOutPointsThatCheaperOnesPass() {
        assertEquals(curve(1, 0.1, 20, 0.3, 30), curve(1, 0.3, 30, 0.2, 19, 0.1, 20, 0.4, 30));
    }

    private static RateCurve curve(double rateFactor, double... bppAndQuality) {
        List<RateCurve.Point> points = new ArrayList<>();
        for (int i = 0; i < bppAndQuality.length; i += 2) {
            points.add(new RateCurve.Point(rateFactor * bppAndQuality[i], bppAndQuality[i + 1]));
        }
        return new RateCurve(points);
    }
}
