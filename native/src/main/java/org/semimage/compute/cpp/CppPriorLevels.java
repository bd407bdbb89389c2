// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.cpp;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerScope;
import org.semimage.compute.Cancellation;
import org.semimage.compute.Concurrently;
import org.semimage.compute.entropy.SymbolStep;
import org.semimage.compute.prior.PriorLevels;
import org.semimage.compute.prior.PriorRefinement;
import org.semimage.compute.prior.PriorWeights;
import org.semimage.compute.wavelet.Pyramid;

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The prior's levels in C++; the low band, which is a thousandth of the work, and the symbols of foreign decoders in Java. */
final class CppPriorLevels implements PriorLevels, PriorRefinement {

    private final PriorWeights weights;
    private final PriorLevels reference;
    private final PriorRefinement referenceRefinement;
    private final Optional<CppLibrary.Refinement> refinement;
    private final CppLibrary.EntropyTables tables;
    private final CppLibrary.SymbolCosts costs;
    private final CppLibrary.PriorLevel[] levels = new CppLibrary.PriorLevel[Pyramid.LEVELS];

    /** @param reference in Java, which refines as well: for what is not done in C++ */
    CppPriorLevels(PriorWeights weights, int instructionSet, PriorLevels reference, CppLibrary.EntropyTables tables) {
        this.weights = weights;
        this.reference = reference;
        this.referenceRefinement = (PriorRefinement) reference;
        this.refinement = weights.refinement()
                .map(made -> new CppLibrary.Refinement(made.cells(), made.expected(), made.bits()).retainReference());
        this.tables = tables;
        this.costs = new CppLibrary.SymbolCosts(weights.tables().sizes(), weights.tables().bits()).retainReference();
        for (int level = 1; level <= Pyramid.LEVELS; level++) {
            levels[level - 1] = level(level, instructionSet).retainReference();
        }
    }

    private CppLibrary.PriorLevel level(int level, int instructionSet) {
        PriorWeights.Level net = weights.levels().get(level - 1);
        PriorWeights.Layer context = net.context();
        CppLibrary.PriorLevel made = new CppLibrary.PriorLevel(instructionSet, PriorWeights.phases(level), weights.compand());
        made.addContext(context.conv().weights(), context.conv().inputs(), context.conv().outputs(), context.bias(),
                context.shifts(), net.quality());
        int[][] steps = PriorWeights.steps(level);
        for (int k = 0; k < steps.length; k++) {
            PriorWeights.Layer hidden = net.hidden()[k];
            PriorWeights.Layer out = net.out()[k];
            made.addStep(steps[k], steps[k].length, hidden.conv().weights(), hidden.conv().outputs(), hidden.bias(), hidden.shifts(),
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
    public List<Quantized> quantize(int level, List<Target> targets, Cancellation cancellation) {
        if (level == 0) {
            return reference.quantize(level, targets, cancellation);
        }
        targets.forEach(target -> target.part().check(level, weights));
        return each(targets, target -> quantize(level, target, threads(targets.size()), cancellation));
    }

    @Override
    public List<Decoded> decode(int level, List<Source> sources, Cancellation cancellation) {
        if (level == 0) {
            return reference.decode(level, sources, cancellation);
        }
        sources.forEach(source -> source.part().check(level, weights));
        return each(sources, source -> source.symbols() instanceof CppSymbolDecoder symbols
                ? decode(level, source.part(), symbols, threads(sources.size()), cancellation)
                : reference.decode(level, List.of(source), cancellation).get(0));
    }

    @Override
    public List<Refined> refine(int level, List<RefineTarget> targets, Cancellation cancellation) {
        if (level == 0 || refinement.isEmpty()) {
            return referenceRefinement.refine(level, targets, cancellation);
        }
        targets.forEach(target -> target.part().check(level, weights));
        return each(targets, target -> refine(level, target, threads(targets.size()), cancellation));
    }

    @Override
    public List<Refined> decodeRefinement(int level, List<RefineSource> sources, Cancellation cancellation) {
        if (level == 0 || refinement.isEmpty()) {
            return referenceRefinement.decodeRefinement(level, sources, cancellation);
        }
        sources.forEach(source -> source.part().check(level, weights));
        return each(sources, source -> source.symbols() instanceof CppSymbolDecoder symbols
                ? decodeRefinement(level, source, symbols, threads(sources.size()), cancellation)
                : referenceRefinement.decodeRefinement(level, List.of(source), cancellation).get(0));
    }

    /** Many pictures share the processors, a single one has them all. */
    private static <T, R> List<R> each(List<T> all, Function<T, R> work) {
        return all.size() == 1 ? List.of(work.apply(all.get(0))) : Concurrently.map(all, work);
    }

    private static int threads(int pictures) {
        return pictures == 1 ? Runtime.getRuntime().availableProcessors() : 1;
    }

    private Quantized quantize(int level, Target target, int threads, Cancellation cancellation) {
        Part part = target.part();
        int area = part.height() * part.width();
        int bands = part.bands(level);
        int symbolCount = (part.gray() ? 3 : bands) * area;
        try (PointerScope scope = new PointerScope()) {
            BytePointer context = new BytePointer(part.context());
            FloatPointer in = new FloatPointer((long) bands * area);
            FloatPointer decoded = zeros(part, level);
            IntPointer symbols = new IntPointer((long) symbolCount);
            BytePointer rows = new BytePointer((long) symbolCount);
            BytePointer next = new BytePointer((long) contextSize(part, level));
            for (int c = 0; c < bands; c++) {
                in.position((long) c * area).put(target.bands()[c], 0, area);
            }
            levels[level - 1].quantize(threads, part.height(), part.width(), part.gray(), part.quality(), target.lambda(), costs, context,
                    in.position(0), symbols, rows, decoded, next, cancellation.flag());
            cancellation.check();
            return new Quantized(steps(level, part, symbols, rows), result(part, level, decoded, next));
        } finally {
            Reference.reachabilityFence(cancellation);
            Reference.reachabilityFence(this);
        }
    }

    private Decoded decode(int level, Part part, CppSymbolDecoder symbols, int threads, Cancellation cancellation) {
        try (PointerScope scope = new PointerScope()) {
            BytePointer context = new BytePointer(part.context());
            FloatPointer decoded = zeros(part, level);
            BytePointer next = new BytePointer((long) contextSize(part, level));
            levels[level - 1].decode(threads, part.height(), part.width(), part.gray(), part.quality(), context,
                    symbols.open(), decoded, next, cancellation.flag());
            cancellation.check();
            return result(part, level, decoded, next);
        } finally {
            Reference.reachabilityFence(symbols);
            Reference.reachabilityFence(cancellation);
            Reference.reachabilityFence(this);
        }
    }

    private Refined refine(int level, RefineTarget target, int threads, Cancellation cancellation) {
        Part part = target.part();
        int area = part.height() * part.width();
        int bands = part.bands(level);
        int symbolCount = (part.gray() ? 3 : bands) * area;
        try (PointerScope scope = new PointerScope()) {
            BytePointer context = new BytePointer(part.context());
            FloatPointer in = new FloatPointer((long) bands * area);
            for (int c = 0; c < bands; c++) {
                in.position((long) c * area).put(target.bands()[c], 0, area);
            }
            IntPointer symbols = new IntPointer((long) symbolCount);
            BytePointer classes = new BytePointer((long) symbolCount);
            IntPointer refined = new IntPointer((long) bands * area);
            BytePointer next = new BytePointer((long) contextSize(part, level));
            levels[level - 1].refine(threads, part.height(), part.width(), part.gray(), part.quality(), target.lambda(),
                    refinement.orElseThrow(), context, cells(target.cells(), area), in.position(0), symbols, classes, refined, next,
                    cancellation.flag());
            cancellation.check();
            return refined(steps(level, part, symbols, classes), refined, area, next);
        } finally {
            Reference.reachabilityFence(cancellation);
            Reference.reachabilityFence(this);
        }
    }

    private Refined decodeRefinement(int level, RefineSource source, CppSymbolDecoder symbols, int threads, Cancellation cancellation) {
        Part part = source.part();
        int area = part.height() * part.width();
        try (PointerScope scope = new PointerScope()) {
            BytePointer context = new BytePointer(part.context());
            IntPointer refined = new IntPointer((long) part.bands(level) * area);
            BytePointer next = new BytePointer((long) contextSize(part, level));
            levels[level - 1].decodeRefinement(threads, part.height(), part.width(), part.gray(), part.quality(), refinement.orElseThrow(),
                    context, cells(source.cells(), area), symbols.open(), refined, next, cancellation.flag());
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

    private static Refined refined(List<SymbolStep> steps, IntPointer refined, int area, BytePointer next) {
        int[][] cells = new int[(int) (refined.capacity() / area)][area];
        for (int c = 0; c < cells.length; c++) {
            refined.position((long) c * area).get(cells[c]);
        }
        byte[] context = new byte[(int) next.capacity()];
        next.get(context);
        return new Refined(steps, cells, context);
    }

    /** Gray pictures leave bands of colour alone. */
    private static FloatPointer zeros(Part part, int level) {
        FloatPointer decoded = new FloatPointer((long) part.bands(level) * part.height() * part.width());
        return part.gray() ? decoded.zero() : decoded;
    }

    /** The next level's context has as many values as the last layer gives on this level's grid. */
    private int contextSize(Part part, int level) {
        PriorWeights.Layer up = weights.levels().get(level - 1).up();
        return up == null ? 0 : Math.multiplyExact(up.shifts().length, part.height() * part.width() / PriorWeights.phases(level));
    }

    private static Decoded result(Part part, int level, FloatPointer decoded, BytePointer next) {
        int area = part.height() * part.width();
        float[][] bands = new float[part.bands(level)][area];
        for (int c = 0; c < bands.length; c++) {
            decoded.position((long) c * area).get(bands[c]);
        }
        byte[] context = new byte[(int) next.capacity()];
        next.get(context);
        return new Decoded(bands, context);
    }

    private static List<SymbolStep> steps(int level, Part part, IntPointer symbols, BytePointer rows) {
        int grid = part.height() * part.width() / PriorWeights.phases(level);
        List<SymbolStep> steps = new ArrayList<>();
        long at = 0;
        for (int[] channels : PriorWeights.steps(level)) {
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
        refinement.ifPresent(CppLibrary.Refinement::releaseReference);
        reference.close();
        Reference.reachabilityFence(tables);
    }
}
