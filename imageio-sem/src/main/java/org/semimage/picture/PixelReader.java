// SPDX-License-Identifier: Apache-2.0
package org.semimage.picture;

import org.semimage.container.PixelFormat;

import java.awt.color.ColorSpace;
import java.awt.image.ColorConvertOp;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.ComponentSampleModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.DataBufferInt;
import java.awt.image.DataBufferUShort;
import java.awt.image.DirectColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.awt.image.SampleModel;
import java.awt.image.SinglePixelPackedSampleModel;
import java.awt.image.WritableRaster;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Turns rows of a raster into rows of planes; one subclass for each way that rasters commonly store pixels. */
abstract class PixelReader {

    private static final int MAX16 = 0xFFFF;

    /**
     * Reads part of a row.
     *
     * @param raster of the colour and sample model that this reader was made for
     * @param x      first column, in the raster's coordinates
     * @param y      row, in the raster's coordinates
     * @param width  number of columns
     * @param planes where the samples go
     * @param at     index of the first column's sample in each plane
     */
    abstract void read(Raster raster, int x, int y, int width, short[][] planes, int at);

    /** The planes that pixels become, of as many bits as they need up to a limit. */
    static PixelFormat format(ColorModel colors, int maxBitDepth) {
        PixelFormat format = format(colors);
        boolean deep = maxBitDepth > 8 && !(colors instanceof IndexColorModel)
                && Arrays.stream(colors.getComponentSize()).anyMatch(size -> size > 8);
        return PixelFormat.of(format.isGray(), format.hasAlpha(), deep ? 16 : 8);
    }

    /** The planes that pixels become in 8 bits. */
    static PixelFormat format(ColorModel colors) {
        boolean gray = colors instanceof IndexColorModel palette ? isBlackAndWhite(palette)
                : colors.getNumColorComponents() == 1 && colors.getColorSpace().getType() == ColorSpace.TYPE_GRAY;
        if (gray) {
            return colors.hasAlpha() ? PixelFormat.GRAY_ALPHA : PixelFormat.GRAY;
        }
        return colors.hasAlpha() ? PixelFormat.RGB_ALPHA : PixelFormat.RGB;
    }

    /**
     * Whether gray can stand for a palette. In-between grays of a palette are sRGB while Java shows gray samples as linear, so
     * they stay RGB.
     */
    private static boolean isBlackAndWhite(IndexColorModel palette) {
        for (int color : palette(palette)) {
            int rgb = color & 0xFFFFFF;
            if (rgb != 0 && rgb != 0xFFFFFF) {
                return false;
            }
        }
        return true;
    }

    private static int[] palette(IndexColorModel colors) {
        int[] argb = new int[Math.max(1 << colors.getPixelSize(), colors.getMapSize())];
        colors.getRGBs(argb);
        return argb;
    }

    /** A reader of samples that gives planes of {@code bitDepth} bits, 8 or 16. */
    static PixelReader of(ColorModel colors, SampleModel samples, int bitDepth) {
        if (colors instanceof IndexColorModel palette) {
            return new Palette(palette);
        }
        boolean gray = format(colors).isGray();
        if (bitDepth == 8 && (gray || colors.getColorSpace().isCS_sRGB())) {
            if (colors instanceof DirectColorModel packed && samples instanceof SinglePixelPackedSampleModel
                    && samples.getDataType() == DataBuffer.TYPE_INT && has8Bits(colors)) {
                return new PackedInts(packed, new General(colors, gray, bitDepth));
            }
            if (colors instanceof ComponentColorModel && samples instanceof ComponentSampleModel
                    && samples.getDataType() == DataBuffer.TYPE_BYTE && has8Bits(colors)
                    && samples.getNumBands() == colors.getNumComponents()) {
                return new Bytes(colors.isAlphaPremultiplied(), new General(colors, gray, bitDepth));
            }
        }
        return new General(colors, gray, bitDepth);
    }

    private static boolean has8Bits(ColorModel colors) {
        for (int size : colors.getComponentSize()) {
            if (size != 8) {
                return false;
            }
        }
        return true;
    }

    private static void divideByAlpha(short[][] planes, int at, int count, int max) {
        short[] alpha = planes[planes.length - 1];
        for (int p = 0; p < planes.length - 1; p++) {
            short[] plane = planes[p];
            for (int i = at; i < at + count; i++) {
                int a = alpha[i] & 0xFFFF;
                if (a != 0 && a != max) {
                    plane[i] = (short) Math.min(max, ((plane[i] & 0xFFFFL) * max + a / 2) / a);
                }
            }
        }
    }

    /** Pixels of one int, eight bits to the component. Rasters that keep them elsewhere than in an array are read by their accessors. */
    private static final class PackedInts extends PixelReader {

        private final General accessors;
        private final int red;
        private final int green;
        private final int blue;
        private final int alpha;
        private final boolean hasAlpha;
        private final boolean premultiplied;

        PackedInts(DirectColorModel colors, General accessors) {
            this.accessors = accessors;
            red = Integer.numberOfTrailingZeros(colors.getRedMask());
            green = Integer.numberOfTrailingZeros(colors.getGreenMask());
            blue = Integer.numberOfTrailingZeros(colors.getBlueMask());
            alpha = Integer.numberOfTrailingZeros(colors.getAlphaMask());
            hasAlpha = colors.hasAlpha();
            premultiplied = colors.isAlphaPremultiplied();
        }

        @Override
        void read(Raster raster, int x, int y, int width, short[][] planes, int at) {
            if (!(raster.getSampleModel() instanceof SinglePixelPackedSampleModel samples)
                    || !(raster.getDataBuffer() instanceof DataBufferInt buffer)) {
                accessors.read(raster, x, y, width, planes, at);
                return;
            }
            int[] data = buffer.getData();
            int from = buffer.getOffset()
                    + samples.getOffset(x - raster.getSampleModelTranslateX(), y - raster.getSampleModelTranslateY());
            for (int i = 0; i < width; i++) {
                int pixel = data[from + i];
                planes[0][at + i] = (short) (pixel >>> red & 0xFF);
                planes[1][at + i] = (short) (pixel >>> green & 0xFF);
                planes[2][at + i] = (short) (pixel >>> blue & 0xFF);
            }
            if (hasAlpha) {
                for (int i = 0; i < width; i++) {
                    planes[3][at + i] = (short) (data[from + i] >>> alpha & 0xFF);
                }
            }
            if (hasAlpha && premultiplied) {
                divideByAlpha(planes, at, width, 0xFF);
            }
        }
    }

    /** Components of one byte, interleaved or banded. Rasters that keep them elsewhere than in arrays are read through their accessors. */
    private static final class Bytes extends PixelReader {

        private final boolean premultiplied;
        private final General accessors;

        Bytes(boolean premultiplied, General accessors) {
            this.premultiplied = premultiplied;
            this.accessors = accessors;
        }

        @Override
        void read(Raster raster, int x, int y, int width, short[][] planes, int at) {
            if (!(raster.getSampleModel() instanceof ComponentSampleModel samples)
                    || !(raster.getDataBuffer() instanceof DataBufferByte buffer)) {
                accessors.read(raster, x, y, width, planes, at);
                return;
            }
            int step = samples.getPixelStride();
            for (int p = 0; p < planes.length; p++) {
                int bank = samples.getBankIndices()[p];
                byte[] data = buffer.getData(bank);
                int from = buffer.getOffsets()[bank]
                        + samples.getOffset(x - raster.getSampleModelTranslateX(), y - raster.getSampleModelTranslateY(), p);
                short[] plane = planes[p];
                for (int i = 0; i < width; i++) {
                    plane[at + i] = (short) (data[from + i * step] & 0xFF);
                }
            }
            if (premultiplied) {
                divideByAlpha(planes, at, width, 0xFF);
            }
        }
    }

    /** Indices into a palette, of any number of bits. */
    private static final class Palette extends PixelReader {

        private final int[] argb;
        private final PixelFormat format;
        private int[] indices = new int[0];

        Palette(IndexColorModel colors) {
            argb = palette(colors);
            format = format(colors);
        }

        @Override
        void read(Raster raster, int x, int y, int width, short[][] planes, int at) {
            if (indices.length < width) {
                indices = new int[width];
            }
            raster.getSamples(x, y, width, 1, 0, indices);
            for (int i = 0; i < width; i++) {
                int color = indices[i] < argb.length ? argb[indices[i]] : 0;
                for (int p = 0; p < format.colourPlanes(); p++) {
                    planes[p][at + i] = (short) (color >>> 16 - 8 * p & 0xFF);
                }
                if (format.hasAlpha()) {
                    planes[format.planes() - 1][at + i] = (short) (color >>> 24);
                }
            }
        }
    }

    /**
     * Anything else: through 16-bit components, or floating-point ones in the range of their colour space, and through the colour
     * management system unless gray or sRGB.
     */
    private static final class General extends PixelReader {

        private final ColorModel colors;
        private final int colorComponents;
        private final int max;
        private final boolean unsignedIntegers;
        private final ColorConvertOp toSRGB;

        General(ColorModel colors, boolean gray, int bitDepth) {
            this.colors = colors;
            max = (1 << bitDepth) - 1;
            colorComponents = colors.getNumColorComponents();
            int type = colors.getTransferType();
            unsignedIntegers = (colors instanceof ComponentColorModel || colors instanceof DirectColorModel)
                    && (type == DataBuffer.TYPE_BYTE || type == DataBuffer.TYPE_USHORT || type == DataBuffer.TYPE_INT);
            toSRGB = gray || colors.getColorSpace().isCS_sRGB() ? null
                    : new ColorConvertOp(colors.getColorSpace(), ColorSpace.getInstance(ColorSpace.CS_sRGB), null);
        }

        @Override
        void read(Raster raster, int x, int y, int width, short[][] planes, int at) {
            short[][] components = new short[colors.getNumComponents()][width];
            short[][] rgb = components;
            if (unsignedIntegers) {
                readIntegers(raster, x, y, width, components);
                rgb = toSRGB == null ? components : convert(integers(components, width), width);
            } else {
                float[][] inRange = readInRange(raster, x, y, width);
                for (int c = 0; c < components.length; c++) {
                    for (int i = 0; i < width; i++) {
                        components[c][i] = (short) Math.round(Math.max(0, Math.min(1, inRange[c][i])) * MAX16);
                    }
                }
                rgb = toSRGB == null ? components : convert(floats(inRange, width), width);
            }
            int colorPlanes = colors.hasAlpha() ? planes.length - 1 : planes.length;
            for (int p = 0; p < planes.length; p++) {
                short[] plane = p < colorPlanes ? rgb[p] : components[colorComponents];
                for (int i = 0; i < width; i++) {
                    planes[p][at + i] = (short) (((long) (plane[i] & MAX16) * max + MAX16 / 2) / MAX16);
                }
            }
        }

        private void readIntegers(Raster raster, int x, int y, int width, short[][] components) {
            int[] samples = new int[width];
            for (int c = 0; c < components.length; c++) {
                long max = (1L << colors.getComponentSize(c)) - 1;
                raster.getSamples(x, y, width, 1, c, samples);
                for (int i = 0; i < width; i++) {
                    long sample = samples[i] & 0xFFFFFFFFL;
                    components[c][i] = (short) ((Math.min(sample, max) * MAX16 + max / 2) / max);
                }
            }
            if (colors.hasAlpha() && colors.isAlphaPremultiplied()) {
                divideByAlpha(components, 0, width, MAX16);
            }
        }

        /** Signed, floating-point and home-made pixels; the colour model divides by alpha, and gives values in its colour space's range. */
        private float[][] readInRange(Raster raster, int x, int y, int width) {
            float[][] components = new float[colors.getNumComponents()][width];
            Object pixel = null;
            float[] normalized = new float[components.length];
            for (int i = 0; i < width; i++) {
                pixel = raster.getDataElements(x + i, y, pixel);
                colors.getNormalizedComponents(pixel, normalized, 0);
                for (int c = 0; c < components.length; c++) {
                    components[c][i] = normalized[c];
                }
            }
            return components;
        }

        private WritableRaster floats(float[][] components, int width) {
            int[] bands = IntStream.range(0, colorComponents).toArray();
            WritableRaster raster = Raster.createWritableRaster(new PixelInterleavedSampleModel(DataBuffer.TYPE_FLOAT, width, 1,
                    colorComponents, width * colorComponents, bands), null);
            for (int c = 0; c < colorComponents; c++) {
                raster.setSamples(0, 0, width, 1, c, components[c]);
            }
            return raster;
        }

        private WritableRaster integers(short[][] components, int width) {
            WritableRaster from = Raster.createInterleavedRaster(DataBuffer.TYPE_USHORT, width, 1, colorComponents, null);
            short[] interleaved = ((DataBufferUShort) from.getDataBuffer()).getData();
            for (int c = 0; c < colorComponents; c++) {
                for (int i = 0; i < width; i++) {
                    interleaved[i * colorComponents + c] = components[c][i];
                }
            }
            return from;
        }

        private short[][] convert(Raster from, int width) {
            WritableRaster to = Raster.createInterleavedRaster(DataBuffer.TYPE_USHORT, width, 1, 3, null);
            toSRGB.filter(from, to);
            short[] converted = ((DataBufferUShort) to.getDataBuffer()).getData();
            short[][] rgb = new short[3][width];
            for (int i = 0; i < 3 * width; i++) {
                rgb[i % 3][i / 3] = converted[i];
            }
            return rgb;
        }
    }
}
