// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.entropy;


import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * An encoder's way through the {@link Trellis}: the symbols of least squared error plus price of their bits, by the Viterbi algorithm. The
 * probabilities of a symbol step do not depend on its own symbols, so within it the way is the best there is. The reference implementation.
 */
public final class DependentQuantizer {

    /** For each state, the two it can be reached from, and the parities of the symbols that lead there. */
    private static final int[][] SOURCES = {{0, 4}, {2, 6}, {0, 4}, {2, 6}, {3, 5}, {1, 7}, {3, 5}, {1, 7}};
    private static final int[][] PARITIES = {{0, 1}, {0, 1}, {1, 0}, {1, 0}, {1, 0}, {0, 1}, {0, 1}, {1, 0}};

    private static final float SPACING = Trellis.SPACING / 16f;
    private static final float MAX_MAGNITUDE = SymbolEncoder.MAX_SYMBOL * SPACING;
    private static final int PARALLEL_FROM = 1 << 12;

    private final ScaleTables tables;

    /**
     * A quantizer that knows what symbols cost.
     *
     * @param tables of two quantizers
     */
    public DependentQuantizer(ScaleTables tables) {
        this.tables = tables;
    }

    /**
     * Quantizes one symbol step.
     *
     * @param residuals            of the symbols from their means, in coding order, in quantizer steps
     * @param scaleIndices         one per symbol, 0..127
     * @param lambda               price of a bit in squared quantizer steps
     * @param reconstructionLevels filled with what a decoder will have, one per symbol
     */
    public SymbolStep quantize(float[] residuals, byte[] scaleIndices, float lambda, int[] reconstructionLevels) {
        SymbolStep step = new SymbolStep(new int[residuals.length], new byte[residuals.length]);
        int chains = Trellis.chains(residuals.length);
        IntStream each = IntStream.range(0, chains);
        (residuals.length < PARALLEL_FROM ? each : each.parallel()).forEach(chain -> {
            byte[] choices = new byte[(residuals.length - chain + chains - 1) / chains];
            int state = walk(residuals, scaleIndices, lambda, chain, chains, choices);
            for (int k = choices.length - 1; k >= 0; k--) {
                int i = chain + k * chains;
                int choice = choices[k] >> state & 1;
                int parity = PARITIES[state][choice];
                state = SOURCES[state][choice];
                int quantizer = Trellis.quantizer(state);
                int symbol = symbol(magnitude(residuals[i]), scaleIndices[i], quantizer, parity, lambda);
                step.symbols()[i] = residuals[i] < 0 ? -symbol : symbol;
                step.rows()[i] = ScaleTables.row(scaleIndices[i], quantizer);
                reconstructionLevels[i] = Trellis.reconstructionLevel(step.symbols()[i], quantizer);
            }
        });
        return step;
    }

    /**
     * Fills in, for each symbol of a chain and each state behind it, a bit that says by which source it is reached; gives the last state.
     */
    private int walk(float[] residuals, byte[] scaleIndices, float lambda, int chain, int chains, byte[] choices) {
        float[] reached = new float[Trellis.STATES];
        Arrays.fill(reached, 1, Trellis.STATES, Float.POSITIVE_INFINITY);
        float[] next = new float[Trellis.STATES];
        float[] costs = new float[4];
        for (int k = 0; k < choices.length; k++) {
            int i = chain + k * chains;
            costs(magnitude(residuals[i]), scaleIndices[i], lambda, costs);
            for (int state = 0; state < Trellis.STATES; state++) {
                int[] from = SOURCES[state];
                int[] parity = PARITIES[state];
                float first = reached[from[0]] + costs[2 * Trellis.quantizer(from[0]) + parity[0]];
                float second = reached[from[1]] + costs[2 * Trellis.quantizer(from[1]) + parity[1]];
                if (second < first) {
                    choices[k] |= 1 << state;
                }
                next[state] = Math.min(first, second);
            }
            // Differences are all that matters, and floats are exact enough for them only near zero.
            for (int state = 0; state < Trellis.STATES; state++) {
                reached[state] = next[state] - next[0];
            }
        }
        int best = 0;
        for (int state = 1; state < Trellis.STATES; state++) {
            best = reached[state] < reached[best] ? state : best;
        }
        return best;
    }

    private static float magnitude(float residual) {
        float magnitude = Math.abs(residual);
        return magnitude < MAX_MAGNITUDE ? magnitude : magnitude >= MAX_MAGNITUDE ? MAX_MAGNITUDE : 0;
    }

    /** Costs of the best even and odd symbol under quantizer 0, then under quantizer 1. */
    private void costs(float magnitude, byte scaleIndex, float lambda, float[] costs) {
        for (int quantizer = 0; quantizer < 2; quantizer++) {
            for (int parity = 0; parity < 2; parity++) {
                costs[2 * quantizer + parity] = parity == 1 && isCertain(magnitude, scaleIndex) ? Float.POSITIVE_INFINITY
                        : cost(magnitude, symbol(magnitude, scaleIndex, quantizer, parity, lambda), scaleIndex, quantizer, lambda);
            }
        }
    }

    /** Nearer to zero than to the first reconstruction level, where nothing is expected: that cannot pay for a symbol. */
    private static boolean isCertain(float magnitude, byte scaleIndex) {
        return ScaleTables.isCertain(scaleIndex) && magnitude < SPACING;
    }

    /** Of the symbols next to a magnitude the one with the parity, or zero if that costs less. */
    private int symbol(float magnitude, byte scaleIndex, int quantizer, int parity, float lambda) {
        if (isCertain(magnitude, scaleIndex)) {
            return 0;
        }
        int below = (int) (magnitude * 0.8f + 0.5f * quantizer);
        int nearest = (below & 1) == parity ? below : below + 1;
        boolean nothing = parity == 0
                && cost(magnitude, 0, scaleIndex, quantizer, lambda) < cost(magnitude, nearest, scaleIndex, quantizer, lambda);
        return nothing ? 0 : nearest;
    }

    private float cost(float magnitude, int symbol, byte scaleIndex, int quantizer, float lambda) {
        float error = magnitude - SPACING * Trellis.reconstructionLevel(symbol, quantizer);
        return error * error + lambda * tables.cost(ScaleTables.row(scaleIndex, quantizer), symbol);
    }
}
