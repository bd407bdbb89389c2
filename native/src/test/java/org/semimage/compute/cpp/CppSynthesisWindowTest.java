// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.cpp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.abort;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.semimage.compute.Cancellation;
import org.semimage.compute.backend.UnavailableException;
import org.semimage.compute.cpp.CppKernels.InstructionSet;
import org.semimage.compute.network.CoefficientNet;
import org.semimage.compute.network.CoefficientWeights;
import org.semimage.compute.network.SynthesisWindow;
import org.semimage.compute.network.SynthesisWindow.Gains;
import org.semimage.compute.network.SynthesisWindow.Patch;
import org.semimage.compute.wavelet.Pyramid;

import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;

/** Windows in C++ with every instruction set that this processor has, against the reference with the same network. */
class CppSynthesisWindowTest {

    private static final int[][] SIZES = {{64, 64}, {192, 128}, {64, 1088}, {640, 192}};

    @ParameterizedTest
    @EnumSource
    void givesTheReferencesSamples(InstructionSet instructionSet) {
        try (CppCoefficientNet network = network(instructionSet); SynthesisWindow found = network.window();
             SynthesisWindow expected = new Reference(network).window()) {
            Random random = new Random(1);
            for (int[] size : SIZES) {
                for (boolean fineColour : new boolean[] {false, true}) {
                    float[] heard = fineColour ? floats(random, size[0] * size[1] >> 6, 1) : new float[0];
                    float[][][] planes = planes(random, size, fineColour);
                    SynthesisWindow.Steps steps = steps(random, size, heard);
                    for (SynthesisWindow window : List.of(expected, found)) {
                        fill(window, size, fineColour, planes);
                        window.synthesise(steps, 100, Cancellation.NEVER);
                    }
                    int[][] parts = {{0, size[0], 0, size[1]}, {size[0] - 1, size[0], size[1] - 1, 1}, {33, 64, 5, 37}};
                    for (int[] part : parts) {
                        assertArrayEquals(pixels(expected, part, false), pixels(found, part, false));
                        assertArrayEquals(pixels(expected, part, true), pixels(found, part, true));
                    }
                }
            }
        }
    }

    @Test
    void whatHasNoPlaceInAWindowIsRefused() {
        try (CppCoefficientNet network = network(InstructionSet.PORTABLE); SynthesisWindow window = network.window()) {
            assertThrows(IllegalArgumentException.class, () -> window.begin(64, 100, false));
            assertThrows(IllegalArgumentException.class, () -> window.begin(0, 64, false));
            window.begin(64, 64, false);
            assertThrows(IllegalArgumentException.class, () -> window.put(3, new float[9][64], new Patch(0, 8, 1, 0, 8, 8)));
            assertThrows(IllegalArgumentException.class, () -> window.put(3, new float[9][63], new Patch(0, 8, 0, 0, 8, 8)));
            assertThrows(IllegalArgumentException.class, () -> window.put(1, new float[9][1024], new Patch(0, 32, 0, 0, 32, 32)));
            assertThrows(IllegalArgumentException.class, () -> window.put(4, new float[9][64], new Patch(0, 8, 0, 0, 1, 1)));
            assertThrows(IllegalArgumentException.class, () -> window.pixels(0, 65, 0, 64, 1, true, new short[1][65 * 64]));
            assertThrows(IllegalArgumentException.class, () -> window.pixels(0, 64, 1, 64, 1, true, new short[1][64 * 64]));
        }
    }

    @Test
    void aRequestToStopEndsSynthesis() {
        try (CppCoefficientNet network = network(InstructionSet.PORTABLE); SynthesisWindow window = network.window()) {
            int[] size = {64, 64};
            fill(window, size, false, planes(new Random(1), size, false));
            Cancellation cancellation = new Cancellation();
            cancellation.request();
            assertThrows(CancellationException.class, () -> window.synthesise(steps(new Random(1), size, new float[0]), 0, cancellation));
        }
    }

    /** The network in C++ with the window of any other. */
    private record Reference(CppCoefficientNet network) implements CoefficientNet {

        @Override
        public float[] correction(float[] packed, int height, int width, int qualityIndex, Cancellation cancellation) {
            return network.correction(packed, height, width, qualityIndex, cancellation);
        }

        @Override
        public void close() {
            network.close();
        }
    }

    private static short[][] pixels(SynthesisWindow window, int[] part, boolean gray) {
        short[][] samples = new short[gray ? 1 : 3][(part[1] - part[0]) * part[3]];
        window.pixels(part[0], part[1], part[2], part[3], 2.5f, gray, samples);
        return samples;
    }

    /** In two parts, which come from within larger planes. */
    private static void fill(SynthesisWindow window, int[] size, boolean fineColour, float[][][] planes) {
        window.begin(size[0], size[1], fineColour);
        for (int level = 0; level <= 3; level++) {
            int scale = level == 0 ? 3 : level;
            int rows = size[0] >> scale;
            int columns = size[1] >> scale;
            window.put(level, planes[level], new Patch(columns + 2, columns + 1, 0, 0, rows / 2, columns));
            int half = rows / 2;
            window.put(level, planes[level], new Patch((1 + half) * (columns + 1) + 1, columns + 1, half, 0, rows - half, columns));
        }
    }

    /** With a row above and a column to the left. */
    private static float[][][] planes(Random random, int[] size, boolean fineColour) {
        float[][][] planes = new float[4][][];
        for (int level = 0; level <= 3; level++) {
            int scale = level == 0 ? 3 : level;
            planes[level] = new float[level == 0 ? 3 : Pyramid.channels(level, fineColour)][];
            for (int c = 0; c < planes[level].length; c++) {
                planes[level][c] = floats(random, ((size[0] >> scale) + 1) * ((size[1] >> scale) + 1), level == 1 ? 3 : 9);
            }
        }
        return planes;
    }

    private static SynthesisWindow.Steps steps(Random random, int[] size, float[] heard) {
        float[][] relative = new float[3][];
        Gains[] gains = new Gains[3];
        for (int level = 1; level <= 3; level++) {
            relative[level - 1] = floats(random, Pyramid.CHANNELS, 2);
            float[][] values = new float[size[0] / 16][];
            for (int y = 0; y < values.length; y++) {
                values[y] = floats(random, size[1] / 16, 1);
                for (int x = 0; x < values[y].length; x++) {
                    values[y][x] += 2;
                }
            }
            gains[level - 1] = new Gains(values, 16 >> level);
        }
        return new SynthesisWindow.Steps(relative, gains, heard);
    }

    private static CppCoefficientNet network(InstructionSet instructionSet) {
        Random random = new Random(3);
        int channels = CoefficientNet.CHANNELS;
        CoefficientWeights weights = new CoefficientWeights(List.of(
                new CoefficientWeights.Convolution(channels, 8, floats(random, 9 * channels * 8, 0.05f), floats(random, 8, 1)),
                new CoefficientWeights.Convolution(8, channels, floats(random, 9 * channels * 8, 0.1f), floats(random, channels, 1))),
                floats(random, CoefficientNet.KNOTS * 8, 1), floats(random, CoefficientNet.KNOTS * 8, 2));
        try {
            return new CppCoefficientNet(weights, CppKernels.load(instructionSet).instructionSet());
        } catch (UnavailableException e) {
            return abort("No native kernels: " + e.getMessage());
        }
    }

    private static float[] floats(Random random, int count, float range) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = range * (2 * random.nextFloat() - 1);
        }
        return values;
    }
}
