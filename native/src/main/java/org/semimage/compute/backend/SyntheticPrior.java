// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.backend;

import org.semimage.compute.entropy.ScaleTables;
import org.semimage.compute.kernel.IntConv;
import org.semimage.compute.prior.PriorWeights;
import org.semimage.compute.wavelet.Pyramid;

import java.util.Arrays;
import java.util.Optional;
import java.util.Random;

/** Random weights of an integer prior, of any width: nothing that compresses, but every path of the arithmetic is taken. */
public final class SyntheticPrior {

    private static final int ACTIVE = 127;

    private final Random random;

    private SyntheticPrior(Random random) {
        this.random = random;
    }

    /**
     * @param widest most channels of a convolution, at least 1; every one has a random number of them
     */
    public static PriorWeights create(Random random, ScaleTables tables, int widest) {
        return new SyntheticPrior(random).weights(tables, widest);
    }

    private PriorWeights weights(ScaleTables tables, int widest) {
        PriorWeights.Level[] levels = new PriorWeights.Level[Pyramid.LEVELS];
        int inputs = 6;
        for (int level = Pyramid.LEVELS; level >= 1; level--) {
            int next = channels(widest);
            levels[level - 1] = level(level, inputs, next, widest);
            inputs = next;
        }
        int[] low = {random.nextInt(40) - 20, -random.nextInt(4), random.nextInt(40), 10, -2, 16, -30, 1, 25};
        return new PriorWeights(Arrays.asList(levels), tables, compand(), low, Optional.empty());
    }

    private PriorWeights.Level level(int level, int inputs, int next, int widest) {
        int hidden = channels(widest);
        int[][] steps = PriorWeights.symbolSteps(level);
        PriorWeights.Convolution[] hiddens = new PriorWeights.Convolution[steps.length];
        PriorWeights.Convolution[] outs = new PriorWeights.Convolution[steps.length];
        for (int k = 0; k < steps.length; k++) {
            hiddens[k] = convolution(hidden, channels(widest), 1);
            outs[k] = convolution(hiddens[k].conv().outputs(), 2 * steps[k].length, 1);
        }
        PriorWeights.Convolution upHidden = level == 1 ? null : convolution(hidden, channels(widest), 1);
        PriorWeights.Convolution up = level == 1 ? null : convolution(upHidden.conv().outputs(), PriorWeights.phases(level) * next, 1);
        IntConv symbols = conv(2 * Pyramid.CHANNELS * PriorWeights.phases(level), hidden, 3);
        return new PriorWeights.Level(convolution(inputs, hidden, 3), bytes(hidden), symbols, hiddens, outs, upHidden, up);
    }

    private int channels(int widest) {
        return 1 + random.nextInt(widest);
    }

    /** Shifts bring most sums to the range of an activation and some far out of it, on both sides. */
    private PriorWeights.Convolution convolution(int inputs, int outputs, int kernel) {
        double sums = Math.sqrt(inputs * kernel * kernel) * 64 * 64;
        int[] bias = new int[outputs];
        byte[] shifts = new byte[outputs];
        for (int o = 0; o < outputs; o++) {
            bias[o] = (int) (random.nextGaussian() * sums);
            int fitting = (int) Math.round(Math.log(sums / ACTIVE) / Math.log(2));
            shifts[o] = (byte) (random.nextInt(8) == 0 ? random.nextInt(17) : Math.min(16, fitting + random.nextInt(3)));
        }
        return new PriorWeights.Convolution(conv(inputs, outputs, kernel), bias, shifts);
    }

    private IntConv conv(int inputs, int outputs, int kernel) {
        return new IntConv(inputs, outputs, kernel, bytes(inputs * outputs * kernel * kernel));
    }

    private byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] compand() {
        byte[] compand = new byte[PriorWeights.COMPANDED];
        for (int i = 0; i < compand.length; i++) {
            compand[i] = (byte) Math.min(ACTIVE, Math.round(16 * Math.log(1 + i / 16.0) / Math.log(2)));
        }
        return compand;
    }
}
