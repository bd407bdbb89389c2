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
import org.semimage.compute.prior.BatchItem;
import org.semimage.compute.prior.Coded;
import org.semimage.compute.prior.PriorLevels;
import org.semimage.compute.prior.PriorWeights;
import org.semimage.compute.prior.Source;
import org.semimage.compute.prior.Target;
import org.semimage.compute.wavelet.Pyramid;

/**
 * The prior's levels on the device: weights are there from the start, and a call takes the items of many pictures there and back. What
 * lies between, and symbols that are decoded, never leaves it.
 */
final class CudaPriorLevels implements PriorLevels {

    /** Coefficients of one run, unless a single item has more: what a run takes of the device's memory is about twenty bytes for each. */
    private static final long COEFFICIENTS_PER_RUN = 1 << 26;

    private final PriorWeights weights;
    private final PriorLevels onHost;
    private final CudaLibrary.CudaPrior prior;

    /** Levels on the device, and {@code onHost} for decoders that are elsewhere. */
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
        prior.addContext(level, context.weights(), context.inputs(), context.outputs(), net.context().bias(), net.context().shifts(),
                net.qualityBias());
        int[][] steps = PriorWeights.symbolSteps(level);
        for (int k = 0; k < steps.length; k++) {
            PriorWeights.Convolution hidden = net.hidden()[k];
            PriorWeights.Convolution out = net.out()[k];
            int n = Pyramid.CHANNELS * PriorWeights.phases(level);
            IntConv symbols = net.symbols().ofInputs(IntStream.concat(Arrays.stream(steps[k]),
                    Arrays.stream(steps[k]).map(c -> n + c)).toArray());
            prior.addSymbolStep(level, steps[k], steps[k].length, hidden.conv().weights(), hidden.conv().outputs(), hidden.bias(),
                    hidden.shifts(), out.conv().weights(), out.bias(), out.shifts(), symbols.weights());
        }
        if (level > 1) {
            PriorWeights.Convolution hidden = net.upHidden();
            prior.addUp(level, hidden.conv().weights(), hidden.conv().outputs(), hidden.bias(), hidden.shifts(), net.up().conv().weights(),
                    net.up().conv().outputs(), net.up().bias(), net.up().shifts());
        }
    }

    @Override
    public List<Coded<float[][]>> quantize(int level, List<Target> targets, Cancellation cancellation) {
        targets.forEach(target -> check(level, target.item()));
        List<Coded<float[][]>> all = new ArrayList<>();
        for (List<Target> run : runs(level, targets, Target::item)) {
            cancellation.check();
            all.addAll(new Run(level, run.stream().map(Target::item).toList()).quantize(run));
        }
        return all;
    }

    @Override
    public List<Coded<float[][]>> decode(int level, List<Source> sources, Cancellation cancellation) {
        if (!sources.stream().allMatch(source -> source.symbols(level) instanceof CudaSymbolDecoder)) {
            return onHost.decode(level, sources, cancellation);
        }
        sources.forEach(source -> check(level, source.item()));
        List<Coded<float[][]>> all = new ArrayList<>();
        for (List<Source> run : runs(level, sources, Source::item)) {
            cancellation.check();
            List<Coded<float[][]>> decoded = new Run(level, run.stream().map(Source::item).toList()).decode(run);
            for (int i = 0; i < run.size(); i++) {
                all.add(run.get(i).kept().of(run.get(i).item(), level, decoded.get(i)));
            }
        }
        return all;
    }

    private void check(int level, BatchItem item) {
        item.check(level, weights);
        if (coefficients(level, item) > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("level " + level + ": bands of " + item.width(level) + "x" + item.height(level)
                    + " are too large for an array");
        }
    }

    private static long coefficients(int level, BatchItem item) {
        return (long) item.bands(level) * item.area(level);
    }

    /** Cuts a list into runs, each of as many items as fit one. */
    private static <T> List<List<T>> runs(int level, List<T> all, Function<T, BatchItem> item) {
        List<List<T>> runs = new ArrayList<>();
        long taken = 0;
        for (T one : all) {
            long coefficients = coefficients(level, item.apply(one));
            if (runs.isEmpty() || taken + coefficients > COEFFICIENTS_PER_RUN) {
                runs.add(new ArrayList<>());
                taken = 0;
            }
            runs.get(runs.size() - 1).add(one);
            taken += coefficients;
        }
        return runs;
    }

    /** Items that the device takes together: their arrays, one behind the other. */
    private final class Run {

        private final int level;
        private final List<BatchItem> items;
        private final int[] shapes;
        private final byte[] contexts;
        private final float[] bands;
        private final byte[] next;

        Run(int level, List<BatchItem> items) {
            this.level = level;
            this.items = items;
            this.shapes = items.stream()
                    .flatMapToInt(item -> IntStream.of(item.height(level), item.width(level), item.gray(level) ? 1 : 0,
                            item.qualityIndex())).toArray();
            this.bands = new float[items.stream().mapToInt(item -> (int) coefficients(level, item)).sum()];
            this.next = new byte[items.stream().mapToInt(this::nextSize).sum()];
            this.contexts = new byte[items.stream().mapToInt(item -> item.context().length).sum()];
            int at = 0;
            for (BatchItem item : items) {
                System.arraycopy(item.context(), 0, contexts, at, item.context().length);
                at += item.context().length;
            }
        }

        private int gridArea(BatchItem item) {
            return item.area(level) / (level == 0 ? 1 : PriorWeights.phases(level));
        }

        private int nextSize(BatchItem item) {
            return level == 0 ? 6 * gridArea(item) : level == 1 ? 0
                    : weights.levels().get(level - 1).up().conv().outputs() * gridArea(item);
        }

        /** Channels of each symbol step of an item; on the low band planes, each sample of which is a symbol step. */
        private int[] steps(BatchItem item) {
            if (level == 0) {
                return item.gray(level) ? new int[] {1} : new int[] {1, 1, 1};
            }
            int[][] all = PriorWeights.symbolSteps(level);
            return Arrays.stream(all, 0, item.gray(level) ? PriorWeights.lumaSymbolSteps(level) : all.length)
                    .mapToInt(step -> step.length).toArray();
        }

        List<Coded<float[][]>> quantize(List<Target> targets) {
            int at = 0;
            for (Target target : targets) {
                for (int c = 0; c < target.item().bands(level); c++) {
                    int size = target.item().area(level);
                    System.arraycopy(target.coefficients().bands(level)[c], 0, bands, at, size);
                    at += size;
                }
            }
            float[] lambdas = new float[targets.size()];
            for (int i = 0; i < lambdas.length; i++) {
                lambdas[i] = targets.get(i).lambda();
            }
            int size = items.stream().mapToInt(item -> Arrays.stream(steps(item)).sum() * gridArea(item)).sum();
            int[] symbols = new int[size];
            byte[] rows = new byte[size];
            prior.run(level, items.size(), shapes, lambdas, null, contexts, bands, symbols, rows, next);
            List<Coded<float[][]>> decoded = decoded();
            List<Coded<float[][]>> all = new ArrayList<>();
            int from = 0;
            for (int i = 0; i < items.size(); i++) {
                List<SymbolStep> steps = new ArrayList<>();
                for (int channels : steps(items.get(i))) {
                    int end = from + channels * gridArea(items.get(i));
                    int step = level == 0 ? 1 : end - from;
                    for (; from < end; from += step) {
                        steps.add(new SymbolStep(Arrays.copyOfRange(symbols, from, from + step),
                                Arrays.copyOfRange(rows, from, from + step)));
                    }
                }
                all.add(new Coded<>(List.of(steps), decoded.get(i).coefficients(), decoded.get(i).context()));
            }
            return all;
        }

        List<Coded<float[][]>> decode(List<Source> sources) {
            long[] decoders = sources.stream()
                    .mapToLong(source -> ((CudaSymbolDecoder) source.symbols(level)).decoder().address()).toArray();
            prior.run(level, items.size(), shapes, null, decoders, contexts, bands, null, null, next);
            Reference.reachabilityFence(sources);
            return decoded();
        }

        private List<Coded<float[][]>> decoded() {
            List<Coded<float[][]>> all = new ArrayList<>();
            int bandAt = 0;
            int nextAt = 0;
            for (BatchItem item : items) {
                float[][] own = new float[item.bands(level)][];
                for (int c = 0; c < own.length; c++) {
                    own[c] = Arrays.copyOfRange(bands, bandAt, bandAt + item.area(level));
                    bandAt += own[c].length;
                }
                all.add(new Coded<>(List.of(), own, Arrays.copyOfRange(next, nextAt, nextAt + nextSize(item))));
                nextAt += nextSize(item);
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
