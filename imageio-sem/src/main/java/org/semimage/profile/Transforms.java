package org.semimage.profile;

import java.awt.Rectangle;

/** What encoder and decoder of the transform profile share: copies between parts of a picture. */
final class Transforms {

    /** The context of a tile has a value of each channel for so many samples along a side. */
    private static final int CONTEXT = 16;

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

    /** A tile's part of the context that the coarse levels hand down. */
    static byte[] crop(byte[] context, TileGrid tiles, Rectangle tile) {
        int stride = tiles.width() / CONTEXT;
        int area = stride * (tiles.height() / CONTEXT);
        int width = tile.width / CONTEXT;
        int height = tile.height / CONTEXT;
        byte[] part = new byte[context.length / area * width * height];
        for (int c = 0; c < context.length / area; c++) {
            for (int y = 0; y < height; y++) {
                System.arraycopy(context, c * area + (tile.y / CONTEXT + y) * stride + tile.x / CONTEXT, part, (c * height + y) * width, width);
            }
        }
        return part;
    }

    static void multiply(float[][] planes, float factor) {
        for (float[] plane : planes) {
            for (int i = 0; i < plane.length; i++) {
                plane[i] *= factor;
            }
        }
    }

    /** @throws java.util.concurrent.CancellationException if the watcher asks to stop */
    static void checkpoint(Watcher watcher, float fraction) {
        watcher.cancellation().check();
        watcher.progress(fraction);
    }
}
