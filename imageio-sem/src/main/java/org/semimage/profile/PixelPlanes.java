package org.semimage.profile;

import java.awt.Rectangle;
import java.util.Objects;

/**
 * A picture as planes of unsigned samples, the form in which every profile takes and gives pixels.
 *
 * <p>Colour planes are sRGB (R, G, B) or gray; alpha, when present, is the last plane and never premultiplied.
 *
 * @param width   columns, at least 1
 * @param height  rows, at least 1
 * @param format  number and meaning of the planes
 * @param samples one array per plane, row-major, {@code width * height} unsigned 16-bit samples in 0..{@link Format#maxSample()};
 *                owned by this object, not copied
 */
public record PixelPlanes(int width, int height, Format format, short[][] samples) {

    /** Number and meaning of a picture's planes. */
    public enum Format {
        GRAY(1, false, 8), GRAY_ALPHA(2, true, 8), RGB(3, false, 8), RGB_ALPHA(4, true, 8),
        GRAY_16(1, false, 16), GRAY_ALPHA_16(2, true, 16), RGB_16(3, false, 16), RGB_ALPHA_16(4, true, 16);

        private final int planes;
        private final boolean alpha;
        private final int bitDepth;

        Format(int planes, boolean alpha, int bitDepth) {
            this.planes = planes;
            this.alpha = alpha;
            this.bitDepth = bitDepth;
        }

        /**
         * The format of some planes.
         *
         * @param bitDepth 8 or 16
         */
        public static Format of(boolean gray, boolean alpha, int bitDepth) {
            for (Format format : values()) {
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

    /** @throws IllegalArgumentException if a plane's length does not fit the size or the format */
    public PixelPlanes {
        Objects.requireNonNull(format, "format");
        if (width < 1 || height < 1 || samples.length != format.planes()) {
            throw new IllegalArgumentException(width + "x" + height + " with " + samples.length + " planes is no " + format + " picture");
        }
        for (short[] plane : samples) {
            if (plane.length != Math.multiplyExact(width, height)) {
                throw new IllegalArgumentException("plane of " + plane.length + " samples in a picture of " + width + "x" + height);
            }
        }
    }

    /** An all-zero picture. */
    public static PixelPlanes blank(int width, int height, Format format) {
        return new PixelPlanes(width, height, format, new short[format.planes()][Math.multiplyExact(width, height)]);
    }

    /** The alpha plane. @throws IllegalStateException if the format has none */
    public short[] alpha() {
        if (!format.hasAlpha()) {
            throw new IllegalStateException(format + " has no alpha");
        }
        return samples[samples.length - 1];
    }

    /** A copy of part of the picture. @param region not empty, inside the picture */
    public PixelPlanes crop(Rectangle region) {
        if (!new Rectangle(width, height).contains(region)) {
            throw new IllegalArgumentException(region + " in a picture of " + width + "x" + height);
        }
        PixelPlanes part = blank(region.width, region.height, format);
        for (int p = 0; p < samples.length; p++) {
            for (int y = 0; y < region.height; y++) {
                System.arraycopy(samples[p], (region.y + y) * width + region.x, part.samples[p], y * region.width, region.width);
            }
        }
        return part;
    }
}
