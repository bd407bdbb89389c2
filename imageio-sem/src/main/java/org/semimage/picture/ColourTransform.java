// SPDX-License-Identifier: Apache-2.0
package org.semimage.picture;

import java.awt.Rectangle;
import java.util.stream.IntStream;

/**
 * The orthonormal colour transform between sRGB samples and the three components that the wavelet takes (FORMAT.md, "Colour").
 *
 * <p>Component 0 is luma, 1 red against blue, 2 green against magenta; all are centred on zero. Being orthonormal, it keeps
 * squared errors, so a quantizer that is even over components is even over RGB. Gray pictures have component 0 alone.
 */
public final class ColourTransform {

    private static final float LUMA = (float) (1 / Math.sqrt(3));
    private static final float RED_BLUE = (float) (1 / Math.sqrt(2));
    private static final float GREEN = (float) (1 / Math.sqrt(6));
    private static final float MIDDLE = 127.5f;

    private ColourTransform() {
    }

    /**
     * Components of part of a padded picture; where it leaves the picture, the last row and column are repeated.
     *
     * @param part   the part's pixels, as far as there are any
     * @param height of the part, padding included
     * @param width  of the part, padding included
     * @return {@code [3][height * width]}
     */
    public static float[][] forward(PixelPlanes part, int height, int width) {
        float[][] components = new float[3][height * width];
        short[][] s = part.samples();
        boolean gray = part.format().isGray();
        IntStream.range(0, height).parallel().forEach(y -> {
            int row = Math.min(y, part.height() - 1) * part.width();
            for (int x = 0; x < width; x++) {
                int from = row + Math.min(x, part.width() - 1);
                int to = y * width + x;
                if (gray) {
                    components[0][to] = ((s[0][from] & 0xFFFF) - MIDDLE) / LUMA;
                } else {
                    float r = (s[0][from] & 0xFFFF) - MIDDLE;
                    float g = (s[1][from] & 0xFFFF) - MIDDLE;
                    float b = (s[2][from] & 0xFFFF) - MIDDLE;
                    components[0][to] = LUMA * (r + g + b);
                    components[1][to] = RED_BLUE * (r - b);
                    components[2][to] = GREEN * (r - 2 * g + b);
                }
            }
        });
        return components;
    }

    /**
     * The colour planes of components.
     *
     * @param components planes of rows of {@code stride} values: three, or for gray one
     * @param region     the part of them to convert
     * @param factor     applied to every component first
     * @param image      of the region's size; its alpha is left alone
     */
    public static void inverse(float[][] components, int stride, Rectangle region, float factor, PixelPlanes image) {
        short[][] s = image.samples();
        boolean gray = image.format().isGray();
        for (int y = 0; y < region.height; y++) {
            int from = (region.y + y) * stride + region.x;
            int to = y * region.width;
            for (int x = 0; x < region.width; x++, from++, to++) {
                float luma = LUMA * factor * components[0][from];
                if (gray) {
                    s[0][to] = sample(luma);
                } else {
                    float redBlue = RED_BLUE * factor * components[1][from];
                    float green = GREEN * factor * components[2][from];
                    s[0][to] = sample(luma + redBlue + green);
                    s[1][to] = sample(luma - 2 * green);
                    s[2][to] = sample(luma - redBlue + green);
                }
            }
        }
    }

    /** Rounds as Math.round does, which takes longer in a process that has just begun. */
    private static short sample(float centred) {
        return (short) Math.max(0, Math.min(255, (int) (centred + MIDDLE + 0.5f)));
    }
}
