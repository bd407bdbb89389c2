// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.semimage.profile.Tune;

/** More quality is more bytes and a better picture, with the packs that are embedded. */
class QualityCurveTest {

    private static final float[] QUALITIES = {0, 0.3f, 0.6f, 0.75f, 0.8f, 0.85f, 0.9f, 0.95f, 1};

    static List<String> kinds() {
        return List.copyOf(QualityCurve.drawn().keySet());
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void qualityRises(String kind) throws IOException {
        BufferedImage picture = QualityCurve.drawn().get(kind);
        for (Tune tune : Tune.values()) {
            List<QualityCurve.Point> points = new ArrayList<>();
            for (float quality : QUALITIES) {
                points.add(QualityCurve.measure(picture, tune, quality));
            }
            assertEquals(List.of(), QualityCurve.falls(points), tune.label());
        }
    }

    @Test
    void aFallIsFound() {
        QualityCurve.Point before = new QualityCurve.Point(0.7f, 1000, 40, 90);
        assertEquals(0, QualityCurve.falls(List.of(before, new QualityCurve.Point(0.8f, 1100, 41, 91))).size());
        assertEquals(1, QualityCurve.falls(List.of(before, new QualityCurve.Point(0.8f, 1100, 39, 91))).size());
        assertEquals(1, QualityCurve.falls(List.of(before, new QualityCurve.Point(0.8f, 900, 41, 91))).size());
        assertEquals(1, QualityCurve.falls(List.of(before, new QualityCurve.Point(0.8f, 1100, 41, 85))).size());
    }
}
