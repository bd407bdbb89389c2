// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.wavelet;

/**
 * The last step to pixels: from luma, red against blue and green against magenta, which are orthonormal, to samples (FORMAT.md, "Colour").
 */
public final class Colours {

    /** What component 0 has of red, of green and of blue. */
    public static final float LUMA = (float) (1 / Math.sqrt(3));

    /** What component 1 has of red, and less of blue. */
    public static final float RED_BLUE = (float) (1 / Math.sqrt(2));

    /** What component 2 has of red and of blue; of green it has so much less twice. */
    public static final float GREEN = (float) (1 / Math.sqrt(6));

    /** The sample on which components are centred. */
    public static final float MIDDLE = 127.5f;

    private Colours() {
    }

    /**
     * Samples of a row.
     *
     * @param components three planes; of gray the first is enough
     * @param from       where the row begins in them
     * @param factor     applied to every component first
     * @param gray       whether there is one plane of samples, not three
     * @param samples    0..255; planes behind those are left alone
     * @param to         where the row begins in them
     * @param count      samples of the row
     */
    public static void row(float[][] components, int from, float factor, boolean gray, short[][] samples, int to, int count) {
        for (int x = 0; x < count; x++) {
            float luma = LUMA * factor * components[0][from + x];
            if (gray) {
                samples[0][to + x] = sample(luma);
            } else {
                float redBlue = RED_BLUE * factor * components[1][from + x];
                float green = GREEN * factor * components[2][from + x];
                samples[0][to + x] = sample(luma + redBlue + green);
                samples[1][to + x] = sample(luma - 2 * green);
                samples[2][to + x] = sample(luma - redBlue + green);
            }
        }
    }

    /** Rounds as Math.round does, which takes longer in a process that has just begun. */
    private static short sample(float centred) {
        return (short) Math.max(0, Math.min(255, (int) (centred + MIDDLE + 0.5f)));
    }
}
