// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.semantic;

import org.semimage.generate.Descriptors;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The cosine transform of log band energies over regions, levels and orientations, which puts what matters into few numbers (FORMAT.md,
 * "Descriptors"). Coefficient {@code ((ry * 3 + rx) * levels + s) * 3 + o} is that of the cosines ry, rx over regions, s over levels from
 * coarse to fine, and o over orientations.
 */
public final class Cepstrum {

    private static final int REGIONS = Descriptors.REGIONS;
    private static final int ORIENTATIONS = 3;

    private Cepstrum() {
    }

    static int size(int levels) {
        return REGIONS * REGIONS * levels * ORIENTATIONS;
    }

    /**
     * Cepstral coefficients of a texture.
     *
     * @param texture {@code [level][orientation][region]}, finest level first, regions row by row
     * @return coefficients in the order that the class says
     */
    public static float[] forward(float[][][] texture) {
        int levels = texture.length;
        float[] values = new float[size(levels)];
        for (int i = 0; i < values.length; i++) {
            values[i] = texture[levels - 1 - i / ORIENTATIONS % levels][i % ORIENTATIONS][i / ORIENTATIONS / Math.max(1, levels)];
        }
        return transform(values, levels, true);
    }

    static float[][][] inverse(float[] cepstrum, int levels) {
        float[] values = transform(cepstrum, levels, false);
        float[][][] texture = new float[levels][ORIENTATIONS][REGIONS * REGIONS];
        for (int i = 0; i < values.length; i++) {
            texture[levels - 1 - i / ORIENTATIONS % levels][i % ORIENTATIONS][i / ORIENTATIONS / Math.max(1, levels)] = values[i];
        }
        return texture;
    }

    /** Coefficients in order of importance: what varies over regions late, high cepstral orders late. */
    public static List<Integer> order(int levels) {
        return IntStream.range(0, size(levels)).boxed()
                .sorted(Comparator.comparingInt((Integer i) -> key(i, levels)).thenComparingInt(i -> i)).toList();
    }

    private static int key(int i, int levels) {
        int o = i % ORIENTATIONS;
        int s = i / ORIENTATIONS % levels;
        int rx = i / ORIENTATIONS / levels % REGIONS;
        int ry = i / ORIENTATIONS / levels / REGIONS;
        return rx * rx + ry * ry + 3 * s * s + 4 * o * o;
    }

    private static float[] transform(float[] values, int levels, boolean forward) {
        float[] along = axis(values, 1, ORIENTATIONS, forward);
        along = axis(along, ORIENTATIONS, levels, forward);
        along = axis(along, ORIENTATIONS * levels, REGIONS, forward);
        return axis(along, ORIENTATIONS * levels * REGIONS, REGIONS, forward);
    }

    private static float[] axis(float[] values, int stride, int count, boolean forward) {
        float[][] basis = DescriptorAnalysis.basis(count, count);
        float[] result = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            int at = i / stride % count;
            int base = i - at * stride;
            for (int k = 0; k < count; k++) {
                result[i] += values[base + k * stride] * (forward ? basis[at][k] / count : basis[k][at]);
            }
        }
        return result;
    }
}
