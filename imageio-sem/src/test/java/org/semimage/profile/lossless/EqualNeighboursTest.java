// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.lossless;

import org.junit.jupiter.api.Test;
import org.semimage.container.PixelFormat;
import org.semimage.picture.PixelPlanes;

import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class EqualNeighboursTest {

    @Test
    void theyAboundInFlatPictures() {
        assertTrue(EqualNeighbours.abound(PixelPlanes.blank(50, 40, PixelFormat.RGB_ALPHA)));
    }

    @Test
    void theyDoNotInNoise() {
        PixelPlanes noise = PixelPlanes.blank(50, 40, PixelFormat.RGB);
        Random random = new Random(1);
        for (short[] plane : noise.samples()) {
            for (int i = 0; i < plane.length; i++) {
                plane[i] = (short) random.nextInt(256);
            }
        }
        assertFalse(EqualNeighbours.abound(noise));
    }

    @Test
    void allPlanesMustBeEqual() {
        PixelPlanes ramp = PixelPlanes.blank(50, 40, PixelFormat.RGB);
        for (int i = 0; i < 50 * 40; i++) {
            ramp.samples()[2][i] = (short) (i * 7 % 256);
        }
        assertFalse(EqualNeighbours.abound(ramp));
    }
}
