// SPDX-License-Identifier: Apache-2.0
package org.semimage.reflect;

/**
 * How far a decoded picture is from the original.
 *
 * @param layoutPsnr PSNR in dB of the means over 16 x 16 samples
 * @param colour     distance of the colours, wherever they stand, in sample values
 * @param texture    distance of wavelet details, wherever they stand, in sample values
 */
public record Score(double layoutPsnr, double colour, double texture) {

    private static final double PEAK = 255;

    /** One number for all three, in sample values: the layout's root mean squared error, colour and texture together. Less is better. */
    public double distance() {
        return PEAK / Math.pow(10, layoutPsnr / 20) + colour + texture;
    }
}
