// SPDX-License-Identifier: Apache-2.0
package org.semimage.container;

/** Number and meaning of a picture's planes. */
public enum PixelFormat {
    GRAY(1, false, 8), GRAY_ALPHA(2, true, 8), RGB(3, false, 8), RGB_ALPHA(4, true, 8),
    GRAY_16(1, false, 16), GRAY_ALPHA_16(2, true, 16), RGB_16(3, false, 16), RGB_ALPHA_16(4, true, 16);

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

    public boolean hasAlpha() {
        return alpha;
    }

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
