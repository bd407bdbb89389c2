// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.transform;

import org.semimage.compute.wavelet.Pyramid;

import java.awt.Rectangle;

/** Planes that one window after the other is synthesised in. Their values are left over. */
final class WindowRoom {

    private final int mostSamples;
    private final float[][][] details = new float[Pyramid.LEVELS][0][];
    private final float[][][] lows = new float[Pyramid.LEVELS][0][];

    /** Room for windows of so many samples at most. */
    WindowRoom(int mostSamples) {
        this.mostSamples = mostSamples;
    }

    /** A pyramid for levels 3 to {@code finest} of a window. */
    Pyramid fine(Rectangle window, int finest, boolean fineColour) {
        float[][][] detail = new float[Pyramid.LEVELS][0][];
        for (int level = finest; level <= StreamOrder.TILE_LEVELS; level++) {
            detail[level - 1] = made(details, level - 1, Pyramid.channels(level, fineColour), level);
        }
        return new Pyramid(window.height, window.width, new float[0][], detail);
    }

    /** Three planes for a level's low band; 0 is the picture. */
    float[][] low(int level) {
        return made(lows, level, 3, level);
    }

    private float[][] made(float[][][] planes, int at, int count, int level) {
        if (planes[at].length != count) {
            planes[at] = new float[count][mostSamples >> 2 * level];
        }
        return planes[at];
    }
}
