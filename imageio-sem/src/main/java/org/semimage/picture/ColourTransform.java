// SPDX-License-Identifier: Apache-2.0
package org.semimage.picture;

import org.semimage.compute.wavelet.Colours;

import java.awt.Rectangle;
import java.util.stream.IntStream;

/**
 * The orthonormal colour transform between sRGB samples and the three components that the wavelet takes (FORMAT.md, "Colour").
 *
 * <p>Component 0 is luma, 1 red against blue, 2 green against magenta; all are centred on zero. Being orthonormal, it keeps
 * squared errors, so a quantizer that is even over components is even over RGB. Gray pictures have component 0 alone.
 */
public final class ColourTransform {

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
                    components[0][to] = ((s[0][from] & 0xFFFF) - Colours.MIDDLE) / Colours.LUMA;
                } else {
                    float r = (s[0][from] & 0xFFFF) - Colours.MIDDLE;
                    float g = (s[1][from] & 0xFFFF) - Colours.MIDDLE;
                    float b = (s[2][from] & 0xFFFF) - Colours.MIDDLE;
                    components[0][to] = Colours.LUMA * (r + g + b);
                    components[1][to] = Colours.RED_BLUE * (r - b);
                    components[2][to] = Colours.GREEN * (r - 2 * g + b);
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
        for (int y = 0; y < region.height; y++) {
            Colours.row(components, (region.y + y) * stride + region.x, factor, image.format().isGray(), image.samples(),
                    y * region.width, region.width);
        }
    }
}
