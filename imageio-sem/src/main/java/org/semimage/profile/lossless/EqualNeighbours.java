// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.lossless;

import org.semimage.picture.PixelPlanes;

/** Tells whether a strip may be a drawing: many of its pixels equal a neighbour. */
final class EqualNeighbours {

    /** Rows from one that is looked at to the next. */
    private static final int PERIOD = 5;

    /** One pixel in so many must be equal. */
    private static final int ONE_IN = 4;

    private EqualNeighbours() {
    }

    /** Whether of a sample of the strip's rows enough pixels equal their left or upper neighbour. */
    static boolean abound(PixelPlanes strip) {
        int width = strip.width();
        int equal = 0;
        int all = 0;
        for (int y = 0; y < strip.height(); y += PERIOD) {
            for (int x = 0; x < width; x++) {
                int i = y * width + x;
                if (x > 0 && equals(strip, i, i - 1) || y > 0 && equals(strip, i, i - width)) {
                    equal++;
                }
            }
            all += width;
        }
        return equal > all / ONE_IN;
    }

    private static boolean equals(PixelPlanes strip, int pixel, int other) {
        for (short[] plane : strip.samples()) {
            if (plane[pixel] != plane[other]) {
                return false;
            }
        }
        return true;
    }
}
