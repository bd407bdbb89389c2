// SPDX-License-Identifier: Apache-2.0
package org.semimage.picture;

import org.semimage.container.PixelFormat;

/** A picture of smooth waves, another in each plane. */
public final class Waves {

    private Waves() {
    }

    /** The picture in a size and format of 8 bits. */
    public static PixelPlanes of(int width, int height, PixelFormat format) {
        PixelPlanes picture = PixelPlanes.blank(width, height, format);
        for (int p = 0; p < picture.samples().length; p++) {
            for (int i = 0; i < width * height; i++) {
                picture.samples()[p][i] = (short) (128 + 100 * Math.sin(i % width * 0.3 + p) * Math.cos(i / width * 0.2));
            }
        }
        return picture;
    }
}
