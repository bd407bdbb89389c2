// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.fuzz;

import org.semimage.compute.backend.Backends;
import org.semimage.compute.entropy.ArithmeticDecoder;
import org.semimage.compute.entropy.ArithmeticEncoder;
import org.semimage.compute.entropy.LogisticMixer;
import org.semimage.compute.entropy.RansDecoder;
import org.semimage.compute.entropy.RansEncoder;
import org.semimage.compute.entropy.ScaleTables;
import org.semimage.compute.entropy.SymbolDecoder;
import org.semimage.compute.entropy.SymbolStep;
import org.semimage.compute.kernel.JavaKernels;
import org.semimage.compute.kernel.Kernels;
import org.semimage.profile.BinaryContexts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Entropy decoders: any bytes are symbols, which come back when they are encoded and decoded again. */
final class EntropyTargets {

    private static final int SETS = 16;
    private static final int MOST_ENTRIES = 128;
    private static final int TOTAL = 1 << RansEncoder.PRECISION;
    private static final int CONTEXTS = 32;
    private static final int MOST_DECISIONS = 4096;

    private static final Kernels JAVA = new JavaKernels();
    private static final Kernels CPP = Backends.isAvailable("native") ? Backends.of("native") : JAVA;
    private static final List<ScaleTables> TABLES = IntStream.range(0, SETS).mapToObj(EntropyTargets::tables).toList();

    private EntropyTargets() {
    }

    /** Tables of 2 to 256 entries with anything from 1 on in them; those with odd numbers have two quantizers. */
    private static ScaleTables tables(int seed) {
        Random random = new Random(seed);
        int[][] rows = new int[ScaleTables.TABLES * (1 + seed % 2)][];
        for (int t = 0; t < rows.length; t++) {
            rows[t] = new int[2 + 2 * random.nextInt(MOST_ENTRIES)];
            Arrays.fill(rows[t], 1);
            int left = TOTAL - rows[t].length;
            for (int k = 1; k < rows[t].length; k++) {
                int more = random.nextInt(left / 4 + 1);
                rows[t][k] += more;
                left -= more;
            }
            rows[t][0] += left;
        }
        return new ScaleTables(rows);
    }

    /** Scale indices of a symbol step: a first one, and what is added from one to the next. */
    private static byte[] scaleIndices(FuzzInput in, int most) {
        byte[] indices = new byte[in.below(most)];
        int first = in.u8();
        int stride = in.u8();
        int mask = in.u8();
        for (int i = 0; i < indices.length; i++) {
            indices[i] = (byte) (first + (i * stride & mask) & ScaleTables.SCALE_INDICES - 1);
        }
        return indices;
    }

    static void symbols(FuzzInput in) {
        int set = in.below(SETS);
        ScaleTables tables = TABLES.get(set);
        int lanes = in.flag() ? 1 << in.below(6) : 1 + in.below(RansDecoder.MAX_LANES);
        int kind = in.u8();
        int most = kind >= 0xFC ? 2200 : kind >= 0xE0 ? 400 : 48;
        List<byte[]> scaleIndices = new ArrayList<>();
        for (int s = 0; s <= kind % 3; s++) {
            scaleIndices.add(scaleIndices(in, most));
        }
        byte[] stream = in.rest();
        List<int[]> decoded = decode(JAVA, tables, stream, lanes, scaleIndices, false);
        compare(decoded, decode(CPP, tables, stream, lanes, scaleIndices, false), "C++ decodes something else");
        List<SymbolStep> steps = new ArrayList<>();
        for (int s = 0; s < decoded.size(); s++) {
            steps.add(set % 2 == 1 ? SymbolStep.ofReconstructionLevels(decoded.get(s), scaleIndices.get(s))
                    : new SymbolStep(decoded.get(s), scaleIndices.get(s)));
        }
        byte[] again = JAVA.encode(tables, steps, lanes);
        Found.unless(Arrays.equals(again, CPP.encode(tables, steps, lanes)), "C++ encodes something else");
        compare(decoded, decode(JAVA, tables, again, lanes, scaleIndices, true), "symbols do not come back");
    }

    private static List<int[]> decode(Kernels kernels, ScaleTables tables, byte[] stream, int lanes, List<byte[]> scaleIndices,
                                      boolean whole) {
        List<int[]> all = new ArrayList<>();
        try (SymbolDecoder decoder = kernels.decoder(tables, stream, 0, stream.length, lanes)) {
            for (byte[] indices : scaleIndices) {
                int[] symbols = new int[indices.length];
                int count = decoder.decode(indices, symbols);
                Found.unless(count == symbols.length || decoder.exhausted() && !whole, "symbols are missing within a stream");
                all.add(symbols);
            }
        }
        return all;
    }

    private static void compare(List<int[]> expected, List<int[]> found, String what) {
        for (int s = 0; s < expected.size(); s++) {
            Found.unless(Arrays.equals(expected.get(s), found.get(s)), what);
        }
    }

    static void arithmetic(FuzzInput in) {
        int[] frequencies = new int[1 + in.below(16)];
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = 1 + in.below(in.flag() ? 4096 : 8);
        }
        int total = IntStream.of(frequencies).sum();
        int[] symbols = new int[in.below(200)];
        byte[] bytes = in.rest();
        ArithmeticDecoder decoder = new ArithmeticDecoder(bytes, 0, bytes.length);
        ArithmeticDecoder cautious = new ArithmeticDecoder(bytes, 0, bytes.length);
        ArithmeticDecoder other = new ArithmeticDecoder(Seeds.behind(new byte[] {-1, -1, -1, -1, -1}, unsigned(bytes)), 0,
                bytes.length + Integer.BYTES + 1);
        ArithmeticEncoder encoder = new ArithmeticEncoder();
        boolean certain = true;
        for (int i = 0; i < symbols.length; i++) {
            symbols[i] = decoder.decode(frequencies, frequencies.length, total);
            int sure = certain ? cautious.decodeIfCertain(frequencies, frequencies.length, total) : -1;
            certain = sure >= 0;
            Found.unless(!certain || sure == symbols[i] && sure == other.decode(frequencies, frequencies.length, total),
                    "a certain symbol that could be another one");
            encoder.encode(IntStream.of(frequencies).limit(symbols[i]).sum(), frequencies[symbols[i]], total);
        }
        byte[] coded = encoder.finish();
        ArithmeticDecoder again = new ArithmeticDecoder(coded, 0, coded.length);
        for (int symbol : symbols) {
            Found.unless(again.decode(frequencies, frequencies.length, total) == symbol, "a symbol does not come back");
        }
        Found.unless(!again.exhausted() && coded.length <= again.length(), "an encoder's bytes are too many or too few");
    }

    private static int[] unsigned(byte[] bytes) {
        int[] values = new int[bytes.length];
        Arrays.setAll(values, i -> bytes[i] & 0xFF);
        return values;
    }

    static void binary(FuzzInput in) {
        int[] contexts = new int[1 + in.below(31)];
        for (int i = 0; i < contexts.length; i++) {
            contexts[i] = in.below(CONTEXTS);
        }
        byte[] bytes = in.rest();
        RansDecoder rans = new RansDecoder(bytes, 0, bytes.length, 1);
        BinaryContexts decisions = new BinaryContexts(CONTEXTS);
        LogisticMixer mixer = new LogisticMixer(2, CONTEXTS, 2, 255, 6);
        BinaryContexts learning = new BinaryContexts(CONTEXTS);
        RansEncoder encoder = new RansEncoder(1);
        int[] bits = new int[MOST_DECISIONS];
        int count = 0;
        while (count < MOST_DECISIONS && !rans.exhausted()) {
            int context = contexts[count % contexts.length];
            bits[count] = decisions.decode(rans, context);
            learning.encode(encoder, context, bits[count]);
            mixer.select(0, context);
            mixer.select(1, contexts[(count + 1) % contexts.length]);
            int probability = mixer.mix(context & 1);
            Found.unless(probability > 0 && probability < LogisticMixer.ONE, "a decision that is certain");
            mixer.learn(bits[count]);
            count++;
        }
        byte[] coded = encoder.finish();
        RansDecoder again = new RansDecoder(coded, 0, coded.length, 1);
        BinaryContexts anew = new BinaryContexts(CONTEXTS);
        for (int i = 0; i < count; i++) {
            Found.unless(anew.decode(again, contexts[i % contexts.length]) == bits[i], "a decision does not come back");
        }
        Found.unless(!again.exhausted() && again.position() == coded.length, "an encoder's bytes are too many or too few");
    }
}
