// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.semantic;

import org.semimage.compute.entropy.ArithmeticDecoder;
import org.semimage.compute.entropy.ArithmeticEncoder;
import org.semimage.generate.Descriptors;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Descriptors to bytes and back (FORMAT.md, "Descriptors"). The most useful numbers come first. Every prefix of the bytes decodes to the
 * numbers that it determines. So an encoder writes them all and cuts where the budget ends.
 */
public final class DescriptorCodec {

    /** Steps of 2^(i/4 - 1) for index i. */
    static final int STEPS = 32;

    private static final int MAX_LAYOUT = 2048;
    private static final int MAX_TEXTURE = 20;

    /** What squared frequencies of a component are multiplied by to order it among the others. */
    private static final int[] LATENESS = {1, 8, 24};

    /** Layout amplitudes before the first cepstral coefficient, and from one to the next. */
    private static final int TEXTURE_FROM = 12;
    private static final int TEXTURE_EVERY = 6;

    /** Magnitudes that have a probability of their own; the last one stands for all that are as large or larger. */
    public static final int MAGNITUDES = 16;
    private static final int[] BIT = {1, 1};
    private static final int[] EXCESS_BITS = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    private static final int UNITY = 16;
    private static final int ADAPT = 8;

    /** Neighbours of an amplitude, columns and rows away, and what they count. Those not yet coded count nothing. */
    private static final int[][] NEIGHBOURS = {{-1, 0, 2}, {0, -1, 2}, {1, 0, 2}, {0, 1, 2}, {-1, -1, 1}, {1, -1, 1},
            {-1, 1, 1}, {-2, 0, 1}, {0, -2, 1}};
    /** What the same amplitude of another component counts, and what speaks against all of them, in sixteenths of a step. */
    private static final int OTHER_COMPONENT = 2;
    private static final int DOUBT = 32;
    private static final int[] QUARTER_OCTAVES = {16, 19, 23, 27};

    private DescriptorCodec() {
    }

    /** What a bit is worth in squared steps when an amplitude is rounded. */
    private static final double BIT_PRICE = 0.1;

    /** A number to code: a layout amplitude if component is 0..2, a cepstral coefficient if it is 3. */
    private record Item(int component, int index, int scale, float mean) {
    }

    /** Is told of every magnitude and of the index that chose its frequencies. */
    public interface Tap {
        /**
         * A magnitude.
         *
         * @param index     chose its frequencies
         * @param magnitude 0 or more
         */
        void magnitude(int index, int magnitude);
    }

    /** The bytes of descriptors with a quantizer step, as far as they are of use; a prefix is as good as its length allows. */
    static byte[] encode(Descriptors d, int step, int maxBytes) {
        return encode(d, step, maxBytes, (index, magnitude) -> { });
    }

    /** The same, with somebody who listens. */
    public static byte[] encode(Descriptors d, int step, int maxBytes, Tap tap) {
        float[] cepstrum = Cepstrum.forward(d.texture());
        ArithmeticEncoder out = new ArithmeticEncoder();
        out.encode(step, 1, STEPS);
        Model model = new Model(step, d.columns(), d.rows());
        for (Item item : items(d.columns(), d.rows(), d.texture().length)) {
            model.encode(item, item.component == 3 ? cepstrum[item.index] : d.layout()[item.component][item.index], out, tap);
            if (model.bits > 8L * maxBytes + 64) {
                break;
            }
        }
        return Arrays.copyOf(out.finish(), maxBytes);
    }

    /**
     * The bytes of the quantizer step that leaves the smallest error in the layout: a coarse search, then a fine one around what it
     * found.
     */
    public static byte[] encode(Descriptors descriptors, int bytes, int width, int height) {
        int best = 0;
        byte[] coded = new byte[0];
        double least = Double.MAX_VALUE;
        for (int stride : new int[] {4, 2, 1}) {
            int middle = best;
            for (int step = 0; step < STEPS; step++) {
                if (stride == 4 ? step % 4 == 0 : Math.abs(step - middle) == stride) {
                    byte[] tried = encode(descriptors, step, bytes);
                    double error = distance(descriptors, decode(tried, 0, width, height));
                    if (error < least) {
                        least = error;
                        best = step;
                        coded = tried;
                    }
                }
            }
        }
        return coded;
    }

    private static double distance(Descriptors a, Descriptors b) {
        double sum = 0;
        for (int c = 0; c < 3; c++) {
            for (int i = 0; i < a.layout()[c].length; i++) {
                double difference = a.layout()[c][i] - b.layout()[c][i];
                sum += difference * difference;
            }
        }
        return sum;
    }

    /** The descriptors that bytes determine, of a picture of a size. */
    static Descriptors decode(byte[] bytes, int from, int width, int height) {
        return decode(bytes, from, width, height, (index, magnitude) -> { });
    }

    /** The same, with somebody who listens. */
    public static Descriptors decode(byte[] bytes, int from, int width, int height, Tap tap) {
        int longSide = Math.max(width, height);
        int columns = DescriptorAnalysis.cells(width, longSide);
        int rows = DescriptorAnalysis.cells(height, longSide);
        int levels = DescriptorAnalysis.levels(longSide);
        float[][] layout = new float[3][columns * rows];
        float[] cepstrum = new float[Cepstrum.size(levels)];
        int layoutCount = 0;
        int textureCount = 0;
        ArithmeticDecoder in = new ArithmeticDecoder(bytes, from, bytes.length);
        int[] steps = new int[STEPS];
        Arrays.fill(steps, 1);
        int step = in.decodeIfCertain(steps, STEPS, STEPS);
        Model model = new Model(step, columns, rows);
        for (Item item : items(columns, rows, levels)) {
            if (step < 0 || !model.decode(item, in, tap)) {
                break;
            }
            if (item.component == 3) {
                cepstrum[item.index] = model.value;
                textureCount++;
            } else {
                layout[item.component][item.index] = model.value;
                layoutCount++;
            }
        }
        return new Descriptors(columns, rows, layout, layoutCount, Cepstrum.inverse(cepstrum, levels), textureCount);
    }

    /** What is coded, in order of importance: low frequencies first, those of chroma later, texture in between. */
    private static List<Item> items(int columns, int rows, int levels) {
        record Amplitude(int component, int u, int v, long key) {
        }
        List<Amplitude> amplitudes = new ArrayList<>();
        for (int component = 0; component < 3; component++) {
            for (int v = 0; v < rows; v++) {
                for (int u = 0; u < columns; u++) {
                    amplitudes.add(new Amplitude(component, u, v, LATENESS[component] * square(u, v, columns, rows)));
                }
            }
        }
        amplitudes.sort(Comparator.comparingLong(Amplitude::key).thenComparingInt(Amplitude::component)
                .thenComparingInt(Amplitude::v).thenComparingInt(Amplitude::u));
        List<Item> items = new ArrayList<>();
        List<Integer> texture = Cepstrum.order(levels);
        int next = 0;
        for (int i = 0; i < Math.min(amplitudes.size(), MAX_LAYOUT); i++) {
            Amplitude a = amplitudes.get(i);
            items.add(new Item(a.component, a.v * columns + a.u, DescriptorTables.LAYOUT[a.component][bucket(a.u, a.v, columns, rows)], 0));
            if (i >= TEXTURE_FROM && (i - TEXTURE_FROM) % TEXTURE_EVERY == 0 && next < Math.min(MAX_TEXTURE, texture.size())) {
                items.add(new Item(3, texture.get(next), DescriptorTables.TEXTURE[next], DescriptorTables.TEXTURE_MEAN[next]));
                next++;
            }
        }
        return items;
    }

    /** The squared frequency of an amplitude, in a unit of the grid's own. */
    private static long square(int u, int v, int columns, int rows) {
        return (long) u * u * rows * rows + (long) v * v * columns * columns;
    }

    /** The octave of the squared frequency of an amplitude, see {@link DescriptorTables#LAYOUT}. */
    public static int bucket(int u, int v, int columns, int rows) {
        long unit = (long) Math.min(columns, rows) * Math.min(columns, rows);
        return Math.min(DescriptorTables.BUCKETS - 1, 64 - Long.numberOfLeadingZeros(4 * square(u, v, columns, rows) / unit));
    }

    /** The probabilities, which follow how large the numbers around are. */
    private static final class Model {

        private final int step;
        private final int columns;
        private final int[][] coded;
        private final int[][] expected;
        private final int[] offsets = new int[3];
        private final int[][] agreements = {{1, 1}, {1, 1}};
        private final int[] frequencies = new int[MAGNITUDES];
        private double bits;
        private float value;

        private Model(int step, int columns, int rows) {
            this.step = step;
            this.columns = columns;
            this.coded = new int[3][columns * rows];
            this.expected = new int[3][columns * rows];
        }

        private static int group(Item item) {
            return item.component == 3 ? 2 : Math.min(item.component, 1);
        }

        /**
         * The index of the mean magnitude in steps, in quarter octaves, {@link #UNITY} for one step, as tables and earlier numbers tell
         * it.
         */
        private int index(Item item) {
            int scale = item.component == 3 ? item.scale : item.scale - step;
            return clamp(scale + UNITY + (offsets[group(item)] >> 4));
        }

        private static int clamp(int index) {
            return Math.max(0, Math.min(DescriptorTables.ZERO.length - 1, index));
        }

        /** How much larger, in quarter octaves, an amplitude should be expected because those around it were larger than expected. */
        private int around(Item item) {
            if (item.component == 3) {
                return 0;
            }
            long found = DOUBT;
            long awaited = DOUBT;
            for (int[] neighbour : NEIGHBOURS) {
                int u = Math.abs(item.index % columns + neighbour[0]);
                int v = Math.abs(item.index / columns + neighbour[1]);
                int at = v * columns + u;
                if (u < columns && at < coded[0].length) {
                    found += 16L * neighbour[2] * Math.abs(coded[item.component][at]);
                    awaited += (long) neighbour[2] * expected[item.component][at];
                }
            }
            for (int c = 0; c < item.component; c++) {
                found += 16L * OTHER_COMPONENT * Math.abs(coded[c][item.index]);
                awaited += (long) OTHER_COMPONENT * expected[c][item.index];
            }
            return Math.max(-8, Math.min(8, 3 * (quarters(found) - quarters(awaited)) >> 2));
        }

        /** Four times the binary logarithm, rounded down. */
        private static int quarters(long x) {
            int octave = 63 - Long.numberOfLeadingZeros(x);
            long mantissa = x << 16 >> octave;
            return 4 * octave + (mantissa >= 110218 ? 3 : mantissa >= 92682 ? 2 : mantissa >= 77936 ? 1 : 0);
        }

        /** The mean magnitude that an index stands for, in sixteenths of a step. */
        private static int mean(int index) {
            return QUARTER_OCTAVES[index & 3] << (index >> 2) >> 4;
        }

        private float stepOf(Item item) {
            return item.component == 3 ? 0.5f : (float) Math.pow(2, step / 4.0 - 1);
        }

        private void frequencies(int index) {
            int rest = 65536 - DescriptorTables.ZERO[index];
            frequencies[0] = DescriptorTables.ZERO[index];
            for (int m = 1; m < MAGNITUDES - 1; m++) {
                frequencies[m] = 1 + (int) ((long) rest * (65536 - DescriptorTables.MORE[index]) >> 16);
                rest = Math.max(0, rest - frequencies[m]);
            }
            frequencies[MAGNITUDES - 1] = 1 + rest;
        }

        /** Frequencies of an item's signs: chroma follows luma, or the chroma before it, as it did at other frequencies. */
        private int[] signs(Item item) {
            int other = reference(item);
            if (other == 0) {
                return BIT;
            }
            int[] count = agreements[item.component - 1];
            return other > 0 ? count : new int[] {count[1], count[0]};
        }

        private int reference(Item item) {
            if (item.component == 0 || item.component == 3) {
                return 0;
            }
            int luma = coded[0][item.index];
            return luma != 0 || item.component == 1 ? luma : coded[1][item.index];
        }

        private void adapt(Item item, int index, int number, int alone) {
            int magnitude = Math.abs(number);
            boolean above = index > UNITY ? magnitude > 1 << (index - UNITY) / 4 : magnitude > 0;
            int zero = DescriptorTables.ZERO[index];
            int down = index > UNITY ? ADAPT * 2 / 3 : ADAPT * (65536 - zero) / zero;
            offsets[group(item)] = Math.max(-160, Math.min(160, offsets[group(item)] + (above ? ADAPT : -down)));
            if (item.component < 3) {
                int other = reference(item);
                if (number != 0 && other != 0) {
                    agreements[item.component - 1][number > 0 == other > 0 ? 0 : 1]++;
                }
                coded[item.component][item.index] = number;
                expected[item.component][item.index] = mean(alone);
            }
        }

        void encode(Item item, float real, ArithmeticEncoder out, Tap tap) {
            int alone = index(item);
            int index = clamp(alone + around(item));
            frequencies(index);
            float scaled = (real - item.mean) / stepOf(item);
            int magnitude = rounded(Math.abs(scaled), item.component == 3 ? 0 : BIT_PRICE);
            int shown = Math.min(magnitude, MAGNITUDES - 1);
            put(frequencies, shown, out);
            if (magnitude > 0) {
                put(signs(item), scaled < 0 ? 1 : 0, out);
            }
            if (shown == MAGNITUDES - 1) {
                int excess = Math.min(magnitude - shown + 1, (1 << 16) - 1);
                int length = 31 - Integer.numberOfLeadingZeros(excess);
                put(EXCESS_BITS, length, out);
                for (int i = length - 1; i >= 0; i--) {
                    put(BIT, excess >> i & 1, out);
                }
            }
            tap.magnitude(index, magnitude);
            adapt(item, index, scaled < 0 ? -magnitude : magnitude, alone);
        }

        /** The magnitude of least squared error and price of bits, of the two next to a number and 0. */
        private int rounded(float scaled, double price) {
            int best = 0;
            double least = scaled * scaled + price * cost(0);
            for (int m = Math.max(1, (int) scaled); m <= (int) scaled + 1; m++) {
                double error = (scaled - m) * (scaled - m) + price * cost(m);
                if (error < least) {
                    least = error;
                    best = m;
                }
            }
            return best;
        }

        private double cost(int magnitude) {
            int total = Arrays.stream(frequencies).sum();
            return Math.log((double) total / frequencies[Math.min(magnitude, MAGNITUDES - 1)]) / Math.log(2) + (magnitude > 0 ? 1 : 0);
        }

        private void put(int[] f, int symbol, ArithmeticEncoder out) {
            int start = Arrays.stream(f, 0, symbol).sum();
            int total = Arrays.stream(f).sum();
            out.encode(start, f[symbol], total);
            bits += Math.log((double) total / f[symbol]) / Math.log(2);
        }

        /** Decodes {@link #value}; false if the bytes do not determine it. */
        boolean decode(Item item, ArithmeticDecoder in, Tap tap) {
            int alone = index(item);
            int index = clamp(alone + around(item));
            frequencies(index);
            int magnitude = get(frequencies, in);
            int sign = magnitude > 0 ? get(signs(item), in) : 0;
            if (magnitude < 0 || sign < 0) {
                return false;
            }
            if (magnitude == MAGNITUDES - 1) {
                int length = get(EXCESS_BITS, in);
                int excess = length < 0 ? -1 : 1;
                for (int i = 0; i < length && excess >= 0; i++) {
                    int bit = get(BIT, in);
                    excess = bit < 0 ? -1 : excess << 1 | bit;
                }
                if (excess < 0) {
                    return false;
                }
                magnitude += excess - 1;
            }
            tap.magnitude(index, magnitude);
            int number = sign == 1 ? -magnitude : magnitude;
            adapt(item, index, number, alone);
            value = item.mean + number * stepOf(item);
            return true;
        }

        private static int get(int[] f, ArithmeticDecoder in) {
            return in.decodeIfCertain(f, f.length, Arrays.stream(f).sum());
        }
    }
}
