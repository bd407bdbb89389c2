package org.semimage.compute;

import java.util.stream.IntStream;

/**
 * The CDF 9/7 wavelet in lifting form, with whole-sample symmetric extension and nearly orthonormal scaling (FORMAT.md,
 * "Wavelet").
 *
 * <p>Antonini et al., "Image coding using wavelet transform", 1992; Daubechies and Sweldens, "Factoring wavelet transforms
 * into lifting steps", 1998.
 */
public final class Wavelet97 {

    private static final float ALPHA = -1.586134342059924f;
    private static final float BETA = -0.052980118572961f;
    private static final float GAMMA = 0.882911075530934f;
    private static final float DELTA = 0.443506852043971f;
    private static final float K = 1.149604398860241f;

    private Wavelet97() {
    }

    /**
     * Analyses three component planes.
     *
     * @param components {@code [3][height * width]}; overwritten
     * @param height     multiple of {@link Pyramid#MULTIPLE}
     * @param width      multiple of {@link Pyramid#MULTIPLE}
     */
    public static Pyramid analyse(float[][] components, int height, int width) {
        Pyramid pyramid = Pyramid.zero(height, width);
        IntStream.range(0, 3).parallel().forEach(c -> {
            float[] plane = components[c];
            for (int level = 1; level <= Pyramid.LEVELS; level++) {
                int h = height >> level - 1;
                int w = width >> level - 1;
                forwardColumns(plane, h, w);
                forwardRows(plane, h, w);
                float[] low = level == Pyramid.LEVELS ? pyramid.low()[c] : new float[h / 2 * (w / 2)];
                boolean kept = c < Pyramid.channels(level) / 3;
                quarter(plane, h, w, 0, 0, low);
                if (kept) {
                    float[][] detail = pyramid.detail()[level - 1];
                    quarter(plane, h, w, 0, 1, detail[3 * c]);
                    quarter(plane, h, w, 1, 0, detail[3 * c + 1]);
                    quarter(plane, h, w, 1, 1, detail[3 * c + 2]);
                }
                plane = low;
            }
        });
        return pyramid;
    }

    /** The inverse of {@link #analyse}: {@code [3][height * width]}, the finest colour details taken as zero. */
    public static float[][] synthesise(Pyramid pyramid) {
        return synthesise(pyramid, Pyramid.LEVELS, 0, pyramid.low());
    }

    /**
     * Rebuilds the low band of level {@code to} from that of level {@code from}.
     *
     * @param low {@code [3]} planes of level {@code from}
     * @return {@code [3]} planes of {@code height/2^to * width/2^to}
     */
    public static float[][] synthesise(Pyramid pyramid, int from, int to, float[][] low) {
        float[][] planes = new float[3][];
        IntStream.range(0, 3).parallel().forEach(c -> {
            float[] plane = low[c];
            for (int level = from; level > to; level--) {
                int h = pyramid.height() >> level - 1;
                int w = pyramid.width() >> level - 1;
                float[] joined = new float[h * w];
                join(plane, joined, h, w, 0, 0);
                if (c < Pyramid.channels(level) / 3) {
                    float[][] detail = pyramid.detail()[level - 1];
                    join(detail[3 * c], joined, h, w, 0, 1);
                    join(detail[3 * c + 1], joined, h, w, 1, 0);
                    join(detail[3 * c + 2], joined, h, w, 1, 1);
                }
                inverseRows(joined, h, w);
                inverseColumns(joined, h, w);
                plane = joined;
            }
            planes[c] = plane;
        });
        return planes;
    }

    private static void quarter(float[] from, int h, int w, int y0, int x0, float[] to) {
        for (int y = 0; y < h / 2; y++) {
            for (int x = 0; x < w / 2; x++) {
                to[y * (w / 2) + x] = from[(2 * y + y0) * w + 2 * x + x0];
            }
        }
    }

    private static void join(float[] from, float[] to, int h, int w, int y0, int x0) {
        for (int y = 0; y < h / 2; y++) {
            for (int x = 0; x < w / 2; x++) {
                to[(2 * y + y0) * w + 2 * x + x0] = from[y * (w / 2) + x];
            }
        }
    }

    // In place: even samples become the low band, odd ones the high band.

    private static void forwardRows(float[] p, int h, int w) {
        for (int y = 0; y < h; y++) {
            int row = y * w;
            liftRow(p, row, w, 1, ALPHA);
            liftRow(p, row, w, 0, BETA);
            liftRow(p, row, w, 1, GAMMA);
            liftRow(p, row, w, 0, DELTA);
            scaleRow(p, row, w, K, 1 / K);
        }
    }

    private static void inverseRows(float[] p, int h, int w) {
        for (int y = 0; y < h; y++) {
            int row = y * w;
            scaleRow(p, row, w, 1 / K, K);
            liftRow(p, row, w, 0, -DELTA);
            liftRow(p, row, w, 1, -GAMMA);
            liftRow(p, row, w, 0, -BETA);
            liftRow(p, row, w, 1, -ALPHA);
        }
    }

    private static void forwardColumns(float[] p, int h, int w) {
        liftColumns(p, h, w, 1, ALPHA);
        liftColumns(p, h, w, 0, BETA);
        liftColumns(p, h, w, 1, GAMMA);
        liftColumns(p, h, w, 0, DELTA);
        scaleColumns(p, h, w, K, 1 / K);
    }

    private static void inverseColumns(float[] p, int h, int w) {
        scaleColumns(p, h, w, 1 / K, K);
        liftColumns(p, h, w, 0, -DELTA);
        liftColumns(p, h, w, 1, -GAMMA);
        liftColumns(p, h, w, 0, -BETA);
        liftColumns(p, h, w, 1, -ALPHA);
    }

    private static void liftRow(float[] p, int row, int w, int parity, float factor) {
        for (int x = row + parity; x < row + w; x += 2) {
            float before = p[x == row ? x + 1 : x - 1];
            float after = p[x == row + w - 1 ? x - 1 : x + 1];
            p[x] += factor * (before + after);
        }
    }

    private static void scaleRow(float[] p, int row, int w, float even, float odd) {
        for (int x = row; x < row + w; x += 2) {
            p[x] *= even;
            p[x + 1] *= odd;
        }
    }

    private static void liftColumns(float[] p, int h, int w, int parity, float factor) {
        for (int y = parity; y < h; y += 2) {
            int row = y * w;
            int before = (y == 0 ? 1 : y - 1) * w;
            int after = (y == h - 1 ? h - 2 : y + 1) * w;
            for (int x = 0; x < w; x++) {
                p[row + x] += factor * (p[before + x] + p[after + x]);
            }
        }
    }

    private static void scaleColumns(float[] p, int h, int w, float even, float odd) {
        for (int y = 0; y < h; y++) {
            float factor = (y & 1) == 0 ? even : odd;
            for (int x = y * w; x < (y + 1) * w; x++) {
                p[x] *= factor;
            }
        }
    }
}
