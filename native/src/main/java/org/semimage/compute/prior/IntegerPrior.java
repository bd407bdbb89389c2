// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.prior;

import org.semimage.compute.Cancellation;
import org.semimage.compute.entropy.ScaleTables;
import org.semimage.compute.entropy.SymbolDecoder;
import org.semimage.compute.entropy.SymbolStep;
import org.semimage.compute.kernel.Kernels;
import org.semimage.compute.tensor.NamedTensors;
import org.semimage.compute.wavelet.Pyramid;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The integer prior: coarse-to-fine context networks that give every coefficient a mean and a scale index, from coefficients
 * decoded before (FORMAT.md, "Integer prior"). This class walks through the levels; {@link PriorLevels} does the work of each.
 *
 * <p>All arithmetic between symbols and probabilities is integer, so every machine walks through the same values. Means are in
 * sixteenths of a quantizer step, and so is a reconstruction, {@code 10 * level + mean}: symbols are those of a
 * {@link org.semimage.compute.entropy.Trellis}.
 *
 * <p>Wavelet coefficients under a learned context: Ma et al., "End-to-end optimized versatile image compression with
 * wavelet-like transform", TPAMI 2020. Two-pass checkerboard: He et al., "Checkerboard context model", CVPR 2021.
 */
public final class IntegerPrior implements AutoCloseable {

    /** The levels of a call, in coding order; 0 is the low band. */
    public enum Levels {
        /** All of them, for a picture coded in one piece. */
        ALL(0, 6, 5, 4, 3, 2, 1),
        /** Those of the whole picture, where it is coded in tiles: all that an eighth of its size needs. */
        COARSE(0, 6, 5, 4),
        /** Those of a tile. */
        FINE(3, 2, 1),
        /** Those of a tile at half the size. */
        HALF(3, 2),
        /** Those of a tile at a quarter of the size. */
        QUARTER(3);

        private final int[] order;

        Levels(int... order) {
            this.order = order;
        }

        /** In coding order. */
        public int[] order() {
            return order.clone();
        }

        /** The coarsest of the wavelet's levels. */
        public int coarsest() {
            return order[0] == 0 ? order[1] : order[0];
        }

        /** The finest of the wavelet's levels. */
        public int finest() {
            return order[order.length - 1];
        }
    }

    /**
     * What is coded, and under what: a picture or a tile, some of its levels.
     *
     * @param height  of the padded picture or the tile; a multiple of 64
     * @param width   of the padded picture or the tile; a multiple of 64
     * @param gray    whether components 1 and 2 are left out
     * @param fineColour whether they are there on level 1
     * @param quality quality index, 0..255
     * @param context what the levels before handed down, {@code [channels][height/16][width/16]}; empty if they begin with the low band
     */
    public record Part(Levels levels, int height, int width, boolean gray, boolean fineColour, int quality, byte[] context) {

        /** A whole picture. */
        public static Part whole(int height, int width, boolean gray, boolean fineColour, int quality) {
            return new Part(Levels.ALL, height, width, gray, fineColour, quality, new byte[0]);
        }

        private PriorLevels.Part level(int level, byte[] context) {
            int shift = level == 0 ? Pyramid.LEVELS : level;
            return new PriorLevels.Part(height >> shift, width >> shift, gray || level == 1 && !fineColour, quality, context);
        }

        /** A pyramid without planes, which the levels bring. */
        private Pyramid unfilled() {
            float[][][] detail = new float[Pyramid.LEVELS][0][];
            float[][] low = {};
            for (int level : levels.order) {
                if (level == 0) {
                    low = new float[3][];
                } else {
                    detail[level - 1] = new float[Pyramid.channels(level, fineColour && !gray)][];
                }
            }
            return new Pyramid(height, width, low, detail);
        }
    }

    /**
     * Something to quantize.
     *
     * @param target coefficients of the part's levels in quantizer steps
     * @param lambda price of a bit in squared steps for rate-distortion optimized rounding; 0 rounds to nearest
     */
    public record Target(Part part, Pyramid target, float lambda) {
    }

    /**
     * Something to decode.
     *
     * @param symbols for each of the part's levels, what gives its symbols; where it ends early, the rest are zero
     */
    public record Source(Part part, List<SymbolDecoder> symbols) {
    }

    /**
     * What was decoded.
     *
     * @param coefficients in quantizer steps
     * @param context      for the levels that follow; empty if none do
     */
    public record Decoded(Pyramid coefficients, byte[] context) {
    }

    /**
     * What was quantized.
     *
     * @param steps   for each level its steps in coding order
     * @param decoded what a decoder will have
     */
    public record Quantized(List<List<SymbolStep>> steps, Decoded decoded) {

        /** The steps of all levels, one behind the other. */
        public List<SymbolStep> allSteps() {
            return steps.stream().flatMap(List::stream).toList();
        }
    }

    /**
     * What is known of quantized coefficients between two layers: their cells; see {@link RefinementTables#cell}.
     *
     * @param low    {@code [3][area]}; empty for a tile
     * @param detail {@code [level - 1][channel][area]}; empty for levels that the part lacks
     */
    public record Cells(int height, int width, int[][] low, int[][][] detail) {

        /** What the base layer leaves. */
        public static Cells of(Pyramid base) {
            int[][][] detail = Arrays.stream(base.detail()).map(Cells::cells).toArray(int[][][]::new);
            return new Cells(base.height(), base.width(), cells(base.low()), detail);
        }

        private static int[][] cells(float[][] planes) {
            int[][] cells = new int[planes.length][];
            for (int c = 0; c < planes.length; c++) {
                cells[c] = new int[planes[c].length];
                for (int i = 0; i < cells[c].length; i++) {
                    cells[c][i] = RefinementTables.cell(planes[c][i]);
                }
            }
            return cells;
        }

        /** The coefficients in the layer's quantizer steps. */
        public Pyramid coefficients() {
            return new Pyramid(height, width, values(low), Arrays.stream(detail).map(Cells::values).toArray(float[][][]::new));
        }

        private static float[][] values(int[][] cells) {
            float[][] planes = new float[cells.length][];
            for (int c = 0; c < cells.length; c++) {
                planes[c] = new float[cells[c].length];
                for (int i = 0; i < planes[c].length; i++) {
                    planes[c][i] = RefinementTables.value(cells[c][i]) / 16f;
                }
            }
            return planes;
        }

        /** The same in the steps of a layer that refines nothing. */
        public Cells unrefined() {
            return new Cells(height, width, unrefined(low), Arrays.stream(detail).map(Cells::unrefined).toArray(int[][][]::new));
        }

        private static int[][] unrefined(int[][] cells) {
            return Arrays.stream(cells).map(plane -> Arrays.stream(plane).map(RefinementTables::unrefined).toArray()).toArray(int[][]::new);
        }

        private int[][] bands(int level) {
            return level == 0 ? low : detail[level - 1];
        }

        /** The same planes in new arrays, so that another layer can fill them. */
        private Cells copy() {
            return new Cells(height, width, low.clone(), Arrays.stream(detail).map(int[][]::clone).toArray(int[][][]::new));
        }
    }

    /**
     * Something to refine.
     *
     * @param part   with the layer's quality index
     * @param before from the layer before
     * @param target coefficients of the part's levels in the layer's quantizer steps
     * @param lambda price of a bit in squared steps
     */
    public record RefinementTarget(Part part, Cells before, Pyramid target, float lambda) {
    }

    /**
     * A refinement to decode.
     *
     * @param part    with the layer's quality index
     * @param before  from the layer before
     * @param symbols for each of the part's levels, what gives its symbols; coefficients behind its end are where they are expected
     */
    public record RefinementSource(Part part, Cells before, List<SymbolDecoder> symbols) {
    }

    /**
     * What was refined.
     *
     * @param steps   for each level its steps in coding order; empty if it was decoded
     * @param cells   in the layer's steps
     * @param context for the levels that follow; empty if none do
     */
    public record Refined(List<List<SymbolStep>> steps, Cells cells, byte[] context) {

        /** The steps of all levels, one behind the other. */
        public List<SymbolStep> allSteps() {
            return steps.stream().flatMap(List::stream).toList();
        }
    }

    /** The quality index that half the quantizer step adds. */
    public static final int LAYER_QUALITY = 32;

    private final Kernels kernels;
    private final PriorWeights weights;
    private final PriorLevels levels;
    private final PriorRefinement refinement;

    /**
     * @param weights tensors {@code prior.*} (FORMAT.md, "Model pack")
     * @throws IllegalArgumentException if a tensor is missing or does not fit
     */
    public IntegerPrior(NamedTensors weights, Kernels kernels) {
        this.kernels = kernels;
        this.weights = PriorWeights.of(weights);
        this.levels = PriorLevels.of(kernels, this.weights);
        this.refinement = levels instanceof PriorRefinement both ? both : new JavaPriorLevels(this.weights, kernels);
    }

    /** Whether the pack has tables for layers that refine; without them the methods for such layers throw IllegalStateException. */
    public boolean refines() {
        return weights.refinement().isPresent();
    }

    /** The tables of refinement layers. */
    public RefinementTables refinementTables() {
        return weights.refining();
    }

    /** The tables that symbols are coded with. */
    public ScaleTables tables() {
        return weights.tables();
    }

    /** Quantizes all levels of one picture; see {@link #quantize(List, Cancellation)}. */
    public Quantized quantize(Pyramid target, boolean gray, int quality, float lambda) {
        return quantize(List.of(new Target(Part.whole(target.height(), target.width(), gray, target.fineColour(), quality), target,
                lambda)), Cancellation.NEVER).get(0);
    }

    /**
     * Quantizes pictures or tiles, level by level together; all have the same levels.
     *
     * @throws java.util.concurrent.CancellationException if the request is made before all is done
     */
    public List<Quantized> quantize(List<Target> targets, Cancellation cancellation) {
        List<Quantized> all = new ArrayList<>();
        for (Target target : targets) {
            all.add(new Quantized(new ArrayList<>(), new Decoded(target.part.unfilled(), target.part.context)));
        }
        for (int level : commonOrder(targets.stream().map(Target::part))) {
            List<PriorLevels.Target> parts = IntStream.range(0, all.size()).mapToObj(i -> {
                Target target = targets.get(i);
                return new PriorLevels.Target(target.part.level(level, all.get(i).decoded.context), bands(target.target, level),
                        target.lambda);
            }).toList();
            List<PriorLevels.Quantized> results = levels.quantize(level, parts, cancellation);
            for (int i = 0; i < all.size(); i++) {
                Quantized before = all.get(i);
                before.steps.add(results.get(i).steps());
                all.set(i, new Quantized(before.steps, with(before.decoded, level, results.get(i).decoded())));
            }
        }
        return all;
    }

    /** Decodes all levels of one picture; see {@link #decode(List, Cancellation)}. */
    public Pyramid decode(int height, int width, boolean gray, boolean fineColour, int quality, SymbolDecoder symbols) {
        Part part = Part.whole(height, width, gray, fineColour, quality);
        Source source = new Source(part, Collections.nCopies(part.levels.order.length, symbols));
        return decode(List.of(source), Cancellation.NEVER).get(0).coefficients;
    }

    /**
     * Decodes pictures or tiles, level by level together; all have the same levels.
     *
     * @throws java.util.concurrent.CancellationException if the request is made before all is done
     */
    public List<Decoded> decode(List<Source> sources, Cancellation cancellation) {
        List<Decoded> all = new ArrayList<>();
        for (Source source : sources) {
            all.add(new Decoded(source.part.unfilled(), source.part.context));
        }
        int[] order = commonOrder(sources.stream().map(Source::part));
        for (int k = 0; k < order.length; k++) {
            int level = order[k];
            List<PriorLevels.Source> parts = new ArrayList<>();
            for (int i = 0; i < all.size(); i++) {
                Source source = sources.get(i);
                parts.add(new PriorLevels.Source(source.part.level(level, all.get(i).context), source.symbols.get(k)));
            }
            List<PriorLevels.Decoded> results = levels.decode(level, parts, cancellation);
            for (int i = 0; i < all.size(); i++) {
                all.set(i, with(all.get(i), level, results.get(i)));
            }
        }
        return all;
    }

    /**
     * Refines pictures or tiles, level by level together; all have the same levels.
     *
     * @throws java.util.concurrent.CancellationException if the request is made before all is done
     */
    public List<Refined> refine(List<RefinementTarget> targets, Cancellation cancellation) {
        List<Part> parts = targets.stream().map(RefinementTarget::part).toList();
        return refineAll(parts, targets.stream().map(RefinementTarget::before).toList(), (level, k, places, cells) ->
                refinement.refine(level, IntStream.range(0, places.size())
                        .mapToObj(i -> new PriorRefinement.RefineTarget(places.get(i), cells.get(i),
                        bands(targets.get(i).target, level), targets.get(i).lambda)).toList(), cancellation));
    }

    /**
     * Decodes refinements of pictures or tiles, level by level together; all have the same levels.
     *
     * @throws java.util.concurrent.CancellationException if the request is made before all is done
     */
    public List<Refined> decodeRefinement(List<RefinementSource> sources, Cancellation cancellation) {
        List<Part> parts = sources.stream().map(RefinementSource::part).toList();
        return refineAll(parts, sources.stream().map(RefinementSource::before).toList(), (level, k, places, cells) ->
                refinement.decodeRefinement(level, IntStream.range(0, places.size())
                        .mapToObj(i -> new PriorRefinement.RefineSource(places.get(i),
                        cells.get(i), sources.get(i).symbols.get(k))).toList(), cancellation));
    }

    /** Refines one level of all parts. */
    private interface LevelRefiner {
        List<PriorRefinement.Refined> refine(int level, int position, List<PriorLevels.Part> places, List<int[][]> cells);
    }

    private static List<Refined> refineAll(List<Part> parts, List<Cells> before, LevelRefiner refiner) {
        List<Refined> all = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            all.add(new Refined(new ArrayList<>(), before.get(i).copy(), parts.get(i).context));
        }
        int[] order = commonOrder(parts.stream());
        for (int k = 0; k < order.length; k++) {
            int level = order[k];
            List<PriorLevels.Part> places = IntStream.range(0, all.size()).mapToObj(i -> parts.get(i).level(level, all.get(i).context))
                    .toList();
            List<PriorRefinement.Refined> results = refiner.refine(level, k, places,
                    all.stream().map(one -> one.cells.bands(level)).toList());
            for (int i = 0; i < all.size(); i++) {
                Refined one = all.get(i);
                one.steps.add(results.get(i).steps());
                System.arraycopy(results.get(i).cells(), 0, one.cells.bands(level), 0, results.get(i).cells().length);
                all.set(i, new Refined(one.steps, one.cells, results.get(i).context()));
            }
        }
        return all;
    }

    /** Codes one picture's steps; see {@link Kernels#encode}. */
    public byte[] encode(List<SymbolStep> steps, int lanes) {
        return kernels.encode(tables(), steps, lanes);
    }

    /** A decoder with the prior's tables and kernels, which the caller closes; see {@link Kernels#decoder}. */
    public SymbolDecoder decoder(byte[] bytes, int from, int to, int lanes) {
        return kernels.decoder(tables(), bytes, from, to, lanes);
    }

    /**
     * The entropy coder of a layer, 0 the base.
     *
     * @throws IllegalStateException for a refinement, if the pack has no tables for it
     */
    public LayerCoder coder(int layer) {
        if (layer == 0) {
            return new LayerCoder(kernels, weights.tables(), weights.tables()::cost);
        }
        return new LayerCoder(kernels, weights.refining().tables(), weights.refining()::cost);
    }

    /** Frees what the backend holds; no call may be running, and none may follow. */
    @Override
    public void close() {
        levels.close();
    }

    private static int[] commonOrder(Stream<Part> parts) {
        List<Levels> levels = parts.map(Part::levels).distinct().toList();
        if (levels.size() != 1) {
            throw new IllegalArgumentException("parts of levels " + levels + ", expected one kind");
        }
        return levels.get(0).order;
    }

    private static float[][] bands(Pyramid pyramid, int level) {
        return level == 0 ? pyramid.low() : pyramid.detail()[level - 1];
    }

    private static Decoded with(Decoded before, int level, PriorLevels.Decoded result) {
        System.arraycopy(result.bands(), 0, bands(before.coefficients, level), 0, result.bands().length);
        return new Decoded(before.coefficients, result.context());
    }
}
