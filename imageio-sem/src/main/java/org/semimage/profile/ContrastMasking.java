package org.semimage.profile;

import javax.imageio.IIOException;
import java.awt.Rectangle;

/**
 * Chooses gains by what the eye sees: an error hides in contrast. Steps grow with the local variance as the denominator of structural
 * similarity does (Z. Wang, A. C. Bovik et al., "Image quality assessment: from error visibility to structural similarity", IEEE Trans. Image
 * Processing 13(4), 2004), within two octaves either way. Smooth parts of a busy block count most, so that no noise spreads over them.
 */
final class ContrastMasking {

    /** Samples along the side of the cells that variance is measured in. */
    private static final int CELL = 8;

    /** The variance of luma at which the step is the picture's; errors in much smoother places show equally. */
    private static final double VISIBLE = 100;

    /** Share of the sensitivity that goes into the step; 1/2 would make errors proportional to contrast. */
    private static final double EXPONENT = 0.3;

    private static final int MAX_GAIN = 8;
    private static final int UNITS_PER_OCTAVE = 4;

    private ContrastMasking() {
    }

    /**
     * The gains of a picture.
     *
     * @param height of the padded picture; its last row and column repeat
     * @param width  of the padded picture
     * @throws IIOException if the pixels cannot be had
     */
    static GainMap of(PixelSource source, int height, int width, Watcher watcher) throws IIOException {
        GainMap map = GainMap.blank(height, width);
        int block = 1 << map.log2Block();
        double[][] sensitivity = new double[map.rows()][map.columns()];
        for (int top = 0; top < height; top += block) {
            Transforms.checkpoint(watcher, 0);
            int from = Math.min(top, source.height() - 1);
            PixelPlanes strip = source.read(new Rectangle(0, from, source.width(), Math.min(block, source.height() - from)));
            for (int y = 0; y < block; y += CELL) {
                for (int x = 0; x < width; x += CELL) {
                    sensitivity[top / block][x / block] += 1 / (variance(strip, y, x) + VISIBLE);
                }
            }
        }
        int cells = block / CELL * (block / CELL);
        byte[] gains = map.gains();
        for (int i = 0; i < gains.length; i++) {
            double octaves = EXPONENT * Math.log(sensitivity[i / map.columns()][i % map.columns()] / cells * 2 * VISIBLE) / Math.log(2);
            gains[i] = (byte) Math.max(-MAX_GAIN, Math.min(MAX_GAIN, Math.floor(octaves * UNITS_PER_OCTAVE + 0.5)));
        }
        return map;
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
