// SPDX-License-Identifier: Apache-2.0
package org.semimage.picture;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;

/**
 * A picture's colours as 8-bit sRGB samples, the form in which the measures of this package compare pictures. Alpha is left out.
 *
 * @param width  columns, at least 1
 * @param height rows, at least 1
 * @param rgb    row-major pixels as 0xRRGGBB; owned by this object, not copied
 */
public record RgbSamples(int width, int height, int[] rgb) {

    private static final int COLOUR = 0xFFFFFF;

    /**
     * Checks the number of pixels, which are not copied.
     *
     * @throws IllegalArgumentException if the number of pixels does not fit the size
     */
    public RgbSamples {
        if (width < 1 || height < 1 || rgb.length != Math.multiplyExact(width, height)) {
            throw new IllegalArgumentException(rgb.length + " pixels in a picture of " + width + "x" + height);
        }
    }

    /**
     * The samples of any picture. Gray samples of 8 bits are taken as they are: {@link BufferedImage#getRGB} would apply the
     * linear gamma of Java's gray colour space to them.
     */
    public static RgbSamples of(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        int[] pixels;
        if (isByteGray(image)) {
            pixels = image.getRaster().getSamples(0, 0, width, height, 0, (int[]) null);
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] *= 0x010101;
            }
        } else {
            pixels = image.getRGB(0, 0, width, height, null, 0, width);
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] &= COLOUR;
            }
        }
        return new RgbSamples(width, height, pixels);
    }

    private static boolean isByteGray(BufferedImage image) {
        return image.getColorModel().getNumColorComponents() == 1
                && image.getColorModel().getComponentSize(0) == 8
                && image.getRaster().getTransferType() == DataBuffer.TYPE_BYTE;
    }

    /** BT.601 luma, 0..255, not rounded; row-major. */
    public double[] luma() {
        double[] luma = new double[rgb.length];
        for (int i = 0; i < rgb.length; i++) {
            int pixel = rgb[i];
            luma[i] = 0.299 * (pixel >> 16 & 0xFF) + 0.587 * (pixel >> 8 & 0xFF) + 0.114 * (pixel & 0xFF);
        }
        return luma;
    }

    /**
     * Checks that two pictures can be compared.
     *
     * @throws IllegalArgumentException if the other picture has another width or height; the message names both sizes
     */
    public void requireSameSize(RgbSamples other) {
        if (width != other.width || height != other.height) {
            throw new IllegalArgumentException("pictures of " + width + "x" + height + " and " + other.width + "x" + other.height);
        }
    }
}
