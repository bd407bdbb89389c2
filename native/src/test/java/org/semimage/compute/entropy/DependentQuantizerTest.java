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
    private static final float STEP = Trellis.SPACING / 16f;

    private static float[] residuals(Random random, byte[] scaleIndices) {
        float[] residuals = new float[scaleIndices.length];
        for (int i = 0; i < residuals.length; i++) {
            scaleIndices[i] = (byte) random.nextInt(ScaleTables.SCALE_INDICES);
            residuals[i] = (float) (random.nextGaussian() * 0.05 * Math.pow(2, scaleIndices[i] / 8.0));
        }
        return residuals;
    }

    private static double cost(float[] residuals, SymbolStep step, int[] reconstructionLevels, float lambda) {
        double cost = lambda * TABLES.cost(step.rows(), step.symbols());
        for (int i = 0; i < residuals.length; i++) {
            cost += Math.pow(residuals[i] - STEP * reconstructionLevels[i], 2);
        }
        return cost;
    }

    @Property(tries = 200)
    void rowsAndLevelsAreThoseThatADecoderFinds(@ForAll long seed, @ForAll @IntRange(max = 3000) int size) {
        byte[] scaleIndices = new byte[size];
        float[] residuals = residuals(new Random(seed), scaleIndices);
        int[] reconstructionLevels = new int[size];
        SymbolStep step = new DependentQuantizer(TABLES).quantize(residuals, scaleIndices, 0.1f, reconstructionLevels);
        assertArrayEquals(step.rows(), SymbolStep.of(step.symbols(), scaleIndices).rows());
        assertArrayEquals(step.symbols(), SymbolStep.ofReconstructionLevels(reconstructionLevels, scaleIndices).symbols());
        assertArrayEquals(scaleIndices, step.scaleIndices());
    }

    /** Of all ways through the trellis, tried one by one. */
    @Property(tries = 30)
    void noWayThroughTheTrellisCostsLess(@ForAll long seed) {
        int size = 4;
        byte[] scaleIndices = new byte[size];
        float[] residuals = residuals(new Random(seed), scaleIndices);
        for (int i = 0; i < scaleIndices.length; i++) {
            // Small symbols at scaleIndices that are never certain.
            scaleIndices[i] = (byte) Math.max(30, scaleIndices[i] % 70);
            residuals[i] = (float) new Random(seed + i).nextGaussian();
        }
        int[] reconstructionLevels = new int[scaleIndices.length];
        float lambda = 0.1f;
        SymbolStep quantized = new DependentQuantizer(TABLES).quantize(residuals, scaleIndices, lambda, reconstructionLevels);
        double found = cost(residuals, quantized, reconstructionLevels, lambda);
        int[] symbols = new int[scaleIndices.length];
        double best = Double.POSITIVE_INFINITY;
        for (int code = 0; code < Math.pow(9, size); code++) {
            for (int k = 0, rest = code; k < size; k++, rest /= 9) {
                symbols[k] = rest % 9 - 4;
            }
            SymbolStep step = SymbolStep.of(symbols, scaleIndices);
            best = Math.min(best, cost(residuals, step, SyntheticTables.decoded(TABLES, symbols, step.rows()), lambda));
        }
        assertEquals(best, found, 1e-4 * best);
    }

    @Test
    void noErrorIsLargerThanALevelWhereBitsAreFree() {
        byte[] scaleIndices = new byte[1 << 14];
        Random random = new Random(3);
        float[] residuals = residuals(random, scaleIndices);
        int[] reconstructionLevels = new int[scaleIndices.length];
        new DependentQuantizer(TABLES).quantize(residuals, scaleIndices, 0, reconstructionLevels);
        double squares = 0;
        for (int i = 0; i < reconstructionLevels.length; i++) {
            double error = residuals[i] - STEP * reconstructionLevels[i];
            assertTrue(Math.abs(error) <= 2 * STEP, "error " + error + " of " + residuals[i]);
            squares += error * error;
        }
        // One quantizer of twice the step has (2 STEP)^2 / 12.
        assertTrue(squares / reconstructionLevels.length < 0.7 * 4 * STEP * STEP / 12, "mean squared error "
                + squares / reconstructionLevels.length);
    }
}
