// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.transform;

import org.semimage.compute.Watcher;
import org.semimage.picture.PixelPlanes;
import org.semimage.picture.PixelSource;
import org.semimage.profile.EncodeOptions;

import javax.imageio.IIOException;
import java.awt.Rectangle;
import java.util.List;

/**
 * Gains chosen by what the eye sees: an error hides in contrast. Steps grow with the local variance as the denominator of structural
 * similarity does (Z. Wang, A. C. Bovik et al., "Image quality assessment: from error visibility to structural similarity", IEEE Trans.
 * Image Processing 13(4), 2004), within two octaves either way. Smooth parts of a busy block count most, so that no noise spreads over
 * them. In a small file a map counts as well: its blocks are larger, and its gains stay what its code predicts if that is near enough.
 *
 * @param wide   of blocks of 32 samples to a side, for low quality
 * @param narrow of blocks of 16 samples to a side, for high quality
 */
public record ContrastMasking(GainMap wide, GainMap narrow) {

    /** The quality index from which on narrow blocks pay, about 0.4 bits per pixel of photographs. */
    private static final int NARROW_FROM = 80;

    /** Samples along the side of the cells that variance is measured in. */
    private static final int CELL = 8;

    /** Rows that are read at a time; padded sides are multiples of it. */
    private static final int STRIP = 32;

    /** The variance of luma at which the step is the picture's; errors in much smoother places show equally. */
    private static final double VISIBLE = 100;

    /** Share of the sensitivity that goes into the step; 1/2 would make errors proportional to contrast. */
    private static final double EXPONENT = 0.15;

    private static final int MAX_GAIN = 8;
    private static final int UNITS_PER_OCTAVE = 4;

    /** Units of a gain that the predicted one may be off. */
    private static final double WIDE_TOLERANCE = 1.5;
    private static final double NARROW_TOLERANCE = 0.75;

    /**
     * The gains of a picture.
     *
     * @param height of the padded picture; its last row and column repeat
     * @param width  of the padded picture
     * @throws IIOException if the pixels cannot be had
     */
    public static ContrastMasking of(PixelSource source, int height, int width, Watcher watcher) throws IIOException {
        double[][] sensitivity = new double[height / CELL][width / CELL];
        for (int top = 0; top < height; top += STRIP) {
            watcher.checkpoint(0);
            int from = Math.min(top, source.height() - 1);
            PixelPlanes strip = source.read(new Rectangle(0, from, source.width(), Math.min(STRIP, source.height() - from)));
            for (int y = 0; y < STRIP; y += CELL) {
                for (int x = 0; x < width; x += CELL) {
                    sensitivity[(top + y) / CELL][x / CELL] = 1 / (variance(strip, y, x) + VISIBLE);
                }
            }
        }
        return new ContrastMasking(map(sensitivity, GainMap.blank(height, width), WIDE_TOLERANCE),
                map(sensitivity, GainMap.blank(height, width, GainMap.MIN_LOG2_BLOCK), NARROW_TOLERANCE));
    }

    /** The gains at a quality index. */
    public GainMap at(int qualityIndex) {
        return qualityIndex < NARROW_FROM ? wide : narrow;
    }

    /** The same with regions of interest. */
    ContrastMasking plus(List<EncodeOptions.RegionOfInterest> interest) {
        return new ContrastMasking(wide.plus(interest), narrow.plus(interest));
    }

    private static GainMap map(double[][] sensitivity, GainMap map, double tolerance) {
        int side = (1 << map.log2Block()) / CELL;
        byte[] gains = map.gains();
        for (int i = 0; i < gains.length; i++) {
            int row = i / map.columns();
            int column = i % map.columns();
            double octaves = EXPONENT * Math.log(mean(sensitivity, row * side, column * side, side) * 2 * VISIBLE) / Math.log(2);
            double units = Math.max(-MAX_GAIN, Math.min(MAX_GAIN, octaves * UNITS_PER_OCTAVE));
            int predicted = GainMapCodec.predict(gains, i, row, column, map.columns());
            gains[i] = (byte) (Math.abs(units - predicted) <= tolerance ? predicted : Math.floor(units + 0.5));
        }
        return map;
    }

    private static double mean(double[][] sensitivity, int top, int left, int side) {
        double sum = 0;
        for (int y = top; y < top + side; y++) {
            for (int x = left; x < left + side; x++) {
                sum += sensitivity[y][x];
            }
        }
        return sum / (side * side);
    }

    private static double variance(PixelPlanes strip, int top, int left) {
        double sum = 0;
        double squares = 0;
        for (int y = top; y < top + CELL; y++) {
            int row = Math.min(y, strip.height() - 1) * strip.width();
            for (int x = left; x < left + CELL; x++) {
                double luma = luma(strip, row + Math.min(x, strip.width() - 1));
                sum += luma;
                squares += luma * luma;
            }
        }
        double mean = sum / (CELL * CELL);
        return squares / (CELL * CELL) - mean * mean;
    }

    /** BT.601. */
    private static double luma(PixelPlanes strip, int i) {
        short[][] samples = strip.samples();
        return strip.format().isGray() ? samples[0][i] : 0.299 * samples[0][i] + 0.587 * samples[1][i] + 0.114 * samples[2][i];
    }
}
