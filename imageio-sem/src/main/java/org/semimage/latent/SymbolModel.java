// SPDX-License-Identifier: Apache-2.0
package org.semimage.latent;

import org.semimage.compute.entropy.Decisions;
import org.semimage.compute.entropy.LogisticMixer;

/**
 * Estimates the quantized coefficients of latents from those coded before: the order in which they are coded, their contexts, and the
 * decisions that each of them takes (FORMAT.md, "Latents"). Encoder and decoder differ in where the outcomes come from alone.
 */
final class SymbolModel {

    /** What an encoder wants to say. */
    interface Symbols {

        /** Says nothing: a decoder's. */
        Symbols NONE = new Symbols() {
            @Override
            public boolean isEmpty(int component, Band band) {
                return false;
            }

            @Override
            public int symbol(int component, int at, int prediction) {
                return 0;
            }
        };

        /** Whether a component's band has no symbol but 0. */
        boolean isEmpty(int component, Band band);

        /**
         * A symbol; {@link SymbolModel#cost} is that of symbols in its place.
         *
         * @param prediction what the symbol is added to; 0 but in the low band
         */
        int symbol(int component, int at, int prediction);
    }

    /**
     * A band of the wavelet, in the layout in which each level's low band is the upper left quarter.
     *
     * @param level       1 the finest
     * @param orientation 0 high along x, 1 high along y, 2 both, 3 the low band of the coarsest level
     */
    record Band(int level, int orientation, int left, int top, int width, int height) {

        private boolean isLow() {
            return orientation == LOW;
        }
    }

    /** Levels that have an expectation of their own, with the low band as level 0. */
    static final int LEVELS = 6;

    /** Symbols are clamped to this. */
    private static final int MAX_VALUE = 1 << 20;

    /** Decisions on a magnitude that have contexts of their own: whether it is above 0, 1, ...; the last for all that follow. */
    private static final int KINDS = 6;

    /** Magnitudes below this are told one by one, what is left by an Exp-Golomb code. */
    private static final int UNARY = 15;

    private static final int MAX_REST_BITS = 19;
    private static final int LOW = 3;
    private static final int LARGEST_ACTIVITY = 16;

    private static final int EXPECTATIONS = 32;
    private static final int BAND_NUMBERS = 16;
    private static final int WEIGHT_SETS = 4;
    private static final int INPUTS = 6;
    private static final int MEMORY = 127;
    private static final int EMPTY_MEMORY = 30;

    /** How fast the weights of contexts move. */
    static final int RATE = 12;

    private final int channels;
    private final int height;
    private final int width;
    private final int levels;
    private final byte[][] spectrum;
    private final int qualityIndex;
    private final int[][] symbols;
    private final int[][] values;
    private final int[] activity;
    private final LogisticMixer magnitudes;
    private final LogisticMixer empties;
    private final int[] firstContext = new int[INPUTS];
    private final int[] contexts = new int[INPUTS];
    private int weightSet;

    /**
     * @param spectrum {@code [component][level]}: the magnitude expected of coefficients in sixteenths of an octave; level 0 is the low
     *                 band
     * @param qualityIndex of the quantizer step, 0..255
     */
    SymbolModel(int height, int width, byte[][] spectrum, int qualityIndex) {
        this.channels = spectrum.length;
        this.height = height;
        this.width = width;
        this.levels = levels(height, width);
        this.spectrum = spectrum;
        this.qualityIndex = qualityIndex;
        symbols = new int[channels][height * width];
        values = new int[channels][height * width];
        activity = new int[height * width];
        int[] sizes = {16 * 8, EXPECTATIONS * 8, 16 * 8, channels * BAND_NUMBERS, 16 * EXPECTATIONS, 16 * EXPECTATIONS};
        int count = 0;
        for (int i = 0; i < INPUTS; i++) {
            firstContext[i] = count;
            count += sizes[i] * KINDS;
        }
        magnitudes = new LogisticMixer(INPUTS, count, KINDS * WEIGHT_SETS, MEMORY, RATE);
        empties = new LogisticMixer(2, 2 * EXPECTATIONS + channels, 1, EMPTY_MEMORY, RATE);
    }

    /** Levels of the wavelet: as many, up to five, as leave four samples of the shorter side. */
    static int levels(int height, int width) {
        int levels = 0;
        while (levels < LEVELS - 1 && Math.min(height, width) >> levels + 1 >= 4) {
            levels++;
        }
        return levels;
    }

    /** Symbols as they were coded. */
    int[][] symbols() {
        return symbols;
    }

    /** Quantized coefficients: symbols, in the low band with their predictions. */
    int[][] values() {
        return values;
    }

    /** Codes all symbols in the format's order. */
    void code(Symbols wanted, Decisions decisions) {
        band(new Band(levels, LOW, 0, 0, SpatialWavelet.half(width, levels), SpatialWavelet.half(height, levels)), wanted, decisions);
        for (int level = levels; level > 0; level--) {
            int right = SpatialWavelet.half(width, level);
            int bottom = SpatialWavelet.half(height, level);
            int restWidth = SpatialWavelet.half(width, level - 1) - right;
            int restHeight = SpatialWavelet.half(height, level - 1) - bottom;
            band(new Band(level, 0, right, 0, restWidth, bottom), wanted, decisions);
            band(new Band(level, 1, 0, bottom, right, restHeight), wanted, decisions);
            band(new Band(level, 2, right, bottom, restWidth, restHeight), wanted, decisions);
        }
    }

    private void band(Band band, Symbols wanted, Decisions decisions) {
        if (band.width == 0 || band.height == 0) {
            return;
        }
        int emptyBefore = 0;
        for (int c = 0; c < channels; c++) {
            int expectation = expectation(c, band);
            empties.select(0, expectation + EXPECTATIONS * emptyBefore);
            empties.select(1, 2 * EXPECTATIONS + c);
            emptyBefore = decisions.decide(empties.mix(0), wanted.isEmpty(c, band) ? 1 : 0);
            empties.learn(emptyBefore);
            if (emptyBefore == 0) {
                component(c, band, expectation, wanted, decisions);
            }
        }
    }

    private int expectation(int component, Band band) {
        int magnitude = spectrum[component][band.isLow() ? 0 : band.level];
        return Math.max(0, Math.min(EXPECTATIONS - 1, magnitude + qualityIndex + 16 >> 2));
    }

    private void component(int c, Band band, int expectation, Symbols wanted, Decisions decisions) {
        int bandNumber = band.isLow() ? BAND_NUMBERS - 1 : 3 * (band.level - 1) + band.orientation;
        weightSet = Math.min(WEIGHT_SETS - 1, bandNumber / 3);
        for (int y = 0; y < band.height; y++) {
            for (int x = 0; x < band.width; x++) {
                int at = (band.top + y) * width + band.left + x;
                selectContexts(c, band, x, y, at, expectation, bandNumber);
                int prediction = band.isLow() ? prediction(values[c], x, y, at) : 0;
                int symbol = symbol(wanted.symbol(c, at, prediction), decisions);
                symbols[c][at] = symbol;
                values[c][at] = Math.max(-MAX_VALUE, Math.min(MAX_VALUE, prediction + symbol));
                activity[at] += Math.min(Math.abs(symbol), LARGEST_ACTIVITY);
            }
        }
    }

    private void selectContexts(int c, Band band, int x, int y, int at, int expectation, int bandNumber) {
        int[] plane = symbols[c];
        int w = x > 0 ? Math.abs(plane[at - 1]) : 0;
        int n = y > 0 ? Math.abs(plane[at - width]) : 0;
        int near = 2 * (w + n)
                + (x > 0 && y > 0 ? Math.abs(plane[at - width - 1]) : 0)
                + (y > 0 && x < band.width - 1 ? Math.abs(plane[at - width + 1]) : 0)
                + (x > 1 ? Math.abs(plane[at - 2]) : 0)
                + (y > 1 ? Math.abs(plane[at - 2 * width]) : 0);
        int across = 2 * activity[at]
                + (x > 0 ? activity[at - 1] : 0)
                + (x < band.width - 1 ? activity[at + 1] : 0)
                + (y > 0 ? activity[at - width] : 0)
                + (y < band.height - 1 ? activity[at + width] : 0);
        int before = (c > 0 ? 2 * Math.abs(symbols[c - 1][at]) : 0) + (c > 1 ? Math.abs(symbols[c - 2][at]) : 0);
        int parent = 0;
        int parentActivity = 0;
        if (!band.isLow() && band.level < levels) {
            int from = parent(band, x, y);
            parent = Math.abs(plane[from]);
            parentActivity = activity[from];
        }
        int nearClass = classOf(near, 15);
        select(0, nearClass * 8 + classOf(2 * parent, 7));
        select(1, expectation * 8 + classOf(w + n, 7));
        select(2, classOf(across, 15) * 8 + nearClass / 2);
        select(3, c * BAND_NUMBERS + bandNumber);
        select(4, classOf(parentActivity, 15) * EXPECTATIONS + expectation);
        select(5, expectation * 16 + classOf(2 * before + (across >> 2) + near, 15));
    }

    /** The place of the coefficient that covers the same samples in the same orientation, one level up. */
    private int parent(Band band, int x, int y) {
        int right = SpatialWavelet.half(width, band.level + 1);
        int bottom = SpatialWavelet.half(height, band.level + 1);
        int px = band.orientation == 1 ? x / 2 : right + x / 2;
        int py = band.orientation == 0 ? y / 2 : bottom + y / 2;
        return Math.min(py, SpatialWavelet.half(height, band.level) - 1) * width + Math.min(px, SpatialWavelet.half(width, band.level) - 1);
    }

    private int prediction(int[] plane, int x, int y, int at) {
        if (y == 0) {
            return x == 0 ? 0 : plane[at - 1];
        }
        return x == 0 ? plane[at - width] : plane[at - 1] + plane[at - width] + 1 >> 1;
    }

    /** 0 to 3 as they are, then two classes an octave. */
    private static int classOf(int sum, int most) {
        if (sum < 4) {
            return sum;
        }
        int log = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(sum);
        return Math.min(most, 2 * log + (sum >> log - 1 & 1));
    }

    private void select(int input, int context) {
        contexts[input] = firstContext[input] + context * KINDS;
    }

    /** The chance that a magnitude is above one that it is known to reach. */
    private int chanceAbove(int magnitude) {
        int kind = Math.min(magnitude, KINDS - 1);
        for (int i = 0; i < INPUTS; i++) {
            magnitudes.select(i, contexts[i] + kind);
        }
        return magnitudes.mix(kind * WEIGHT_SETS + weightSet);
    }

    private int symbol(int wanted, Decisions decisions) {
        int target = Math.abs(wanted);
        int magnitude = 0;
        while (magnitude < UNARY) {
            int above = decisions.decide(chanceAbove(magnitude), target > magnitude ? 1 : 0);
            magnitudes.learn(above);
            if (above == 0) {
                break;
            }
            magnitude++;
        }
        if (magnitude == UNARY) {
            magnitude += rest(target - UNARY, decisions);
        }
        return magnitude != 0 && even(decisions, wanted < 0 ? 1 : 0) == 1 ? -magnitude : magnitude;
    }

    private static int rest(int wanted, Decisions decisions) {
        int bits = log2(wanted + 1);
        int count = 0;
        while (count < MAX_REST_BITS && even(decisions, bits > count ? 1 : 0) == 1) {
            count++;
        }
        int value = 1;
        for (int i = count - 1; i >= 0; i--) {
            value = value << 1 | even(decisions, wanted + 1 >> i & 1);
        }
        return value - 1;
    }

    private static int even(Decisions decisions, int outcome) {
        return decisions.decide(LogisticMixer.ONE / 2, outcome);
    }

    private static int log2(int value) {
        return Integer.SIZE - 1 - Integer.numberOfLeadingZeros(Math.max(1, value));
    }

    /** Bits of a symbol in the place that {@link Symbols#symbol} is asked for. */
    double cost(int symbol) {
        int magnitude = Math.abs(symbol);
        double bits = magnitude == 0 ? 0 : 1;
        for (int below = 0; below < Math.min(magnitude, UNARY); below++) {
            bits += bits(chanceAbove(below));
        }
        return magnitude < UNARY ? bits + bits(LogisticMixer.ONE - chanceAbove(magnitude)) : bits + 2 * log2(magnitude - UNARY + 1) + 1;
    }

    private static double bits(int chance) {
        return -Math.log(chance / (double) LogisticMixer.ONE) / Math.log(2);
    }
}
