// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.entropy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SymbolCodingTest {

    private static final List<ScaleTables> TABLES = List.of(SyntheticTables.create(1), SyntheticTables.create(2));

    /** How symbols compare with what their scale expects. */
    enum Fit { TYPICAL, MIXED, WILD }

    private record Step(byte[] scaleIndices, int[] symbols, byte[] rows, int[] decoded) {

        static Step random(ScaleTables tables, Random random, int count, Fit fit) {
            Step step = new Step(new byte[count], new int[count], new byte[count], new int[count]);
            for (int i = 0; i < count; i++) {
                step.scaleIndices[i] = (byte) random.nextInt(ScaleTables.SCALE_INDICES);
                double scale = 0.05 * Math.pow(2, step.scaleIndices[i] / 8.0);
                boolean wild = fit == Fit.WILD || fit == Fit.MIXED && random.nextInt(10) == 0;
                step.symbols[i] = wild ? random.nextInt() >> 11 + random.nextInt(20) : (int) Math.round(random.nextGaussian() * scale);
                if (wild && random.nextInt(10) == 0) {
                    step.symbols[i] = random.nextBoolean() ? SymbolEncoder.MAX_SYMBOL : -SymbolEncoder.MAX_SYMBOL;
                }
            }
            byte[] rows = tables.quantizers() == 1 ? step.scaleIndices : SymbolStep.of(step.symbols, step.scaleIndices).rows();
            System.arraycopy(rows, 0, step.rows, 0, count);
            System.arraycopy(SyntheticTables.decoded(tables, step.symbols, step.rows), 0, step.decoded, 0, count);
            return step;
        }
    }

    @Provide
    Arbitrary<ScaleTables> tables() {
        return Arbitraries.of(TABLES);
    }

    private static Step[] steps(ScaleTables tables, long seed, int size, Fit fit) {
        Random random = new Random(seed);
        Step[] steps = new Step[1 + random.nextInt(4)];
        for (int s = 0; s < steps.length; s++) {
            steps[s] = Step.random(tables, random, random.nextInt(size), fit);
        }
        return steps;
    }

    private static byte[] encode(ScaleTables tables, Step[] steps, int lanes) {
        SymbolEncoder encoder = new SymbolEncoder(tables, lanes);
        for (Step step : steps) {
            encoder.encode(step.symbols, step.rows);
        }
        return encoder.finish();
    }

    @Property
    void decodesWhatWasEncoded(@ForAll("tables") ScaleTables tables, @ForAll @IntRange(min = 1, max = 32) int lanes, @ForAll Fit fit,
            @ForAll long seed) {
        Step[] steps = steps(tables, seed, 3000, fit);
        byte[] bytes = encode(tables, steps, lanes);
        SymbolDecoder decoder = new JavaSymbolDecoder(tables, bytes, 0, bytes.length, lanes);
        for (Step step : steps) {
            int[] symbols = new int[step.symbols.length];
            assertEquals(symbols.length, decoder.decode(step.scaleIndices, symbols));
            assertArrayEquals(step.decoded, symbols);
        }
    }

    @Property(tries = 100)
    void aPrefixOfTheBytesDecodesAPrefixOfTheSymbols(@ForAll("tables") ScaleTables tables, @ForAll @IntRange(min = 1, max = 32) int lanes,
            @ForAll Fit fit, @ForAll long seed) {
        Step[] steps = steps(tables, seed, 60, fit);
        byte[] bytes = encode(tables, steps, lanes);
        int before = 0;
        for (int length = 0; length <= bytes.length; length++) {
            int total = 0;
            boolean ended = false;
            SymbolDecoder decoder = new JavaSymbolDecoder(tables, bytes, 0, length, lanes);
            for (Step step : steps) {
                int[] symbols = new int[step.symbols.length];
                Arrays.fill(symbols, 12345);
                int decoded = decoder.decode(step.scaleIndices, symbols);
                int[] expected = Arrays.copyOf(Arrays.copyOf(step.decoded, decoded), symbols.length);
                assertArrayEquals(expected, symbols, length + " of " + bytes.length + " bytes");
                assertTrue(!ended || decoded == 0, "symbols after the end");
                ended |= decoded < symbols.length;
                total += decoded;
            }
            assertTrue(total >= before);
            before = total;
        }
        assertEquals(Arrays.stream(steps).mapToInt(s -> s.symbols.length).sum(), before);
    }

    @Property
    void anyBytesDecodeToSomething(@ForAll("tables") ScaleTables tables, @ForAll @IntRange(min = 1, max = 32) int lanes, @ForAll long seed,
            @ForAll @IntRange(max = 2000) int size) {
        Random random = new Random(seed);
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        SymbolDecoder decoder = new JavaSymbolDecoder(tables, bytes, 0, size, lanes);
        for (int s = 0; s < 4; s++) {
            byte[] scaleIndices = new byte[1000];
            for (int i = 0; i < scaleIndices.length; i++) {
                scaleIndices[i] = (byte) random.nextInt(ScaleTables.SCALE_INDICES);
            }
            int[] symbols = new int[scaleIndices.length];
            int decoded = decoder.decode(scaleIndices, symbols);
            for (int i = 0; i < symbols.length; i++) {
                assertTrue(Math.abs(symbols[i]) <= tables.quantizers() * SymbolEncoder.MAX_SYMBOL && (i < decoded || symbols[i] == 0),
                        "symbol " + symbols[i]);
            }
        }
    }

    @Property(tries = 30)
    void lengthIsCloseToTheIdeal(@ForAll("tables") ScaleTables tables, @ForAll @IntRange(min = 1, max = 32) int lanes, @ForAll long seed) {
        Step step = Step.random(tables, new Random(seed), 20000, Fit.TYPICAL);
        SymbolEncoder encoder = new SymbolEncoder(tables, lanes);
        encoder.encode(step.symbols, step.rows);
        double bits = 8.0 * encoder.finish().length - 32.0 * lanes;
        assertEquals(tables.cost(step.rows, step.symbols), bits, 0.005 * bits);
    }

    @Property
    void everyTableFindsTheEntryOfASlot(@ForAll("tables") ScaleTables tables,
            @ForAll @IntRange(max = 2 * ScaleTables.TABLES - 1) int anyTable, @ForAll @IntRange(max = 65535) int slot) {
        int table = anyTable % (tables.quantizers() * ScaleTables.TABLES);
        int entry = tables.entry(table, slot);
        assertTrue(slot >= tables.start(table, entry) && slot < tables.start(table, entry) + tables.frequency(table, entry));
    }

    @Test
    void symbolsOutOfRangeAreRefused() {
        SymbolEncoder encoder = new SymbolEncoder(TABLES.get(0), 1);
        for (int symbol : new int[] {SymbolEncoder.MAX_SYMBOL + 1, -SymbolEncoder.MAX_SYMBOL - 1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            assertThrows(IllegalArgumentException.class, () -> encoder.encode(new int[] {symbol}, new byte[] {127}));
        }
    }

    @Test
    void scaleIndicesOutOfRangeAreRefused() {
        byte[] bytes = new SymbolEncoder(TABLES.get(0), 1).finish();
        SymbolDecoder decoder = new JavaSymbolDecoder(TABLES.get(0), bytes, 0, bytes.length, 1);
        assertThrows(IllegalArgumentException.class, () -> new SymbolEncoder(TABLES.get(0), 1).encode(new int[1], new byte[] {-1}));
        assertThrows(IllegalArgumentException.class, () -> decoder.decode(new byte[] {-1}, new int[1]));
        assertThrows(IllegalArgumentException.class, () -> decoder.decode(new byte[1], new int[2]));
    }

    @Test
    void rowsThatADecoderWillNotFindAreRefused() {
        SymbolEncoder encoder = new SymbolEncoder(TABLES.get(1), 1);
        int[] symbols = new int[200];
        int chains = Trellis.chains(symbols.length);
        symbols[chains + 1] = 1;
        byte[] rows = new byte[symbols.length];
        assertThrows(IllegalArgumentException.class, () -> encoder.encode(symbols, rows));
        symbols[chains + 1] = 0;
        encoder.encode(symbols, rows);
        rows[chains + 1] = ScaleTables.row(0, 1);
        assertThrows(IllegalArgumentException.class, () -> encoder.encode(symbols, rows));
    }

    @Test
    void lanesCostLessThanOnePercent() {
        for (long bytes = 1; bytes < 100_000; bytes++) {
            int lanes = SymbolEncoder.lanesFor(bytes);
            assertTrue(lanes == 1 || 4 * lanes <= bytes / 100, lanes + " lanes for " + bytes + " bytes");
        }
        assertEquals(RansDecoder.MAX_LANES, SymbolEncoder.lanesFor(1 << 20));
    }
}
