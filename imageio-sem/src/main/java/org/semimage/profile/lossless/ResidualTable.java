// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.lossless;

import org.semimage.compute.entropy.RansDecoder;
import org.semimage.compute.entropy.RansEncoder;
import org.semimage.compute.entropy.RansStack;

import java.util.Arrays;

/**
 * The frequencies of residuals in one context (FORMAT.md, "Lossless payload").
 *
 * <p>A residual is folded into an unsigned number, and that split into a token and raw bits: small numbers are tokens of their own,
 * larger ones share a token with those that have the same bit length and the same two bits below the leading one.
 */
final class ResidualTable {

    /** Frequencies of a table sum to {@code 1 << PRECISION}. */
    static final int PRECISION = 12;

    private static final int TOTAL = 1 << PRECISION;
    private static final int SCALE = RansEncoder.PRECISION - PRECISION;
    private static final int LOG_DIRECT = 5;
    private static final int DIRECT = 1 << LOG_DIRECT;

    /** The tokens of samples of 8 bits: a branch would be mispredicted too often. */
    private static final byte[] TOKENS = new byte[1 << 9];

    static {
        for (int folded = 0; folded < TOKENS.length; folded++) {
            TOKENS[folded] = (byte) computedToken(folded);
        }
    }

    private final int[] frequencies;
    private final int[] starts;
    private long[] reciprocals;
    private byte[] tokens;

    /** @param frequencies of the tokens, of sum {@link #TOTAL}; owned by this object */
    ResidualTable(int[] frequencies) {
        this.frequencies = frequencies;
        starts = new int[frequencies.length];
        for (int t = 1; t < frequencies.length; t++) {
            starts[t] = starts[t - 1] + frequencies[t - 1];
        }
    }

    /** How many tokens there are for samples of so many bits. */
    static int tokens(int bitDepth) {
        return DIRECT + 4 * (bitDepth - LOG_DIRECT);
    }

    /** 0, -1, 1, -2, 2, ... to 0, 1, 2, 3, 4, ... */
    static int fold(int residual) {
        return residual << 1 ^ residual >> 31;
    }

    static int unfold(int folded) {
        return folded >>> 1 ^ -(folded & 1);
    }

    /** The token of a folded residual. */
    static int token(int folded) {
        return folded < TOKENS.length ? TOKENS[folded] : computedToken(folded);
    }

    private static int computedToken(int folded) {
        if (folded < DIRECT) {
            return folded;
        }
        int log = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(folded);
        return DIRECT + 4 * (log - LOG_DIRECT) + (folded >> log - 2 & 3);
    }

    private static int rawBits(int token) {
        return token < DIRECT ? 0 : (token - DIRECT >> 2) + LOG_DIRECT - 2;
    }

    /** Codes a folded residual, the last one first. */
    void push(RansStack rans, int lane, int folded) {
        int token = folded;
        if (folded >= DIRECT) {
            token = token(folded);
            int bits = rawBits(token);
            rans.pushBits(lane, folded & (1 << bits) - 1, bits);
        }
        rans.push(lane, starts[token] << SCALE, frequencies[token] << SCALE, reciprocals[token]);
    }

    /** Prepares for {@link #push}. */
    ResidualTable forEncoding() {
        reciprocals = new long[frequencies.length];
        for (int t = 0; t < frequencies.length; t++) {
            reciprocals[t] = frequencies[t] == 0 ? 0 : RansStack.reciprocal(frequencies[t] << SCALE);
        }
        return this;
    }

    /** Prepares for {@link #next}. */
    ResidualTable forDecoding() {
        tokens = new byte[TOTAL];
        for (int t = 0; t < frequencies.length; t++) {
            Arrays.fill(tokens, starts[t], starts[t] + frequencies[t], (byte) t);
        }
        return this;
    }

    /** Decodes a folded residual. */
    int next(RansDecoder rans, int lane) {
        int token = tokens[rans.slot(lane) >>> SCALE];
        rans.advance(lane, starts[token] << SCALE, frequencies[token] << SCALE);
        if (token < DIRECT) {
            return token;
        }
        int bits = rawBits(token);
        return (4 | token - DIRECT & 3) << bits | rans.bits(lane, bits);
    }
}
