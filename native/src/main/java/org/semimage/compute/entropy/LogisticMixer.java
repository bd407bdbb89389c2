// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.entropy;

import java.util.Arrays;

/**
 * Estimates binary decisions: the adaptive probabilities of several contexts, mixed in the logistic domain by weights that adapt too
 * (FORMAT.md, "Decisions"; Mahoney, "Adaptive weighing of context models for lossless data compression", 2005). All arithmetic is of
 * integers.
 *
 * <p>For each decision: {@link #select} for every input, then {@link #mix}, then {@link #learn}; or {@code mix} alone, to ask for a cost.
 */
public final class LogisticMixer {

    /** Sum of the probabilities of both outcomes. */
    public static final int ONE = 1 << RansEncoder.PRECISION;

    /** The least probability of an outcome. */
    static final int LEAST = 4;

    /** Logits are in 1/256 and end here: twelve e-folds. */
    private static final int MAX_LOGIT = 3072;

    /** 65536 / (1 + exp(-x)) at x = 0, 1/4, ..., 12. */
    private static final int[] LOGISTIC = {
        32768, 36843, 40793, 44511, 47911, 50941, 53581, 55834, 57724, 59287, 60565, 61598, 62428, 63090, 63615, 64030,
        64357, 64614, 64816, 64974, 65097, 65194, 65269, 65328, 65374, 65410, 65438, 65459, 65476, 65489, 65500, 65508,
        65514, 65519, 65523, 65526, 65528, 65530, 65531, 65532, 65533, 65534, 65534, 65535, 65535, 65535, 65535, 65535,
        65535};

    private static final int LOG_KNOT = 6;

    /** Contexts' probabilities are in units of 2^-22. */
    private static final int CHANCE_BITS = 22;

    private static final int LOGIT_INDEX_BITS = 12;
    private static final short[] LOGITS = logits();

    /** A context that has seen n decisions moves by 1 / (n + 1.5) of what it was wrong. */
    private static final int[] RATES = rates();

    /** Sum of a set's weights at the beginning, in 2^-16. */
    private static final int INITIAL_SUM = 78643;

    /** Contexts hold their chance and below it, in so many bits, their count. */
    private static final int COUNT_BITS = 7;
    private static final int COUNT = (1 << COUNT_BITS) - 1;

    private final int inputs;
    private final int limit;
    private final int rate;
    private final int[] contexts;
    private final int[] weights;
    private final int[] selected;
    private final int[] logits;
    private int weightSet;
    private int probability;

    /**
     * @param inputs     contexts of a decision
     * @param contexts   contexts in all
     * @param weightSets sets of weights, one of which mixes a decision
     * @param limit      1..127: how many decisions a context remembers
     * @param rate       how fast weights move, in 2^-20
     */
    public LogisticMixer(int inputs, int contexts, int weightSets, int limit, int rate) {
        this.inputs = inputs;
        this.limit = limit;
        this.rate = rate;
        this.contexts = new int[contexts];
        Arrays.fill(this.contexts, 1 << CHANCE_BITS - 1 + COUNT_BITS);
        weights = new int[inputs * weightSets];
        Arrays.fill(weights, INITIAL_SUM / inputs);
        selected = new int[inputs];
        logits = new int[inputs];
    }

    /** Chooses an input's context for the next decision. */
    public void select(int input, int context) {
        selected[input] = context;
    }

    /** The probability of outcome 1, of {@link #ONE}, under the contexts selected and a set of weights. */
    public int mix(int set) {
        weightSet = set * inputs;
        long sum = 0;
        for (int i = 0; i < inputs; i++) {
            logits[i] = LOGITS[contexts[selected[i]] >>> CHANCE_BITS - LOGIT_INDEX_BITS + COUNT_BITS];
            sum += (long) logits[i] * weights[weightSet + i];
        }
        probability = Math.max(LEAST, Math.min(ONE - LEAST, logistic((int) (sum >> 16))));
        return probability;
    }

    /** Teaches contexts and weights the outcome of the decision mixed last. */
    public void learn(int bit) {
        int error = ((bit << RansEncoder.PRECISION) - probability) * rate;
        for (int i = 0; i < inputs; i++) {
            weights[weightSet + i] += (int) ((long) logits[i] * error + (1 << 19) >> 20);
            int context = contexts[selected[i]];
            int count = context & COUNT;
            int chance = context >>> COUNT_BITS;
            chance += (int) ((long) ((bit << CHANCE_BITS) - bit - chance) * RATES[count] >> 16);
            contexts[selected[i]] = chance << COUNT_BITS | (count < limit ? count + 1 : count);
        }
    }

    /** Probability of a logit in 1/256, of {@link #ONE}. */
    static int logistic(int logit) {
        int x = Math.min(Math.abs(logit), MAX_LOGIT - 1);
        int knot = x >> LOG_KNOT;
        int part = x & (1 << LOG_KNOT) - 1;
        int p = LOGISTIC[knot] + ((LOGISTIC[knot + 1] - LOGISTIC[knot]) * part + (1 << LOG_KNOT - 1) >> LOG_KNOT);
        return logit < 0 ? ONE - p : p;
    }

    /** For each probability, in 4096 parts, the least logit whose probability is at least the part's middle. */
    private static short[] logits() {
        short[] table = new short[1 << LOGIT_INDEX_BITS];
        int logit = 1 - MAX_LOGIT;
        for (int i = 0; i < table.length; i++) {
            int middle = (2 * i + 1) << RansEncoder.PRECISION - LOGIT_INDEX_BITS - 1;
            while (logit < MAX_LOGIT - 1 && logistic(logit) < middle) {
                logit++;
            }
            table[i] = (short) logit;
        }
        return table;
    }

    private static int[] rates() {
        int[] table = new int[COUNT + 1];
        for (int n = 0; n < table.length; n++) {
            table[n] = (1 << 17) / (2 * n + 3);
        }
        return table;
    }
}
