// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.bench;

import org.junit.jupiter.api.Test;

import java.awt.image.BufferedImage;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SlicedWassersteinTest {

    private static BufferedImage noise(long seed, double amplitude) {
        Random random = new Random(seed);
        BufferedImage image = new BufferedImage(128, 96, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 128 * 96; i++) {
            int value = (int) (128 + amplitude * random.nextGaussian());
            image.setRGB(i % 128, i / 128, Math.max(0, Math.min(255, value)) * 0x10101);
        }
        return image;
    }

    @Test
    void aPictureIsNotDistantFromItself() {
        assertEquals(0, SlicedWasserstein.of(noise(1, 20), noise(1, 20)));
    }

    @Test
    void theSameTextureElsewhereIsNearerThanNoTexture() {
        double same = SlicedWasserstein.of(noise(1, 20), noise(2, 20));
        double weaker = SlicedWasserstein.of(noise(1, 20), noise(2, 10));
        double none = SlicedWasserstein.of(noise(1, 20), noise(2, 0));
        assertTrue(4 * same < weaker && weaker < none, same + ", " + weaker + ", " + none);
    }

    @Test
    void aShiftOfBrightnessDoesNotCount() {
        BufferedImage dark = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
        BufferedImage gray = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 64 * 64; i++) {
            gray.setRGB(i % 64, i / 64, 0x808080);
        }
        assertEquals(0, SlicedWasserstein.of(dark, gray), 1e-4);
    }
}
