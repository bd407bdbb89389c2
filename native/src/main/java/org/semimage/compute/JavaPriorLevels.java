package org.semimage.compute;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The reference: the prior's levels in Java, over the layers of any {@link Kernels}. */
final class JavaPriorLevels implements PriorLevels {

    private static final int MAX_MEAN = 127 * 16;
    private static final int PARALLEL_FROM = 1 << 14;

    /** Codes the symbols of one step, or finds them out. */
    private interface StepCoder {
        /**
         * @param channels phase channels of the step; for the low band the component and the position
         * @param means    sixteenths, channel-major; whole steps for the low band
         * @param scales   scale indices, channel-major; the coder may keep them
         * @param symbols  to fill; the coder may keep them, but not change them later
         */
        void code(int[] channels, int[] means, byte[] scales, int[] symbols);
    }

    private final PriorWeights weights;
    private final Kernels kernels;
    private final IntConv[][] symbolsOfStep = new IntConv[Pyramid.LEVELS][];

    JavaPriorLevels(PriorWeights weights, Kernels kernels) {
        this.weights = weights;
        this.kernels = kernels;
        for (int level = 1; level <= Pyramid.LEVELS; level++) {
            int n = Pyramid.channels(level) * PriorWeights.phases(level);
            IntConv symbols = weights.levels().get(level - 1).symbols();
            symbolsOfStep[level - 1] = Arrays.stream(PriorWeights.steps(level))
                    .map(step -> symbols.ofInputs(IntStream.concat(Arrays.stream(step), Arrays.stream(step).map(c -> n + c)).toArray()))
                    .toArray(IntConv[]::new);
        }
    }

    @Override
    public List<Quantized> quantize(int level, List<Target> targets) {
        List<Quantized> all = new ArrayList<>();
        for (Target target : targets) {
            target.part().check(level, weights);
            List<IntegerPrior.Step> steps = new ArrayList<>();
            Decoded decoded = walk(level, target.part(), (channels, means, scales, symbols) -> {
                if (level == 0) {
                    symbols[0] = Math.round(target.bands()[channels[0]][channels[1]]) - means[0];
                } else {
                    quantize(level, target, channels, means, scales, symbols);
                }
                steps.add(new IntegerPrior.Step(symbols, scales));
            });
            all.add(new Quantized(steps, decoded));
        }
        return all;
    }

    @Override
    public List<Decoded> decode(int level, List<Source> sources) {
        List<Decoded> all = new ArrayList<>();
        for (Source source : sources) {
            source.part().check(level, weights);
            all.add(walk(level, source.part(), (channels, means, scales, symbols) -> source.symbols().decode(scales, symbols)));
        }
        return all;
    }

    @Override
    public void close() {
    }

    private void quantize(int level, Target target, int[] channels, int[] means, byte[] scales, int[] symbols) {
        int phases = PriorWeights.phases(level);
        int step = phases == 1 ? 1 : 2;
        int bandWidth = target.part().width();
        int gridWidth = bandWidth / step;
        int area = symbols.length / channels.length;
        channels(channels.length, area).forEach(c -> {
            float[] band = target.bands()[channels[c] / phases];
            int at = c * area;
            for (int y = 0; y < area / gridWidth; y++) {
                int from = inBand(y, channels[c] % phases, phases, bandWidth);
                for (int x = 0; x < gridWidth; x++, at++, from += step) {
                    symbols[at] = quantize(band[from] - means[at] / 16f, scales[at], target.lambda());
                }
            }
        });
    }

    private int quantize(float value, int scale, float lambda) {
        int nearest = (int) (Math.abs(value) + 0.5f);
        if (nearest == 0) {
            return 0;
        }
        float error = Math.abs(value) - nearest;
        float errorBelow = error + 1;
        int sign = value < 0 ? -1 : 1;
        nearest = Math.min(nearest, SymbolEncoder.MAX_SYMBOL);
        float saved = lambda * (weights.tables().cost(scale, sign * nearest) - weights.tables().cost(scale, sign * (nearest - 1)));
        return errorBelow * errorBelow - error * error < saved ? sign * (nearest - 1) : sign * nearest;
    }

    /** Where a row of a phase begins in its band; columns are 2 apart, or 1 if there is one phase. */
    private static int inBand(int y, int phase, int phases, int bandWidth) {
        return phases == 1 ? y * bandWidth : (2 * y + (phase >> 1)) * bandWidth + (phase & 1);
    }

    private Decoded walk(int level, Part part, StepCoder coder) {
        return level == 0 ? lowBand(part, coder) : detail(level, part, coder);
    }

    /** DPCM of the low band; the next level's context is residuals and their magnitudes, companded. */
    private Decoded lowBand(Part part, StepCoder coder) {
        int width = part.width();
        int area = part.height() * width;
        int[] low = weights.low();
        byte[] context = new byte[6 * area];
        float[][] bands = new float[3][area];
        int[] values = new int[area];
        for (int c = 0; c < (part.gray() ? 1 : 3); c++) {
            for (int y = 0, i = 0; y < part.height(); y++) {
                for (int x = 0; x < width; x++, i++) {
                    int left = x > 0 ? values[i - 1] : 0;
                    int up = y > 0 ? values[i - width] : 0;
                    int mean = y == 0 ? left : x == 0 ? up : left + up + 1 >> 1;
                    int magnitudes = (3 + c) * area + i;
                    int near = (x > 0 ? context[magnitudes - 1] : 0) + (y > 0 ? context[magnitudes - width] : 0);
                    int logScale = low[3 * c] * 16 + low[3 * c + 1] * (part.quality() >> 1) + low[3 * c + 2] * near;
                    int[] symbol = new int[1];
                    coder.code(new int[] {c, i}, new int[] {mean}, new byte[] {PriorWeights.scaleIndex(logScale + 8 >> 4)}, symbol);
                    values[i] = mean + symbol[0];
                    bands[c][i] = values[i];
                    context[c * area + i] = weights.companded(16 * symbol[0]);
                    context[magnitudes] = (byte) Math.abs(context[c * area + i]);
                }
            }
        }
        return new Decoded(bands, context);
    }

    private Decoded detail(int level, Part part, StepCoder coder) {
        PriorWeights.Level net = weights.levels().get(level - 1);
        int phases = PriorWeights.phases(level);
        int gridHeight = phases == 1 ? part.height() : part.height() / 2;
        int gridWidth = phases == 1 ? part.width() : part.width() / 2;
        int area = gridHeight * gridWidth;
        float[][] bands = new float[Pyramid.channels(level)][part.height() * part.width()];
        int[] sums = start(net, part.quality(), area);
        kernels.convolve(net.context().conv(), part.context(), gridHeight, gridWidth, sums);
        int[][] steps = PriorWeights.steps(level);
        byte[] active = new byte[net.context().shifts().length * area];
        for (int k = 0; k < (part.gray() ? PriorWeights.lumaSteps(level) : steps.length); k++) {
            kernels.activate(sums, net.context().shifts(), area, active);
            int[] outputs = apply(net.out()[k], activated(net.hidden()[k], active, gridHeight, gridWidth), gridHeight, gridWidth);
            byte[] input = codeStep(bands, level, part.width(), steps[k], net.out()[k].shifts(), outputs, area, coder);
            if (level > 1 || k < steps.length - 1) {
                kernels.convolve(symbolsOfStep[level - 1][k], input, gridHeight, gridWidth, sums);
            }
        }
        if (level == 1) {
            return new Decoded(bands, new byte[0]);
        }
        kernels.activate(sums, net.context().shifts(), area, active);
        byte[] up = activated(net.up(), activated(net.upHidden(), active, gridHeight, gridWidth), gridHeight, gridWidth);
        return new Decoded(bands, phases == 4 ? shuffle(up, gridHeight, gridWidth) : up);
    }

    private byte[] codeStep(float[][] bands, int level, int bandWidth, int[] channels, byte[] shifts, int[] outputs, int area, StepCoder coder) {
        int n = channels.length;
        int[] means = new int[n * area];
        byte[] scales = new byte[n * area];
        int[] symbols = new int[n * area];
        channels(n, area).forEach(c -> {
            int half = 1 << shifts[c] >> 1;
            int halfScale = 1 << shifts[n + c] >> 1;
            for (int i = c * area; i < (c + 1) * area; i++) {
                means[i] = Math.max(-MAX_MEAN, Math.min(MAX_MEAN, outputs[i] + half >> shifts[c]));
                scales[i] = PriorWeights.scaleIndex(outputs[n * area + i] + halfScale >> shifts[n + c]);
            }
        });
        coder.code(channels, means, scales, symbols);
        byte[] input = new byte[2 * n * area];
        int phases = PriorWeights.phases(level);
        int step = phases == 1 ? 1 : 2;
        int gridWidth = bandWidth / step;
        channels(n, area).forEach(c -> {
            float[] band = bands[channels[c] / phases];
            int phase = channels[c] % phases;
            int at = c * area;
            for (int y = 0; y < area / gridWidth; y++) {
                int to = inBand(y, phase, phases, bandWidth);
                for (int x = 0; x < gridWidth; x++, at++, to += step) {
                    int value = 16 * symbols[at] + means[at];
                    input[at] = weights.companded(value);
                    input[n * area + at] = (byte) Math.abs(input[at]);
                    band[to] = value / 16f;
                }
            }
        });
        return input;
    }

    /** The channels of a step; in parallel when there is enough to do. */
    private static IntStream channels(int n, int area) {
        IntStream channels = IntStream.range(0, n);
        return area >= PARALLEL_FROM ? channels.parallel() : channels;
    }

    private static int[] start(PriorWeights.Level net, int quality, int area) {
        int[] bias = net.context().bias();
        int[] sums = new int[bias.length * area];
        for (int c = 0; c < bias.length; c++) {
            Arrays.fill(sums, c * area, (c + 1) * area, bias[c] + net.quality()[c] * (quality >> 1));
        }
        return sums;
    }

    private int[] apply(PriorWeights.Layer layer, byte[] input, int height, int width) {
        int area = height * width;
        int[] sums = new int[layer.bias().length * area];
        for (int c = 0; c < layer.bias().length; c++) {
            Arrays.fill(sums, c * area, (c + 1) * area, layer.bias()[c]);
        }
        kernels.convolve(layer.conv(), input, height, width, sums);
        return sums;
    }

    private byte[] activated(PriorWeights.Layer layer, byte[] input, int height, int width) {
        byte[] output = new byte[layer.shifts().length * height * width];
        kernels.activate(apply(layer, input, height, width), layer.shifts(), height * width, output);
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
