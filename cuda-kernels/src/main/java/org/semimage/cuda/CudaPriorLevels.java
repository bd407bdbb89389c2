// SPDX-License-Identifier: Apache-2.0
package org.semimage.cuda;

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.semimage.compute.Cancellation;
import org.semimage.compute.entropy.SymbolStep;
import org.semimage.compute.kernel.IntConv;
import org.semimage.compute.prior.PriorLevels;
import org.semimage.compute.prior.PriorWeights;
import org.semimage.compute.wavelet.Pyramid;

/**
 * The prior's levels on the device: weights are there from the start, and a call takes parts of many pictures there and back. What
 * lies between, and symbols that are decoded, never leaves it.
 */
final class CudaPriorLevels implements PriorLevels {

    /** Coefficients of one run, unless a single part has more: what a run takes of the device's memory is about twenty bytes for each. */
    private static final long COEFFICIENTS_PER_RUN = 1 << 26;

    private final PriorWeights weights;
    private final PriorLevels onHost;
    private final CudaLibrary.CudaPrior prior;

    /** @param onHost for decoders that are not on the device */
    CudaPriorLevels(PriorWeights weights, CudaLibrary.CudaTables tables, PriorLevels onHost) {
        this.weights = weights;
        this.onHost = onHost;
        this.prior = new CudaLibrary.CudaPrior(tables, weights.compand(), weights.low());
        try {
            for (int level = 1; level <= Pyramid.LEVELS; level++) {
                add(level);
            }
        } catch (RuntimeException e) {
            prior.close();
            throw e;
        }
        // A caller's PointerScope must not free what later calls use.
        prior.retainReference();
    }

    private void add(int level) {
        PriorWeights.Level net = weights.levels().get(level - 1);
        IntConv context = net.context().conv();
        prior.addContext(level, context.weights(), context.inputs(), context.outputs(), net.context().bias(),
                net.context().shifts(), net.quality());
        int[][] steps = PriorWeights.steps(level);
        for (int k = 0; k < steps.length; k++) {
            PriorWeights.Layer hidden = net.hidden()[k];
            PriorWeights.Layer out = net.out()[k];
            int n = Pyramid.CHANNELS * PriorWeights.phases(level);
            IntConv symbols = net.symbols()
                    .ofInputs(IntStream.concat(Arrays.stream(steps[k]), Arrays.stream(steps[k]).map(c -> n + c)).toArray());
            prior.addStep(level, steps[k], steps[k].length, hidden.conv().weights(), hidden.conv().outputs(), hidden.bias(),
                    hidden.shifts(), out.conv().weights(), out.bias(), out.shifts(), symbols.weights());
        }
        if (level > 1) {
            PriorWeights.Layer hidden = net.upHidden();
            prior.addUp(level, hidden.conv().weights(), hidden.conv().outputs(), hidden.bias(), hidden.shifts(), net.up().conv().weights(),
                    net.up().conv().outputs(), net.up().bias(), net.up().shifts());
        }
    }

    @Override
    public List<Quantized> quantize(int level, List<Target> targets, Cancellation cancellation) {
        targets.forEach(target -> check(level, target.part()));
        List<Quantized> all = new ArrayList<>();
        for (List<Target> run : runs(level, targets, Target::part)) {
            cancellation.check();
            all.addAll(new Run(level, run.stream().map(Target::part).toList()).quantize(run));
        }
        return all;
    }

    @Override
    public List<Decoded> decode(int level, List<Source> sources, Cancellation cancellation) {
        if (!sources.stream().allMatch(source -> source.symbols() instanceof CudaSymbolDecoder)) {
            return onHost.decode(level, sources, cancellation);
        }
        sources.forEach(source -> check(level, source.part()));
        List<Decoded> all = new ArrayList<>();
        for (List<Source> run : runs(level, sources, Source::part)) {
            cancellation.check();
            all.addAll(new Run(level, run.stream().map(Source::part).toList()).decode(run));
        }
        return all;
    }

    private void check(int level, Part part) {
        part.check(level, weights);
        if (coefficients(level, part) > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("level " + level + ": bands of " + part.width() + "x" + part.height()
                    + " are too large for an array");
        }
    }

    private static long coefficients(int level, Part part) {
        return (long) part.bands(level) * part.height() * part.width();
    }

    /** Cuts a list into runs, each of as many parts as fit one. */
    private static <T> List<List<T>> runs(int level, List<T> all, Function<T, Part> part) {
        List<List<T>> runs = new ArrayList<>();
        long taken = 0;
        for (T one : all) {
            long coefficients = coefficients(level, part.apply(one));
            if (runs.isEmpty() || taken + coefficients > COEFFICIENTS_PER_RUN) {
                runs.add(new ArrayList<>());
                taken = 0;
            }
            runs.get(runs.size() - 1).add(one);
            taken += coefficients;
        }
        return runs;
    }

    /** Parts that the device takes together: their arrays, one behind the other. */
    private final class Run {

        private final int level;
        private final List<Part> parts;
        private final int[] shapes;
        private final byte[] contexts;
        private final float[] bands;
        private final byte[] next;

        Run(int level, List<Part> parts) {
            this.level = level;
            this.parts = parts;
            this.shapes = parts.stream().flatMapToInt(p -> IntStream.of(p.height(), p.width(), p.gray() ? 1 : 0, p.quality())).toArray();
            this.bands = new float[parts.stream().mapToInt(p -> (int) coefficients(level, p)).sum()];
            this.next = new byte[parts.stream().mapToInt(this::nextSize).sum()];
            this.contexts = new byte[parts.stream().mapToInt(p -> p.context().length).sum()];
            int at = 0;
            for (Part part : parts) {
                System.arraycopy(part.context(), 0, contexts, at, part.context().length);
                at += part.context().length;
            }
        }

        private int area(Part part) {
            return part.height() * part.width() / (level == 0 ? 1 : PriorWeights.phases(level));
        }

        private int nextSize(Part part) {
            return level == 0 ? 6 * area(part) : level == 1 ? 0 : weights.levels().get(level - 1).up().conv().outputs() * area(part);
        }

        /** Channels of each step of a part; on the low band planes, each sample of which is a step. */
        private int[] steps(Part part) {
            if (level == 0) {
                return part.gray() ? new int[] {1} : new int[] {1, 1, 1};
            }
            return Arrays.stream(PriorWeights.steps(level)).limit(part.gray() ? PriorWeights.lumaSteps(level) : Long.MAX_VALUE)
                    .mapToInt(step -> step.length).toArray();
        }

        List<Quantized> quantize(List<Target> targets) {
            int at = 0;
            for (Target target : targets) {
                for (int c = 0; c < target.part().bands(level); c++) {
                    int size = target.part().height() * target.part().width();
                    System.arraycopy(target.bands()[c], 0, bands, at, size);
                    at += size;
                }
            }
            float[] lambdas = new float[targets.size()];
            for (int i = 0; i < lambdas.length; i++) {
                lambdas[i] = targets.get(i).lambda();
            }
            int size = parts.stream().mapToInt(p -> Arrays.stream(steps(p)).sum() * area(p)).sum();
            int[] symbols = new int[size];
            byte[] rows = new byte[size];
            prior.run(level, parts.size(), shapes, lambdas, null, contexts, bands, symbols, rows, next);
            List<Decoded> decoded = decoded();
            List<Quantized> all = new ArrayList<>();
            int from = 0;
            for (int i = 0; i < parts.size(); i++) {
                List<SymbolStep> steps = new ArrayList<>();
                for (int channels : steps(parts.get(i))) {
                    int end = from + channels * area(parts.get(i));
                    int step = level == 0 ? 1 : end - from;
                    for (; from < end; from += step) {
                        steps.add(new SymbolStep(Arrays.copyOfRange(symbols, from, from + step),
                                Arrays.copyOfRange(rows, from, from + step)));
                    }
                }
                all.add(new Quantized(steps, decoded.get(i)));
            }
            return all;
        }

        List<Decoded> decode(List<Source> sources) {
            long[] decoders = sources.stream().mapToLong(source -> ((CudaSymbolDecoder) source.symbols()).decoder().address()).toArray();
            prior.run(level, parts.size(), shapes, null, decoders, contexts, bands, null, null, next);
            Reference.reachabilityFence(sources);
            return decoded();
        }

        private List<Decoded> decoded() {
            List<Decoded> all = new ArrayList<>();
            int bandAt = 0;
            int nextAt = 0;
            for (Part part : parts) {
                float[][] own = new float[part.bands(level)][];
                for (int c = 0; c < own.length; c++) {
                    own[c] = Arrays.copyOfRange(bands, bandAt, bandAt + part.height() * part.width());
                    bandAt += own[c].length;
                }
                all.add(new Decoded(own, Arrays.copyOfRange(next, nextAt, nextAt + nextSize(part))));
                nextAt += nextSize(part);
            }
            return all;
        }
    }

    @Override
    public void close() {
        prior.close();
        onHost.close();
    }
}
