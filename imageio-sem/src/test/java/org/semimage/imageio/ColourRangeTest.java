// SPDX-License-Identifier: Apache-2.0
package org.semimage.imageio;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.semimage.picture.Images;
import org.semimage.picture.PixelPlanes;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorConvertOp;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.io.IOException;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Samples in colour spaces whose values do not run from 0 to 1. */
class ColourRangeTest {

    /** CIE Lab as some applications define it: L of 0..100, a and b of -128..127, no ICC profile. */
    private static final class Lab extends ColorSpace {

        Lab() {
            super(TYPE_Lab, 3);
        }

        @Override
        public float getMinValue(int component) {
            return component == 0 ? 0 : -128;
        }

        @Override
        public float getMaxValue(int component) {
            return component == 0 ? 100 : 127;
        }

        private static double curve(double t) {
            return t > 216.0 / 24389 ? Math.cbrt(t) : (24389.0 / 27 * t + 16) / 116;
        }

        private static double inverse(double f) {
            return f * f * f > 216.0 / 24389 ? f * f * f : (116 * f - 16) / (24389.0 / 27);
        }

        @Override
        public float[] toCIEXYZ(float[] lab) {
            double y = (lab[0] + 16) / 116;
            return new float[] {(float) (0.9642 * inverse(y + lab[1] / 500)), (float) inverse(y),
                    (float) (0.8249 * inverse(y - lab[2] / 200))};
        }

        @Override
        public float[] fromCIEXYZ(float[] xyz) {
            double x = curve(xyz[0] / 0.9642);
            double y = curve(xyz[1]);
            return new float[] {(float) (116 * y - 16), (float) (500 * (x - y)), (float) (200 * (y - curve(xyz[2] / 0.8249)))};
        }

        @Override
        public float[] toRGB(float[] lab) {
            return getInstance(CS_sRGB).fromCIEXYZ(toCIEXYZ(lab));
        }

        @Override
        public float[] fromRGB(float[] rgb) {
            return fromCIEXYZ(getInstance(CS_sRGB).toCIEXYZ(rgb));
        }
    }

    private static final List<ColorSpace> SPACES = List.of(ColorSpace.getInstance(ColorSpace.CS_CIEXYZ),
            ColorSpace.getInstance(ColorSpace.CS_PYCC), ColorSpace.getInstance(ColorSpace.CS_LINEAR_RGB), WideGamut.DISPLAY_P3, new Lab());

    @ParameterizedTest
    @ValueSource(ints = {DataBuffer.TYPE_USHORT, DataBuffer.TYPE_SHORT, DataBuffer.TYPE_FLOAT, DataBuffer.TYPE_DOUBLE})
    void coloursAreThoseThatJavaConvertsThemTo(int dataType) throws IOException {
        for (ColorSpace space : SPACES) {
            for (boolean alpha : new boolean[] {false, true}) {
                ComponentColorModel colours = new ComponentColorModel(space, alpha, false,
                        alpha ? Transparency.TRANSLUCENT : Transparency.OPAQUE, dataType);
                BufferedImage image = new BufferedImage(colours, colours.createCompatibleWritableRaster(9, 7), false, null);
                for (int i = 0; i < 63; i++) {
                    image.setRGB(i % 9, i / 9, 0xFF000000 | (40 + 25 * (i % 9)) << 16 | (30 + 30 * (i / 9)) << 8 | 200 - 2 * i);
                }
                BufferedImage expected = new ColorConvertOp(null).filter(image, new BufferedImage(9, 7, BufferedImage.TYPE_INT_ARGB));
                PixelPlanes planes = Images.toPlanes(image);
                for (int i = 0; i < 63; i++) {
                    for (int c = 0; c < 3; c++) {
                        int e = expected.getRGB(i % 9, i / 9) >> 16 - 8 * c & 0xFF;
                        assertEquals(e, planes.samples()[c][i], 2, space.getClass() + " " + space.getType()
                                + ", component " + c + " of pixel " + i);
                    }
                }
            }
        }
    }
}
