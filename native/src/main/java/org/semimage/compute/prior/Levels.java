// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.prior;

/** The levels of a call, in coding order; 0 is the low band. */
public enum Levels {
    /** All of them, for a picture coded in one piece. */
    ALL(0, 6, 5, 4, 3, 2, 1),
    /** Those of the whole picture, where it is coded in tiles: all that an eighth of its size needs. */
    COARSE(0, 6, 5, 4),
    /** Those of a tile. */
    FINE(3, 2, 1),
    /** Those of a tile at half the size. */
    HALF(3, 2),
    /** Those of a tile at a quarter of the size. */
    QUARTER(3);

    private final int[] order;

    Levels(int... order) {
        this.order = order;
    }

    /** In coding order. */
    public int[] order() {
        return order.clone();
    }

    /** How many there are. */
    int count() {
        return order.length;
    }

    /** The coarsest of the wavelet's levels. */
    public int coarsest() {
        return order[0] == 0 ? order[1] : order[0];
    }

    /** The finest of the wavelet's levels. */
    public int finest() {
        return order[order.length - 1];
    }

    /**
     * The place of a level in coding order, from 0.
     *
     * @throws IllegalArgumentException if the level is not among them
     */
    int position(int level) {
        for (int k = 0; k < order.length; k++) {
            if (order[k] == level) {
                return k;
            }
        }
        throw new IllegalArgumentException("level " + level + " is not of the levels " + this);
    }
}
