package org.semimage.compute;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Compares kernels with {@link JavaKernels} on a few small inputs: enough to notice a library that computes nonsense. */
final class SelfTest {

    /** Inputs, outputs, kernel, height, width: odd sizes, single pixels, partly filled vectors of every width. */
    private static final int[][] SHAPES = {
            {1, 1, 1, 1, 1}, {3, 5, 3, 1, 1}, {7, 2, 3, 5, 1}, {2, 9, 1, 3, 17}, {33, 12, 3, 6, 9}, {16, 17, 3, 4, 50}};

    private SelfTest() {
    }

    /** @throws UnavailableException if a result differs */
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
        checkEntropyCoder(kernels, reference, random);
    }

    private static void checkEntropyCoder(Kernels kernels, Kernels reference, Random random) throws UnavailableException {
        int[][] rows = new int[ScaleTables.TABLES][];
        for (int t = 0; t < rows.length; t++) {
            rows[t] = new int[2 + 2 * (t / 8)];
            Arrays.fill(rows[t], 1 + 30 * t);
            rows[t][0] += (1 << RansEncoder.PRECISION) - rows[t].length * (1 + 30 * t);
        }
        ScaleTables tables = new ScaleTables(rows);
        IntegerPrior.Step step = new IntegerPrior.Step(new int[1001], new byte[1001]);
        for (int i = 0; i < step.symbols().length; i++) {
            step.symbols()[i] = random.nextInt(4) > 0 ? 0 : random.nextInt() >> 11 + random.nextInt(20);
            step.scales()[i] = (byte) random.nextInt(i < 900 ? ScaleTables.TABLES : ScaleTables.SCALES);
        }
        for (int lanes = 1; lanes <= RansDecoder.MAX_LANES; lanes *= 2) {
            byte[] stream = kernels.encode(tables, List.of(step), lanes);
            int[] symbols = new int[step.symbols().length];
            try (SymbolDecoder decoder = kernels.decoder(tables, stream, 0, stream.length, lanes)) {
                decoder.decode(step.scales(), symbols);
            }
            if (!Arrays.equals(stream, reference.encode(tables, List.of(step), lanes)) || !Arrays.equals(symbols, step.symbols())) {
                throw new UnavailableException("it fails the self-test on symbols in " + lanes + " lanes");
            }
        }
    }

    private static byte[] bytes(Random random, int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }
}
