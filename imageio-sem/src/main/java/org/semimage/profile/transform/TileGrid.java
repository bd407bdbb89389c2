// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.transform;

import org.semimage.compute.wavelet.Pyramid;

import java.awt.Dimension;
import java.awt.Rectangle;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The tiles of a padded picture: rectangles of one size, but for the last column and row, which may be smaller.
 *
 * @param height     of the padded picture, a multiple of 64
 * @param width      of the padded picture, a multiple of 64
 * @param tileHeight multiple of 64, at most the height
 * @param tileWidth  multiple of 64, at most the width
 */
public record TileGrid(int height, int width, int tileHeight, int tileWidth) {

    /** The most samples of a picture in one piece. */
    private static final int MAX_UNTILED = 1 << 21;

    /** About the side of a tile. */
    private static final int SIDE = 1024;

    /** One tile for a picture of no more than two megapixels, else tiles of about a megapixel and nearly one size. */
    public static TileGrid of(int height, int width) {
        int paddedHeight = Pyramid.padded(height);
        int paddedWidth = Pyramid.padded(width);
        if ((long) paddedHeight * paddedWidth <= MAX_UNTILED) {
            return new TileGrid(paddedHeight, paddedWidth, paddedHeight, paddedWidth);
        }
        return new TileGrid(paddedHeight, paddedWidth, side(paddedHeight), side(paddedWidth));
    }

    /** Tiles of a size that somebody asks for, rounded up to multiples of 64 and down to the picture's size. */
    static TileGrid of(int height, int width, Dimension tile) {
        int paddedHeight = Pyramid.padded(height);
        int paddedWidth = Pyramid.padded(width);
        return new TileGrid(paddedHeight, paddedWidth, Pyramid.padded(Math.min(tile.height, paddedHeight)),
                Pyramid.padded(Math.min(tile.width, paddedWidth)));
    }

    private static int side(int length) {
        int tiles = divideUp(length, SIDE);
        return Pyramid.padded(divideUp(length, tiles));
    }

    private static int divideUp(int a, int b) {
        return (a + b - 1) / b;
    }

    int rows() {
        return divideUp(height, tileHeight);
    }

    int columns() {
        return divideUp(width, tileWidth);
    }

    int count() {
        return Math.multiplyExact(rows(), columns());
    }

    /** Whether there is more than one tile. */
    public boolean isTiled() {
        return count() > 1;
    }

    /** All of the picture. */
    Rectangle all() {
        return new Rectangle(width, height);
    }

    /** All tiles, in order. */
    List<Rectangle> places() {
        return IntStream.range(0, count()).mapToObj(this::tile).toList();
    }

    /** A tile; tiles are numbered row by row. */
    Rectangle tile(int index) {
        int x = index % columns() * tileWidth;
        int y = index / columns() * tileHeight;
        return new Rectangle(x, y, Math.min(tileWidth, width - x), Math.min(tileHeight, height - y));
    }

    /** A region in strips along the borders of rows of tiles; in one if it is no higher than a tile. */
    List<Rectangle> rowsOf(Rectangle region) {
        List<Rectangle> rows = new ArrayList<>();
        for (int[] cut : cuts(region.y, region.height, tileHeight)) {
            rows.add(new Rectangle(region.x, cut[0], region.width, cut[1] - cut[0]));
        }
        return rows;
    }

    /** A region in pieces along the borders of columns of tiles; in one if it is no wider than a tile. */
    List<Rectangle> columnsOf(Rectangle region) {
        List<Rectangle> columns = new ArrayList<>();
        for (int[] cut : cuts(region.x, region.width, tileWidth)) {
            columns.add(new Rectangle(cut[0], region.y, cut[1] - cut[0], region.height));
        }
        return columns;
    }

    private static List<int[]> cuts(int from, int length, int tile) {
        int to = from + length;
        if (length <= tile) {
            return List.of(new int[] {from, to});
        }
        return IntStream.rangeClosed(from / tile, (to - 1) / tile)
                .mapToObj(i -> new int[] {Math.max(from, i * tile), Math.min(to, (i + 1) * tile)}).toList();
    }

    /** A tile and so many samples around it, as far as there are any. */
    Rectangle around(int index, int margin) {
        Rectangle r = tile(index);
        r.grow(margin, margin);
        return r.intersection(new Rectangle(width, height));
    }

    /** The blocks of 64x64 samples that hold a place and so many samples around it, as far as there are any. */
    Rectangle blocksAround(Rectangle place, int margin) {
        int left = Math.max(0, place.x - margin) / Pyramid.MULTIPLE * Pyramid.MULTIPLE;
        int top = Math.max(0, place.y - margin) / Pyramid.MULTIPLE * Pyramid.MULTIPLE;
        int right = Math.min(width, Pyramid.padded(place.x + place.width + margin));
        int bottom = Math.min(height, Pyramid.padded(place.y + place.height + margin));
        return new Rectangle(left, top, right - left, bottom - top);
    }

    /** Indices of the tiles that a rectangle inside the picture touches, in ascending order. */
    List<Integer> touching(Rectangle region) {
        int firstColumn = region.x / tileWidth;
        int lastColumn = (region.x + region.width - 1) / tileWidth;
        List<Integer> touched = new ArrayList<>();
        for (int row = region.y / tileHeight; row <= (region.y + region.height - 1) / tileHeight; row++) {
            for (int column = firstColumn; column <= lastColumn; column++) {
                touched.add(row * columns() + column);
            }
        }
        return touched;
    }
}
