// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.prior;

import org.semimage.compute.Cancellation;
import org.semimage.compute.entropy.DependentQuantizer;
import org.semimage.compute.entropy.ScaleTables;
import org.semimage.compute.entropy.SymbolDecoder;
import org.semimage.compute.entropy.SymbolStep;
import org.semimage.compute.entropy.Trellis;
import org.semimage.compute.kernel.IntConv;
import org.semimage.compute.kernel.Kernels;
import org.semimage.compute.wavelet.Pyramid;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The reference: the prior's levels in Java, over the convolutions of any {@link Kernels}. */
public final class JavaPriorLevels implements PriorLevels, PriorRefinement {

    private static final int MAX_MEAN = 127 * 16;
    private static final int PARALLEL_FROM = 1 << 14;

    /** Codes the coefficients of one symbol step, or finds them out. */
    interface SymbolStepCoder {
        /**
         * @param channels phase channels of the symbol step; for the low band the component and the position
         * @param means    sixteenths, channel-major; whole quantizer steps for the low band of the base layer
         * @param scaleIndices   scale indices, channel-major; the coder may keep them
         * @param values   to fill, in the unit of the means
         */
        void code(int[] channels, int[] means, byte[] scaleIndices, int[] values);
    }

    /** The number of a coefficient's band, and its place in the band. */
    private interface InBand {
        /** Takes the symbol at an index in the symbol step for a position of a band. */
        void use(int band, int position, int at);
    }

    private final PriorWeights weights;
    private final Kernels kernels;
    private final DependentQuantizer quantizer;
    private final IntConv[][] symbolsOfStep = new IntConv[Pyramid.LEVELS][];

    /**
     * The reference, on kernels that are not closed here.
     *
     * @param kernels run the convolutions; not closed here
     */
    public JavaPriorLevels(PriorWeights weights, Kernels kernels) {
        this.weights = weights;
        this.kernels = kernels;
        this.quantizer = new DependentQuantizer(weights.tables());
    }

    /** The convolutions of each symbol step's symbols on a level, made when they are needed: where C++ does the levels they are not. */
    private synchronized IntConv[] symbolsOfSteps(int level) {
        if (symbolsOfStep[level - 1] == null) {
            int n = Pyramid.CHANNELS * PriorWeights.phases(level);
            IntConv symbols = weights.levels().get(level - 1).symbols();
            symbolsOfStep[level - 1] = Arrays.stream(PriorWeights.symbolSteps(level))
                    .map(step -> symbols.ofInputs(IntStream.concat(Arrays.stream(step), Arrays.stream(step).map(c -> n + c)).toArray()))
                    .toArray(IntConv[]::new);
        }
        return symbolsOfStep[level - 1];
    }

    @Override
    public List<Coded<float[][]>> quantize(int level, List<Target> targets, Cancellation cancellation) {
        List<Coded<float[][]>> all = new ArrayList<>();
        for (Target target : targets) {
            target.item().check(level, weights);
            float[][] bands = target.coefficients().bands(level);
            List<SymbolStep> steps = new ArrayList<>();
            Coded<float[][]> coded = walk(level, target.item(), true, cancellation, (channels, means, scaleIndices, values) -> {
                if (level == 0) {
                    values[0] = Math.round(bands[channels[0]][channels[1]]);
                    steps.add(new SymbolStep(new int[] {values[0] - means[0]}, scaleIndices));
                    return;
                }
                float[] residuals = new float[values.length];
                each(level, target.item(), channels, values.length, (band, position, at) ->
                        residuals[at] = bands[band][position] - means[at] / 16f);
                steps.add(quantizer.quantize(residuals, scaleIndices, target.lambda(), values));
                reconstruct(values, means);
            });
            all.add(new Coded<>(List.of(steps), coded.coefficients(), coded.context()));
        }
        return all;
    }

    @Override
    public List<Coded<float[][]>> decode(int level, List<Source> sources, Cancellation cancellation) {
        List<Coded<float[][]>> all = new ArrayList<>();
        for (Source source : sources) {
            source.item().check(level, weights);
            SymbolDecoder symbols = source.symbols(level);
            Coded<float[][]> whole = walk(level, source.item(), true, cancellation, (channels, means, scaleIndices, values) -> {
                symbols.decode(scaleIndices, values);
                if (level == 0) {
                    // A symbol step's first symbol has quantizer 0, whose reconstruction levels are twice the symbols.
                    values[0] = values[0] / 2 + means[0];
                } else {
                    reconstruct(values, means);
                }
            });
            all.add(source.kept().of(source.item(), level, whole));
        }
        return all;
    }

    @Override
    public List<Coded<int[][]>> refine(int level, List<Refinement<Target>> targets, Cancellation cancellation) {
        RefinementTables tables = weights.refining();
        List<Coded<int[][]>> all = new ArrayList<>();
        for (Refinement<Target> refinement : targets) {
            Target target = refinement.of();
            target.item().check(level, weights);
            float[][] bands = target.coefficients().bands(level);
            int[][] before = refinement.before().bands(level);
            List<SymbolStep> steps = new ArrayList<>();
            int[][] cells = unrefined(before);
            byte[] context = walk(level, target.item(), false, cancellation, (channels, means, scaleIndices, values) -> {
                byte[] classes = new byte[values.length];
                int[] symbols = new int[values.length];
                each(level, target.item(), channels, values.length, (band, position, at) -> {
                    int cell = before[band][position];
                    int distance = means[at] - RefinementTables.centre(cell);
                    classes[at] = RefinementTables.classOf(cell, distance, scaleIndices[at]);
                    float residual = 16 * bands[band][position] - RefinementTables.centre(cell);
                    symbols[at] = tables.quantize(residual, distance, classes[at], target.lambda());
                    cells[band][position] = tables.refined(cell, distance, classes[at], symbols[at]);
                    values[at] = RefinementTables.value(cells[band][position]);
                });
                steps.add(new SymbolStep(symbols, classes));
            }).context();
            all.add(new Coded<>(List.of(steps), cells, context));
        }
        return all;
    }

    @Override
    public List<Coded<int[][]>> decodeRefinement(int level, List<Refinement<Source>> sources, Cancellation cancellation) {
        RefinementTables tables = weights.refining();
        List<Coded<int[][]>> all = new ArrayList<>();
        for (Refinement<Source> refinement : sources) {
            BatchItem item = refinement.of().item();
            item.check(level, weights);
            SymbolDecoder decoder = refinement.of().symbols(level);
            int[][] before = refinement.before().bands(level);
            int[][] cells = unrefined(before);
            byte[] context = walk(level, item, false, cancellation, (channels, means, scaleIndices, values) -> {
                byte[] classes = new byte[values.length];
                each(level, item, channels, values.length, (band, position, at) -> {
                    int cell = before[band][position];
                    classes[at] = RefinementTables.classOf(cell, means[at] - RefinementTables.centre(cell), scaleIndices[at]);
                });
                int[] symbols = new int[values.length];
                int decoded = decoder.decode(classes, symbols);
                each(level, item, channels, values.length, (band, position, at) -> {
                    int cell = before[band][position];
                    int distance = means[at] - RefinementTables.centre(cell);
                    cells[band][position] = at < decoded ? tables.refined(cell, distance, classes[at], symbols[at])
                            : tables.expected(cell, distance, classes[at]);
                    values[at] = RefinementTables.value(cells[band][position]);
                });
            }).context();
            all.add(new Coded<>(List.of(), cells, context));
        }
        return all;
    }

    private static int[][] unrefined(int[][] cells) {
        return Arrays.stream(cells).map(band -> Arrays.stream(band).map(RefinementTables::unrefined).toArray()).toArray(int[][]::new);
    }

    @Override
    public void close() {
    }

    /** Goes through the coefficients of a symbol step, in parallel when there are many. */
    private static void each(int level, BatchItem item, int[] channels, int size, InBand use) {
        if (level == 0) {
            use.use(channels[0], channels[1], 0);
            return;
        }
        int phases = PriorWeights.phases(level);
        int spread = phases == 1 ? 1 : 2;
        int gridWidth = item.width(level) / spread;
        int area = size / channels.length;
        channels(channels.length, area).forEach(c -> {
            int at = c * area;
            for (int y = 0; y < area / gridWidth; y++) {
                int position = inBand(y, channels[c] % phases, phases, item.width(level));
                for (int x = 0; x < gridWidth; x++, at++, position += spread) {
                    use.use(channels[c] / phases, position, at);
                }
            }
        });
    }

    /** Reconstruction levels to values in sixteenths. */
    private static void reconstruct(int[] reconstructionLevels, int[] means) {
        for (int i = 0; i < reconstructionLevels.length; i++) {
            reconstructionLevels[i] = Trellis.SPACING * reconstructionLevels[i] + means[i];
        }
    }

    /** Where a row of a phase begins in its band; columns are 2 apart, or 1 if there is one phase. */
    private static int inBand(int y, int phase, int phases, int bandWidth) {
        return phases == 1 ? y * bandWidth : (2 * y + (phase >> 1)) * bandWidth + (phase & 1);
    }

    /** Walks through a level's symbol steps; {@code wholeSteps} says that the low band has whole quantizer steps, as in the base layer. */
    private Coded<float[][]> walk(int level, BatchItem item, boolean wholeSteps, Cancellation cancellation, SymbolStepCoder coder) {
        return level == 0 ? lowBand(item, wholeSteps ? 16 : 1, cancellation, coder) : detail(level, item, cancellation, coder);
    }

    /** DPCM of the low band in units of so many sixteenths; the next level's context is residuals and their magnitudes, companded. */
    private Coded<float[][]> lowBand(BatchItem item, int unit, Cancellation cancellation, SymbolStepCoder coder) {
        int width = item.width(0);
        int area = item.height(0) * width;
        int[] low = weights.low();
        byte[] context = new byte[6 * area];
        float[][] bands = new float[3][area];
        int[] values = new int[area];
        for (int c = 0; c < (item.gray(0) ? 1 : 3); c++) {
            for (int y = 0, i = 0; y < item.height(0); y++) {
                cancellation.check();
                for (int x = 0; x < width; x++, i++) {
                    int left = x > 0 ? values[i - 1] : 0;
                    int up = y > 0 ? values[i - width] : 0;
                    int mean = y == 0 ? left : x == 0 ? up : left + up + 1 >> 1;
                    int magnitudes = (3 + c) * area + i;
                    int near = (x > 0 ? context[magnitudes - 1] : 0) + (y > 0 ? context[magnitudes - width] : 0);
                    int logScale = low[3 * c] * 16 + low[3 * c + 1] * (item.qualityIndex() >> 1) + low[3 * c + 2] * near;
                    int[] value = new int[1];
                    coder.code(new int[] {c, i}, new int[] {mean}, new byte[] {PriorWeights.scaleIndex(logScale + 8 >> 4)}, value);
                    values[i] = value[0];
                    bands[c][i] = value[0] * (unit / 16f);
                    context[c * area + i] = weights.companded(unit * (value[0] - mean));
                    context[magnitudes] = (byte) Math.abs(context[c * area + i]);
                }
            }
        }
        return new Coded<>(List.of(), bands, context);
    }

    private Coded<float[][]> detail(int level, BatchItem item, Cancellation cancellation, SymbolStepCoder coder) {
        PriorWeights.Level net = weights.levels().get(level - 1);
        int phases = PriorWeights.phases(level);
        int gridHeight = phases == 1 ? item.height(level) : item.height(level) / 2;
        int gridWidth = phases == 1 ? item.width(level) : item.width(level) / 2;
        int area = gridHeight * gridWidth;
        float[][] bands = new float[item.bands(level)][item.area(level)];
        int[] sums = start(net, item.qualityIndex(), area);
        kernels.convolve(net.context().conv(), item.context(), gridHeight, gridWidth, sums, cancellation);
        int[][] steps = PriorWeights.symbolSteps(level);
        IntConv[] symbols = symbolsOfSteps(level);
        byte[] active = new byte[net.context().shifts().length * area];
        int coded = item.gray(level) ? PriorWeights.lumaSymbolSteps(level) : steps.length;
        for (int k = 0; k < coded; k++) {
            kernels.activate(sums, net.context().shifts(), area, active);
            byte[] hidden = activated(net.hidden()[k], active, gridHeight, gridWidth, cancellation);
            int[] outputs = apply(net.out()[k], hidden, gridHeight, gridWidth, cancellation);
            byte[] input = codeSymbolStep(bands, level, item, steps[k], net.out()[k].shifts(), outputs, area, coder);
            if (level > 1 || k < coded - 1) {
                kernels.convolve(symbols[k], input, gridHeight, gridWidth, sums, cancellation);
            }
        }
        if (level == 1) {
            return new Coded<>(List.of(), bands, new byte[0]);
        }
        kernels.activate(sums, net.context().shifts(), area, active);
        byte[] hidden = activated(net.upHidden(), active, gridHeight, gridWidth, cancellation);
        byte[] up = activated(net.up(), hidden, gridHeight, gridWidth, cancellation);
        return new Coded<>(List.of(), bands, phases == 4 ? shuffle(up, gridHeight, gridWidth) : up);
    }

    private byte[] codeSymbolStep(float[][] bands, int level, BatchItem item, int[] channels, byte[] shifts, int[] outputs, int area,
                            SymbolStepCoder coder) {
        int n = channels.length;
        int[] means = new int[n * area];
        byte[] scaleIndices = new byte[n * area];
        channels(n, area).forEach(c -> {
            int half = 1 << shifts[c] >> 1;
            int halfOfScaleIndex = 1 << shifts[n + c] >> 1;
            for (int i = c * area; i < (c + 1) * area; i++) {
                scaleIndices[i] = PriorWeights.scaleIndex(outputs[n * area + i] + halfOfScaleIndex >> shifts[n + c]);
                int mean = Math.max(-MAX_MEAN, Math.min(MAX_MEAN, outputs[i] + half >> shifts[c]));
                means[i] = ScaleTables.isCertain(scaleIndices[i]) ? 0 : mean;
            }
        });
        int[] values = new int[n * area];
        coder.code(channels, means, scaleIndices, values);
        byte[] input = new byte[2 * n * area];
        each(level, item, channels, n * area, (band, position, at) -> {
            input[at] = weights.companded(values[at]);
            input[n * area + at] = (byte) Math.abs(input[at]);
            bands[band][position] = values[at] / 16f;
        });
        return input;
    }

    /** The channels of a symbol step; in parallel when there is enough to do. */
    private static IntStream channels(int n, int area) {
        IntStream channels = IntStream.range(0, n);
        return area >= PARALLEL_FROM ? channels.parallel() : channels;
    }

    private static int[] start(PriorWeights.Level net, int qualityIndex, int area) {
        int[] bias = net.context().bias();
        int[] sums = new int[bias.length * area];
        for (int c = 0; c < bias.length; c++) {
            Arrays.fill(sums, c * area, (c + 1) * area, bias[c] + net.qualityBias()[c] * (qualityIndex >> 1));
        }
        return sums;
    }

    private int[] apply(PriorWeights.Convolution convolution, byte[] input, int height, int width, Cancellation cancellation) {
        int area = height * width;
        int[] sums = new int[convolution.bias().length * area];
        for (int c = 0; c < convolution.bias().length; c++) {
            Arrays.fill(sums, c * area, (c + 1) * area, convolution.bias()[c]);
        }
        kernels.convolve(convolution.conv(), input, height, width, sums, cancellation);
        return sums;
    }

    private byte[] activated(PriorWeights.Convolution convolution, byte[] input, int height, int width, Cancellation cancellation) {
        byte[] output = new byte[convolution.shifts().length * height * width];
        kernels.activate(apply(convolution, input, height, width, cancellation), convolution.shifts(), height * width, output);
        return output;
    }

    /** Channels 4c..4c+3 become the 2x2 phases of channel c at twice the size. */
    private static byte[] shuffle(byte[] input, int height, int width) {
        byte[] output = new byte[input.length];
        int area = height * width;
        for (int c = 0; c < input.length / area; c++) {
            int to = (c / 4) * 4 * area + (c % 4 >> 1) * 2 * width + (c & 1);
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    output[to + 4 * y * width + 2 * x] = input[c * area + y * width + x];
                }
            }
        }
        return output;
    }
}
