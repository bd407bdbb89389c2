// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.backend;

import org.semimage.compute.entropy.RansDecoder;
import org.semimage.compute.entropy.RansEncoder;
import org.semimage.compute.entropy.ScaleTables;
import org.semimage.compute.entropy.SymbolDecoder;
import org.semimage.compute.entropy.SymbolStep;
import org.semimage.compute.kernel.IntConv;
import org.semimage.compute.kernel.JavaKernels;
import org.semimage.compute.kernel.Kernels;
import org.semimage.compute.prior.BatchItem;
import org.semimage.compute.prior.Coded;
import org.semimage.compute.prior.Levels;
import org.semimage.compute.prior.PriorLevels;
import org.semimage.compute.prior.PriorWeights;
import org.semimage.compute.prior.Source;
import org.semimage.compute.prior.Target;
import org.semimage.compute.wavelet.Pyramid;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Compares kernels with {@link JavaKernels} on a few small inputs: convolutions, symbols, and the levels of a tiny prior. Enough
 * to notice a library that computes nonsense.
 */
final class SelfTest {

    /** Inputs, outputs, kernel, height, width: odd sizes, single pixels, partly filled vectors of every width. */
    private static final int[][] SHAPES = {
            {1, 1, 1, 1, 1}, {3, 5, 3, 1, 1}, {7, 2, 3, 5, 1}, {2, 9, 1, 3, 17}, {33, 12, 3, 6, 9}, {16, 17, 3, 4, 50}};

    private SelfTest() {
    }

    /**
     * Compares kernels with the reference on a few small inputs.
     *
     * @throws UnavailableException if a result differs
     */
    static void check(Kernels kernels) throws UnavailableException {
        Kernels reference = new JavaKernels();
        Random random = new Random(1);
        for (int[] shape : SHAPES) {
            int area = shape[3] * shape[4];
            IntConv conv = new IntConv(shape[0], shape[1], shape[2], bytes(random, shape[0] * shape[1] * shape[2] * shape[2]));
            byte[] input = bytes(random, shape[0] * area);
            int[] expected = random.ints(shape[1] * area).toArray();
            int[] sums = expected.clone();
            reference.convolve(conv, input, shape[3], shape[4], expected);
            kernels.convolve(conv, input, shape[3], shape[4], sums);
            byte[] shifts = new byte[shape[1]];
            int[] small = new int[sums.length];
            for (int i = 0; i < sums.length; i++) {
                shifts[i / area] = (byte) (i / area % 17);
                small[i] = expected[i] >> 16;
            }
            byte[] expectedOutput = new byte[small.length];
            byte[] output = new byte[small.length];
            reference.activate(small, shifts, area, expectedOutput);
            kernels.activate(small, shifts, area, output);
            if (!Arrays.equals(sums, expected) || !Arrays.equals(output, expectedOutput)) {
                throw new UnavailableException("it fails the self-test on " + Arrays.toString(shape));
            }
        }
        checkEntropyCoder(kernels, reference, tables(1), random);
        checkPriorLevels(kernels, reference, SyntheticPrior.create(random, tables(2), 5), random);
    }

    private static ScaleTables tables(int quantizers) {
        int[][] rows = new int[quantizers * ScaleTables.TABLES][];
        for (int t = 0; t < rows.length; t++) {
            rows[t] = new int[2 + 2 * (t % ScaleTables.TABLES / 8)];
            Arrays.fill(rows[t], 1 + 20 * t);
            rows[t][0] += (1 << RansEncoder.PRECISION) - rows[t].length * (1 + 20 * t);
        }
        return new ScaleTables(rows);
    }

    private static void checkEntropyCoder(Kernels kernels, Kernels reference, ScaleTables tables, Random random)
            throws UnavailableException {
        SymbolStep step = new SymbolStep(new int[1001], new byte[1001]);
        for (int i = 0; i < step.symbols().length; i++) {
            step.symbols()[i] = random.nextInt(4) > 0 ? 0 : random.nextInt() >> 11 + random.nextInt(20);
            step.rows()[i] = (byte) random.nextInt(i < 900 ? ScaleTables.TABLES : ScaleTables.SCALE_INDICES);
        }
        for (int lanes = 1; lanes <= RansDecoder.MAX_LANES; lanes *= 2) {
            byte[] stream = kernels.encode(tables, List.of(step), lanes);
            int[] symbols = new int[step.symbols().length];
            try (SymbolDecoder decoder = kernels.decoder(tables, stream, 0, stream.length, lanes)) {
                decoder.decode(step.scaleIndices(), symbols);
            }
            if (!Arrays.equals(stream, reference.encode(tables, List.of(step), lanes)) || !Arrays.equals(symbols, step.symbols())) {
                throw new UnavailableException("it fails the self-test on symbols in " + lanes + " lanes");
            }
        }
    }

    /** A little of each level, in colour and gray together: quantized, and decoded from what the reference has coded. */
    private static void checkPriorLevels(Kernels kernels, Kernels reference, PriorWeights weights, Random random)
            throws UnavailableException {
        try (PriorLevels expectedLevels = PriorLevels.of(reference, weights); PriorLevels levels = PriorLevels.of(kernels, weights)) {
            for (int level = 0; level <= Pyramid.LEVELS; level++) {
                List<Target> targets = List.of(target(level, weights, 4, 6, false, random), target(level, weights, 2, 4, true, random));
                List<Coded<float[][]>> expected = expectedLevels.quantize(level, targets);
                List<Coded<float[][]>> quantized = levels.quantize(level, targets);
                List<Source> sources = new ArrayList<>();
                for (int i = 0; i < targets.size(); i++) {
                    byte[] stream = reference.encode(weights.tables(), expected.get(i).allSteps(), 8);
                    sources.add(Source.of(targets.get(i).item(), kernels.decoder(weights.tables(), stream, 0, stream.length, 8)));
                }
                List<Coded<float[][]>> decoded = levels.decode(level, sources);
                sources.forEach(source -> source.symbols().get(0).close());
                for (int i = 0; i < targets.size(); i++) {
                    if (!same(expected.get(i).allSteps(), quantized.get(i).allSteps()) || !same(expected.get(i), quantized.get(i))
                            || !same(expected.get(i), decoded.get(i))) {
                        throw new UnavailableException("it fails the self-test on level " + level + " of the prior");
                    }
                }
            }
        }
    }

    private static Target target(int level, PriorWeights weights, int height, int width, boolean gray, Random random) {
        int channels = level == 0 ? 0 : weights.levels().get(level - 1).context().conv().inputs();
        byte[] context = new byte[channels * height * width / (level == 0 ? 1 : PriorWeights.phases(level))];
        for (int i = 0; i < context.length; i++) {
            context[i] = (byte) random.nextInt(128);
        }
        float[][] bands = new float[level == 0 ? 3 : Pyramid.CHANNELS][height * width];
        for (float[] band : bands) {
            for (int i = 0; i < band.length; i++) {
                band[i] = (float) (random.nextGaussian() * 8);
            }
        }
        int side = 1 << (level == 0 ? Pyramid.LEVELS : level);
        BatchItem item = new BatchItem(Levels.ALL, side * height, side * width, gray, true, 160, context);
        return new Target(item, Pyramid.ofLevel(level, side * height, side * width, bands), gray ? 0 : 0.1f);
    }

    private static boolean same(List<SymbolStep> expected, List<SymbolStep> steps) {
        boolean same = expected.size() == steps.size();
        for (int s = 0; same && s < steps.size(); s++) {
            same = Arrays.equals(expected.get(s).symbols(), steps.get(s).symbols())
                    && Arrays.equals(expected.get(s).rows(), steps.get(s).rows());
        }
        return same;
    }

    private static boolean same(Coded<float[][]> expected, Coded<float[][]> decoded) {
        return Arrays.deepEquals(expected.coefficients(), decoded.coefficients()) && Arrays.equals(expected.context(), decoded.context());
    }

    private static byte[] bytes(Random random, int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }
}
