// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.lossless;

import org.semimage.compute.entropy.Decisions;
import org.semimage.compute.entropy.LogisticMixer;

/** Codes binary decisions whose contexts are hashed, each input into a table of its own (FORMAT.md, "Mixed strips"). */
final class ContextMixer {

    private final LogisticMixer mixer;
    private final Decisions decisions;
    private final int bits;
    private final long[] contexts;

    /**
     * @param inputs     contexts of a decision
     * @param bits       log2 of the places for each input's contexts
     * @param weightSets sets of weights
     * @param limit      1..127: how many decisions a context remembers
     * @param rate       how fast weights move
     * @param decisions  where outcomes come from or go to
     */
    ContextMixer(int inputs, int bits, int weightSets, int limit, int rate, Decisions decisions) {
        mixer = new LogisticMixer(inputs, inputs << bits, weightSets, limit, rate);
        this.decisions = decisions;
        this.bits = bits;
        contexts = new long[inputs];
    }

    /** Sets an input's context, which holds until it is set again. */
    void set(int input, long hash) {
        contexts[input] = hash;
    }

    /**
     * Codes a decision.
     *
     * @param key       what the decision is about; part of every context
     * @param weightSet the weights that mix it
     * @param outcome   0 or 1; what a decoder says has no meaning
     */
    int decide(int key, int weightSet, int outcome) {
        for (int i = 0; i < contexts.length; i++) {
            mixer.select(i, i << bits | Hash.place(Hash.add(contexts[i], key), bits));
        }
        int decided = decisions.decide(mixer.mix(weightSet), outcome);
        mixer.learn(decided);
        return decided;
    }
}
