// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.entropy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class DependentQuantizerTest {

    private static final ScaleTables TABLES = SyntheticTables.create(2);
    private static final float STEP = Trellis.STEP / 16f;

    private static float[] residuals(Random random, byte[] scales) {
        float[] residuals = new float[scales.length];
        for (int i = 0; i < residuals.length; i++) {
            scales[i] = (byte) random.nextInt(ScaleTables.SCALES);
            residuals[i] = (float) (random.nextGaussian() * 0.05 * Math.pow(2, scales[i] / 8.0));
        }
        return residuals;
    }

    private static double cost(float[] residuals, SymbolStep step, int[] levels, float lambda) {
        double cost = lambda * TABLES.cost(step.rows(), step.symbols());
        for (int i = 0; i < residuals.length; i++) {
            cost += Math.pow(residuals[i] - STEP * levels[i], 2);
        }
        return cost;
    }

    @Property(tries = 200)
    void rowsAndLevelsAreThoseThatADecoderFinds(@ForAll long seed, @ForAll @IntRange(max = 3000) int size) {
        byte[] scales = new byte[size];
        float[] residuals = residuals(new Random(seed), scales);
        int[] levels = new int[size];
        SymbolStep step = new DependentQuantizer(TABLES).quantize(residuals, scales, 0.1f, levels);
        assertArrayEquals(step.rows(), SymbolStep.of(step.symbols(), scales).rows());
        assertArrayEquals(step.symbols(), SymbolStep.ofLevels(levels, scales).symbols());
        assertArrayEquals(scales, step.scales());
    }

    /** Of all ways through the trellis, tried one by one. */
    @Property(tries = 30)
    void noWayThroughTheTrellisCostsLess(@ForAll long seed) {
        int size = 4;
        byte[] scales = new byte[size];
        float[] residuals = residuals(new Random(seed), scales);
        for (int i = 0; i < scales.length; i++) {
            // Small symbols at scales that are never certain.
            scales[i] = (byte) Math.max(30, scales[i] % 70);
            residuals[i] = (float) new Random(seed + i).nextGaussian();
        }
        int[] levels = new int[scales.length];
        float lambda = 0.1f;
        double found = cost(residuals, new DependentQuantizer(TABLES).quantize(residuals, scales, lambda, levels), levels, lambda);
        int[] symbols = new int[scales.length];
        double best = Double.POSITIVE_INFINITY;
        for (int code = 0; code < Math.pow(9, size); code++) {
            for (int k = 0, rest = code; k < size; k++, rest /= 9) {
                symbols[k] = rest % 9 - 4;
            }
            SymbolStep step = SymbolStep.of(symbols, scales);
            best = Math.min(best, cost(residuals, step, SyntheticTables.decoded(TABLES, symbols, step.rows()), lambda));
        }
        assertEquals(best, found, 1e-4 * best);
    }

    @Test
    void noErrorIsLargerThanALevelWhereBitsAreFree() {
        byte[] scales = new byte[1 << 14];
        Random random = new Random(3);
        float[] residuals = residuals(random, scales);
        int[] levels = new int[scales.length];
        new DependentQuantizer(TABLES).quantize(residuals, scales, 0, levels);
        double squares = 0;
        for (int i = 0; i < levels.length; i++) {
            double error = residuals[i] - STEP * levels[i];
            assertTrue(Math.abs(error) <= 2 * STEP, "error " + error + " of " + residuals[i]);
            squares += error * error;
        }
        // One quantizer of twice the step has (2 STEP)^2 / 12.
        assertTrue(squares / levels.length < 0.7 * 4 * STEP * STEP / 12, "mean squared error " + squares / levels.length);
    }
}
