// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile;

import org.semimage.compute.entropy.RansDecoder;
import org.semimage.compute.entropy.RansEncoder;

import java.util.Arrays;

/** Binary decisions on lane 0 of an rANS stream, each with a probability that adapts within its context (FORMAT.md, "Alpha chunk"). */
public final class BinaryContexts {

    private static final int ONE = 1 << RansEncoder.PRECISION;
    private static final int SLOWEST_RATE = 5;

    private final int[] zeroProbability;
    private final byte[] rate;

    /**
     * Contexts in which both outcomes begin equally likely.
     *
     * @param count contexts, numbered from 0, in which both outcomes begin equally likely
     */
    public BinaryContexts(int count) {
        zeroProbability = new int[count];
        rate = new byte[count];
        Arrays.fill(zeroProbability, ONE / 2);
    }

    /** Puts a bit, 0 or 1, on a stack of one lane, and lets its context learn of it. */
    public void encode(RansEncoder rans, int context, int bit) {
        int zero = zeroProbability[context];
        rans.put(0, bit == 0 ? 0 : zero, bit == 0 ? zero : ONE - zero);
        learn(context, bit);
    }

    /** The next bit, 0 or 1, of a stream of one lane; its context learns of it. */
    public int decode(RansDecoder rans, int context) {
        int zero = zeroProbability[context];
        int bit = rans.slot(0) < zero ? 0 : 1;
        rans.advance(0, bit == 0 ? 0 : zero, bit == 0 ? zero : ONE - zero);
        learn(context, bit);
        return bit;
    }

    private void learn(int context, int bit) {
        if (rate[context] < SLOWEST_RATE) {
            rate[context]++;
        }
        int p = zeroProbability[context];
        zeroProbability[context] = bit == 0 ? p + (ONE - p >> rate[context]) : p - (p >> rate[context]);
    }
}
