// SPDX-License-Identifier: Apache-2.0
package org.semimage.imageio;

import java.awt.color.ColorSpace;
import java.awt.color.ICC_ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.nio.ByteBuffer;

/** Colour spaces other than sRGB, made out of the JDK's profiles. */
final class WideGamut {

    /** The primaries of Display P3 with sRGB's transfer curve. */
    static final ICC_ColorSpace DISPLAY_P3 = new ICC_ColorSpace(withColorants(
            new double[] {0.51512, 0.24120, -0.00105}, new double[] {0.29198, 0.69225, 0.04189}, new double[] {0.15710, 0.06657, 0.78407}));

    /** The primaries of Adobe RGB (1998) with sRGB's transfer curve. */
    static final ICC_ColorSpace ADOBE_PRIMARIES = new ICC_ColorSpace(withColorants(
            new double[] {0.60974, 0.31111, 0.01947}, new double[] {0.20528, 0.62567, 0.06087}, new double[] {0.14919, 0.06322, 0.74457}));

    private WideGamut() {
    }

    private static ICC_Profile withColorants(double[] red, double[] green, double[] blue) {
        byte[] data = ICC_Profile.getInstance(ColorSpace.CS_sRGB).getData();
        data[25] ^= 1; // the year of creation, so that nobody takes it for the JDK's own by its header
        ICC_Profile profile = ICC_Profile.getInstance(data);
        profile.setData(ICC_Profile.icSigRedColorantTag, xyz(red));
        profile.setData(ICC_Profile.icSigGreenColorantTag, xyz(green));
        profile.setData(ICC_Profile.icSigBlueColorantTag, xyz(blue));
        return profile;
    }

    private static byte[] xyz(double[] values) {
        ByteBuffer tag = ByteBuffer.allocate(20).put("XYZ ".getBytes()).putInt(0);
        for (double value : values) {
            tag.putInt((int) Math.round(value * 65536));
        }
        return tag.array();
    }

    /** Smooth colour of every hue, with the given space. */
    static BufferedImage picture(ICC_ColorSpace space, int width, int height) {
        ComponentColorModel colors = new ComponentColorModel(space, false, false, ComponentColorModel.OPAQUE, DataBuffer.TYPE_BYTE);
        WritableRaster raster = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, width, height, 3, null);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                raster.setPixel(x, y, new int[] {60 + 180 * x / width, 60 + 180 * y / height, 240 - 90 * (x + y) / (width + height)});
            }
        }
        return new BufferedImage(colors, raster, false, null);
    }
}
