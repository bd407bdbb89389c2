// SPDX-License-Identifier: Apache-2.0
package org.semimage.text;

import org.semimage.compute.tensor.NamedTensors;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The language prior of texts: a gated recurrent unit (Cho et al., 2014) over words, in integers alone, so that frequencies are
 * the same on every machine (FORMAT.md, "Text prior"). Immutable and safe for use by many threads at once.
 */
public final class TextPrior {

    /** Words below this number are coded in one step; those above behind one of two markers. */
    static final int HEAD = 1024;

    /** Where the second part of the others begins. */
    static final int MIDDLE = 4096;

    static final int SPELL_CLASSES = 29;
    static final int SPELL_SYMBOLS = 97;

    private final Vocabulary vocabulary;
    private final int[] embedding;
    private final int[] embeddingScale;
    private final int[] embeddingBias;
    private final Affine input;
    private final Affine hidden;
    private final Affine out;
    private final int[] sigmoid;
    private final int[] tanh;
    private final int[] exp2;
    private final byte[] spelling;

    /** A matrix of rows, each with a scale in units of 2^-20. */
    private record Affine(int[] weight, int[] scale, int[] bias) {

        static Affine of(NamedTensors tensors, String name, int rows, int columns) {
            return new Affine(widened(tensors.bytes(name + ".weight", rows, columns)), tensors.ints(name + ".scale", rows),
                    tensors.ints(name + ".bias", -1));
        }

        /** The product with a vector, without bias: {@code (sum * scale + half) >> shift}. */
        int[] times(int[] x, int shift) {
            int[] y = new int[scale.length];
            for (int row = 0; row < y.length; row++) {
                y[row] = (int) ((long) dot(weight, row * x.length, x) * scale[row] + (1L << shift - 1) >> shift);
            }
            return y;
        }
    }

    /** What has been said so far; belongs to one text. */
    final class State {

        private int[] h = new int[hidden.scale.length / 3];
        private int[] query;

        /** A state that goes on from here by itself. */
        State copy() {
            State copy = new State();
            copy.h = h;
            return copy;
        }

        /** Goes on behind a token. */
        void next(int token) {
            int width = input.weight.length / input.scale.length;
            int[] x = new int[width];
            for (int j = 0; j < width; j++) {
                x[j] = embedding[token * width + j] * embeddingScale[token] + 128 >> 8;
            }
            int[] gx = input.times(x, 20);
            int[] gh = hidden.times(h, 22);
            int n = h.length;
            int[] after = new int[n];
            for (int i = 0; i < n; i++) {
                int z = look(sigmoid, gx[i] + input.bias[i] + gh[i]);
                int r = look(sigmoid, gx[n + i] + input.bias[n + i] + gh[n + i]);
                int reset = (int) ((long) r * (gh[2 * n + i] + hidden.bias[i]) + 8192 >> 14);
                int candidate = look(tanh, gx[2 * n + i] + input.bias[2 * n + i] + reset);
                after[i] = candidate + (z * (h[i] - candidate) + 8192 >> 14);
            }
            h = after;
            query = out.times(h, 22);
            for (int i = 0; i < query.length; i++) {
                query[i] += out.bias[i];
            }
        }

        /** The recurrent unit's state, in units of 2^-14; not a copy. */
        int[] units() {
            return h;
        }

        /** The frequencies of the words {@code low..high - 1} to come next, each at least 1. */
        int[] frequencies(int low, int high) {
            int[] f = new int[high - low];
            int best = Integer.MIN_VALUE;
            for (int i = 0; i < f.length; i++) {
                long scale = embeddingScale[low + i] * 94548L + (1 << 15) >> 16;
                f[i] = (int) (dot(embedding, (low + i) * query.length, query) * scale + (1 << 23) >> 24) + embeddingBias[low + i];
                best = Math.max(best, f[i]);
            }
            for (int i = 0; i < f.length; i++) {
                f[i] = power(best - f[i]);
            }
            return f;
        }
    }

    /**
     * A prior with a pack's weights, which are copied.
     *
     * @throws IllegalArgumentException if a tensor is missing or does not fit
     */
    public TextPrior(NamedTensors tensors) {
        String words = new String(tensors.bytes("words", -1), StandardCharsets.US_ASCII);
        vocabulary = Vocabulary.of(Arrays.asList(words.split("\n")));
        int size = vocabulary.words().size();
        int width = (int) tensors.get("embedding.weight").shape()[1];
        int units = (int) tensors.get("h.bias").shape()[0];
        embedding = widened(tensors.bytes("embedding.weight", size, width));
        embeddingScale = tensors.ints("embedding.scale", size);
        embeddingBias = tensors.ints("embedding.bias", size);
        input = Affine.of(tensors, "x", 3 * units, width);
        hidden = Affine.of(tensors, "h", 3 * units, units);
        out = Affine.of(tensors, "out", width, units);
        sigmoid = tensors.ints("sigmoid", 4096);
        tanh = tensors.ints("tanh", 4096);
        exp2 = tensors.ints("exp2", 256);
        spelling = tensors.bytes("spelling", SPELL_CLASSES * SPELL_CLASSES, SPELL_SYMBOLS);
    }

    Vocabulary vocabulary() {
        return vocabulary;
    }

    /** The state before a text's first token. */
    State start() {
        return new State();
    }

    /** The frequencies of the next character of a spelled piece, given the classes of the two before it. */
    int[] spelling(int before, int last) {
        int[] f = new int[SPELL_SYMBOLS];
        int row = (before * SPELL_CLASSES + last) * SPELL_SYMBOLS;
        for (int i = 0; i < SPELL_SYMBOLS; i++) {
            f[i] = power(32 * spelling[row + i]);
        }
        return f;
    }

    /** {@code 1 + 2^(18 - octaves / 256)}, rounded down. */
    private int power(int octaves) {
        return 1 + (exp2[octaves & 255] >> Math.min(octaves >> 8, 31));
    }

    /** A table's value at a number in units of 2^-12, from -8 to 8. */
    private static int look(int[] table, int value) {
        return table[Math.max(0, Math.min(4095, (value >> 4) + 2048))];
    }

    private static int dot(int[] weights, int from, int[] x) {
        int sum = 0;
        for (int j = 0; j < x.length; j++) {
            sum += weights[from + j] * x[j];
        }
        return sum;
    }

    private static int[] widened(byte[] bytes) {
        int[] ints = new int[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            ints[i] = bytes[i];
        }
        return ints;
    }
}
