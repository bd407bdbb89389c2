// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.cpp;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerScope;
import org.semimage.compute.Cancellation;
import org.semimage.compute.Concurrently;
import org.semimage.compute.entropy.SymbolStep;
import org.semimage.compute.prior.BatchItem;
import org.semimage.compute.prior.Coded;
import org.semimage.compute.prior.Kept;
import org.semimage.compute.prior.PriorLevels;
import org.semimage.compute.prior.PriorRefinement;
import org.semimage.compute.prior.PriorWeights;
import org.semimage.compute.prior.Refinement;
import org.semimage.compute.prior.RefinementTables;
import org.semimage.compute.prior.Source;
import org.semimage.compute.prior.Target;
import org.semimage.compute.wavelet.Pyramid;

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The prior's levels in C++; the low band, which is a thousandth of the work, and the symbols of foreign decoders in Java. */
final class CppPriorLevels implements PriorLevels, PriorRefinement {

    private static final int LUMA_BANDS = 3;

    private final PriorWeights weights;
    private final PriorLevels reference;
    private final PriorRefinement referenceRefinement;
    private final Optional<CppLibrary.RefinementTables> refinement;
    private final CppLibrary.EntropyTables tables;
    private final CppLibrary.SymbolCosts costs;
    private final CppLibrary.PriorLevel[] levels = new CppLibrary.PriorLevel[Pyramid.LEVELS];

    /** Levels in C++; {@code reference}, in Java, does what C++ does not, and refines as well. */
    CppPriorLevels(PriorWeights weights, int instructionSet, PriorLevels reference, CppLibrary.EntropyTables tables) {
        this.weights = weights;
        this.reference = reference;
        this.referenceRefinement = (PriorRefinement) reference;
        this.refinement = weights.refinement().isEmpty() ? Optional.empty() : Optional.of(refinement(weights.refinement().get()));
        this.tables = tables;
        this.costs = new CppLibrary.SymbolCosts(weights.tables().sizes(), weights.tables().bits()).retainReference();
        for (int level = 1; level <= Pyramid.LEVELS; level++) {
            levels[level - 1] = level(level, instructionSet).retainReference();
        }
    }

    private static CppLibrary.RefinementTables refinement(RefinementTables made) {
        return new CppLibrary.RefinementTables(made.cells(), made.expected(), made.bits()).retainReference();
    }

    private CppLibrary.PriorLevel level(int level, int instructionSet) {
        PriorWeights.Level net = weights.levels().get(level - 1);
        PriorWeights.Convolution context = net.context();
        CppLibrary.PriorLevel made = new CppLibrary.PriorLevel(instructionSet, PriorWeights.phases(level), weights.compand());
        made.addContext(context.conv().weights(), context.conv().inputs(), context.conv().outputs(), context.bias(), context.shifts(),
                net.qualityBias());
        int[][] steps = PriorWeights.symbolSteps(level);
        for (int k = 0; k < steps.length; k++) {
            PriorWeights.Convolution hidden = net.hidden()[k];
            PriorWeights.Convolution out = net.out()[k];
            made.addSymbolStep(steps[k], steps[k].length, hidden.conv().weights(), hidden.conv().outputs(), hidden.bias(), hidden.shifts(),
                    out.conv().weights(), out.bias(), out.shifts());
        }
        made.addSymbols(net.symbols().weights(), net.symbols().outputs());
        if (net.up() != null) {
            made.addUp(net.upHidden().conv().weights(), net.upHidden().conv().outputs(), net.upHidden().bias(), net.upHidden().shifts(),
                    net.up().conv().weights(), net.up().conv().outputs(), net.up().bias(), net.up().shifts());
        }
        return made;
    }

    @Override
    public List<Coded<float[][]>> quantize(int level, List<Target> targets, Cancellation cancellation) {
        if (level == 0) {
            return reference.quantize(level, targets, cancellation);
        }
        targets.forEach(target -> target.item().check(level, weights));
        return Concurrently.map(targets, target -> quantize(level, target, threads(targets.size()), cancellation));
    }

    @Override
    public List<Coded<float[][]>> decode(int level, List<Source> sources, Cancellation cancellation) {
        if (level == 0) {
            return reference.decode(level, sources, cancellation);
        }
        for (Source source : sources) {
            source.item().check(level, weights);
        }
        if (sources.size() == 1) {
            return List.of(decode(level, sources.get(0), 1, cancellation));
        }
        return Concurrently.map(sources, source -> decode(level, source, sources.size(), cancellation));
    }

    @Override
    public List<Coded<int[][]>> refine(int level, List<Refinement<Target>> targets, Cancellation cancellation) {
        if (level == 0 || refinement.isEmpty()) {
            return referenceRefinement.refine(level, targets, cancellation);
        }
        targets.forEach(target -> target.of().item().check(level, weights));
        return Concurrently.map(targets, target -> refine(level, target, threads(targets.size()), cancellation));
    }

    @Override
    public List<Coded<int[][]>> decodeRefinement(int level, List<Refinement<Source>> sources, Cancellation cancellation) {
        if (level == 0 || refinement.isEmpty()) {
            return referenceRefinement.decodeRefinement(level, sources, cancellation);
        }
        sources.forEach(source -> source.of().item().check(level, weights));
        return Concurrently.map(sources, source -> source.of().symbols(level) instanceof CppSymbolDecoder symbols
                ? decodeRefinement(level, source, symbols, threads(sources.size()), cancellation)
                : referenceRefinement.decodeRefinement(level, List.of(source), cancellation).get(0));
    }

    /** Many pictures share the processors, a single one has them all. */
    private static int threads(int pictures) {
        return pictures == 1 ? Runtime.getRuntime().availableProcessors() : 1;
    }

    private Coded<float[][]> quantize(int level, Target target, int threads, Cancellation cancellation) {
        BatchItem item = target.item();
        float[][] coefficients = target.coefficients().bands(level);
        int area = item.area(level);
        int bands = item.bands(level);
        int symbolCount = codedBands(item, level) * area;
        try (PointerScope scope = new PointerScope()) {
            BytePointer context = new BytePointer(item.context());
            FloatPointer in = new FloatPointer((long) bands * area);
            FloatPointer decoded = zeros(item, level);
            IntPointer symbols = new IntPointer((long) symbolCount);
            BytePointer rows = new BytePointer((long) symbolCount);
            BytePointer next = new BytePointer((long) contextSize(item, level));
            for (int c = 0; c < bands; c++) {
                in.position((long) c * area).put(coefficients[c], 0, area);
            }
            levels[level - 1].quantize(threads, item.height(level), item.width(level), item.gray(level), item.qualityIndex(),
                    target.lambda(), costs, context, in.position(0), symbols, rows, decoded, next, cancellation.flag());
            cancellation.check();
            return result(List.of(steps(level, item, symbols, rows)), item, Kept.all(item), level, decoded, next);
        } finally {
            Reference.reachabilityFence(cancellation);
            Reference.reachabilityFence(this);
        }
    }

    private Coded<float[][]> decode(int level, Source source, int sources, Cancellation cancellation) {
        return source.symbols(level) instanceof CppSymbolDecoder symbols
                ? decode(level, source, symbols, threads(sources), cancellation)
                : reference.decode(level, List.of(source), cancellation).get(0);
    }

    private Coded<float[][]> decode(int level, Source source, CppSymbolDecoder symbols, int threads, Cancellation cancellation) {
        BatchItem item = source.item();
        try (PointerScope scope = new PointerScope()) {
            BytePointer context = new BytePointer(item.context());
            FloatPointer decoded = zeros(item, level);
            BytePointer next = new BytePointer((long) contextSize(item, level));
            levels[level - 1].decode(threads, item.height(level), item.width(level), item.gray(level), item.qualityIndex(), context,
                    symbols.open(), decoded, next, cancellation.flag());
            cancellation.check();
            return result(List.of(), item, source.kept(), level, decoded, next);
        } finally {
            Reference.reachabilityFence(symbols);
            Reference.reachabilityFence(cancellation);
            Reference.reachabilityFence(this);
        }
    }

    private Coded<int[][]> refine(int level, Refinement<Target> target, int threads, Cancellation cancellation) {
        BatchItem item = target.of().item();
        float[][] coefficients = target.of().coefficients().bands(level);
        int area = item.area(level);
        int bands = item.bands(level);
        int symbolCount = codedBands(item, level) * area;
        try (PointerScope scope = new PointerScope()) {
            BytePointer context = new BytePointer(item.context());
            FloatPointer in = new FloatPointer((long) bands * area);
            for (int c = 0; c < bands; c++) {
                in.position((long) c * area).put(coefficients[c], 0, area);
            }
            IntPointer symbols = new IntPointer((long) symbolCount);
            BytePointer classes = new BytePointer((long) symbolCount);
            IntPointer refined = new IntPointer((long) bands * area);
            BytePointer next = new BytePointer((long) contextSize(item, level));
            levels[level - 1].refine(threads, item.height(level), item.width(level), item.gray(level), item.qualityIndex(),
                    target.of().lambda(), refinement.orElseThrow(), context, cells(target.before().bands(level), area), in.position(0),
                    symbols, classes, refined, next, cancellation.flag());
            cancellation.check();
            return refined(List.of(steps(level, item, symbols, classes)), refined, area, next);
        } finally {
            Reference.reachabilityFence(cancellation);
            Reference.reachabilityFence(this);
        }
    }

    private Coded<int[][]> decodeRefinement(int level, Refinement<Source> source, CppSymbolDecoder symbols, int threads,
                                            Cancellation cancellation) {
        BatchItem item = source.of().item();
        int area = item.area(level);
        try (PointerScope scope = new PointerScope()) {
            BytePointer context = new BytePointer(item.context());
            IntPointer refined = new IntPointer((long) item.bands(level) * area);
            BytePointer next = new BytePointer((long) contextSize(item, level));
            levels[level - 1].decodeRefinement(threads, item.height(level), item.width(level), item.gray(level), item.qualityIndex(),
                    refinement.orElseThrow(), context, cells(source.before().bands(level), area), symbols.open(), refined, next,
                    cancellation.flag());
            cancellation.check();
            return refined(List.of(), refined, area, next);
        } finally {
            Reference.reachabilityFence(symbols);
            Reference.reachabilityFence(cancellation);
            Reference.reachabilityFence(this);
        }
    }

    private static IntPointer cells(int[][] cells, int area) {
        IntPointer all = new IntPointer((long) cells.length * area);
        for (int c = 0; c < cells.length; c++) {
            all.position((long) c * area).put(cells[c], 0, area);
        }
        return all.position(0);
    }

    private static Coded<int[][]> refined(List<List<SymbolStep>> steps, IntPointer refined, int area, BytePointer next) {
        int[][] cells = new int[(int) (refined.capacity() / area)][area];
        for (int c = 0; c < cells.length; c++) {
            refined.position((long) c * area).get(cells[c]);
        }
        byte[] context = new byte[(int) next.capacity()];
        next.get(context);
        return new Coded<>(steps, cells, context);
    }

    /** Gray pictures leave bands of colour alone, where there are any. */
    private static FloatPointer zeros(BatchItem item, int level) {
        FloatPointer decoded = new FloatPointer((long) item.bands(level) * item.area(level));
        return codedBands(item, level) == item.bands(level) ? decoded : decoded.zero();
    }

    private static int codedBands(BatchItem item, int level) {
        return item.gray(level) ? LUMA_BANDS : item.bands(level);
    }

    /** The next level's context has as many values as the last convolution gives on this level's grid. */
    private int contextSize(BatchItem item, int level) {
        PriorWeights.Convolution up = weights.levels().get(level - 1).up();
        return up == null ? 0 : Math.multiplyExact(up.shifts().length, item.area(level) / PriorWeights.phases(level));
    }

    private static Coded<float[][]> result(List<List<SymbolStep>> steps, BatchItem item, Kept kept, int level, FloatPointer decoded,
                                            BytePointer next) {
        // Rows of all columns lie one behind the other.
        int rows = kept.isAll(item) ? 1 : kept.rows(level);
        int run = kept.rows(level) * kept.columns(level) / rows;
        float[][] bands = new float[item.bands(level)][rows * run];
        for (int c = 0; c < bands.length; c++) {
            for (int y = 0; y < rows; y++) {
                decoded.position((long) c * item.area(level) + kept.at(item, level, y)).get(bands[c], y * run, run);
            }
        }
        byte[] context = new byte[(int) next.capacity()];
        next.get(context);
        return new Coded<>(steps, bands, context);
    }

    private static List<SymbolStep> steps(int level, BatchItem item, IntPointer symbols, BytePointer rows) {
        int grid = item.area(level) / PriorWeights.phases(level);
        List<SymbolStep> steps = new ArrayList<>();
        long at = 0;
        for (int[] channels : PriorWeights.symbolSteps(level)) {
            if (at == symbols.capacity()) {
                break;
            }
            SymbolStep step = new SymbolStep(new int[channels.length * grid], new byte[channels.length * grid]);
            symbols.position(at).get(step.symbols());
            rows.position(at).get(step.rows());
            steps.add(step);
            at += step.symbols().length;
        }
        return steps;
    }

    @Override
    public void close() {
        for (CppLibrary.PriorLevel level : levels) {
            level.releaseReference();
        }
        costs.releaseReference();
        refinement.ifPresent(CppLibrary.RefinementTables::releaseReference);
        reference.close();
        Reference.reachabilityFence(tables);
    }
}
