// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.lossless;

import org.semimage.compute.entropy.RansDecoder;
import org.semimage.compute.entropy.RansEncoder;
import org.semimage.profile.BinaryContexts;

import org.semimage.container.Chunk;

import javax.imageio.IIOException;
import java.util.Arrays;

/**
 * What a strip of a lossless picture says about one of its planes before its bands: weights and tables (FORMAT.md, "Lossless
 * payload").
 *
 * @param weights     of all classes of {@link PlanePredictor}
 * @param frequencies of the tokens in each context; neighbouring contexts that share a table share the array
 */
record LosslessParameters(int[] weights, int[][] frequencies) {

    /** Codes the parameters of a strip's planes, in their order of coding. */
    static final class Writer {

        private final RansEncoder rans = new RansEncoder(1);
        private final Contexts contexts = new Contexts();

        void write(LosslessParameters parameters, int references) {
            int taps = PlanePredictor.taps(references);
            int[] last = Arrays.copyOf(PlanePredictor.defaultWeights(references), taps);
            for (int c = 0; c < PlanePredictor.CLASSES; c++) {
                int[] weights = Arrays.copyOfRange(parameters.weights, c * taps, (c + 1) * taps);
                boolean given = !Arrays.equals(weights, last);
                contexts.decisions.encode(rans, Contexts.WEIGHTS_GIVEN, given ? 1 : 0);
                if (given) {
                    for (int weight : weights) {
                        rans.putBits(0, weight + PlanePredictor.MAX_WEIGHT + 1, Contexts.WEIGHT_BITS);
                    }
                    last = weights;
                }
            }
            int[] table = Contexts.zeroOnly(parameters.frequencies[0].length);
            for (int[] frequencies : parameters.frequencies) {
                boolean given = !Arrays.equals(frequencies, table);
                contexts.decisions.encode(rans, Contexts.TABLE_GIVEN, given ? 1 : 0);
                if (given) {
                    writeTable(frequencies);
                    table = frequencies;
                }
            }
        }

        private void writeTable(int[] frequencies) {
            int mode = mode(frequencies);
            int count = frequencies.length;
            while (frequencies[count - 1] == 0) {
                count--;
            }
            rans.putBits(0, mode, Contexts.TOKEN_BITS);
            rans.putBits(0, count - 1, Contexts.TOKEN_BITS);
            int length = 0;
            for (int t = 0; t < count; t++) {
                if (t != mode) {
                    int before = length;
                    length = Contexts.bitLength(frequencies[t]);
                    int node = 1;
                    for (int shift = Contexts.LENGTH_BITS - 1; shift >= 0; shift--) {
                        int bit = length >> shift & 1;
                        contexts.decisions.encode(rans, Contexts.length(before, node), bit);
                        node = node << 1 | bit;
                    }
                    int bits = Contexts.mantissaBits(length);
                    if (bits > 0) {
                        rans.putBits(0, frequencies[t] >> Contexts.droppedBits(length) & (1 << bits) - 1, bits);
                    }
                }
            }
        }

        /** The token that is not written: the one that was given the rest, if that shows, or any. */
        private static int mode(int[] frequencies) {
            for (int t = 0; t < frequencies.length; t++) {
                int dropped = Contexts.droppedBits(Contexts.bitLength(frequencies[t]));
                if (frequencies[t] >> dropped << dropped != frequencies[t]) {
                    return t;
                }
            }
            return highest(frequencies);
        }

        byte[] finish() {
            return rans.finish();
        }
    }

    /**
     * Rounds counts to frequencies that a table can have.
     *
     * @param counts at least one of them positive
     */
    static int[] frequencies(int[] counts) {
        int mode = highest(counts);
        int[] rounded = round(counts, mode, 0.5);
        return rounded[mode] > 0 ? rounded : round(counts, mode, 0);
    }

    /** Gives the mode what the others leave; rounded down, they leave something. */
    private static int[] round(int[] counts, int mode, double up) {
        double scale = (1 << ResidualTable.PRECISION) / (double) Arrays.stream(counts).asLongStream().sum();
        int[] frequencies = new int[counts.length];
        int rest = 1 << ResidualTable.PRECISION;
        for (int t = 0; t < counts.length; t++) {
            if (t != mode && counts[t] > 0) {
                int exact = (int) Math.max(1, Math.floor(counts[t] * scale + up));
                int dropped = Contexts.droppedBits(Contexts.bitLength(exact));
                frequencies[t] = exact + (int) ((1 << dropped) * up) >> dropped << dropped;
                rest -= frequencies[t];
            }
        }
        frequencies[mode] = rest;
        return frequencies;
    }

    private static int highest(int[] values) {
        int highest = 0;
        for (int i = 1; i < values.length; i++) {
            if (values[i] > values[highest]) {
                highest = i;
            }
        }
        return highest;
    }

    /** Decodes what {@link Writer} coded. */
    static final class Reader {

        private final RansDecoder rans;
        private final Contexts contexts = new Contexts();

        Reader(byte[] payload, int from, int to) {
            rans = new RansDecoder(payload, from, to, 1);
        }

        /** @throws IIOException if a table is impossible; running out of bytes is for {@link #end} to find */
        LosslessParameters read(int references, int tokens) throws IIOException {
            int taps = PlanePredictor.taps(references);
            int[] weights = PlanePredictor.defaultWeights(references);
            for (int c = 0; c < PlanePredictor.CLASSES; c++) {
                int at = c * taps;
                if (contexts.decisions.decode(rans, Contexts.WEIGHTS_GIVEN) == 1) {
                    for (int t = 0; t < taps; t++) {
                        weights[at + t] = rans.bits(0, Contexts.WEIGHT_BITS) - PlanePredictor.MAX_WEIGHT - 1;
                    }
                } else if (c > 0) {
                    System.arraycopy(weights, at - taps, weights, at, taps);
                }
            }
            int[][] frequencies = new int[PlanePredictor.CONTEXTS][];
            int[] table = Contexts.zeroOnly(tokens);
            for (int c = 0; c < frequencies.length; c++) {
                if (contexts.decisions.decode(rans, Contexts.TABLE_GIVEN) == 1) {
                    table = readTable(tokens);
                }
                frequencies[c] = table;
            }
            return new LosslessParameters(weights, frequencies);
        }

        private int[] readTable(int tokens) throws IIOException {
            int mode = rans.bits(0, Contexts.TOKEN_BITS);
            int count = rans.bits(0, Contexts.TOKEN_BITS) + 1;
            if (mode >= count || count > tokens) {
                throw malformed("a table whose most frequent token is " + mode + " of " + count + ", at most " + tokens + " expected");
            }
            int[] frequencies = new int[tokens];
            int rest = 1 << ResidualTable.PRECISION;
            int length = 0;
            for (int t = 0; t < count; t++) {
                if (t != mode) {
                    int node = 1;
                    while (node < 1 << Contexts.LENGTH_BITS) {
                        node = node << 1 | contexts.decisions.decode(rans, Contexts.length(length, node));
                    }
                    length = node & (1 << Contexts.LENGTH_BITS) - 1;
                    int bits = Contexts.mantissaBits(length);
                    int mantissa = bits == 0 ? 0 : rans.bits(0, bits);
                    frequencies[t] = length == 0 ? 0 : (1 << bits | mantissa) << Contexts.droppedBits(length);
                    rest -= frequencies[t];
                }
            }
            if (rest <= 0) {
                throw malformed("a table whose frequencies leave " + rest + " for the most frequent token");
            }
            frequencies[mode] = rest;
            return frequencies;
        }

        /** @throws IIOException if the stream ended too early or goes on to {@code to} and beyond what was read */
        void end(int to) throws IIOException {
            if (rans.exhausted()) {
                throw Chunk.malformed(Chunk.LOSSLESS, to, "the parameters end early");
            }
            if (rans.position() != to) {
                throw malformed((to - rans.position()) + " bytes behind the parameters");
            }
        }

        private IIOException malformed(String found) {
            return Chunk.malformed(Chunk.LOSSLESS, rans.position(), "found " + found);
        }
    }

    /** The decisions of both directions and their contexts. */
    private static final class Contexts {

        static final int WEIGHT_BITS = PlanePredictor.WEIGHT_SHIFT + 2;
        static final int TOKEN_BITS = 7;
        static final int LENGTH_BITS = 4;
        static final int WEIGHTS_GIVEN = 0;
        static final int TABLE_GIVEN = 1;

        private static final int MAX_MANTISSA_BITS = 4;

        final BinaryContexts decisions = new BinaryContexts(2 + (1 << 2 * LENGTH_BITS));

        /** The context of a node in the tree of a frequency's bit length. */
        static int length(int before, int node) {
            return 2 + (before << LENGTH_BITS) + node;
        }

        static int bitLength(int frequency) {
            return Integer.SIZE - Integer.numberOfLeadingZeros(frequency);
        }

        /** How many bits below its leading one a frequency may have set. */
        static int mantissaBits(int length) {
            return Math.max(0, Math.min(MAX_MANTISSA_BITS, length - 1));
        }

        /** How many bits below those are zero. */
        static int droppedBits(int length) {
            return Math.max(0, length - 1 - MAX_MANTISSA_BITS);
        }

        /** The table before any was given: all residuals are zero. */
        static int[] zeroOnly(int tokens) {
            int[] frequencies = new int[tokens];
            frequencies[0] = 1 << ResidualTable.PRECISION;
            return frequencies;
        }
    }
}
