// SPDX-License-Identifier: Apache-2.0
package org.semimage.picture;

import org.semimage.compute.Cancellation;
import org.semimage.container.PixelFormat;

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
 * @param samples one array per plane, row-major, {@code width * height} unsigned 16-bit samples in 0..{@link PixelFormat#maxSample()};
 *                owned by this object, not copied
 */
public record PixelPlanes(int width, int height, PixelFormat format, short[][] samples) implements PixelSource {

    /**
     * Checks the lengths of planes, which are not copied.
     *
     * @throws IllegalArgumentException if a plane's length does not fit the size or the format
     */
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
    public static PixelPlanes blank(int width, int height, PixelFormat format) {
        return new PixelPlanes(width, height, format, new short[format.planes()][Math.multiplyExact(width, height)]);
    }

    /**
     * The alpha plane.
     *
     * @throws IllegalStateException if the format has none
     */
    public short[] alpha() {
        if (!format.hasAlpha()) {
            throw new IllegalStateException(format + " has no alpha");
        }
        return samples[samples.length - 1];
    }

    /**
     * A copy of part of the picture.
     *
     * @param region not empty, inside the picture
     */
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

    @Override
    public PixelPlanes read(Rectangle region) {
        return crop(region);
    }

    @Override
    public PixelPlanes readAll(Cancellation cancellation) {
        return this;
    }
}
