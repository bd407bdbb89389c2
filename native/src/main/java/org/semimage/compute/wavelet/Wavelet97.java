// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.wavelet;

import org.semimage.compute.Cancellation;

import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * The CDF 9/7 wavelet in lifting form, with whole-sample symmetric extension and nearly orthonormal scaling (FORMAT.md,
 * "Wavelet").
 *
 * <p>Antonini et al., "Image coding using wavelet transform", 1992; Daubechies and Sweldens, "Factoring wavelet transforms
 * into lifting steps", 1998.
 */
public final class Wavelet97 {

    static final float ALPHA = -1.586134342059924f;
    static final float BETA = -0.052980118572961f;
    static final float GAMMA = 0.882911075530934f;
    static final float DELTA = 0.443506852043971f;
    static final float K = 1.149604398860241f;

    /** Columns lifted together: enough to vectorise, few enough that a tall block stays in the cache. */
    private static final int BLOCK = 128;

    /** Rows that a thread lifts one after the other, in the same room. */
    private static final int ROWS = 16;

    private Wavelet97() {
    }

    /**
     * Analyses three component planes.
     *
     * @param components {@code [3][height * width]}
     * @param height     multiple of {@link Pyramid#MULTIPLE}
     * @param width      multiple of {@link Pyramid#MULTIPLE}
     */
    public static Pyramid analyse(float[][] components, int height, int width) {
        Pyramid pyramid = Pyramid.zero(height, width);
        float[][] low = analyse(components, 0, Pyramid.LEVELS, pyramid, Cancellation.NEVER);
        System.arraycopy(low, 0, pyramid.low(), 0, 3);
        return pyramid;
    }

    /**
     * Analyses the low band of a level down to that of a coarser one.
     *
     * @param low  {@code [3]} planes of level {@code from}, 0 for the picture itself
     * @param into takes the details of levels {@code from + 1} to {@code to}
     * @return {@code [3]} planes of level {@code to}
     * @throws java.util.concurrent.CancellationException if the request is made before all is done
     */
    public static float[][] analyse(float[][] low, int from, int to, Pyramid into, Cancellation cancellation) {
        float[][] planes = low.clone();
        for (int c = 0; c < 3; c++) {
            for (int level = from + 1; level <= to; level++) {
                cancellation.check();
                int h = into.height() >> level - 1;
                int w = into.width() >> level - 1;
                float[] left = new float[h * w / 2];
                float[] right = new float[h * w / 2];
                splitRows(planes[c], left, right, h, w, cancellation);
                planes[c] = new float[h * w / 4];
                float[][] detail = 3 * c < into.detail()[level - 1].length ? into.detail()[level - 1] : null;
                splitColumns(left, planes[c], detail == null ? null : detail[3 * c + 1], h, w / 2, cancellation);
                if (detail != null) {
                    splitColumns(right, detail[3 * c], detail[3 * c + 2], h, w / 2, cancellation);
                }
            }
        }
        cancellation.check();
        return planes;
    }

    /**
     * The inverse of {@link #analyse}: {@code [3][height * width]}, colour details of the finest level that are not there taken as zero.
     */
    public static float[][] synthesise(Pyramid pyramid) {
        return synthesise(pyramid, Pyramid.LEVELS, 0, pyramid.low(), Cancellation.NEVER);
    }

    /**
     * Rebuilds the low band of level {@code to} from that of level {@code from}.
     *
     * @param low {@code [3]} planes of level {@code from}
     * @return {@code [3]} planes of {@code height/2^to * width/2^to}
     * @throws java.util.concurrent.CancellationException if the request is made before all is done
     */
    public static float[][] synthesise(Pyramid pyramid, int from, int to, float[][] low, Cancellation cancellation) {
        return synthesise(pyramid, from, to, low,
                level -> new float[3][(pyramid.height() >> level) * (pyramid.width() >> level)], cancellation);
    }

    /**
     * The same into planes that the caller has.
     *
     * @param room gives {@code [3]} planes for the low band of a level, of its size or longer; other planes for every level
     */
    public static float[][] synthesise(Pyramid pyramid, int from, int to, float[][] low, IntFunction<float[][]> room,
                                       Cancellation cancellation) {
        float[][] planes = low.clone();
        for (int level = from; level > to; level--) {
            WaveletRows rows = new WaveletRows(pyramid, level, planes);
            planes = room.apply(level - 1);
            rows.all(planes, cancellation);
        }
        cancellation.check();
        return planes;
    }

    private static void splitRows(float[] plane, float[] low, float[] high, int h, int w, Cancellation cancellation) {
        int n = w / 2;
        rows(h, cancellation, (e, o, y) -> {
            for (int x = 0; x < n; x++) {
                e[x] = plane[y * w + 2 * x];
                o[x] = plane[y * w + 2 * x + 1];
            }
            liftOdd(o, e, ALPHA);
            liftEven(e, o, BETA);
            liftOdd(o, e, GAMMA);
            liftEven(e, o, DELTA);
            for (int x = 0; x < n; x++) {
                low[y * n + x] = e[x] * K;
                high[y * n + x] = o[x] * (1 / K);
            }
        }, n);
    }

    static void liftOdd(float[] o, float[] e, float factor) {
        int last = o.length - 1;
        for (int i = 0; i < last; i++) {
            o[i] += factor * (e[i] + e[i + 1]);
        }
        o[last] += factor * 2 * e[last];
    }

    static void liftEven(float[] e, float[] o, float factor) {
        e[0] += factor * 2 * o[0];
        for (int i = 1; i < e.length; i++) {
            e[i] += factor * (o[i - 1] + o[i]);
        }
    }

    /** Splits along columns; {@code high} may be null if nobody wants it. */
    private static void splitColumns(float[] plane, float[] low, float[] high, int h, int w, Cancellation cancellation) {
        blocks(w, cancellation, from -> {
            int to = Math.min(w, from + BLOCK);
            liftRows(plane, h, w, from, to, 1, ALPHA);
            liftRows(plane, h, w, from, to, 0, BETA);
            liftRows(plane, h, w, from, to, 1, GAMMA);
            liftRows(plane, h, w, from, to, 0, DELTA);
            for (int y = 0; y < h / 2; y++) {
                scale(plane, 2 * y * w, low, y * w, from, to, K);
                if (high != null) {
                    scale(plane, (2 * y + 1) * w, high, y * w, from, to, 1 / K);
                }
            }
        });
    }

    /** Lifts a row. */
    private interface Row {
        /** @param even, odd room for the row's samples */
        void lift(float[] even, float[] odd, int y);
    }

    /** All rows, of twice so many samples, as long as nobody cancels. */
    private static void rows(int h, Cancellation cancellation, Row row, int n) {
        IntStream.range(0, (h + ROWS - 1) / ROWS).parallel().forEach(i -> {
            float[] even = new float[n];
            float[] odd = new float[n];
            for (int y = i * ROWS; y < Math.min(h, (i + 1) * ROWS) && !cancellation.requested(); y++) {
                row.lift(even, odd, y);
            }
        });
    }

    /** The first columns of all blocks, as long as nobody cancels. */
    private static void blocks(int w, Cancellation cancellation, IntConsumer block) {
        IntStream.range(0, (w + BLOCK - 1) / BLOCK).parallel().filter(i -> !cancellation.requested()).forEach(i -> block.accept(i * BLOCK));
    }

    /** Lifts rows of a parity from the rows above and below, columns {@code from..to-1}. */
    static void liftRows(float[] p, int h, int w, int from, int to, int parity, float factor) {
        for (int y = parity; y < h; y += 2) {
            int row = y * w;
            int before = (y == 0 ? 1 : y - 1) * w;
            int after = (y == h - 1 ? h - 2 : y + 1) * w;
            for (int x = from; x < to; x++) {
                p[row + x] += factor * (p[before + x] + p[after + x]);
            }
        }
    }

    static void scale(float[] a, int rowA, float[] b, int rowB, int from, int to, float factor) {
        for (int x = from; x < to; x++) {
            b[rowB + x] = a[rowA + x] * factor;
        }
    }
}
