// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.transform;

import org.semimage.compute.wavelet.Pyramid;

import java.awt.Rectangle;

/** Planes that one window after the other is synthesised in, as long as the largest so far needs. Their values are left over. */
final class WindowRoom {

    private final float[][][] details = new float[Pyramid.LEVELS][0][0];
    private final float[][][] lows = new float[Pyramid.LEVELS][0][0];

    /** A pyramid for levels 3 to {@code finest} of a window. */
    Pyramid fine(Rectangle window, int finest, boolean fineColour) {
        float[][][] detail = new float[Pyramid.LEVELS][0][];
        for (int level = finest; level <= StreamOrder.TILE_LEVELS; level++) {
            detail[level - 1] = fitting(details, level - 1, Pyramid.channels(level, fineColour), level, window);
        }
        return new Pyramid(window.height, window.width, new float[0][], detail);
    }

    /** Three planes for a level's low band; 0 is the picture. */
    float[][] low(int level, Rectangle window) {
        return fitting(lows, level, 3, level, window);
    }

    private static float[][] fitting(float[][][] planes, int at, int count, int level, Rectangle window) {
        int area = (window.height >> level) * (window.width >> level);
        if (planes[at].length != count || planes[at][0].length < area) {
            planes[at] = new float[count][area];
        }
        return planes[at];
    }
}
