package org.semimage.compute;

/**
 * A residual network on packed wavelet coefficients at an eighth of the picture's size (FORMAT.md, "Coefficient networks").
 *
 * <p>As synthesis network it corrects quantized coefficients; as analysis network it changes coefficients before they are
 * quantized. Implementations are safe for use by many threads.
 */
public interface CoefficientNet extends AutoCloseable {

    /** Channels of the packed coefficients, see {@link PackedCoefficients}. */
    int CHANNELS = 96;

    /** Learned quality embeddings, at quality index 0, 32, ..., 256. */
    int KNOTS = 9;

    /** Slope of the activations for negative values. */
    float SLOPE = 0.1f;

    /** Where softening turns from linear to square root, in quantizer steps. */
    float KNEE = 4f;

    /**
     * Computes the correction.
     *
     * @param packed  NCHW with N = 1: {@code CHANNELS * height * width} coefficients in quantizer steps
     * @param quality quality index, 0..255
     * @return what to add, same shape and units
     * @throws java.util.concurrent.CancellationException if the request is made before all is done
     */
    float[] correction(float[] packed, int height, int width, int quality, Cancellation cancellation);

    /** The correction in one go; see {@link #correction(float[], int, int, int, Cancellation)}. */
    default float[] correction(float[] packed, int height, int width, int quality) {
        return correction(packed, height, width, quality, Cancellation.NEVER);
    }

    /** Frees native memory; the network must not be used afterwards. */
    @Override
    void close();

    /** Interpolates an embedding table {@code [KNOTS][n]} at a quality index. */
    static float[] embedding(float[] table, int quality) {
        int n = table.length / KNOTS;
        int knot = Math.min(quality / 32, KNOTS - 2);
        float t = quality / 32f - knot;
        float[] out = new float[n];
        for (int i = 0; i < n; i++) {
            out[i] = table[knot * n + i] * (1 - t) + table[(knot + 1) * n + i] * t;
        }
        return out;
    }

    /** {@code sign(x) * KNEE * (sqrt(1 + 2|x|/KNEE) - 1)}: linear near zero, square root far out. */
    static float[] soften(float[] x) {
        float[] out = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            float magnitude = KNEE * ((float) Math.sqrt(1 + 2 * Math.abs(x[i]) / KNEE) - 1);
            out[i] = x[i] < 0 ? -magnitude : magnitude;
        }
        return out;
    }
}
