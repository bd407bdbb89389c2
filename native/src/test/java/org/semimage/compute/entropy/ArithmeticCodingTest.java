// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.entropy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ArithmeticCodingTest {

    private static final int[] FREQUENCIES = {5, 1, 1000, 60000};
    private static final int TOTAL = 61006;

    private static byte[] encode(List<Integer> symbols) {
        ArithmeticEncoder out = new ArithmeticEncoder();
        for (int symbol : symbols) {
            out.encode(Arrays.stream(FREQUENCIES, 0, symbol).sum(), FREQUENCIES[symbol], TOTAL);
        }
        return out.finish();
    }

    @Property(tries = 300)
    void symbolsSurvive(@ForAll @Size(max = 200) List<@IntRange(max = 3) Integer> symbols) {
        byte[] bytes = encode(symbols);
        ArithmeticDecoder in = new ArithmeticDecoder(bytes, 0, bytes.length);
        for (int symbol : symbols) {
            assertEquals(symbol, in.decode(FREQUENCIES, 4, TOTAL));
            assertFalse(in.exhausted());
        }
        assertTrue(in.length() >= bytes.length);
    }

    @Property(tries = 200)
    void everyPrefixGivesOnlySymbolsThatWereWritten(@ForAll @Size(min = 1, max = 100) List<@IntRange(max = 3) Integer> symbols,
                                                    @ForAll @IntRange(max = 60) int cut) {
        byte[] bytes = encode(symbols);
        ArithmeticDecoder in = new ArithmeticDecoder(bytes, 0, Math.min(cut, bytes.length));
        for (int symbol : symbols) {
            int found = in.decodeIfCertain(FREQUENCIES, 4, TOTAL);
            if (found < 0) {
                return;
            }
            assertEquals(symbol, found);
        }
    }

    @Test
    void theEndCostsLessThanAByte() {
        Random random = new Random(1);
        for (int n = 0; n < 200; n++) {
            ArithmeticEncoder out = new ArithmeticEncoder();
            double bits = 0;
            for (int i = 0; i < n; i++) {
                int freq = 1 + random.nextInt(1 << 20);
                out.encode((1 << 20) - freq, freq, 1 << 20);
                bits -= Math.log(freq / (double) (1 << 20)) / Math.log(2);
            }
            assertTrue(out.finish().length <= Math.ceil((bits + 1) / 8) + 0.01 * n, n + " symbols of " + bits + " bits");
        }
    }

    @Test
    void noiseEndsInExhaustion() {
        ArithmeticDecoder in = new ArithmeticDecoder(new byte[] {1, 2, 3}, 0, 3);
        int symbols = 0;
        while (!in.exhausted()) {
            in.decodeUniform(1000);
            symbols++;
        }
        assertTrue(symbols < 12, symbols + " symbols");
    }

    @Test
    void emptyIntervalsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new ArithmeticEncoder().encode(0, 0, 2));
        assertThrows(IllegalArgumentException.class, () -> new ArithmeticEncoder().encode(1, 2, 2));
    }
}
