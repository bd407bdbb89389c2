// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.entropy;

/** Where the outcomes of binary decisions come from, or go to: a model that asks it serves an encoder and a decoder alike. */
@FunctionalInterface
public interface Decisions {

    /**
     * Codes a decision.
     *
     * @param chance  of outcome 1, of {@link LogisticMixer#ONE}, neither 0 nor all of it
     * @param outcome 0 or 1: what an encoder makes it; a decoder passes over it
     * @return the outcome
     */
    int decide(int chance, int outcome);

    /** An encoder's, which go to lane 0 of a stream. */
    static Decisions to(RansEncoder rans) {
        return (chance, outcome) -> {
            int zero = LogisticMixer.ONE - chance;
            rans.put(0, outcome == 0 ? 0 : zero, outcome == 0 ? zero : chance);
            return outcome;
        };
    }

    /** A decoder's, which come from lane 0 of a stream. */
    static Decisions from(RansDecoder rans) {
        return (chance, ignored) -> {
            int zero = LogisticMixer.ONE - chance;
            int outcome = rans.slot(0) < zero ? 0 : 1;
            rans.advance(0, outcome == 0 ? 0 : zero, outcome == 0 ? zero : chance);
            return outcome;
        };
    }
}
