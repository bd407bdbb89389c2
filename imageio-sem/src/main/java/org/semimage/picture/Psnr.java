// SPDX-License-Identifier: Apache-2.0
package org.semimage.picture;

/** Peak signal-to-noise ratio over the three 8-bit colour channels together. */
public final class Psnr {

    private static final double PEAK = 255;

    private Psnr() {
    }

    /**
     * The ratio in dB: {@code 10 log10(255^2 / MSE)}, the mean squared error taken over all samples of all three channels.
     *
     * @return dB; positive infinity for equal pictures
     * @throws IllegalArgumentException if the sizes differ
     */
    public static double of(RgbSamples a, RgbSamples b) {
        return 10 * Math.log10(PEAK * PEAK / meanSquaredError(a, b));
    }

    /**
     * The sum of squared differences of the colour samples of two pictures of one size and format.
     *
     * @return 0 for equal pictures; alpha does not count
     */
    public static double squaredError(PixelPlanes a, PixelPlanes b) {
        double sum = 0;
        for (int c = 0; c < a.format().colourPlanes(); c++) {
            for (int i = 0; i < a.samples()[c].length; i++) {
                double error = (a.samples()[c][i] & 0xFFFF) - (b.samples()[c][i] & 0xFFFF);
                sum += error * error;
            }
        }
        return sum;
    }

    private static double meanSquaredError(RgbSamples a, RgbSamples b) {
        a.requireSameSize(b);
        long sum = 0;
        for (int i = 0; i < a.rgb().length; i++) {
            int p = a.rgb()[i];
            int q = b.rgb()[i];
            int red = (p >> 16 & 0xFF) - (q >> 16 & 0xFF);
            int green = (p >> 8 & 0xFF) - (q >> 8 & 0xFF);
            int blue = (p & 0xFF) - (q & 0xFF);
            sum += red * red + green * green + blue * blue;
        }
        return sum / (3.0 * a.rgb().length);
    }
}
