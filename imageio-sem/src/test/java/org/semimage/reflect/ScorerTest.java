// SPDX-License-Identifier: Apache-2.0
package org.semimage.reflect;

import org.junit.jupiter.api.Test;
import org.semimage.compute.Cancellation;
import org.semimage.container.PixelFormat;
import org.semimage.picture.PixelPlanes;

import java.util.Random;
import java.util.concurrent.CancellationException;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ScorerTest {

    /** A gradient with grain of a deviation. */
    private static PixelPlanes picture(int width, int height, double grain, int shift, PixelFormat format) {
        PixelPlanes picture = PixelPlanes.blank(width, height, format);
        Random random = new Random(shift);
        for (int i = 0; i < width * height; i++) {
            double noise = grain * random.nextGaussian();
            for (int p = 0; p < picture.samples().length; p++) {
                picture.samples()[p][i] = (short) Math.max(0, Math.min(255, 128 + 40 * p + 60.0 * (i % width) / width - 30 + noise));
            }
        }
        return picture;
    }

    private static Scorer scorer(PixelPlanes original) {
        return new Scorer(original, Cancellation.NEVER);
    }

    @Test
    void theOriginalHasNoDistance() {
        for (PixelFormat format : new PixelFormat[] {PixelFormat.RGB, PixelFormat.GRAY, PixelFormat.RGB_ALPHA}) {
            PixelPlanes picture = picture(200, 130, 10, 0, format);
            Score score = scorer(picture).of(picture);
            assertEquals(0, score.colour());
            assertEquals(0, score.texture());
            assertTrue(score.layoutPsnr() > 80 && score.distance() < 0.02, score.toString());
        }
    }

    @Test
    void everyPartSeesItsOwnFault() {
        PixelPlanes original = picture(200, 130, 10, 0, PixelFormat.RGB);
        Scorer scorer = scorer(original);
        Score otherGrain = scorer.of(picture(200, 130, 10, 1, PixelFormat.RGB));
        Score smooth = scorer.of(picture(200, 130, 0, 0, PixelFormat.RGB));
        assertTrue(smooth.texture() > 4 * otherGrain.texture(), smooth + " " + otherGrain);
        PixelPlanes swapped = new PixelPlanes(200, 130, PixelFormat.RGB,
                new short[][] {original.samples()[2], original.samples()[1], original.samples()[0]});
        assertTrue(scorer.of(swapped).colour() > 10 * otherGrain.colour());
        PixelPlanes turned = PixelPlanes.blank(200, 130, PixelFormat.RGB);
        for (int c = 0; c < 3; c++) {
            for (int i = 0; i < 200 * 130; i++) {
                turned.samples()[c][i] = original.samples()[c][200 * 130 - 1 - i];
            }
        }
        Score upsideDown = scorer.of(turned);
        assertTrue(upsideDown.layoutPsnr() < 25 && upsideDown.texture() < 2 * otherGrain.texture(), upsideDown.toString());
    }

    @Test
    void tinyAndThinPicturesHaveScores() {
        for (int[] size : new int[][] {{1, 1}, {1, 700}, {700, 1}, {3, 2}, {17, 65}}) {
            Score score = scorer(picture(size[0], size[1], 10, 0, PixelFormat.RGB)).of(picture(size[0], size[1], 10, 1, PixelFormat.RGB));
            assertTrue(Double.isFinite(score.distance()) && score.distance() >= 0, score.toString());
        }
    }

    @Test
    void anotherSizeIsRefusedAndARequestToStopHeard() {
        Scorer scorer = scorer(picture(20, 10, 0, 0, PixelFormat.RGB));
        assertThrows(IllegalArgumentException.class, () -> scorer.of(picture(10, 20, 0, 0, PixelFormat.RGB)));
        Cancellation cancellation = new Cancellation();
        Scorer stopped = new Scorer(picture(20, 10, 0, 0, PixelFormat.RGB), cancellation);
        cancellation.request();
        assertThrows(CancellationException.class, () -> stopped.of(picture(20, 10, 0, 0, PixelFormat.RGB)));
    }
}
