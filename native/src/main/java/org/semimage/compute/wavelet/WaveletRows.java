// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.wavelet;

import org.semimage.compute.Cancellation;

import java.util.Arrays;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;

/**
 * One level of the inverse wavelet, any rows at a time: a picture's finest level takes most memory, and need never be there as a whole.
 * Every way to cut the rows gives the same bits. Safe for use by many threads, each with a room of its own.
 */
public final class WaveletRows {

    /** Rows above and below which the lifting of a row looks at. */
    private static final int REACH = 4;

    /** Samples of a strip: few enough that what it passes through stays in the cache. */
    private static final int STRIP = 3 << 13;

    /** A strip is no lower than this, or most of it would be what neighbours compute too. */
    private static final int MIN_ROWS = 16;

    private final float[][] low;
    private final WaveletRows coarser;
    private final float[][] detail;
    private final int height;
    private final int width;

    /**
     * The rows of the low band of level {@code level - 1}; level 0 is the picture.
     *
     * @param pyramid has the details; those of a component that are not there are taken as zero
     * @param low     {@code [3]} planes of the level
     */
    public WaveletRows(Pyramid pyramid, int level, float[][] low) {
        this(pyramid, level, low, null);
    }

    /** The low band comes from {@code low}, or from {@code coarser}; the other one is null. */
    private WaveletRows(Pyramid pyramid, int level, float[][] low, WaveletRows coarser) {
        this.low = low;
        this.coarser = coarser;
        this.detail = pyramid.detail()[level - 1];
        this.height = pyramid.height() >> level - 1;
        this.width = pyramid.width() >> level - 1;
    }

    /** The same from the low band of level {@code level + 1}, whose next level is computed as far as it is needed, time and again. */
    public static WaveletRows ofTwo(Pyramid pyramid, int level, float[][] low) {
        return new WaveletRows(pyramid, level, null, new WaveletRows(pyramid, level + 1, low));
    }

    /** What rows are computed in; grows with its use. */
    public static final class Room {

        private Room coarser;
        private float[] low = {};
        private float[] left = {};
        private float[] right = {};
        private float[] even = {};
        private float[] odd = {};

        private Room coarser() {
            if (coarser == null) {
                coarser = new Room();
            }
            return coarser;
        }

        private float[] low(int values) {
            if (low.length < values) {
                low = new float[values];
            }
            return low;
        }

        private void fit(int rows, int columns) {
            if (left.length < rows * columns) {
                left = new float[rows * columns];
                right = new float[rows * columns];
            }
            if (even.length != columns) {
                even = new float[columns];
                odd = new float[columns];
            }
        }
    }

    /** How many there are. */
    public int height() {
        return height;
    }

    /** Values of a row. */
    public int width() {
        return width;
    }

    /** How many rows are best computed together: an even number. */
    public int perStrip() {
        return Math.max(MIN_ROWS, STRIP / width / 2 * 2);
    }

    /** All rows of all components, by all processors, as long as nobody cancels. */
    void all(float[][] planes, Cancellation cancellation) {
        int perStrip = perStrip();
        int strips = (height + perStrip - 1) / perStrip;
        int workers = Math.min(strips, ForkJoinPool.getCommonPoolParallelism() + 1);
        IntStream.range(0, workers).parallel().forEach(worker -> {
            Room room = new Room();
            for (int i = worker; i < strips && !cancellation.requested(); i += workers) {
                for (int c = 0; c < planes.length; c++) {
                    int first = i * perStrip;
                    join(c, first, Math.min(height, first + perStrip), room, planes[c], first * width);
                }
            }
        });
        cancellation.check();
    }

    /**
     * Computes rows {@code from..to-1} of a component.
     *
     * @param from even
     * @param to   even
     * @param out  takes the rows, one behind the other
     * @param at   where they begin in it
     */
    public void join(int component, int from, int to, Room room, float[] out, int at) {
        int first = Math.max(0, from - REACH);
        int rows = Math.min(height, to + REACH) - first;
        int n = width / 2;
        boolean kept = 3 * component < detail.length;
        room.fit(rows, n);
        float[] ofLow = coarser == null ? low[component] : coarse(component, first / 2, rows / 2, room);
        int lowAt = (coarser == null ? first / 2 : first / 2 % 2) * n;
        joinColumns(ofLow, lowAt, kept ? detail[3 * component + 1] : null, room.left, first, rows, n);
        if (kept) {
            joinColumns(detail[3 * component], first / 2 * n, detail[3 * component + 2], room.right, first, rows, n);
        }
        for (int y = from; y < to; y++) {
            joinRow(room, kept, (y - first) * n, out, at + (y - from) * width);
        }
    }

    /** Rows of the low band, from an even one on. */
    private float[] coarse(int component, int first, int rows, Room room) {
        int from = first / 2 * 2;
        int to = (first + rows + 1) / 2 * 2;
        float[] values = room.low((to - from) * coarser.width);
        coarser.join(component, from, to, room.coarser(), values, 0);
        return values;
    }

    /**
     * Joins along columns; {@code high} is taken as zero where it is null. Inside the picture, {@link #REACH} rows at either end are not
     * what they would be with those beyond.
     *
     * @param lowAt where the first row begins in {@code low}; in {@code high} it is at its place in the picture
     */
    private static void joinColumns(float[] low, int lowAt, float[] high, float[] plane, int first, int rows, int w) {
        for (int y = 0; y < rows; y += 2) {
            int from = (first + y) / 2 * w;
            scale(low, lowAt + y / 2 * w, plane, y * w, w, 1 / Wavelet97.K);
            if (high == null) {
                Arrays.fill(plane, (y + 1) * w, (y + 2) * w, 0);
            } else {
                scale(high, from, plane, (y + 1) * w, w, Wavelet97.K);
            }
        }
        Wavelet97.liftRows(plane, rows, w, 0, w, 0, -Wavelet97.DELTA);
        Wavelet97.liftRows(plane, rows, w, 0, w, 1, -Wavelet97.GAMMA);
        Wavelet97.liftRows(plane, rows, w, 0, w, 0, -Wavelet97.BETA);
        Wavelet97.liftRows(plane, rows, w, 0, w, 1, -Wavelet97.ALPHA);
    }

    private static void joinRow(Room room, boolean kept, int from, float[] out, int at) {
        float[] e = room.even;
        float[] o = room.odd;
        scale(room.left, from, e, 0, e.length, 1 / Wavelet97.K);
        if (kept) {
            scale(room.right, from, o, 0, o.length, Wavelet97.K);
        } else {
            Arrays.fill(o, 0);
        }
        Wavelet97.liftEven(e, o, -Wavelet97.DELTA);
        Wavelet97.liftOdd(o, e, -Wavelet97.GAMMA);
        Wavelet97.liftEven(e, o, -Wavelet97.BETA);
        Wavelet97.liftOdd(o, e, -Wavelet97.ALPHA);
        for (int x = 0; x < e.length; x++) {
            out[at + 2 * x] = e[x];
            out[at + 2 * x + 1] = o[x];
        }
    }

    private static void scale(float[] from, int at, float[] to, int toAt, int count, float factor) {
        Wavelet97.scale(from, at, to, toAt, 0, count, factor);
    }
}
