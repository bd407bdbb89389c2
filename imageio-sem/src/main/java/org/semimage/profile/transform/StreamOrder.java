// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.transform;

import java.util.stream.IntStream;

/**
 * The order of a payload's streams, most important first (FORMAT.md, "Transform payload"). Layer follows layer. A layer of a picture in
 * one piece is one stream. In tiles it begins with the coarse levels of all tiles, a stream for each; those of level 3, of level 2 and of
 * level 1 follow.
 *
 * @param tiles  of the picture, at least 1
 * @param layers base and refinement layers
 */
record StreamOrder(int tiles, int layers) {

    /** The finer levels, with a stream of their own in each tile; the coarse ones above share a stream. */
    static final int TILE_LEVELS = 3;

    /**
     * Checks that an int can count all streams.
     *
     * @throws ArithmeticException if there are more streams than an int counts
     */
    StreamOrder {
        Math.multiplyExact(layers, Math.multiplyExact(TILE_LEVELS + 1, tiles));
    }

    /** Whether all levels share a stream. */
    boolean isInOnePiece() {
        return tiles == 1;
    }

    /** All streams of a whole payload. */
    int count() {
        return layers * perLayer();
    }

    private int perLayer() {
        return isInOnePiece() ? 1 : (TILE_LEVELS + 1) * tiles;
    }

    /**
     * The place of the stream that holds a level of a tile.
     *
     * @param layer 0 is the base layer
     * @param tile  row by row
     * @param level 6 is the coarsest
     */
    int index(int layer, int tile, int level) {
        return layer * perLayer() + (isInOnePiece() ? 0 : Math.max(0, TILE_LEVELS + 1 - level) * tiles + tile);
    }

    /** The levels with a stream of their own, in the order of their streams. */
    static IntStream fineLevels() {
        return IntStream.iterate(TILE_LEVELS, level -> level > 0, level -> level - 1);
    }

    /** The last layer of which the first streams hold anything; 0 if there are none. */
    int lastLayer(int streams) {
        return Math.max(0, streams - 1) / perLayer();
    }
}
