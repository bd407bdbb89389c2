// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.prior;

import org.semimage.compute.entropy.ScaleTables;
import org.semimage.compute.kernel.IntConv;
import org.semimage.compute.tensor.NamedTensors;
import org.semimage.compute.wavelet.Pyramid;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Weights and tables of the integer prior, as a pack gives them (FORMAT.md, "Integer prior" and "Model pack").
 *
 * @param levels  networks of the levels, finest first: {@code levels.get(level - 1)}
 * @param tables  the tables of both quantizers that symbols are coded with
 * @param compand {@code [4096]} networks' view of a magnitude in sixteenths of a quantizer step
 * @param low     {@code [3][3]} log scale of the low band per component: constant, per half quality index, per neighbour
 * @param refinement for refinement layers; packs may have none
 */
public record PriorWeights(List<Level> levels, ScaleTables tables, byte[] compand, int[] low, Optional<RefinementTables> refinement) {

    /** Entries of the companding table; greater magnitudes take the last one. */
    public static final int COMPANDED = 4096;

    private static final int LOW_CONTEXT = 6;

    /**
     * A convolution with bias and rounding.
     *
     * @param conv   its int8 weights
     * @param bias   per output channel
     * @param shifts per output channel, 0..16
     */
    public record Convolution(IntConv conv, int[] bias, byte[] shifts) {
    }

    /**
     * Networks of one level.
     *
     * @param context     3x3, from the context that the level before hands down
     * @param qualityBias added to the context's bias, times half the quality index
     * @param symbols     3x3, from companded values (input channels 0..n-1) and their magnitudes (n..2n-1) in phase channels
     * @param hidden      1x1, of each symbol step
     * @param out         1x1, of each symbol step: means, then log scales
     * @param upHidden    1x1, null on level 1
     * @param up          1x1, gives the next level's context; null on level 1
     */
    public record Level(Convolution context, byte[] qualityBias, IntConv symbols, Convolution[] hidden, Convolution[] out,
            Convolution upHidden, Convolution up) {
    }

    /**
     * @param weights tensors {@code prior.*}, and {@code refine.*} if there are any
     * @throws IllegalArgumentException if a tensor is missing or does not fit
     */
    public static PriorWeights of(NamedTensors weights) {
        Level[] levels = new Level[Pyramid.LEVELS];
        int inputs = LOW_CONTEXT;
        for (int level = Pyramid.LEVELS; level >= 1; level--) {
            levels[level - 1] = level(weights, level, inputs);
            if (level > 1) {
                inputs = levels[level - 1].up.shifts.length / phases(level);
            }
        }
        return new PriorWeights(List.of(levels), new ScaleTables(tableRows(weights)), weights.bytes("prior.compand", COMPANDED),
                weights.ints("prior.low", 3, 3), refinementTables(weights));
    }

    private static Optional<RefinementTables> refinementTables(NamedTensors weights) {
        if (!weights.has("refine.frequencies")) {
            return Optional.empty();
        }
        return Optional.of(new RefinementTables(weights.ints("refine.frequencies", ScaleTables.TABLES, RefinementTables.SYMBOLS + 1),
                weights.bytes("refine.cells", ScaleTables.TABLES, RefinementTables.SYMBOLS, 2)));
    }

    /**
     * The tables of refinement layers.
     *
     * @throws IllegalStateException if there are none
     */
    RefinementTables refining() {
        return refinement.orElseThrow(() -> new IllegalStateException("the model pack has no refinement tables"));
    }

    private static int[][] tableRows(NamedTensors weights) {
        int[] sizes = weights.ints("prior.tables.sizes", 2 * ScaleTables.TABLES);
        int[] all = weights.ints("prior.tables.frequencies", -1);
        int[][] rows = new int[sizes.length][];
        int at = 0;
        for (int t = 0; t < rows.length; t++) {
            if (sizes[t] < 0 || sizes[t] > all.length - at) {
                throw new IllegalArgumentException("prior.tables.sizes do not fit prior.tables.frequencies");
            }
            rows[t] = Arrays.copyOfRange(all, at, at + sizes[t]);
            at += sizes[t];
        }
        return rows;
    }

    private static Level level(NamedTensors weights, int level, int inputs) {
        String prefix = "prior.level" + level + ".";
        Convolution context = convolution(weights, prefix + "context", inputs, 3);
        int hidden = context.conv.outputs();
        IntConv symbols = conv(weights, prefix + "symbols", 2 * Pyramid.CHANNELS * phases(level), hidden, 3);
        int[][] symbolSteps = symbolSteps(level);
        Convolution[] hiddens = new Convolution[symbolSteps.length];
        Convolution[] outs = new Convolution[symbolSteps.length];
        for (int k = 0; k < symbolSteps.length; k++) {
            hiddens[k] = convolution(weights, prefix + "step" + k + ".hidden", hidden, 1);
            outs[k] = convolution(weights, prefix + "step" + k + ".out", hiddens[k].conv.outputs(), 1);
            if (outs[k].conv.outputs() != 2 * symbolSteps[k].length) {
                throw new IllegalArgumentException(prefix + "step" + k + ".out has " + outs[k].conv.outputs() + " outputs, expected "
                        + 2 * symbolSteps[k].length);
            }
        }
        Convolution upHidden = level > 1 ? convolution(weights, prefix + "up_hidden", hidden, 1) : null;
        Convolution up = level > 1 ? convolution(weights, prefix + "up_out", upHidden.conv.outputs(), 1) : null;
        if (up != null && up.conv.outputs() % phases(level) != 0) {
            throw new IllegalArgumentException(prefix + "up_out has " + up.conv.outputs() + " outputs, expected a multiple of 4");
        }
        return new Level(context, weights.bytes(prefix + "context.quality", hidden), symbols, hiddens, outs, upHidden, up);
    }

    private static IntConv conv(NamedTensors weights, String name, int inputs, int outputs, int kernel) {
        byte[] w = weights.bytes(name + ".weight", outputs, inputs, kernel, kernel);
        return new IntConv(inputs, outputs == -1 ? w.length / (inputs * kernel * kernel) : outputs, kernel, w);
    }

    private static Convolution convolution(NamedTensors weights, String name, int inputs, int kernel) {
        IntConv conv = conv(weights, name, inputs, -1, kernel);
        byte[] shifts = weights.bytes(name + ".shift", conv.outputs());
        for (byte shift : shifts) {
            if (shift < 0 || shift > 16) {
                throw new IllegalArgumentException(name + ".shift has " + shift);
            }
        }
        return new Convolution(conv, weights.ints(name + ".bias", conv.outputs()), shifts);
    }

    /** Phases of a level's coefficients on the grid where its networks run: 4, or 1 on the coarsest. */
    public static int phases(int level) {
        return level == Pyramid.LEVELS ? 1 : 4;
    }

    /** Phase channels of each symbol step: luma a phase at a time (0, 3, 1, 2), then colour in two passes (0 and 3, 1 and 2). */
    public static int[][] symbolSteps(int level) {
        int phases = phases(level);
        int[][] luma = phases == 1 ? new int[][] {{0}} : new int[][] {{0}, {3}, {1}, {2}};
        int[][] colour = phases == 1 ? new int[][] {{0}} : new int[][] {{0, 3}, {1, 2}};
        List<int[]> symbolSteps = new ArrayList<>();
        for (int[] pass : luma) {
            symbolSteps.add(channels(new int[] {0}, pass, phases));
        }
        for (int[] pass : colour) {
            symbolSteps.add(channels(new int[] {1, 2}, pass, phases));
        }
        return symbolSteps.toArray(int[][]::new);
    }

    /** Steps of a level that code luma, which are all there are where colour is left out. */
    public static int lumaSymbolSteps(int level) {
        return phases(level);
    }

    private static int[] channels(int[] components, int[] pass, int phases) {
        int[] channels = new int[components.length * 3 * pass.length];
        int i = 0;
        for (int component : components) {
            for (int orientation = 0; orientation < 3; orientation++) {
                for (int phase : pass) {
                    channels[i++] = (component * 3 + orientation) * phases + phase;
                }
            }
        }
        return channels;
    }

    /** log2 scale in sixteenths of an octave to scale index. */
    static byte scaleIndex(int logScale) {
        return (byte) Math.max(0, Math.min(ScaleTables.SCALE_INDICES - 1, logScale + 129 >> 1));
    }

    /** The networks' view of a value in sixteenths: {@code sign * round(16 log2(1 + |value|/16))}, at most 127. */
    byte companded(int value) {
        byte magnitude = compand[(int) Math.min(COMPANDED - 1, Math.abs((long) value))];
        return value < 0 ? (byte) -magnitude : magnitude;
    }
}
