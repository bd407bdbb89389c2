package org.semimage.compute;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The integer prior: coarse-to-fine context networks that give every coefficient a mean and a scale index, from coefficients
 * decoded before (FORMAT.md, "Integer prior"). This class walks through the levels; {@link PriorLevels} does the work of each.
 *
 * <p>All arithmetic between symbols and probabilities is integer, so every machine walks through the same values. Means are in
 * sixteenths of a quantizer step, and so is a reconstruction, {@code 16 * symbol + mean}.
 *
 * <p>Wavelet coefficients under a learned context: Ma et al., "End-to-end optimized versatile image compression with
 * wavelet-like transform", TPAMI 2020. Two-pass checkerboard: He et al., "Checkerboard context model", CVPR 2021.
 */
public final class IntegerPrior implements AutoCloseable {

    private static final byte[] NO_CONTEXT = {};

    /**
     * One step's symbols, as the entropy coder takes them.
     *
     * @param symbols residuals in quantizer steps, channel-major
     * @param scales  their scale indices
     */
    public record Step(int[] symbols, byte[] scales) {
    }

    /**
     * A picture to quantize.
     *
     * @param target  coefficients in quantizer steps
     * @param gray    whether components 1 and 2 are left out
     * @param quality quality index, 0..255
     * @param lambda  price of a bit in squared steps for rate-distortion optimized rounding; 0 rounds to nearest
     */
    public record Target(Pyramid target, boolean gray, int quality, float lambda) {
    }

    /**
     * A picture to decode.
     *
     * @param height  of the padded picture
     * @param width   of the padded picture
     * @param gray    whether components 1 and 2 were left out
     * @param quality quality index, 0..255
     * @param symbols gives the symbols; where it ends early, the rest are zero
     */
    public record Source(int height, int width, boolean gray, int quality, SymbolDecoder symbols) {
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
    private final PriorWeights weights;
    private final PriorLevels levels;

    /**
     * @param weights tensors {@code prior.*} (FORMAT.md, "Model pack")
     * @throws IllegalArgumentException if a tensor is missing or does not fit
     */
    public IntegerPrior(NamedTensors weights, Kernels kernels) {
        this.kernels = kernels;
        this.weights = PriorWeights.of(weights);
        this.levels = kernels.levels(this.weights);
    }

    /** The tables that symbols are coded with. */
    public ScaleTables tables() {
        return weights.tables();
    }

    /** Quantizes one picture; see {@link #quantize(List)}. */
    public Quantized quantize(Pyramid target, boolean gray, int quality, float lambda) {
        return quantize(List.of(new Target(target, gray, quality, lambda))).get(0);
    }

    /** Quantizes pictures, level by level together. */
    public List<Quantized> quantize(List<Target> targets) {
        List<Quantized> all = new ArrayList<>();
        List<byte[]> contexts = new ArrayList<>();
        for (Target t : targets) {
            all.add(new Quantized(new ArrayList<>(), unfilled(t.target.height(), t.target.width())));
            contexts.add(NO_CONTEXT);
        }
        for (int level : order()) {
            List<PriorLevels.Target> parts = IntStream.range(0, all.size()).mapToObj(i -> {
                Target t = targets.get(i);
                return new PriorLevels.Target(part(t.target.height(), t.target.width(), t.gray, t.quality, level, contexts.get(i)),
                        bands(t.target, level), t.lambda);
            }).toList();
            List<PriorLevels.Quantized> results = levels.quantize(level, parts);
            for (int i = 0; i < all.size(); i++) {
                all.get(i).steps.addAll(results.get(i).steps());
                put(all.get(i).decoded, level, results.get(i).decoded().bands());
                contexts.set(i, results.get(i).decoded().context());
            }
        }
        return all;
    }

    /** Decodes one picture; see {@link #decode(List)}. */
    public Pyramid decode(int height, int width, boolean gray, int quality, SymbolDecoder symbols) {
        return decode(List.of(new Source(height, width, gray, quality, symbols))).get(0);
    }

    /**
     * Decodes pictures, level by level together.
     *
     * @return their coefficients in quantizer steps
     */
    public List<Pyramid> decode(List<Source> sources) {
        List<Pyramid> all = new ArrayList<>();
        List<byte[]> contexts = new ArrayList<>();
        for (Source s : sources) {
            all.add(unfilled(s.height, s.width));
            contexts.add(NO_CONTEXT);
        }
        for (int level : order()) {
            List<PriorLevels.Source> parts = IntStream.range(0, all.size()).mapToObj(i -> {
                Source s = sources.get(i);
                return new PriorLevels.Source(part(s.height, s.width, s.gray, s.quality, level, contexts.get(i)), s.symbols);
            }).toList();
            List<PriorLevels.Decoded> results = levels.decode(level, parts);
            for (int i = 0; i < all.size(); i++) {
                put(all.get(i), level, results.get(i).bands());
                contexts.set(i, results.get(i).context());
            }
        }
        return all;
    }

    /** Codes one picture's steps; see {@link Kernels#encode}. */
    public byte[] encode(List<Step> steps, int lanes) {
        return kernels.encode(tables(), steps, lanes);
    }

    /** Codes the steps of many pictures; see {@link Kernels#encodeAll}. */
    public List<byte[]> encodeAll(List<Kernels.Stream> streams) {
        return kernels.encodeAll(tables(), streams);
    }

    /** A decoder with the prior's tables and kernels, which the caller closes; see {@link Kernels#decoder}. */
    public SymbolDecoder decoder(byte[] bytes, int from, int to, int lanes) {
        return kernels.decoder(tables(), bytes, from, to, lanes);
    }

    /** Frees what the backend holds; no call may be running, and none may follow. */
    @Override
    public void close() {
        levels.close();
    }

    /** Levels in coding order: the low band (0), then coarse to fine. */
    private static int[] order() {
        return IntStream.iterate(Pyramid.LEVELS + 1, level -> level >= 1, level -> level - 1)
                .map(level -> level > Pyramid.LEVELS ? 0 : level).toArray();
    }

    /** A pyramid without its planes, which the levels bring. */
    private static Pyramid unfilled(int height, int width) {
        float[][][] detail = IntStream.rangeClosed(1, Pyramid.LEVELS).mapToObj(level -> new float[Pyramid.channels(level)][]).toArray(float[][][]::new);
        return new Pyramid(height, width, new float[3][], detail);
    }

    private static PriorLevels.Part part(int height, int width, boolean gray, int quality, int level, byte[] context) {
        int shift = level == 0 ? Pyramid.LEVELS : level;
        return new PriorLevels.Part(height >> shift, width >> shift, gray, quality, context);
    }

    private static float[][] bands(Pyramid pyramid, int level) {
        return level == 0 ? pyramid.low() : pyramid.detail()[level - 1];
    }

    private static void put(Pyramid pyramid, int level, float[][] bands) {
        System.arraycopy(bands, 0, bands(pyramid, level), 0, bands.length);
    }
}
