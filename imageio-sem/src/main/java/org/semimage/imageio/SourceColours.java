// SPDX-License-Identifier: Apache-2.0
package org.semimage.imageio;

import org.semimage.container.PixelFormat;
import org.semimage.container.ProfileId;
import org.semimage.picture.PixelPlanes;

import javax.imageio.ImageTypeSpecifier;
import java.awt.color.CMMException;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.color.ICC_ProfileRGB;
import java.awt.color.ProfileDataException;
import java.awt.image.BufferedImage;
import java.awt.image.ColorConvertOp;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferUShort;
import java.awt.image.DirectColorModel;
import java.awt.image.Raster;
import java.awt.image.RenderedImage;
import java.awt.image.WritableRaster;
import java.util.Arrays;
import java.util.Optional;

/**
 * Colour spaces other than sRGB. RGB and gray samples with an ICC profile are coded as they are, and the profile beside them;
 * whoever reads the picture gets sRGB, or those samples in their own space by asking for the raw type (FORMAT.md, "ICC profile").
 */
final class SourceColours {

    private static final int MAX16 = 0xFFFF;
    private static final int STRIP_PIXELS = 1 << 16;

    private SourceColours() {
    }

    /**
     * The profile to store with an image's samples; empty if they are sRGB, Java's own gray, or will be converted to sRGB: those of
     * linear RGB, which eight bits cannot hold without banding, unless the profile is lossless; those of all spaces that are neither RGB
     * nor gray; and all of which the file holds no samples.
     *
     * @param colors may be null
     */
    static Optional<byte[]> profileToKeep(ColorModel colors, ProfileId profile) {
        if (profile.isSemantic() || !(colors instanceof ComponentColorModel || colors instanceof DirectColorModel)
                || !(colors.getColorSpace() instanceof ICC_ColorSpace space) || space.isCS_sRGB()) {
            return Optional.empty();
        }
        boolean kept = switch (space.getType()) {
            case ColorSpace.TYPE_RGB -> space.getNumComponents() == 3 && (profile == ProfileId.LOSSLESS || !isLinear(space.getProfile()));
            case ColorSpace.TYPE_GRAY -> !IccSpaces.isJavasGray(space);
            default -> false;
        };
        return kept ? Optional.of(space.getProfile().getData()) : Optional.empty();
    }

    private static boolean isLinear(ICC_Profile profile) {
        if (!(profile instanceof ICC_ProfileRGB rgb)) {
            return false;
        }
        try {
            return rgb.getGamma(ICC_ProfileRGB.GREENCOMPONENT) == 1;
        } catch (ProfileDataException e) {
            return isIdentity(rgb.getTRC(ICC_ProfileRGB.GREENCOMPONENT));
        }
    }

    private static boolean isIdentity(short[] curve) {
        for (int i = 0; i < curve.length; i++) {
            if (Math.abs((curve[i] & MAX16) - (long) i * MAX16 / (curve.length - 1)) > MAX16 / 1000) {
                return false;
            }
        }
        return true;
    }

    /**
     * The colour space of a stored profile.
     *
     * @throws IllegalArgumentException if the bytes are no profile, or not one of the format's kind of colour
     */
    static ICC_ColorSpace space(byte[] profile, PixelFormat format) {
        ICC_ColorSpace space;
        try {
            space = IccSpaces.of(profile);
            space.toRGB(new float[space.getNumComponents()]);
        } catch (CMMException | ArrayIndexOutOfBoundsException e) {
            throw new IllegalArgumentException("unusable profile: " + e.getMessage(), e);
        }
        int expected = format.isGray() ? ColorSpace.TYPE_GRAY : ColorSpace.TYPE_RGB;
        if (space.getType() != expected) {
            throw new IllegalArgumentException("a profile for " + (format.isGray() ? "gray" : "RGB")
                    + " expected, found one of colour space type " + space.getType());
        }
        return space;
    }

    /** Whether two colour spaces are one: objects that readers have made of the same profile are. */
    static boolean areSame(ColorSpace a, ColorSpace b) {
        return a.equals(b) || a instanceof ICC_ColorSpace one && b instanceof ICC_ColorSpace other
                && Arrays.equals(one.getProfile().getData(), other.getProfile().getData());
    }

    /** The type of images that hold a format's samples in a colour space, as they are: of bytes or shorts, interleaved. */
    static ImageTypeSpecifier type(PixelFormat format, ICC_ColorSpace space) {
        int[] bands = new int[format.planes()];
        for (int i = 0; i < bands.length; i++) {
            bands[i] = i;
        }
        int dataType = format.bitDepth() > 8 ? DataBuffer.TYPE_USHORT : DataBuffer.TYPE_BYTE;
        return ImageTypeSpecifier.createInterleaved(space, bands, dataType, format.hasAlpha(), false);
    }

    /** An image with the same pixels of which sRGB, or Java's own gray, is said to be the colour space. */
    static RenderedImage retagged(RenderedImage image) {
        ColorModel colors = plain(image.getColorModel());
        return image instanceof BufferedImage buffered ? retagged(buffered) : new RetaggedImage(image, colors);
    }

    /** The same for an image in memory; both share their pixels. */
    static BufferedImage retagged(BufferedImage image) {
        return new BufferedImage(plain(image.getColorModel()), image.getRaster(), image.isAlphaPremultiplied(), null);
    }

    private static ColorModel plain(ColorModel colors) {
        boolean gray = colors.getColorSpace().getType() == ColorSpace.TYPE_GRAY;
        ColorSpace space = ColorSpace.getInstance(gray ? ColorSpace.CS_GRAY : ColorSpace.CS_sRGB);
        if (colors instanceof DirectColorModel packed) {
            return new DirectColorModel(space, packed.getPixelSize(), packed.getRedMask(), packed.getGreenMask(), packed.getBlueMask(),
                    packed.getAlphaMask(), packed.isAlphaPremultiplied(), packed.getTransferType());
        }
        return new ComponentColorModel(space, colors.getComponentSize(), colors.hasAlpha(), colors.isAlphaPremultiplied(),
                colors.getTransparency(), colors.getTransferType());
    }

    /** Whether samples in a space are sRGB to within their rounding, as with most profiles that cameras write. */
    static boolean isNearlySrgb(ICC_ColorSpace space) {
        if (space.isCS_sRGB()) {
            return true;
        }
        int[] levels = {0, 20, 64, 128, 192, 255};
        for (int i = 0; i < levels.length * levels.length * levels.length; i++) {
            float[] color = {levels[i % 6] / 255f, levels[i / 6 % 6] / 255f, levels[i / 36] / 255f};
            float[] shown = space.toRGB(color);
            for (int c = 0; c < 3; c++) {
                if (Math.abs(shown[c] - color[c]) > 1.5f / 255) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Converts RGB samples from a space to sRGB, in place. */
    static void toSrgb(PixelPlanes picture, ICC_ColorSpace from, ListenerWatcher watcher) {
        ColorConvertOp conversion = new ColorConvertOp(
                new ICC_Profile[] {from.getProfile(), ICC_Profile.getInstance(ColorSpace.CS_sRGB)}, null);
        int width = picture.width();
        int rows = Math.max(1, STRIP_PIXELS / width);
        WritableRaster strip = Raster.createInterleavedRaster(DataBuffer.TYPE_USHORT, width, rows, 3, null);
        WritableRaster converted = strip.createCompatibleWritableRaster();
        for (int y = 0; y < picture.height(); y += rows) {
            watcher.cancellation().check();
            int count = Math.min(rows, picture.height() - y) * width;
            load(picture, y * width, count, strip);
            conversion.filter(strip, converted);
            store(converted, picture, y * width, count);
        }
    }

    private static void load(PixelPlanes picture, int at, int count, WritableRaster strip) {
        short[] to = ((DataBufferUShort) strip.getDataBuffer()).getData();
        int max = picture.format().maxSample();
        for (int c = 0; c < 3; c++) {
            short[] plane = picture.samples()[c];
            for (int i = 0; i < count; i++) {
                to[3 * i + c] = (short) (((plane[at + i] & MAX16) * (long) MAX16 + max / 2) / max);
            }
        }
    }

    private static void store(WritableRaster strip, PixelPlanes picture, int at, int count) {
        short[] from = ((DataBufferUShort) strip.getDataBuffer()).getData();
        int max = picture.format().maxSample();
        for (int c = 0; c < 3; c++) {
            short[] plane = picture.samples()[c];
            for (int i = 0; i < count; i++) {
                plane[at + i] = (short) (((from[3 * i + c] & MAX16) * (long) max + MAX16 / 2) / MAX16);
            }
        }
    }
}
