package org.semimage.profile;

import org.semimage.compute.ArithmeticDecoder;
import org.semimage.compute.ArithmeticEncoder;
import org.semimage.generate.Descriptors;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Descriptors to bytes and back (FORMAT.md, "Descriptors"). The most useful numbers come first, and every prefix of the bytes decodes
 * to those that it determines, so an encoder writes them all and cuts where the budget ends.
 */
final class DescriptorCodec {

    /** Steps of 2^(i/4 - 1) for index i. */
    static final int STEPS = 32;

    private static final int MAX_LAYOUT = 768;
    private static final int MAX_TEXTURE = 20;

    /** Layout amplitudes before the first cepstral coefficient, and from one to the next. */
    private static final int TEXTURE_FROM = 12;
    private static final int TEXTURE_EVERY = 6;

    private static final int MAGNITUDES = 16;
    private static final int[] BIT = {1, 1};
    private static final int[] EXCESS_BITS = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    private static final int UNITY = 16;
    private static final int ADAPT = 8;

    private DescriptorCodec() {
    }

    /** A number to code: a layout amplitude if component is 0..2, a cepstral coefficient if it is 3. */
    private record Item(int component, int index, int scale, float mean) {
    }

    /** The bytes of descriptors with a quantizer step, as far as they are of use; a prefix is as good as its length allows. */
    static byte[] encode(Descriptors d, int step, int maxBytes) {
        float[] cepstrum = Cepstrum.forward(d.texture());
        ArithmeticEncoder out = new ArithmeticEncoder();
        out.encode(step, 1, STEPS);
        Model model = new Model(step);
        for (Item item : items(d.columns(), d.rows(), d.texture().length)) {
            float value = item.component == 3 ? cepstrum[item.index] : d.layout()[item.component][item.index];
            model.encode(item, value, out);
            if (model.ideal > 8L * maxBytes + 64) {
                break;
            }
        }
        return Arrays.copyOf(out.finish(), maxBytes);
    }

    /** The descriptors that bytes determine, of a picture of a size. */
    static Descriptors decode(byte[] bytes, int from, int width, int height) {
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
        Model model = new Model(step);
        for (Item item : items(columns, rows, levels)) {
            if (step < 0 || !model.decode(item, in)) {
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

    /** What is coded, in order of importance: low frequencies first, chroma at half of luma's resolution, texture in between. */
    private static List<Item> items(int columns, int rows, int levels) {
        record Amplitude(int component, int u, int v, long key) {
        }
        List<Amplitude> amplitudes = new ArrayList<>();
        for (int component = 0; component < 3; component++) {
            for (int v = 0; v < rows; v++) {
                for (int u = 0; u < columns; u++) {
                    long square = (long) u * u * rows * rows + (long) v * v * columns * columns;
                    amplitudes.add(new Amplitude(component, u, v, component == 0 ? square : 4 * square));
                }
            }
        }
        amplitudes.sort(Comparator.comparingLong(Amplitude::key).thenComparingInt(Amplitude::component)
                .thenComparingInt(Amplitude::v).thenComparingInt(Amplitude::u));
        int unit = Math.min(columns, rows);
        List<Item> items = new ArrayList<>();
        List<Integer> texture = Cepstrum.order(levels);
        int next = 0;
        for (int i = 0; i < Math.min(amplitudes.size(), MAX_LAYOUT); i++) {
            Amplitude a = amplitudes.get(i);
            long square = (a.component == 0 ? a.key : a.key / 4) * 4 / ((long) unit * unit);
            int bucket = Math.min(DescriptorTables.BUCKETS - 1, 64 - Long.numberOfLeadingZeros(square));
            items.add(new Item(a.component, a.v * columns + a.u, DescriptorTables.LAYOUT[a.component][bucket], 0));
            if (i >= TEXTURE_FROM && (i - TEXTURE_FROM) % TEXTURE_EVERY == 0 && next < Math.min(MAX_TEXTURE, texture.size())) {
                items.add(new Item(3, texture.get(next), DescriptorTables.TEXTURE[next], DescriptorTables.TEXTURE_MEAN[next]));
                next++;
            }
        }
        return items;
    }

    /** The probabilities, which follow how large the numbers are. */
    private static final class Model {

        private final int step;
        private final int[] offsets = new int[3];
        private final int[] frequencies = new int[MAGNITUDES];
        private double ideal;
        private float value;

        private Model(int step) {
            this.step = step;
        }

        private int group(Item item) {
            return item.component == 3 ? 2 : Math.min(item.component, 1);
        }

        /** The index of the mean magnitude in steps, in quarter octaves, {@link #UNITY} for one step. */
        private int index(Item item) {
            int scale = item.component == 3 ? item.scale : item.scale - step;
            return Math.max(0, Math.min(DescriptorTables.ZERO.length - 1, scale + UNITY + (offsets[group(item)] >> 4)));
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

        private void adapt(Item item, int index, int magnitude) {
            boolean above = index > UNITY ? magnitude > 1 << (index - UNITY) / 4 : magnitude > 0;
            int zero = DescriptorTables.ZERO[index];
            int down = index > UNITY ? ADAPT * 2 / 3 : ADAPT * (65536 - zero) / zero;
            offsets[group(item)] = Math.max(-160, Math.min(160, offsets[group(item)] + (above ? ADAPT : -down)));
        }

        void encode(Item item, float real, ArithmeticEncoder out) {
            int index = index(item);
            frequencies(index);
            float scaled = (real - item.mean) / stepOf(item);
            int magnitude = (int) (Math.abs(scaled) + 0.4f);
            int shown = Math.min(magnitude, MAGNITUDES - 1);
            put(frequencies, shown, out);
            if (magnitude > 0) {
                put(BIT, scaled < 0 ? 1 : 0, out);
            }
            if (shown == MAGNITUDES - 1) {
                int excess = Math.min(magnitude - shown + 1, (1 << 16) - 1);
                int bits = 31 - Integer.numberOfLeadingZeros(excess);
                put(EXCESS_BITS, bits, out);
                for (int i = bits - 1; i >= 0; i--) {
                    put(BIT, excess >> i & 1, out);
                }
            }
            adapt(item, index, magnitude);
        }

        private void put(int[] f, int symbol, ArithmeticEncoder out) {
            int start = Arrays.stream(f, 0, symbol).sum();
            int total = Arrays.stream(f).sum();
            out.encode(start, f[symbol], total);
            ideal += Math.log((double) total / f[symbol]) / Math.log(2);
        }

        /** Decodes {@link #value}; false if the bytes do not determine it. */
        boolean decode(Item item, ArithmeticDecoder in) {
            int index = index(item);
            frequencies(index);
            int magnitude = get(frequencies, in);
            int sign = magnitude > 0 ? get(BIT, in) : 0;
            if (magnitude < 0 || sign < 0) {
                return false;
            }
            if (magnitude == MAGNITUDES - 1) {
                int bits = get(EXCESS_BITS, in);
                int excess = bits < 0 ? -1 : 1;
                for (int i = 0; i < bits && excess >= 0; i++) {
                    int bit = get(BIT, in);
                    excess = bit < 0 ? -1 : excess << 1 | bit;
                }
                if (excess < 0) {
                    return false;
                }
                magnitude += excess - 1;
            }
            adapt(item, index, magnitude);
            value = item.mean + (sign == 1 ? -magnitude : magnitude) * stepOf(item);
            return true;
        }

        private static int get(int[] f, ArithmeticDecoder in) {
            return in.decodeIfCertain(f, f.length, Arrays.stream(f).sum());
        }
    }
}
