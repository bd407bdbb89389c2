// SPDX-License-Identifier: Apache-2.0
package org.semimage.model;

import org.semimage.compute.tensor.NamedTensors;
import org.semimage.compute.wavelet.Pyramid;

/**
 * How much coarser or finer than the picture's quantizer step those of its bands are (FORMAT.md, "Quantizer steps").
 *
 * @param low    by component of the low band
 * @param detail {@code [level - 1][channel]}
 */
public record RelativeSteps(float[] low, float[][] detail) {

    /** Quality indices from one row of a pack's steps to the next. */
    private static final int KNOT_DISTANCE = 32;

    /** Rows of a pack's steps. */
    private static final int KNOTS = 256 / KNOT_DISTANCE + 1;

    /** A pack's steps, by quality index. */
    public static final class Table {

        private final float[] low;
        private final float[] detail;

        /**
         * @param weights tensors {@code steps.*} (FORMAT.md, "Model pack")
         * @throws IllegalArgumentException if a tensor is missing, does not fit or has a step that is not positive
         */
        public Table(NamedTensors weights) {
            low = positive("steps.low", weights.floats("steps.low", KNOTS, 3));
            detail = positive("steps.detail", weights.floats("steps.detail", KNOTS, Pyramid.LEVELS, Pyramid.CHANNELS));
        }

        private static float[] positive(String name, float[] steps) {
            for (float step : steps) {
                if (!(step > 0 && step < Float.POSITIVE_INFINITY)) {
                    throw new IllegalArgumentException(name + " has a step of " + step);
                }
            }
            return steps;
        }

        /** The steps at a quality index 0..255: between rows their logarithms are interpolated. */
        public RelativeSteps at(int qualityIndex) {
            float[][] of = new float[Pyramid.LEVELS][];
            for (int level = 1; level <= Pyramid.LEVELS; level++) {
                of[level - 1] = between(detail, Pyramid.LEVELS * Pyramid.CHANNELS, (level - 1) * Pyramid.CHANNELS,
                        Pyramid.CHANNELS, qualityIndex);
            }
            return new RelativeSteps(between(low, 3, 0, 3, qualityIndex), of);
        }

        private static float[] between(float[] rows, int rowLength, int from, int count, int qualityIndex) {
            int row = qualityIndex / KNOT_DISTANCE;
            double share = (double) (qualityIndex % KNOT_DISTANCE) / KNOT_DISTANCE;
            float[] steps = new float[count];
            for (int i = 0; i < count; i++) {
                double before = Math.log(rows[row * rowLength + from + i]);
                double after = Math.log(rows[(row + 1) * rowLength + from + i]);
                steps[i] = (float) Math.exp(before + share * (after - before));
            }
            return steps;
        }
    }
}
