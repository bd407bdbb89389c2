// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.transform;

import org.semimage.compute.wavelet.Pyramid;

import java.awt.Rectangle;

/** What encoder and decoder of the transform profile share: copies between parts of a picture. */
final class Transforms {

    private Transforms() {
    }

    /**
     * Copies what two parts of a picture have in common.
     *
     * @param from      planes of a level, in part {@code fromPlace}
     * @param fromPlace in samples of the picture, multiples of {@code 2^level}
     * @param to        planes of the level, in part {@code toPlace}
     */
    static void copy(float[][] from, Rectangle fromPlace, float[][] to, Rectangle toPlace, int level) {
        Rectangle common = fromPlace.intersection(toPlace);
        int fromStride = fromPlace.width >> level;
        int toStride = toPlace.width >> level;
        for (int c = 0; c < from.length; c++) {
            for (int y = common.y >> level; y < common.y + common.height >> level; y++) {
                System.arraycopy(from[c], (y - (fromPlace.y >> level)) * fromStride + (common.x - fromPlace.x >> level),
                        to[c], (y - (toPlace.y >> level)) * toStride + (common.x - toPlace.x >> level), common.width >> level);
            }
        }
    }

    /** Copies what two parts of a picture have in common of levels {@code coarsest..finest}; the low band comes with level 6. */
    static void copy(Pyramid from, Rectangle fromPlace, Pyramid to, Rectangle toPlace, int coarsest, int finest) {
        for (int level = finest; level <= coarsest; level++) {
            copy(from.detail()[level - 1], fromPlace, to.detail()[level - 1], toPlace, level);
        }
        if (coarsest == Pyramid.LEVELS) {
            copy(from.low(), fromPlace, to.low(), toPlace, Pyramid.LEVELS);
        }
    }

    static void multiply(float[][] planes, float factor) {
        for (float[] plane : planes) {
            for (int i = 0; i < plane.length; i++) {
                plane[i] *= factor;
            }
        }
    }
}
