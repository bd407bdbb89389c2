// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.entropy;

/**
 * Dependent quantization (FORMAT.md, "Symbols"): two quantizers share reconstruction levels 5/8 of a quantizer step apart, and the parities
 * of the symbols before a coefficient say which of them it has. Reconstruction levels are packed as densely as with one quantizer step, but
 * an encoder finds its way through them.
 *
 * <p>A symbol step's symbols are {@link #chains} chains, symbol {@code i} following symbol {@code i - chains}, whatever the lanes. A chain
 * begins in state 0. Odd states have quantizer 1.
 *
 * <p>Schwarz, Nguyen, Marpe, Wiegand: "Hybrid video coding with trellis-coded quantization", DCC 2019; eight states after Schwarz et al.,
 * "Additional support of dependent quantization with 8 states", JVET-Q0243, 2020.
 */
public final class Trellis {

    /** The most chains of a symbol step. */
    static final int MAX_CHAINS = RansDecoder.MAX_LANES;

    /** A chain that is shorter gains little: it cannot choose its first quantizers. */
    private static final int SYMBOLS_PER_CHAIN = 64;

    static final int STATES = 8;

    /** Between reconstruction levels, in sixteenths of a quantizer step. */
    public static final int SPACING = 10;

    /** The state after an even and after an odd symbol in each state. */
    private static final int[] NEXT = {0, 2, 5, 7, 1, 3, 6, 4, 2, 0, 4, 6, 3, 1, 7, 5};

    /** Where the chains of a symbol step are: its symbols are followed one after the other. */
    static final class Walk {

        private final int[] states;

        /** At the beginning of a symbol step of so many symbols. */
        Walk(int size) {
            states = new int[Trellis.chains(size)];
        }

        int chains() {
            return states.length;
        }

        /** The quantizer of symbol {@code i}, when those of its chain before it were followed. */
        int quantizer(int i) {
            return Trellis.quantizer(states[i & states.length - 1]);
        }

        void follow(int i, int symbol) {
            int chain = i & states.length - 1;
            states[chain] = NEXT[2 * states[chain] + (symbol & 1)];
        }
    }

    private Trellis() {
    }

    /** Chains of a symbol step of so many symbols: a power of two. It uses no more lanes than that. */
    static int chains(int size) {
        return Math.max(1, Math.min(MAX_CHAINS, Integer.highestOneBit(size / SYMBOLS_PER_CHAIN)));
    }

    static int quantizer(int state) {
        return state & 1;
    }

    /** The reconstruction level of a symbol: an even one under quantizer 0, zero or an odd one under quantizer 1. */
    static int reconstructionLevel(int symbol, int quantizer) {
        return 2 * symbol - quantizer * Integer.signum(symbol);
    }

    /** The symbol of a reconstruction level that the quantizer has. */
    static int symbol(int reconstructionLevel, int quantizer) {
        return (reconstructionLevel + quantizer * Integer.signum(reconstructionLevel)) / 2;
    }
}
