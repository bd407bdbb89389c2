// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.wavelet;

/**
 * Wavelet coefficients of a three-component picture: a low band and details, coarsest last. Planes may be longer than what they hold.
 *
 * @param height of the padded picture, or of a part of it
 * @param width  of the padded picture, or of a part of it
 * @param low    {@code [3][height/64 * width/64]}; empty in a pyramid of finer levels alone
 * @param detail {@code [level - 1][channel][height/2^level * width/2^level]}; channels are component-major (HL, LH, HH of
 *               component 0, then of 1 and 2); level 1 has those of component 0 alone unless there is fine colour. HL is high-pass along x.
 */
public record Pyramid(int height, int width, float[][] low, float[][][] detail) {

    /** Decomposition levels. */
    public static final int LEVELS = 6;

    /** Detail channels of a level in colour: three orientations of three components. */
    public static final int CHANNELS = 9;

    /** Sides of the padded picture are multiples of this. */
    public static final int MULTIPLE = 1 << LEVELS;

    /** An all-zero pyramid without fine colour. */
    public static Pyramid zero(int height, int width) {
        return zero(height, width, LEVELS, 1, false);
    }

    /** An all-zero pyramid of some of the levels, without fine colour. */
    public static Pyramid zero(int height, int width, int coarsest, int finest) {
        return zero(height, width, coarsest, finest, false);
    }

    /**
     * An all-zero pyramid of some of the levels; the others have no planes. The low band comes with level 6.
     *
     * @param height multiple of {@code 2^coarsest}
     * @param width  multiple of {@code 2^coarsest}
     * @param fineColour whether level 1 has components 1 and 2
     */
    public static Pyramid zero(int height, int width, int coarsest, int finest, boolean fineColour) {
        int multiple = 1 << coarsest;
        if (height < 1 || width < 1 || height % multiple != 0 || width % multiple != 0) {
            throw new IllegalArgumentException(width + "x" + height + " is not a multiple of " + multiple);
        }
        float[][][] detail = new float[LEVELS][0][];
        for (int level = finest; level <= coarsest; level++) {
            detail[level - 1] = new float[channels(level, fineColour)][(height >> level) * (width >> level)];
        }
        return new Pyramid(height, width, coarsest == LEVELS ? new float[3][(height >> LEVELS) * (width >> LEVELS)]
                : new float[0][], detail);
    }

    /** A pyramid of one level, whose planes these are; 0 is the low band. */
    public static Pyramid ofLevel(int level, int height, int width, float[][] bands) {
        float[][][] detail = new float[LEVELS][0][];
        if (level > 0) {
            detail[level - 1] = bands;
        }
        return new Pyramid(height, width, level == 0 ? bands : new float[0][], detail);
    }

    /** The planes of a level; 0 is the low band. */
    public float[][] bands(int level) {
        return level == 0 ? low : detail[level - 1];
    }

    /** Detail channels of a level: 9, or 3 on the finest without fine colour. */
    public static int channels(int level, boolean fineColour) {
        return level == 1 && !fineColour ? 3 : CHANNELS;
    }

    /** Whether level 1 has components 1 and 2. */
    public boolean fineColour() {
        return detail[0].length == CHANNELS;
    }

    /** A side rounded up to the multiple that the transform needs. */
    public static int padded(int side) {
        return Math.multiplyExact(Math.floorDiv(Math.addExact(side, MULTIPLE - 1), MULTIPLE), MULTIPLE);
    }
}
