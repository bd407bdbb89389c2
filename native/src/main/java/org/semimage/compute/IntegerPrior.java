package org.semimage.compute;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The integer prior: coarse-to-fine context networks that give every coefficient a mean and a scale index, from coefficients
 * decoded before (FORMAT.md, "Integer prior").
 *
 * <p>All arithmetic between symbols and probabilities is integer, so every machine walks through the same values. Means are in
 * sixteenths of a quantizer step, and so is a reconstruction, {@code 16 * symbol + mean}.
 *
 * <p>Wavelet coefficients under a learned context: Ma et al., "End-to-end optimized versatile image compression with
 * wavelet-like transform", TPAMI 2020. Two-pass checkerboard: He et al., "Checkerboard context model", CVPR 2021.
 */
public final class IntegerPrior {

    private static final int LEVELS = Pyramid.LEVELS;
    private static final int SCALE_OFFSET = 129;
    private static final int MAX_MEAN = 127 * 16;
    private static final int COMPANDED = 4096;
    private static final int PARALLEL_FROM = 1 << 14;

    /** One layer with rounding: weights, biases, shifts. */
    private record Layer(IntConv conv, int[] bias, byte[] shifts) {
    }

    /** Networks of one level. {@code symbols[k]} takes the channels of step k, as they are and as magnitudes. */
    private record Level(Layer context, byte[] quality, IntConv[] symbols, Layer[] hidden, Layer[] out, Layer upHidden, Layer up) {
    }

    /** Codes the symbols of one step, or finds them out. */
    private interface StepCoder {
        /**
         * @param level   0 for the low band
         * @param channel phase channels of the step; for the low band the component and the position
         * @param means   sixteenths, channel-major; whole steps for the low band
         * @param scales  scale indices, channel-major; the coder may keep them
         * @param symbols to fill; the coder may keep them, but not change them later
         */
        void code(int level, int[] channels, int[] means, byte[] scales, int[] symbols);
    }

    /**
     * One step's symbols, as the entropy coder takes them.
     *
     * @param symbols residuals in quantizer steps, channel-major
     * @param scales  their scale indices
     */
    public record Step(int[] symbols, byte[] scales) {
    }

    /**
     * A quantized picture.
     *
     * @param steps   in coding order
     * @param decoded the coefficients that a decoder will have, in quantizer steps
     */
    public record Quantized(List<Step> steps, Pyramid decoded) {
    }

    private final Kernels kernels;
    private final ScaleTables tables;
    private final byte[] compand;
    private final int[] low;
    private final Level[] levels = new Level[LEVELS];

    /**
     * @param weights tensors {@code prior.*} (FORMAT.md, "Model pack")
     * @throws IllegalArgumentException if a tensor is missing or does not fit
     */
    public IntegerPrior(NamedTensors weights, Kernels kernels) {
        this.kernels = kernels;
        this.compand = weights.bytes("prior.compand", COMPANDED);
        this.low = weights.ints("prior.low", 3, 3);
        this.tables = new ScaleTables(tableRows(weights));
        int inputs = 6;
        for (int level = LEVELS; level >= 1; level--) {
            levels[level - 1] = level(weights, level, inputs);
            if (level > 1) {
                inputs = levels[level - 1].up.shifts.length / (phases(level) == 1 ? 1 : 4);
            }
        }
    }

    private static int[][] tableRows(NamedTensors weights) {
        int[] sizes = weights.ints("prior.tables.sizes", ScaleTables.TABLES);
        int[] all = weights.ints("prior.tables.frequencies", -1);
        int[][] rows = new int[ScaleTables.TABLES][];
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
        Layer context = layer(weights, prefix + "context", inputs, 3);
        int hidden = context.conv.outputs();
        int channels = Pyramid.channels(level) * phases(level);
        IntConv symbols = conv(weights, prefix + "symbols", 2 * channels, hidden, 3);
        int[][] steps = steps(level);
        IntConv[] symbolsOf = new IntConv[steps.length];
        Layer[] hiddens = new Layer[steps.length];
        Layer[] outs = new Layer[steps.length];
        for (int k = 0; k < steps.length; k++) {
            int n = steps[k].length;
            int[] both = Arrays.copyOf(steps[k], 2 * n);
            for (int i = 0; i < n; i++) {
                both[n + i] = channels + steps[k][i];
            }
            symbolsOf[k] = symbols.ofInputs(both);
            hiddens[k] = layer(weights, prefix + "step" + k + ".hidden", hidden, 1);
            outs[k] = layer(weights, prefix + "step" + k + ".out", hidden, 1);
            if (outs[k].conv.outputs() != 2 * n) {
                throw new IllegalArgumentException(prefix + "step" + k + ".out has " + outs[k].conv.outputs() + " outputs, expected " + 2 * n);
            }
        }
        Layer upHidden = level > 1 ? layer(weights, prefix + "up_hidden", hidden, 1) : null;
        Layer up = level > 1 ? layer(weights, prefix + "up_out", hidden, 1) : null;
        return new Level(context, weights.bytes(prefix + "context.quality", hidden), symbolsOf, hiddens, outs, upHidden, up);
    }

    private static IntConv conv(NamedTensors weights, String name, int inputs, int outputs, int kernel) {
        byte[] w = weights.bytes(name + ".weight", outputs, inputs, kernel, kernel);
        return new IntConv(inputs, outputs == -1 ? w.length / (inputs * kernel * kernel) : outputs, kernel, w);
    }

    private static Layer layer(NamedTensors weights, String name, int inputs, int kernel) {
        IntConv conv = conv(weights, name, inputs, -1, kernel);
        byte[] shifts = weights.bytes(name + ".shift", conv.outputs());
        for (byte shift : shifts) {
            if (shift < 0 || shift > 16) {
                throw new IllegalArgumentException(name + ".shift has " + shift);
            }
        }
        return new Layer(conv, weights.ints(name + ".bias", conv.outputs()), shifts);
    }

    /** Phases of a level's coefficients on the grid where its networks run: 4, or 1 on the coarsest. */
    static int phases(int level) {
        return level == LEVELS ? 1 : 4;
    }

    /** Phase channels of each coding step: luma a phase at a time (0, 3, 1, 2), then colour in two passes (0 and 3, 1 and 2). */
    static int[][] steps(int level) {
        int phases = phases(level);
        int[][] luma = phases == 1 ? new int[][] {{0}} : new int[][] {{0}, {3}, {1}, {2}};
        int[][] colour = phases == 1 ? new int[][] {{0}} : new int[][] {{0, 3}, {1, 2}};
        List<int[]> steps = new ArrayList<>();
        for (int[] pass : luma) {
            steps.add(channels(new int[] {0}, pass, phases));
        }
        if (level > 1) {
            for (int[] pass : colour) {
                steps.add(channels(new int[] {1, 2}, pass, phases));
            }
        }
        return steps.toArray(int[][]::new);
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

    /** Whether a step codes colour components, which gray pictures leave out. */
    private static boolean isColour(int[] step, int level) {
        return step[0] >= 3 * phases(level);
    }

    /** The tables that symbols are coded with. */
    public ScaleTables tables() {
        return tables;
    }

    /**
     * Quantizes coefficients.
     *
     * @param target  coefficients in quantizer steps
     * @param gray    whether components 1 and 2 are left out
     * @param quality quality index, 0..255
     * @param lambda  price of a bit in squared steps for rate-distortion optimized rounding; 0 rounds to nearest
     */
    public Quantized quantize(Pyramid target, boolean gray, int quality, float lambda) {
        List<Step> steps = new ArrayList<>();
        Pyramid decoded = walk(target.height(), target.width(), gray, quality, (level, channels, means, scales, symbols) -> {
            if (level == 0) {
                symbols[0] = Math.round(target.low()[channels[0]][channels[1]]) - means[0];
            } else {
                quantize(target, level, channels, means, scales, lambda, symbols);
            }
            steps.add(new Step(symbols, scales));
        });
        return new Quantized(steps, decoded);
    }

    /** Codes steps with the prior's tables and kernels; see {@link Kernels#encode}. */
    public byte[] encode(List<Step> steps, int lanes) {
        return kernels.encode(tables, steps, lanes);
    }

    /** A decoder with the prior's tables and kernels, which the caller closes; see {@link Kernels#decoder}. */
    public SymbolDecoder decoder(byte[] bytes, int from, int to, int lanes) {
        return kernels.decoder(tables, bytes, from, to, lanes);
    }

    /**
     * Decodes coefficients.
     *
     * @param height  of the padded picture
     * @param width   of the padded picture
     * @param gray    whether components 1 and 2 were left out
     * @param quality quality index, 0..255
     * @param in      gives the symbols; where it ends early, the rest are zero
     * @return coefficients in quantizer steps
     */
    public Pyramid decode(int height, int width, boolean gray, int quality, SymbolDecoder in) {
        return walk(height, width, gray, quality, (level, channels, means, scales, symbols) -> in.decode(scales, symbols));
    }

    private void quantize(Pyramid target, int level, int[] channels, int[] means, byte[] scales, float lambda, int[] symbols) {
        int phases = phases(level);
        int bandWidth = target.width() >> level;
        int step = phases == 1 ? 1 : 2;
        int gridWidth = bandWidth / step;
        int area = symbols.length / channels.length;
        channels(channels.length, area).forEach(c -> {
            float[] band = target.detail()[level - 1][channels[c] / phases];
            int at = c * area;
            for (int y = 0; y < area / gridWidth; y++) {
                int from = inBand(y, channels[c] % phases, phases, bandWidth);
                for (int x = 0; x < gridWidth; x++, at++, from += step) {
                    symbols[at] = quantize(band[from] - means[at] / 16f, scales[at], lambda);
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
        float saved = lambda * (tables.cost(scale, sign * nearest) - tables.cost(scale, sign * (nearest - 1)));
        return errorBelow * errorBelow - error * error < saved ? sign * (nearest - 1) : sign * nearest;
    }

    /** Where a row of a phase begins in its band; columns are 2 apart, or 1 if there is one phase. */
    private static int inBand(int y, int phase, int phases, int bandWidth) {
        return phases == 1 ? y * bandWidth : (2 * y + (phase >> 1)) * bandWidth + (phase & 1);
    }

    private Pyramid walk(int height, int width, boolean gray, int quality, StepCoder coder) {
        Pyramid decoded = Pyramid.zero(height, width);
        int gridHeight = height >> LEVELS;
        int gridWidth = width >> LEVELS;
        byte[] context = lowBand(decoded, gridHeight, gridWidth, gray ? 1 : 3, quality, coder);
        for (int level = LEVELS; level >= 1; level--) {
            Level net = levels[level - 1];
            int area = gridHeight * gridWidth;
            int[] sums = start(net, quality, area);
            kernels.convolve(net.context.conv, context, gridHeight, gridWidth, sums);
            int[][] steps = steps(level);
            byte[] active = new byte[net.context.shifts.length * area];
            for (int k = 0; k < steps.length; k++) {
                if (gray && isColour(steps[k], level)) {
                    break;
                }
                kernels.activate(sums, net.context.shifts, area, active);
                int[] outputs = apply(net.out[k], activated(net.hidden[k], active, gridHeight, gridWidth), gridHeight, gridWidth);
                byte[] input = codeStep(decoded, level, steps[k], net.out[k].shifts, outputs, area, coder);
                if (level > 1 || k < steps.length - 1) {
                    kernels.convolve(net.symbols[k], input, gridHeight, gridWidth, sums);
                }
            }
            if (level > 1) {
                kernels.activate(sums, net.context.shifts, area, active);
                byte[] up = activated(net.up, activated(net.upHidden, active, gridHeight, gridWidth), gridHeight, gridWidth);
                if (phases(level) == 4) {
                    context = shuffle(up, gridHeight, gridWidth);
                    gridHeight *= 2;
                    gridWidth *= 2;
                } else {
                    context = up;
                }
            }
        }
        return decoded;
    }

    /** DPCM of the low band; gives the next level's context: residuals and their magnitudes, companded. */
    private byte[] lowBand(Pyramid decoded, int height, int width, int components, int quality, StepCoder coder) {
        int area = height * width;
        byte[] context = new byte[6 * area];
        int[] values = new int[area];
        for (int c = 0; c < components; c++) {
            for (int y = 0, i = 0; y < height; y++) {
                for (int x = 0; x < width; x++, i++) {
                    int left = x > 0 ? values[i - 1] : 0;
                    int up = y > 0 ? values[i - width] : 0;
                    int mean = y == 0 ? left : x == 0 ? up : left + up + 1 >> 1;
                    int magnitudes = (3 + c) * area + i;
                    int near = (x > 0 ? context[magnitudes - 1] : 0) + (y > 0 ? context[magnitudes - width] : 0);
                    int logScale = low[3 * c] * 16 + low[3 * c + 1] * (quality >> 1) + low[3 * c + 2] * near;
                    int[] symbol = new int[1];
                    coder.code(0, new int[] {c, i}, new int[] {mean}, new byte[] {scaleIndex(logScale + 8 >> 4)}, symbol);
                    values[i] = mean + symbol[0];
                    decoded.low()[c][i] = values[i];
                    context[c * area + i] = companded(16 * symbol[0]);
                    context[magnitudes] = (byte) Math.abs(context[c * area + i]);
                }
            }
        }
        return context;
    }

    private byte[] codeStep(Pyramid decoded, int level, int[] channels, byte[] shifts, int[] outputs, int area, StepCoder coder) {
        int n = channels.length;
        int[] means = new int[n * area];
        byte[] scales = new byte[n * area];
        int[] symbols = new int[n * area];
        channels(n, area).forEach(c -> {
            int half = 1 << shifts[c] >> 1;
            int halfScale = 1 << shifts[n + c] >> 1;
            for (int i = c * area; i < (c + 1) * area; i++) {
                means[i] = Math.max(-MAX_MEAN, Math.min(MAX_MEAN, outputs[i] + half >> shifts[c]));
                scales[i] = scaleIndex(outputs[n * area + i] + halfScale >> shifts[n + c]);
            }
        });
        coder.code(level, channels, means, scales, symbols);
        byte[] input = new byte[2 * n * area];
        int phases = phases(level);
        int bandWidth = decoded.width() >> level;
        int step = phases == 1 ? 1 : 2;
        int gridWidth = bandWidth / step;
        channels(n, area).forEach(c -> {
            float[] band = decoded.detail()[level - 1][channels[c] / phases];
            int phase = channels[c] % phases;
            int at = c * area;
            for (int y = 0; y < area / gridWidth; y++) {
                int to = inBand(y, phase, phases, bandWidth);
                for (int x = 0; x < gridWidth; x++, at++, to += step) {
                    int value = 16 * symbols[at] + means[at];
                    input[at] = companded(value);
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

    /** log2 scale in sixteenths to scale index. */
    private static byte scaleIndex(int logScale) {
        return (byte) Math.max(0, Math.min(ScaleTables.SCALES - 1, logScale + SCALE_OFFSET >> 1));
    }

    /** The networks' view of a value in sixteenths: {@code sign * round(16 log2(1 + |value|/16))}, at most 127. */
    private byte companded(int value) {
        byte magnitude = compand[(int) Math.min(COMPANDED - 1, Math.abs(value))];
        return value < 0 ? (byte) -magnitude : magnitude;
    }

    private static int[] start(Level net, int quality, int area) {
        int[] sums = new int[net.context.bias.length * area];
        for (int c = 0; c < net.context.bias.length; c++) {
            Arrays.fill(sums, c * area, (c + 1) * area, net.context.bias[c] + net.quality[c] * (quality >> 1));
        }
        return sums;
    }

    private int[] apply(Layer layer, byte[] input, int height, int width) {
        int area = height * width;
        int[] sums = new int[layer.bias.length * area];
        for (int c = 0; c < layer.bias.length; c++) {
            Arrays.fill(sums, c * area, (c + 1) * area, layer.bias[c]);
        }
        kernels.convolve(layer.conv, input, height, width, sums);
        return sums;
    }

    private byte[] activated(Layer layer, byte[] input, int height, int width) {
        byte[] output = new byte[layer.shifts.length * height * width];
        kernels.activate(apply(layer, input, height, width), layer.shifts, height * width, output);
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
