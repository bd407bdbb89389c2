// SPDX-License-Identifier: Apache-2.0
package org.semimage.container;

/** Number and meaning of a picture's planes. */
public enum PixelFormat {
    /** One plane, 8 bits. */
    GRAY(1, false, 8),
    /** Gray, alpha; 8 bits. */
    GRAY_ALPHA(2, true, 8),
    /** Red, green, blue; 8 bits. */
    RGB(3, false, 8),
    /** Red, green, blue, alpha; 8 bits. */
    RGB_ALPHA(4, true, 8),
    /** One plane, 16 bits. */
    GRAY_16(1, false, 16),
    /** Gray, alpha; 16 bits. */
    GRAY_ALPHA_16(2, true, 16),
    /** Red, green, blue; 16 bits. */
    RGB_16(3, false, 16),
    /** Red, green, blue, alpha; 16 bits. */
    RGB_ALPHA_16(4, true, 16);

    private final int planes;
    private final boolean alpha;
    private final int bitDepth;

    PixelFormat(int planes, boolean alpha, int bitDepth) {
        this.planes = planes;
        this.alpha = alpha;
        this.bitDepth = bitDepth;
    }

    /**
     * The format of some planes.
     *
     * @param bitDepth 8 or 16
     */
    public static PixelFormat of(boolean gray, boolean alpha, int bitDepth) {
        for (PixelFormat format : values()) {
            if (format.isGray() == gray && format.alpha == alpha && format.bitDepth == bitDepth) {
                return format;
            }
        }
        throw new IllegalArgumentException("samples of " + bitDepth + " bits");
    }

    /** Planes in all, alpha included. */
    public int planes() {
        return planes;
    }

    /** Planes without alpha: 1 or 3. */
    public int colourPlanes() {
        return alpha ? planes - 1 : planes;
    }

    /** Whether the last plane is alpha, never premultiplied. */
    public boolean hasAlpha() {
        return alpha;
    }

    /** Whether there is one colour plane, with alpha or without. */
    public boolean isGray() {
        return colourPlanes() == 1;
    }

    /** Bits of a sample: 8 or 16. */
    public int bitDepth() {
        return bitDepth;
    }

    /** The largest sample, {@code 2^bitDepth - 1}. */
    public int maxSample() {
        return (1 << bitDepth) - 1;
    }
}
