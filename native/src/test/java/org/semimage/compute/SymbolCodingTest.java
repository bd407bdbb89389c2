package org.semimage.compute;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SymbolCodingTest {

    private static final ScaleTables TABLES = SyntheticTables.create();

    /** How symbols compare with what their scale expects. */
    enum Fit { TYPICAL, MIXED, WILD }

    private record Step(byte[] scales, int[] symbols) {

        static Step random(Random random, int count, Fit fit) {
            Step step = new Step(new byte[count], new int[count]);
            for (int i = 0; i < count; i++) {
                step.scales[i] = (byte) random.nextInt(ScaleTables.SCALES);
                double scale = 0.05 * Math.pow(2, step.scales[i] / 8.0);
                boolean wild = fit == Fit.WILD || fit == Fit.MIXED && random.nextInt(10) == 0;
                step.symbols[i] = wild ? random.nextInt() >> 11 + random.nextInt(20) : (int) Math.round(random.nextGaussian() * scale);
                if (wild && random.nextInt(10) == 0) {
                    step.symbols[i] = random.nextBoolean() ? SymbolEncoder.MAX_SYMBOL : -SymbolEncoder.MAX_SYMBOL;
                }
            }
            return step;
        }
    }

    private static Step[] steps(long seed, int size, Fit fit) {
        Random random = new Random(seed);
        Step[] steps = new Step[1 + random.nextInt(4)];
        for (int s = 0; s < steps.length; s++) {
            steps[s] = Step.random(random, random.nextInt(size), fit);
        }
        return steps;
    }

    private static byte[] encode(Step[] steps, int lanes) {
        SymbolEncoder encoder = new SymbolEncoder(TABLES, lanes);
        for (Step step : steps) {
            encoder.encode(step.symbols, step.scales);
        }
        return encoder.finish();
    }

    @Property
    void decodesWhatWasEncoded(@ForAll @IntRange(min = 1, max = 32) int lanes, @ForAll Fit fit, @ForAll long seed) {
        Step[] steps = steps(seed, 500, fit);
        byte[] bytes = encode(steps, lanes);
        SymbolDecoder decoder = new JavaSymbolDecoder(TABLES, bytes, 0, bytes.length, lanes);
        for (Step step : steps) {
            int[] symbols = new int[step.symbols.length];
            assertEquals(symbols.length, decoder.decode(step.scales, symbols));
            assertArrayEquals(step.symbols, symbols);
        }
    }

    @Property(tries = 100)
    void aPrefixOfTheBytesDecodesAPrefixOfTheSymbols(@ForAll @IntRange(min = 1, max = 32) int lanes, @ForAll Fit fit, @ForAll long seed) {
        Step[] steps = steps(seed, 60, fit);
        byte[] bytes = encode(steps, lanes);
        int before = 0;
        for (int length = 0; length <= bytes.length; length++) {
            int total = 0;
            boolean ended = false;
            SymbolDecoder decoder = new JavaSymbolDecoder(TABLES, bytes, 0, length, lanes);
            for (Step step : steps) {
                int[] symbols = new int[step.symbols.length];
                Arrays.fill(symbols, 12345);
                int decoded = decoder.decode(step.scales, symbols);
                int[] expected = Arrays.copyOf(Arrays.copyOf(step.symbols, decoded), symbols.length);
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
    void anyBytesDecodeToSomething(@ForAll @IntRange(min = 1, max = 32) int lanes, @ForAll long seed, @ForAll @IntRange(max = 2000) int size) {
        Random random = new Random(seed);
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        SymbolDecoder decoder = new JavaSymbolDecoder(TABLES, bytes, 0, size, lanes);
        for (int s = 0; s < 4; s++) {
            byte[] scales = new byte[1000];
            for (int i = 0; i < scales.length; i++) {
                scales[i] = (byte) random.nextInt(ScaleTables.SCALES);
            }
            int[] symbols = new int[scales.length];
            int decoded = decoder.decode(scales, symbols);
            for (int i = 0; i < symbols.length; i++) {
                assertTrue(Math.abs(symbols[i]) <= SymbolEncoder.MAX_SYMBOL && (i < decoded || symbols[i] == 0), "symbol " + symbols[i]);
            }
        }
    }

    @Property(tries = 30)
    void lengthIsCloseToTheIdeal(@ForAll @IntRange(min = 1, max = 32) int lanes, @ForAll long seed) {
        Step step = Step.random(new Random(seed), 20000, Fit.TYPICAL);
        SymbolEncoder encoder = new SymbolEncoder(TABLES, lanes);
        encoder.encode(step.symbols, step.scales);
        double bits = 8.0 * encoder.finish().length - 32.0 * lanes;
        assertEquals(TABLES.cost(step.scales, step.symbols), bits, 0.005 * bits);
    }

    @Property
    void everyTableFindsTheEntryOfASlot(@ForAll @IntRange(max = ScaleTables.TABLES - 1) int table, @ForAll @IntRange(max = 65535) int slot) {
        int entry = TABLES.entry(table, slot);
        assertTrue(slot >= TABLES.start(table, entry) && slot < TABLES.start(table, entry) + TABLES.frequency(table, entry));
    }

    @Test
    void symbolsOutOfRangeAreRefused() {
        SymbolEncoder encoder = new SymbolEncoder(TABLES, 1);
        for (int symbol : new int[] {SymbolEncoder.MAX_SYMBOL + 1, -SymbolEncoder.MAX_SYMBOL - 1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            assertThrows(IllegalArgumentException.class, () -> encoder.encode(new int[] {symbol}, new byte[] {127}));
        }
    }

    @Test
    void scaleIndicesOutOfRangeAreRefused() {
        byte[] bytes = new SymbolEncoder(TABLES, 1).finish();
        SymbolDecoder decoder = new JavaSymbolDecoder(TABLES, bytes, 0, bytes.length, 1);
        assertThrows(IllegalArgumentException.class, () -> new SymbolEncoder(TABLES, 1).encode(new int[1], new byte[] {-1}));
        assertThrows(IllegalArgumentException.class, () -> decoder.decode(new byte[] {-1}, new int[1]));
        assertThrows(IllegalArgumentException.class, () -> decoder.decode(new byte[1], new int[2]));
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
