// SPDX-License-Identifier: Apache-2.0
package org.semimage.picture;

import org.semimage.container.PixelFormat;

import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.ComponentSampleModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.DataBufferInt;
import java.awt.image.DirectColorModel;
import java.awt.image.SampleModel;
import java.awt.image.SinglePixelPackedSampleModel;
import java.awt.image.WritableRaster;

/** Turns rows of planes into rows of a raster; one subclass for each way that rasters commonly store pixels. */
abstract class PixelWriter {

    final short[][] planes;
    final WritableRaster raster;

    /** A writer of planes, one for each component of the raster; alpha is null where the picture has none. */
    private PixelWriter(short[][] planes, WritableRaster raster) {
        this.planes = planes;
        this.raster = raster;
    }

    /**
     * Writes part of a row.
     *
     * @param from  index of the first sample in each plane
     * @param step  distance of samples in a plane
     * @param count samples to write
     * @param x     column of the raster for the first sample
     * @param y     row of the raster
     */
    abstract void write(int from, int step, int count, int x, int y);

    /**
     * A writer into an image of any kind.
     *
     * @throws IllegalArgumentException if the destination cannot hold the picture's colours
     */
    static PixelWriter of(PixelPlanes picture, ColorModel colors, WritableRaster raster) {
        PixelFormat source = picture.format();
        PixelFormat target = PixelReader.format(colors);
        boolean packed = colors instanceof DirectColorModel;
        boolean stored = packed || colors instanceof ComponentColorModel && raster.getTransferType() <= DataBuffer.TYPE_USHORT;
        if (!stored || target.isGray() && !source.isGray() || !target.isGray() && !colors.getColorSpace().isCS_sRGB()) {
            throw new IllegalArgumentException("a destination of " + colors + " cannot hold " + source);
        }
        short[][] planes = new short[target.planes()][];
        for (int c = 0; c < target.colourPlanes(); c++) {
            planes[c] = picture.samples()[source.isGray() ? 0 : c];
        }
        if (target.hasAlpha()) {
            planes[target.planes() - 1] = source.hasAlpha() ? picture.alpha() : null;
        }
        boolean multiply = colors.isAlphaPremultiplied() && target.hasAlpha() && source.hasAlpha();
        SampleModel samples = raster.getSampleModel();
        boolean eightBits = source.bitDepth() == 8;
        for (int size : colors.getComponentSize()) {
            eightBits &= size == 8;
        }
        if (eightBits && packed && samples instanceof SinglePixelPackedSampleModel && raster.getDataBuffer() instanceof DataBufferInt) {
            return new PackedInts(planes, raster, (DirectColorModel) colors, multiply);
        }
        if (eightBits && samples instanceof ComponentSampleModel && raster.getDataBuffer() instanceof DataBufferByte) {
            return new Bytes(planes, raster, multiply);
        }
        return new General(planes, raster, colors, source.maxSample(), multiply);
    }

    private static int multiply(int sample, int alpha) {
        return (sample * alpha + 127) / 255;
    }

    /** Pixels of one int, eight bits to the component. */
    private static final class PackedInts extends PixelWriter {

        private final int[] shifts;
        private final boolean multiply;

        PackedInts(short[][] planes, WritableRaster raster, DirectColorModel colors, boolean multiply) {
            super(planes, raster);
            this.multiply = multiply;
            int[] masks = colors.getMasks();
            shifts = new int[masks.length];
            for (int i = 0; i < masks.length; i++) {
                shifts[i] = Integer.numberOfTrailingZeros(masks[i]);
            }
        }

        @Override
        void write(int from, int step, int count, int x, int y) {
            SinglePixelPackedSampleModel samples = (SinglePixelPackedSampleModel) raster.getSampleModel();
            DataBufferInt buffer = (DataBufferInt) raster.getDataBuffer();
            int[] data = buffer.getData();
            int at = buffer.getOffset()
                    + samples.getOffset(x - raster.getSampleModelTranslateX(), y - raster.getSampleModelTranslateY());
            short[] alpha = planes.length == 4 ? planes[3] : null;
            int opaque = planes.length == 4 && alpha == null ? 0xFF << shifts[3] : 0;
            for (int i = 0; i < count; i++) {
                int source = from + i * step;
                int red = planes[0][source];
                int green = planes[1][source];
                int blue = planes[2][source];
                int pixel = opaque;
                if (alpha != null) {
                    int a = alpha[source];
                    pixel = a << shifts[3];
                    if (multiply) {
                        red = multiply(red, a);
                        green = multiply(green, a);
                        blue = multiply(blue, a);
                    }
                }
                data[at + i] = pixel | red << shifts[0] | green << shifts[1] | blue << shifts[2];
            }
        }
    }

    /** Components of one byte, interleaved or banded. */
    private static final class Bytes extends PixelWriter {

        private final boolean multiply;

        Bytes(short[][] planes, WritableRaster raster, boolean multiply) {
            super(planes, raster);
            this.multiply = multiply;
        }

        @Override
        void write(int from, int step, int count, int x, int y) {
            ComponentSampleModel samples = (ComponentSampleModel) raster.getSampleModel();
            DataBufferByte buffer = (DataBufferByte) raster.getDataBuffer();
            short[] alpha = planes[planes.length - 1];
            int stride = samples.getPixelStride();
            for (int p = 0; p < planes.length; p++) {
                int bank = samples.getBankIndices()[p];
                byte[] data = buffer.getData(bank);
                int at = buffer.getOffsets()[bank]
                        + samples.getOffset(x - raster.getSampleModelTranslateX(), y - raster.getSampleModelTranslateY(), p);
                short[] plane = planes[p];
                boolean multiplied = multiply && p < planes.length - 1;
                for (int i = 0; i < count; i++) {
                    int source = from + i * step;
                    int sample = plane == null ? 0xFF : plane[source];
                    data[at + i * stride] = (byte) (multiplied ? multiply(sample, alpha[source]) : sample);
                }
            }
        }
    }

    /** Other unsigned integers, and samples that are kept elsewhere than in arrays: by the raster, scaled to each component's size. */
    private static final class General extends PixelWriter {

        private final ColorModel colors;
        private final int opaque;
        private final boolean multiply;

        /** A writer by way of the colour model; {@code opaque} is the planes' largest sample. */
        General(short[][] planes, WritableRaster raster, ColorModel colors, int opaque, boolean multiply) {
            super(planes, raster);
            this.colors = colors;
            this.opaque = opaque;
            this.multiply = multiply;
        }

        @Override
        void write(int from, int step, int count, int x, int y) {
            int[] line = new int[count];
            short[] alpha = planes[planes.length - 1];
            for (int p = 0; p < planes.length; p++) {
                long max = (1L << colors.getComponentSize(p)) - 1;
                for (int i = 0; i < count; i++) {
                    int source = from + i * step;
                    long sample = planes[p] == null ? opaque : planes[p][source] & 0xFFFF;
                    if (multiply && p < planes.length - 1) {
                        sample = (sample * (alpha[source] & 0xFFFF) + opaque / 2) / opaque;
                    }
                    line[i] = (int) ((sample * max + opaque / 2) / opaque);
                }
                raster.setSamples(x, y, count, 1, p, line);
            }
        }
    }
}
