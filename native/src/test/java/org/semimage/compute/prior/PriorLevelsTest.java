// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.prior;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.semimage.compute.prior.PriorItems.NO_CONTEXT;
import static org.semimage.compute.prior.PriorItems.bands;
import static org.semimage.compute.prior.PriorItems.context;
import static org.semimage.compute.prior.PriorItems.item;
import static org.semimage.compute.prior.PriorItems.target;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.semimage.compute.Cancellation;
import org.semimage.compute.backend.SyntheticPrior;
import org.semimage.compute.entropy.RansDecoder;
import org.semimage.compute.entropy.ScaleTables;
import org.semimage.compute.entropy.SymbolDecoder;
import org.semimage.compute.entropy.SymbolStep;
import org.semimage.compute.entropy.SyntheticTables;
import org.semimage.compute.kernel.JavaKernels;
import org.semimage.compute.kernel.Kernels;
import org.semimage.compute.wavelet.Pyramid;

/** What the {@link PriorLevels} of every implementation of {@link Kernels} have to pass: the bits of {@link JavaPriorLevels}. */
public abstract class PriorLevelsTest {

    private static final Kernels REFERENCE = new JavaKernels();
    private static final ScaleTables TABLES = SyntheticTables.create(2);
    private static final int[] LEVELS = {0, 6, 5, 4, 3, 2, 1};

    /** The implementation; aborts the test where it is not available. */
    protected abstract Kernels kernels();

    /** A picture in the making: its padded size in units of 64, and how it is coded. */
    private record Picture(int rows, int columns, boolean gray, int qualityIndex, float lambda, int lanes) {

        static Picture random(Random random, int largest) {
            return new Picture(1 + random.nextInt(largest), 1 + random.nextInt(largest), random.nextInt(3) == 0, random.nextInt(256),
                    random.nextInt(3) == 0 ? 0 : random.nextFloat() * 0.3f, 1 + random.nextInt(RansDecoder.MAX_LANES));
        }

        BatchItem item(byte[] context) {
            return new BatchItem(Levels.ALL, rows * Pyramid.MULTIPLE, columns * Pyramid.MULTIPLE, gray, true, qualityIndex, context);
        }
    }

    /** Reference and implementation with the same weights. */
    private static final class Pair implements AutoCloseable {

        final PriorWeights weights;
        final PriorLevels reference;
        final PriorLevels levels;

        Pair(Kernels kernels, long seed, int widest) {
            weights = SyntheticPrior.create(new Random(seed), TABLES, widest);
            reference = new JavaPriorLevels(weights, REFERENCE);
            levels = PriorLevels.of(kernels, weights);
        }

        @Override
        public void close() {
            levels.close();
            reference.close();
        }

        /** Quantizes with both and compares everything; the steps of each picture, all levels together. */
        List<List<SymbolStep>> quantize(Random random, List<Picture> pictures) {
            List<List<SymbolStep>> steps = new ArrayList<>();
            pictures.forEach(p -> steps.add(new ArrayList<>()));
            List<byte[]> contexts = new ArrayList<>(pictures.stream().map(p -> NO_CONTEXT).toList());
            for (int level : LEVELS) {
                List<Target> targets = new ArrayList<>();
                for (int i = 0; i < pictures.size(); i++) {
                    BatchItem item = pictures.get(i).item(contexts.get(i));
                    targets.add(target(level, item, bands(random, level, item), pictures.get(i).lambda));
                }
                List<Coded<float[][]>> results = quantize(level, targets);
                for (int i = 0; i < pictures.size(); i++) {
                    steps.get(i).addAll(results.get(i).allSteps());
                    contexts.set(i, results.get(i).context());
                }
            }
            return steps;
        }

        List<Coded<float[][]>> quantize(int level, List<Target> targets) {
            List<Coded<float[][]>> expected = reference.quantize(level, targets);
            List<Coded<float[][]>> results = levels.quantize(level, targets);
            assertEquals(expected.size(), results.size());
            for (int i = 0; i < targets.size(); i++) {
                String what = "level " + level + ", picture " + i;
                List<SymbolStep> expectedSteps = expected.get(i).allSteps();
                List<SymbolStep> steps = results.get(i).allSteps();
                assertEquals(expectedSteps.size(), steps.size(), what);
                for (int s = 0; s < expectedSteps.size(); s++) {
                    assertArrayEquals(expectedSteps.get(s).rows(), steps.get(s).rows(), what + ", step " + s);
                    assertArrayEquals(expectedSteps.get(s).symbols(), steps.get(s).symbols(), what + ", step " + s);
                }
                assertSame(expected.get(i), results.get(i), what);
            }
            return expected;
        }

        /** Decodes with both and compares everything that the implementation is told to keep. */
        void decode(List<Picture> pictures, List<byte[]> streams, Kernels kernels) {
            List<SymbolDecoder> expectedSymbols = new ArrayList<>();
            List<SymbolDecoder> symbols = new ArrayList<>();
            for (int i = 0; i < pictures.size(); i++) {
                byte[] stream = streams.get(i);
                expectedSymbols.add(REFERENCE.decoder(TABLES, stream, 0, stream.length, pictures.get(i).lanes));
                symbols.add(kernels.decoder(TABLES, stream, 0, stream.length, pictures.get(i).lanes));
            }
            List<byte[]> contexts = new ArrayList<>(pictures.stream().map(p -> NO_CONTEXT).toList());
            for (int level : LEVELS) {
                List<Coded<float[][]>> expected = reference.decode(level, sources(pictures, contexts, expectedSymbols));
                List<Source> sources = sources(pictures, contexts, symbols).stream().map(Pair::withoutFirst64RowsAndColumns).toList();
                List<Coded<float[][]>> results = levels.decode(level, sources);
                assertEquals(expected.size(), results.size());
                for (int i = 0; i < pictures.size(); i++) {
                    Coded<float[][]> kept = sources.get(i).kept().of(sources.get(i).item(), level, expected.get(i));
                    assertSame(kept, results.get(i), "level " + level + ", picture " + i);
                    assertEquals(expectedSymbols.get(i).exhausted(), symbols.get(i).exhausted());
                    contexts.set(i, expected.get(i).context());
                }
            }
            symbols.forEach(SymbolDecoder::close);
        }

        private static List<Source> sources(List<Picture> pictures, List<byte[]> contexts, List<SymbolDecoder> symbols) {
            return IntStream.range(0, pictures.size())
                    .mapToObj(i -> Source.of(pictures.get(i).item(contexts.get(i)), symbols.get(i))).toList();
        }

        private static Source withoutFirst64RowsAndColumns(Source source) {
            BatchItem item = source.item();
            int top = item.height() > Pyramid.MULTIPLE ? Pyramid.MULTIPLE : 0;
            int left = item.width() > Pyramid.MULTIPLE ? Pyramid.MULTIPLE : 0;
            return new Source(item, source.symbols(), new Kept(top, left, item.height() - top, item.width() - left));
        }

        private static void assertSame(Coded<float[][]> expected, Coded<float[][]> decoded, String what) {
            assertEquals(expected.coefficients().length, decoded.coefficients().length, what);
            for (int c = 0; c < expected.coefficients().length; c++) {
                assertArrayEquals(expected.coefficients()[c], decoded.coefficients()[c], what + ", band " + c);
            }
            assertArrayEquals(expected.context(), decoded.context(), what + ", context");
        }
    }

    private static List<Picture> pictures(Random random, int count, int largest) {
        return IntStream.range(0, count).mapToObj(i -> Picture.random(random, largest)).toList();
    }

    private static List<byte[]> encode(List<Picture> pictures, List<List<SymbolStep>> steps) {
        return IntStream.range(0, pictures.size()).mapToObj(i -> REFERENCE.encode(TABLES, steps.get(i), pictures.get(i).lanes)).toList();
    }

    @ParameterizedTest(name = "{1} pictures, up to {2} channels, seed {0}")
    @CsvSource({"1, 1, 1", "2, 1, 9", "3, 3, 12", "4, 5, 7", "5, 2, 40", "6, 9, 5"})
    void quantizesAndDecodesTheSame(long seed, int count, int widest) {
        Random random = new Random(seed);
        List<Picture> pictures = pictures(random, count, 3);
        try (Pair pair = new Pair(kernels(), seed, widest)) {
            List<List<SymbolStep>> steps = pair.quantize(random, pictures);
            pair.decode(pictures, encode(pictures, steps), kernels());
        }
    }

    @Test
    void everyNumberOfLanesDecodesTheSame() {
        Random random = new Random(11);
        List<Picture> pictures = IntStream.rangeClosed(1, RansDecoder.MAX_LANES)
                .mapToObj(lanes -> new Picture(1, 1 + lanes % 2, lanes % 5 == 0, 8 * lanes - 1, 0.1f, lanes)).toList();
        try (Pair pair = new Pair(kernels(), 11, 6)) {
            pair.decode(pictures, encode(pictures, pair.quantize(random, pictures)), kernels());
        }
    }

    @Test
    void truncatedStreamsDecodeTheSame() {
        Random random = new Random(12);
        List<Picture> pictures = pictures(random, 12, 2);
        try (Pair pair = new Pair(kernels(), 12, 8)) {
            List<byte[]> streams = encode(pictures, pair.quantize(random, pictures));
            for (int round = 0; round < 4; round++) {
                pair.decode(pictures, streams.stream().map(s -> Arrays.copyOf(s, random.nextInt(s.length + 1))).toList(), kernels());
            }
            pair.decode(pictures, streams.stream().map(s -> new byte[0]).toList(), kernels());
        }
    }

    @Test
    void anyBytesDecodeTheSame() {
        Random random = new Random(13);
        List<Picture> pictures = pictures(random, 8, 2);
        try (Pair pair = new Pair(kernels(), 13, 8)) {
            for (int round = 0; round < 4; round++) {
                List<byte[]> streams = pictures.stream().map(p -> new byte[random.nextInt(20000)]).toList();
                if (round > 0) {
                    streams.forEach(random::nextBytes);
                }
                pair.decode(pictures, streams, kernels());
            }
        }
    }

    @Test
    void flippedBitsDecodeTheSame() {
        Random random = new Random(14);
        List<Picture> pictures = pictures(random, 8, 2);
        try (Pair pair = new Pair(kernels(), 14, 8)) {
            List<byte[]> streams = encode(pictures, pair.quantize(random, pictures));
            for (int round = 0; round < 4; round++) {
                List<byte[]> flipped = streams.stream().map(byte[]::clone).toList();
                flipped.forEach(stream -> stream[random.nextInt(stream.length)] ^= (byte) (1 << random.nextInt(8)));
                pair.decode(pictures, flipped, kernels());
            }
        }
    }

    /** One level alone, on grids of odd sizes, under contexts of any values. */
    @ParameterizedTest(name = "level {0}")
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
    void anyGridAndContextGivesTheSame(int level) {
        Random random = new Random(20 + level);
        int step = level == 0 || level == 6 ? 1 : 2;
        int[][] grids = {{1, 1}, {1, 2}, {2, 1}, {1, 33}, {33, 1}, {7, 5}, {3, 64}, {64, 3}, {17, 19}, {11, 65}};
        try (Pair pair = new Pair(kernels(), 20 + level, 10)) {
            List<Target> targets = new ArrayList<>();
            for (int[] grid : grids) {
                int height = grid[0] * step;
                int width = grid[1] * step;
                BatchItem item = item(level, height, width, random.nextInt(4) == 0, random.nextInt(256),
                        context(random, level, pair.weights, height, width));
                targets.add(target(level, item, bands(random, level, item), random.nextFloat()));
            }
            List<Coded<float[][]>> together = pair.quantize(level, targets);
            for (int i = 0; i < targets.size(); i++) {
                Pair.assertSame(together.get(i), pair.levels.quantize(level, List.of(targets.get(i))).get(0), "alone");
            }
        }
    }

    @Test
    void coefficientsAtEveryEdgeRoundTheSame() {
        float[] edges = {0, -0f, 0.5f, -0.5f, 0.49999997f, -0.49999997f, 0.50000006f, -0.50000006f, 1, -1, 1.5f, -1.5f, 2.5f, -2.5f, 127.5f,
            (1 << 20) - 1, 1 << 20, -(1 << 20), (1 << 20) + 0.5f, 1 << 23, -(1 << 23) - 1, 1 << 24, 3e9f, -3e9f, 1e20f, Float.MAX_VALUE,
            Float.MIN_VALUE, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN};
        Random random = new Random(30);
        try (Pair pair = new Pair(kernels(), 30, 9)) {
            for (int level : LEVELS) {
                BatchItem item = item(level, 16, 30, false, 77, context(random, level, pair.weights, 16, 30));
                float[][] bands = bands(random, level, item);
                for (float[] band : bands) {
                    for (int i = 0; i < band.length; i++) {
                        band[i] = level == 0 ? edges[random.nextInt(19)] : edges[random.nextInt(edges.length)];
                    }
                }
                for (float lambda : new float[] {0, 1e-9f, 0.1f, 3, 1e30f}) {
                    pair.quantize(level, List.of(target(level, item, bands, lambda)));
                }
            }
        }
    }

    /** As one that keeps what it has decoded. */
    @Test
    void aDecoderAroundAnotherDecodesTheSame() {
        Random random = new Random(32);
        try (Pair pair = new Pair(kernels(), 32, 5)) {
            BatchItem item = item(3, 6, 8, false, 100, context(random, 3, pair.weights, 6, 8));
            Coded<float[][]> quantized = pair.reference.quantize(3, List.of(target(3, item, bands(random, 3, item), 0))).get(0);
            byte[] stream = REFERENCE.encode(TABLES, quantized.allSteps(), 8);
            try (SymbolDecoder decoder = kernels().decoder(TABLES, stream, 0, stream.length, 8)) {
                SymbolDecoder around = new SymbolDecoder() {
                    @Override
                    public int decode(byte[] scaleIndices, int[] symbols) {
                        return decoder.decode(scaleIndices, symbols);
                    }

                    @Override
                    public boolean exhausted() {
                        return decoder.exhausted();
                    }

                    @Override
                    public void close() {
                        decoder.close();
                    }
                };
                Pair.assertSame(quantized, pair.levels.decode(3, List.of(Source.of(item, around))).get(0), "around");
            }
        }
    }

    /** The levels leave the decoder where the next step begins. */
    @Test
    void aDecoderGoesOnBehindALevel() {
        Random random = new Random(31);
        try (Pair pair = new Pair(kernels(), 31, 5)) {
            BatchItem item = item(0, 5, 7, false, 100, NO_CONTEXT);
            List<SymbolStep> steps = new ArrayList<>(pair.reference.quantize(0,
                    List.of(target(0, item, bands(random, 0, item), 0))).get(0).allSteps());
            byte[] scaleIndices = new byte[99];
            Arrays.fill(scaleIndices, (byte) 40);
            SymbolStep more = SymbolStep.of(random.ints(99, -50, 50).toArray(), scaleIndices);
            steps.add(more);
            byte[] stream = REFERENCE.encode(TABLES, steps, 8);
            try (SymbolDecoder decoder = kernels().decoder(TABLES, stream, 0, stream.length, 8)) {
                pair.levels.decode(0, List.of(Source.of(item, decoder)));
                int[] symbols = new int[99];
                assertEquals(99, decoder.decode(more.scaleIndices(), symbols));
                assertArrayEquals(SyntheticTables.decoded(TABLES, more.symbols(), more.rows()), symbols);
            }
        }
    }

    @Test
    void manyThreadsGetTheSameResults() {
        try (Pair pair = new Pair(kernels(), 40, 12)) {
            IntStream.range(0, 8).parallel().forEach(i -> {
                Random random = new Random(i);
                List<Picture> pictures = pictures(random, 2, 2);
                pair.decode(pictures, encode(pictures, pair.quantize(random, pictures)), kernels());
            });
        }
    }

    /** Whenever the request comes: the result is the reference's, or there is none. */
    @Test
    void aRequestToStopLeavesNoHalfResult() throws InterruptedException {
        try (Pair pair = new Pair(kernels(), 43, 24)) {
            Random random = new Random(8);
            BatchItem item = item(3, 96, 64, false, 90, context(random, 3, pair.weights, 96, 64));
            List<Target> targets = List.of(target(3, item, bands(random, 3, item), 0.1f));
            Coded<float[][]> expected = pair.reference.quantize(3, targets).get(0);
            for (long micros : new long[] {0, 50, 200, 500, 1000, 2000, 5000}) {
                Cancellation cancellation = new Cancellation();
                Thread thread = new Thread(() -> {
                    LockSupport.parkNanos(1000 * micros);
                    cancellation.request();
                });
                thread.start();
                try {
                    Pair.assertSame(expected, pair.levels.quantize(3, targets, cancellation).get(0), "after " + micros);
                } catch (CancellationException stopped) {
                    assertTrue(cancellation.requested());
                }
                thread.join();
                assertThrows(CancellationException.class, () -> pair.levels.quantize(3, targets, cancellation));
            }
        }
    }

    @Test
    void nothingGivesNothing() {
        try (Pair pair = new Pair(kernels(), 41, 3)) {
            for (int level : LEVELS) {
                assertTrue(pair.levels.quantize(level, List.of()).isEmpty());
                assertTrue(pair.levels.decode(level, List.of()).isEmpty());
            }
        }
    }

    @Test
    void refusesItemsThatDoNotFit() {
        try (Pair pair = new Pair(kernels(), 42, 3)) {
            byte[] context = context(new Random(1), 3, pair.weights, 4, 6);
            List<BatchItem> bad = List.of(
                    item(3, 4, 6, false, 256, context), item(3, 4, 6, false, -1, context), item(3, 4, 8, false, 1, context),
                    item(3, 3, 8, false, 1, context), item(3, 0, 6, false, 1, NO_CONTEXT), item(3, 4, 6, false, 1, NO_CONTEXT),
                    new BatchItem(Levels.ALL, 39, 48, false, true, 1, context));
            for (BatchItem item : bad) {
                assertThrows(IllegalArgumentException.class, () -> pair.levels.quantize(3, List.of(target(3, item, new float[9][24], 0))));
                try (SymbolDecoder decoder = kernels().decoder(TABLES, new byte[64], 0, 64, 1)) {
                    assertThrows(IllegalArgumentException.class, () -> pair.levels.decode(3, List.of(Source.of(item, decoder))));
                }
            }
        }
    }

    @Test
    void closingTwiceIsHarmless() {
        PriorLevels levels = PriorLevels.of(kernels(), SyntheticPrior.create(new Random(1), TABLES, 3));
        levels.close();
        levels.close();
    }
}
