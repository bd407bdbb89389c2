// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.prior;

import org.semimage.compute.Cancellation;
import org.semimage.compute.entropy.SymbolDecoder;
import org.semimage.compute.entropy.SymbolStep;
import org.semimage.compute.kernel.Kernels;
import org.semimage.compute.tensor.NamedTensors;
import org.semimage.compute.wavelet.Pyramid;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * The integer prior: coarse-to-fine context networks that give every coefficient a mean and a scale index, from coefficients
 * decoded before (FORMAT.md, "Integer prior"). This class walks through the levels; {@link PriorLevels} does the work of each.
 *
 * <p>All arithmetic between symbols and probabilities is integer, so every machine walks through the same values. Means are in
 * sixteenths of a quantizer step, and so is a reconstruction, ten times the reconstruction level plus the mean: symbols are those of a
 * {@link org.semimage.compute.entropy.Trellis}.
 *
 * <p>Wavelet coefficients under a learned context: Ma et al., "End-to-end optimized versatile image compression with
 * wavelet-like transform", TPAMI 2020. Two-pass checkerboard: He et al., "Checkerboard context model", CVPR 2021.
 */
public final class IntegerPrior implements AutoCloseable {

    /** The quality index that half the quantizer step adds. */
    public static final int QUALITY_INDEX_PER_LAYER = 32;

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

    /** Whether the pack has tables for refinement layers; without them the methods for such layers throw IllegalStateException. */
    public boolean refines() {
        return weights.refinement().isPresent();
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

    /** Quantizes all levels of one picture; see {@link #quantize(List, Cancellation)}. */
    public Coded<Pyramid> quantize(Pyramid target, boolean gray, int qualityIndex, float lambda) {
        BatchItem item = BatchItem.whole(target.height(), target.width(), gray, target.fineColour(), qualityIndex);
        return quantize(List.of(new Target(item, target, lambda)), Cancellation.NEVER).get(0);
    }

    /**
     * Quantizes pictures or tiles, level by level together; all have the same levels.
     *
     * @throws java.util.concurrent.CancellationException if the request is made before all is done
     */
    public List<Coded<Pyramid>> quantize(List<Target> targets, Cancellation cancellation) {
        List<BatchItem> items = targets.stream().map(Target::item).toList();
        return walk(items, items.stream().map(BatchItem::unfilled).toList(), Pyramid::bands,
                (level, now) -> levels.quantize(level, with(now, targets, Target::with), cancellation));
    }

    /** Decodes all levels of one picture; see {@link #decode(List, Cancellation)}. */
    public Pyramid decode(int height, int width, boolean gray, boolean fineColour, int qualityIndex, SymbolDecoder symbols) {
        Source source = Source.of(BatchItem.whole(height, width, gray, fineColour, qualityIndex), symbols);
        return decode(List.of(source), Cancellation.NEVER).get(0).coefficients();
    }

    /**
     * Decodes pictures or tiles, level by level together, and gives what is kept of them; all have the same levels. Symbols behind the end
     * of a stream are zero.
     *
     * @throws java.util.concurrent.CancellationException if the request is made before all is done
     */
    public List<Coded<Pyramid>> decode(List<Source> sources, Cancellation cancellation) {
        List<BatchItem> items = new ArrayList<>();
        List<Pyramid> unfilled = new ArrayList<>();
        for (Source source : sources) {
            items.add(source.item());
            unfilled.add(source.item().unfilled(source.kept().height(), source.kept().width()));
        }
        return walk(items, unfilled, Pyramid::bands,
                (level, now) -> levels.decode(level, with(now, sources, Source::with), cancellation));
    }

    /**
     * Refines pictures or tiles, level by level together; all have the same levels.
     *
     * @throws java.util.concurrent.CancellationException if the request is made before all is done
     */
    public List<Coded<Cells>> refine(List<Refinement<Target>> targets, Cancellation cancellation) {
        List<BatchItem> items = targets.stream().map(target -> target.of().item()).toList();
        return walk(items, targets.stream().map(target -> target.before().copy()).toList(), Cells::bands,
                (level, now) -> refinement.refine(level, with(now, targets, (target, item) ->
                        new Refinement<>(target.of().with(item), target.before())), cancellation));
    }

    /**
     * Decodes refinements of pictures or tiles, level by level together; all have the same levels. Coefficients whose symbols are behind
     * the end of a stream are where they are expected.
     *
     * @throws java.util.concurrent.CancellationException if the request is made before all is done
     */
    public List<Coded<Cells>> decodeRefinement(List<Refinement<Source>> sources, Cancellation cancellation) {
        List<BatchItem> items = sources.stream().map(source -> source.of().item()).toList();
        return walk(items, sources.stream().map(source -> source.before().copy()).toList(), Cells::bands,
                (level, now) -> refinement.decodeRefinement(level, with(now, sources, (source, item) ->
                        new Refinement<>(source.of().with(item), source.before())), cancellation));
    }

    /** The same with batch items as they are now. */
    private static <T> List<T> with(List<BatchItem> now, List<T> all, BiFunction<T, BatchItem, T> with) {
        List<T> joined = new ArrayList<>(all.size());
        for (int i = 0; i < all.size(); i++) {
            joined.add(with.apply(all.get(i), now.get(i)));
        }
        return joined;
    }

    /** Codes a level of all items, which have the contexts that the level before has handed down. */
    private interface LevelCoder<B> {
        List<Coded<B[]>> code(int level, List<BatchItem> items);
    }

    /** The planes of a level. */
    private interface Bands<C, B> {
        B[] of(C coefficients, int level);
    }

    /** Codes all levels; planes of {@code all} are replaced by what the coder gives for each. */
    private static <C, B> List<Coded<C>> walk(List<BatchItem> items, List<C> all, Bands<C, B> bands, LevelCoder<B> coder) {
        List<BatchItem> now = new ArrayList<>(items);
        List<List<List<SymbolStep>>> steps = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            steps.add(new ArrayList<>());
        }
        for (int level : commonLevels(items).order()) {
            List<Coded<B[]>> ofLevel = coder.code(level, now);
            for (int i = 0; i < all.size(); i++) {
                Coded<B[]> one = ofLevel.get(i);
                System.arraycopy(one.coefficients(), 0, bands.of(all.get(i), level), 0, one.coefficients().length);
                steps.get(i).addAll(one.steps());
                now.set(i, now.get(i).with(one.context()));
            }
        }
        List<Coded<C>> coded = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            coded.add(new Coded<>(steps.get(i), all.get(i), now.get(i).context()));
        }
        return coded;
    }

    private static Levels commonLevels(List<BatchItem> items) {
        Set<Levels> levels = new LinkedHashSet<>();
        for (BatchItem item : items) {
            levels.add(item.levels());
        }
        if (levels.size() != 1) {
            throw new IllegalArgumentException("items of levels " + levels + ", expected one kind");
        }
        return levels.iterator().next();
    }

    /** Frees what the backend holds; no call may be running, and none may follow. */
    @Override
    public void close() {
        levels.close();
    }
}
