// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.prior;

import org.semimage.compute.wavelet.Pyramid;

/**
 * One picture's share of a call that works on many: some levels of a picture or a tile, and what they are coded under.
 *
 * @param levels  which of them
 * @param height  of the padded picture or the tile
 * @param width   of the padded picture or the tile
 * @param gray    whether components 1 and 2 are left out
 * @param fineColour whether they are there on level 1
 * @param qualityIndex 0..255
 * @param context what the level before has handed down to the next one: {@code [channels][grid height][grid width]}, where the grid is
 *                half the size of the next level's bands, or their own size on level 6; activations 0..127, before level 6 values
 *                -127..127; empty before the low band
 */
public record BatchItem(Levels levels, int height, int width, boolean gray, boolean fineColour, int qualityIndex, byte[] context) {

    /** A whole picture. */
    public static BatchItem whole(int height, int width, boolean gray, boolean fineColour, int qualityIndex) {
        return new BatchItem(Levels.ALL, height, width, gray, fineColour, qualityIndex, new byte[0]);
    }

    /** The same with what the level before has handed down. */
    BatchItem with(byte[] handedDown) {
        return new BatchItem(levels, height, width, gray, fineColour, qualityIndex, handedDown);
    }

    /** Rows of a level's bands; 0 is the low band. */
    public int height(int level) {
        return height >> (level == 0 ? Pyramid.LEVELS : level);
    }

    /** Columns of a level's bands. */
    public int width(int level) {
        return width >> (level == 0 ? Pyramid.LEVELS : level);
    }

    /** Coefficients of each of a level's bands. */
    public int area(int level) {
        return height(level) * width(level);
    }

    /** Whether components 1 and 2 are left out on a level. */
    public boolean gray(int level) {
        return gray || level == 1 && !fineColour;
    }

    /** Bands of a level: those of the low band's three components; else nine, or three on level 1 if colour is left out. */
    public int bands(int level) {
        return level == 0 ? 3 : Pyramid.channels(level, !gray(level));
    }

    /** A pyramid without planes, which the levels bring. */
    Pyramid unfilled() {
        return unfilled(height, width);
    }

    /** The same for part of the item. */
    Pyramid unfilled(int ofHeight, int ofWidth) {
        float[][][] detail = new float[Pyramid.LEVELS][0][];
        float[][] low = {};
        for (int level : levels.order()) {
            if (level == 0) {
                low = new float[bands(0)][];
            } else {
                detail[level - 1] = new float[bands(level)][];
            }
        }
        return new Pyramid(ofHeight, ofWidth, low, detail);
    }

    /**
     * Checks an item before a level of it is coded.
     *
     * @throws IllegalArgumentException if a number is out of range, or the context does not fit the level
     */
    public void check(int level, PriorWeights weights) {
        int multiple = level == 0 ? Pyramid.MULTIPLE : Math.min(Pyramid.MULTIPLE, 2 << level);
        int grid = Math.multiplyExact(height(level), width(level)) / (level == 0 ? 1 : PriorWeights.phases(level));
        int expected = level == 0 ? 0 : Math.multiplyExact(weights.levels().get(level - 1).context().conv().inputs(), grid);
        if (height < 1 || width < 1 || height % multiple != 0 || width % multiple != 0 || qualityIndex < 0 || qualityIndex > 255
                || context.length != expected) {
            throw new IllegalArgumentException("level " + level + " of " + width + "x" + height + ", quality index " + qualityIndex + ", "
                    + context.length + " context values, " + expected + " expected");
        }
    }
}
