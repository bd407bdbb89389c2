// SPDX-License-Identifier: Apache-2.0
package org.semimage.container;


import javax.imageio.IIOException;
import java.lang.System.Logger.Level;

/**
 * What this process is willing to allocate for a picture, whatever the file declares. Read from system properties at each
 * parse; a property that is no positive whole number is logged and ignored.
 *
 * @param maxPixels        samples of a plane as they are coded, see {@link #checkSize}; {@code org.semimage.maxPixels}, 2^28 unless set
 * @param maxMetadataBytes payload bytes of all ancillary chunks; {@code org.semimage.maxMetadataBytes}, 64 MiB unless set
 * @param maxPayloadBytes  payload bytes of all critical chunks; {@code org.semimage.maxPayloadBytes}, 1 GiB unless set
 */
public record SemLimits(long maxPixels, long maxMetadataBytes, long maxPayloadBytes) {

    /** The most chunks that a picture may have (FORMAT.md, "Limits"). */
    public static final int MAX_CHUNKS = 1024;

    /** The longest array that every virtual machine can allocate; no property raises a limit above it. */
    private static final long MAX_ARRAY = Integer.MAX_VALUE - 8;

    /** Sides of pictures that a wavelet or an autoencoder codes are multiples of this. */
    private static final int BLOCK = 64;

    /** The limits that the system properties set now. */
    public static SemLimits current() {
        return new SemLimits(
                property("org.semimage.maxPixels", 1L << 28),
                property("org.semimage.maxMetadataBytes", 64L << 20),
                property("org.semimage.maxPayloadBytes", 1L << 30));
    }

    /**
     * Refuses a size that is too large. The profiles transform and generative code sides that are multiples of 64. In the transform
     * profile thin pictures are folded before ({@link Slices}).
     *
     * @throws IIOException if the picture has more samples in a plane than these limits allow
     */
    public void checkSize(ProfileId profile, long width, long height) throws IIOException {
        int multiple = profile == ProfileId.TRANSFORM || profile == ProfileId.GENERATIVE ? BLOCK : 1;
        boolean folds = profile == ProfileId.TRANSFORM;
        Slices slices = Slices.of((int) width, (int) height);
        long columns = roundedUp(folds ? slices.codedWidth() : width, multiple);
        long rows = roundedUp(folds ? slices.codedHeight() : height, multiple);
        if (columns * rows > maxPixels) {
            throw new IIOException("picture of " + width + "x" + height + " pixels, coded as " + columns + "x" + rows + " = "
                    + columns * rows + "; the limit is " + maxPixels + " (org.semimage.maxPixels)");
        }
    }

    private static long roundedUp(long side, int multiple) {
        return (side + multiple - 1) / multiple * multiple;
    }

    private static long property(String name, long defaultValue) {
        String text = System.getProperty(name);
        if (text == null) {
            return defaultValue;
        }
        try {
            long value = Long.parseLong(text.strip());
            if (value > 0) {
                return Math.min(value, MAX_ARRAY);
            }
        } catch (NumberFormatException e) {
            System.getLogger(SemLimits.class.getName()).log(Level.DEBUG, "cannot parse the property " + name, e);
        }
        System.getLogger(SemLimits.class.getName()).log(
                Level.WARNING, "property {0} is ''{1}'', not a positive number; using {2}", name, text, defaultValue);
        return defaultValue;
    }
}
