// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.entropy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.semimage.compute.kernel.JavaKernels;
import org.semimage.compute.kernel.Kernels;

/** What the symbol coders of every implementation of {@link Kernels} have to pass: the bytes and the symbols of {@link JavaKernels}. */
public abstract class EntropyCoderTest {

    private static final Kernels REFERENCE = new JavaKernels();
    private static final ScaleTables TABLES = SyntheticTables.create();
    private static final ScaleTables DEPENDENT = SyntheticTables.create(2);

    /** The implementation; aborts the test where it is not available. */
    protected abstract Kernels kernels();

    /** Symbols as their scales expect them; a share of them, in 1000, is of any size. */
    private static SymbolStep step(Random random, int size, int maxScale, int wildShare) {
        SymbolStep step = new SymbolStep(new int[size], new byte[size]);
        for (int i = 0; i < size; i++) {
            step.rows()[i] = (byte) random.nextInt(maxScale + 1);
            double scale = 0.05 * Math.pow(2, step.rows()[i] / 8.0);
            step.symbols()[i] = random.nextInt(1000) < wildShare ? random.nextInt() >> 11 + random.nextInt(20)
                    : (int) Math.round(random.nextGaussian() * scale);
        }
        return step;
    }

    private static List<SymbolStep> steps(Random random, int count, int size) {
        List<SymbolStep> steps = new ArrayList<>();
        for (int s = 0; s < count; s++) {
            int maxScale = random.nextBoolean() ? ScaleTables.SCALE_INDICES - 1 : random.nextInt(ScaleTables.SCALE_INDICES);
            steps.add(step(random, random.nextInt(size + 1), maxScale, random.nextBoolean() ? 0 : random.nextInt(1001)));
        }
        return steps;
    }

    /** Encodes with both, decodes with both, and compares everything. */
    private byte[] assertSame(List<SymbolStep> steps, int lanes) {
        assertSame(DEPENDENT, steps.stream().map(step -> SymbolStep.of(step.symbols(), step.rows())).toList(), lanes);
        return assertSame(TABLES, steps, lanes);
    }

    private byte[] assertSame(ScaleTables tables, List<SymbolStep> steps, int lanes) {
        byte[] expected = REFERENCE.encode(tables, steps, lanes);
        byte[] bytes = kernels().encode(tables, steps, lanes);
        assertArrayEquals(expected, bytes);
        assertSameSymbols(tables, steps, bytes, 0, bytes.length, lanes);
        try (SymbolDecoder decoder = kernels().decoder(tables, bytes, 0, bytes.length, lanes)) {
            for (SymbolStep step : steps) {
                int[] symbols = new int[step.symbols().length];
                assertEquals(symbols.length, decoder.decode(step.scaleIndices(), symbols));
                assertArrayEquals(SyntheticTables.decoded(tables, step.symbols(), step.rows()), symbols);
            }
        }
        return bytes;
    }

    /** Any bytes, as symbols and as those of dependent quantization. */
    private void assertSameSymbols(List<SymbolStep> steps, byte[] bytes, int from, int to, int lanes) {
        assertSameSymbols(TABLES, steps, bytes, from, to, lanes);
        assertSameSymbols(DEPENDENT, steps, bytes, from, to, lanes);
    }

    private void assertSameSymbols(ScaleTables tables, List<SymbolStep> steps, byte[] bytes, int from, int to, int lanes) {
        try (SymbolDecoder reference = REFERENCE.decoder(tables, bytes, from, to, lanes);
             SymbolDecoder decoder = kernels().decoder(tables, bytes, from, to, lanes)) {
            for (SymbolStep step : steps) {
                int[] expected = new int[step.symbols().length];
                int[] symbols = new int[expected.length];
                Arrays.fill(expected, 12345);
                Arrays.fill(symbols, 54321);
                assertEquals(reference.decode(step.scaleIndices(), expected), decoder.decode(step.scaleIndices(), symbols));
                assertArrayEquals(expected, symbols);
                assertEquals(reference.exhausted(), decoder.exhausted());
            }
        }
    }

    @Test
    void codesTheSameInAnyNumberOfLanes() {
        for (int lanes = 1; lanes <= RansDecoder.MAX_LANES; lanes++) {
            Random random = new Random(lanes);
            for (int round = 0; round < 10; round++) {
                assertSame(steps(random, 5, 700), lanes);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8, 13, 16, 31, 32})
    void codesWhatIsAllAlike(int lanes) {
        for (int scale = 0; scale < ScaleTables.SCALE_INDICES; scale++) {
            for (int symbol : new int[] {0, 1, -1, 200, -SymbolEncoder.MAX_SYMBOL, SymbolEncoder.MAX_SYMBOL}) {
                SymbolStep step = new SymbolStep(new int[77], new byte[77]);
                Arrays.fill(step.symbols(), symbol);
                Arrays.fill(step.rows(), (byte) scale);
                assertSame(List.of(step), lanes);
                assertSame(List.of(new SymbolStep(new int[] {symbol}, new byte[] {(byte) scale})), lanes);
            }
        }
    }

    @Test
    void codesNothing() {
        for (int lanes = 1; lanes <= RansDecoder.MAX_LANES; lanes++) {
            assertEquals(4 * lanes, assertSame(List.of(), lanes).length);
            assertEquals(4 * lanes, assertSame(List.of(new SymbolStep(new int[0], new byte[0])), lanes).length);
        }
    }

    @Test
    void codesManySymbols() {
        SymbolStep step = step(new Random(5), 1 << 18, 40, 1);
        SymbolStep large = new SymbolStep(new int[1 << 24], new byte[1 << 24]);
        for (int at = 0; at < large.symbols().length; at += step.symbols().length) {
            System.arraycopy(step.symbols(), 0, large.symbols(), at, step.symbols().length);
            System.arraycopy(step.rows(), 0, large.rows(), at, step.symbols().length);
        }
        byte[] bytes = kernels().encode(TABLES, List.of(large), 32);
        assertArrayEquals(REFERENCE.encode(TABLES, List.of(large), 32), bytes);
        try (SymbolDecoder decoder = kernels().decoder(TABLES, bytes, 0, bytes.length, 32)) {
            int[] symbols = new int[large.symbols().length];
            assertEquals(symbols.length, decoder.decode(large.scaleIndices(), symbols));
            assertArrayEquals(large.symbols(), symbols);
        }
    }

    @Test
    void everyPrefixDecodesTheSame() {
        for (int lanes : new int[] {1, 2, 3, 7, 8, 16, 31, 32}) {
            List<SymbolStep> steps = steps(new Random(lanes), 4, 90);
            byte[] bytes = REFERENCE.encode(TABLES, steps, lanes);
            for (int to = 0; to <= bytes.length; to++) {
                assertSameSymbols(steps, bytes, 0, to, lanes);
            }
        }
    }

    @Test
    void anyBytesDecodeTheSame() {
        for (int lanes = 1; lanes <= RansDecoder.MAX_LANES; lanes++) {
            Random random = new Random(100 + lanes);
            for (int round = 0; round < 20; round++) {
                byte[] bytes = new byte[random.nextInt(2000)];
                random.nextBytes(bytes);
                int from = random.nextInt(bytes.length / 2 + 1);
                assertSameSymbols(steps(random, 4, 400), bytes, from, bytes.length - random.nextInt(bytes.length / 2 + 1), lanes);
            }
            assertSameSymbols(steps(random, 4, 400), new byte[3000], 0, 3000, lanes);
        }
    }

    @Test
    void flippedBitsDecodeTheSame() {
        Random random = new Random(9);
        List<SymbolStep> steps = steps(random, 4, 300);
        for (int lanes : new int[] {1, 8, 32}) {
            byte[] bytes = REFERENCE.encode(TABLES, steps, lanes);
            for (int round = 0; round < 200; round++) {
                byte[] flipped = bytes.clone();
                flipped[random.nextInt(flipped.length)] ^= 1 << random.nextInt(8);
                assertSameSymbols(steps, flipped, 0, flipped.length, lanes);
            }
        }
    }

    @Test
    void manyThreadsCodeTheSame() {
        List<SymbolStep> steps = steps(new Random(11), 5, 5000);
        byte[] expected = REFERENCE.encode(TABLES, steps, 32);
        IntStream.range(0, 32).parallel().forEach(i -> assertArrayEquals(expected, assertSame(steps, 32)));
    }

    @Test
    void refusesWhatIsOutOfRange() {
        Kernels kernels = kernels();
        SymbolStep one = new SymbolStep(new int[1], new byte[1]);
        for (int lanes : new int[] {0, -1, 33}) {
            assertThrows(IllegalArgumentException.class, () -> kernels.encode(TABLES, List.of(one), lanes));
            assertThrows(IllegalArgumentException.class, () -> kernels.decoder(TABLES, new byte[200], 0, 200, lanes));
        }
        assertThrows(IllegalArgumentException.class, () -> kernels.decoder(TABLES, new byte[200], 0, 201, 1));
        assertThrows(IllegalArgumentException.class, () -> kernels.decoder(TABLES, new byte[200], -1, 9, 1));
        assertThrows(IllegalArgumentException.class, () -> kernels.decoder(TABLES, new byte[200], 5, 4, 1));
        for (SymbolStep bad : List.of(new SymbolStep(new int[1], new byte[] {-1}), new SymbolStep(new int[2], new byte[1]),
                new SymbolStep(new int[] {SymbolEncoder.MAX_SYMBOL + 1}, new byte[1]),
                new SymbolStep(new int[] {Integer.MIN_VALUE}, new byte[1]))) {
            assertThrows(IllegalArgumentException.class, () -> kernels.encode(TABLES, List.of(one, bad), 1));
        }
        try (SymbolDecoder decoder = kernels.decoder(TABLES, new byte[200], 0, 200, 32)) {
            assertThrows(IllegalArgumentException.class, () -> decoder.decode(new byte[] {-1}, new int[1]));
            assertThrows(IllegalArgumentException.class, () -> decoder.decode(new byte[1], new int[2]));
        }
    }

    @Test
    void closingTwiceIsHarmless() {
        SymbolDecoder decoder = kernels().decoder(TABLES, new byte[200], 0, 200, 32);
        decoder.close();
        decoder.close();
        assertTrue(kernels().encode(TABLES, List.of(), 1).length > 0);
    }
}
