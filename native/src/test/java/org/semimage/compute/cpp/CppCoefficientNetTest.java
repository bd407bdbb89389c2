// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.cpp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.semimage.compute.Cancellation;
import org.semimage.compute.backend.Backends;
import org.semimage.compute.backend.UnavailableException;
import org.semimage.compute.cpp.CppKernels.InstructionSet;
import org.semimage.compute.network.CoefficientNet;
import org.semimage.compute.network.CoefficientWeights;
import org.semimage.compute.network.JavaCoefficientNet;
import org.semimage.compute.network.PackedCoefficients;
import org.semimage.compute.tensor.NamedTensors;
import org.semimage.compute.tensor.Safetensors;
import org.semimage.compute.wavelet.Pyramid;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** The network in C++ with every instruction set that this processor has, against the reference. */
class CppCoefficientNetTest {

    /** Width and blocks; partly filled vectors and panels among them. */
    private static final int[][] NETWORKS = {{1, 1}, {5, 0}, {24, 2}, {40, 1}};

    /** Height and width: less than a tile, whole and cut tiles, more than a block of them. */
    private static final int[][] SIZES = {{1, 1}, {1, 9}, {8, 8}, {7, 30}, {24, 40}};

    @ParameterizedTest
    @EnumSource
    void givesTheReferencesCorrections(InstructionSet instructionSet) {
        compare(instructionSet, CoefficientNet.CHANNELS, CoefficientNet.CHANNELS);
    }

    @ParameterizedTest
    @EnumSource
    void givesTheReferencesCorrectionsWithMoreInputs(InstructionSet instructionSet) {
        compare(instructionSet, CoefficientNet.CHANNELS + 13, CoefficientNet.CHANNELS);
    }

    @ParameterizedTest
    @EnumSource
    void givesTheReferencesCorrectionsWithGains(InstructionSet instructionSet) {
        compare(instructionSet, CoefficientNet.CHANNELS, CoefficientNet.OUTPUTS_WITH_DIVISIVE_GAINS);
    }

    private static void compare(InstructionSet instructionSet, int inputs, int outputs) {
        Random random = new Random(1);
        for (int[] shape : NETWORKS) {
            CoefficientWeights weights = weights(random, shape[0], shape[1], inputs, outputs);
            try (CoefficientNet expected = new JavaCoefficientNet(weights); CoefficientNet network = network(weights, instructionSet)) {
                for (int[] size : SIZES) {
                    float[] packed = floats(random, inputs * size[0] * size[1], 30);
                    int qualityIndex = random.nextInt(256);
                    assertClose(expected.correction(packed, size[0], size[1], qualityIndex),
                            network.correction(packed, size[0], size[1], qualityIndex));
                }
            }
        }
    }

    /** Bit by bit: the way of its own that C++ has adds the same corrections. */
    @ParameterizedTest
    @EnumSource
    void addsTheCorrectionsThatItGives(InstructionSet instructionSet) {
        Random random = new Random(2);
        for (int outputs : new int[] {CoefficientNet.CHANNELS, CoefficientNet.OUTPUTS_WITH_DIVISIVE_GAINS}) {
            try (CoefficientNet network = network(weights(random, 24, 1, CoefficientNet.CHANNELS, outputs), instructionSet)) {
                for (float[] heard : new float[][] {{}, floats(random, 3 * 5, 1)}) {
                    Pyramid pyramid = pyramid(random);
                    float[][] low = {floats(random, 3 * 5, 20), floats(random, 3 * 5, 20), floats(random, 3 * 5, 20)};
                    float[] packed = PackedCoefficients.pack(low, pyramid);
                    float[] correction = network.correction(packed, 3, 5, 100);
                    PackedCoefficients.fade(correction, heard);
                    network.correct(low, pyramid, heard, 100, Cancellation.NEVER);
                    for (int i = 0; i < packed.length; i++) {
                        packed[i] += correction[i];
                    }
                    assertArrayEquals(packed, PackedCoefficients.pack(low, pyramid));
                }
            }
        }
    }

    private static Pyramid pyramid(Random random) {
        Pyramid pyramid = Pyramid.zero(24, 40, 3, 1);
        for (int level = 1; level <= 3; level++) {
            float[][] bands = pyramid.bands(level);
            for (int c = 0; c < bands.length; c++) {
                bands[c] = floats(random, bands[c].length, 20);
            }
        }
        return pyramid;
    }

    @ParameterizedTest
    @EnumSource
    void refusesCoefficientsThatDoNotFit(InstructionSet instructionSet) {
        CoefficientWeights weights = weights(new Random(1), 1, 0, CoefficientNet.CHANNELS, CoefficientNet.CHANNELS);
        try (CoefficientNet network = network(weights, instructionSet)) {
            assertThrows(IllegalArgumentException.class, () -> network.correction(new float[96 * 11], 3, 4, 0));
            assertThrows(IllegalArgumentException.class, () -> network.correction(new float[96 * 12], -3, -4, 0));
        }
    }

    /** Bit by bit: a pack's numbers of two bytes mean what Java says, those too that are too small to be normal. */
    @Test
    void widensThePacksNumbersAsJavaDoes() throws IOException {
        assumeTrue(Backends.isAvailable("native"), "there are no native kernels");
        NamedTensors pack = pack(new Random(3), 8);
        float[] packed = floats(new Random(4), CoefficientNet.CHANNELS * 24, 30);
        try (CoefficientNet widened = new CppCoefficientNet(CoefficientWeights.of(pack, "synthesis"),
                ((CppKernels) Backends.of("native")).instructionSet()); CoefficientNet network = new CppCoefficientNet(pack, "synthesis")) {
            assertArrayEquals(widened.correction(packed, 4, 6, 100), network.correction(packed, 4, 6, 100));
        }
    }

    /** A network of a head and a tail, of any bits but those of what is not finite. */
    private static NamedTensors pack(Random random, int width) throws IOException {
        Map<String, int[]> shapes = new LinkedHashMap<>();
        shapes.put("head.weight", new int[] {width, CoefficientNet.CHANNELS, 3, 3});
        shapes.put("head.bias", new int[] {width});
        shapes.put("tail.weight", new int[] {CoefficientNet.CHANNELS, width, 3, 3});
        shapes.put("tail.bias", new int[] {CoefficientNet.CHANNELS});
        shapes.put("quality", new int[] {CoefficientNet.KNOTS, width});
        shapes.put("gain", new int[] {CoefficientNet.KNOTS, width});
        StringBuilder header = new StringBuilder();
        int size = 0;
        for (Map.Entry<String, int[]> shape : shapes.entrySet()) {
            int end = size + 2 * Arrays.stream(shape.getValue()).reduce(1, Math::multiplyExact);
            header.append(header.length() == 0 ? '{' : ',').append("\"synthesis.").append(shape.getKey())
                    .append("\":{\"dtype\":\"F16\",\"shape\":").append(Arrays.toString(shape.getValue()))
                    .append(",\"data_offsets\":[").append(size).append(',').append(end).append("]}");
            size = end;
        }
        byte[] json = header.append('}').toString().getBytes(StandardCharsets.US_ASCII);
        ByteBuffer file = ByteBuffer.allocate(8 + json.length + size).order(ByteOrder.LITTLE_ENDIAN).putLong(json.length).put(json);
        while (file.hasRemaining()) {
            // Below 1; a third of them too small to be normal.
            int exponent = random.nextInt(3) == 0 ? 0 : random.nextInt(15);
            file.putShort((short) (random.nextInt(2) << 15 | exponent << 10 | random.nextInt(1024)));
        }
        return Safetensors.parse("pack", file.flip());
    }

    private static CoefficientNet network(CoefficientWeights weights, InstructionSet instructionSet) {
        try {
            return new CppCoefficientNet(weights, CppKernels.load(instructionSet).instructionSet());
        } catch (UnavailableException e) {
            return abort("No native kernels: " + e.getMessage());
        }
    }

    private static CoefficientWeights weights(Random random, int width, int blocks, int inputs, int outputs) {
        List<CoefficientWeights.Convolution> convolutions = new ArrayList<>();
        convolutions.add(convolution(random, inputs, width));
        for (int i = 0; i < 2 * blocks; i++) {
            convolutions.add(convolution(random, width, width));
        }
        convolutions.add(convolution(random, width, outputs));
        return new CoefficientWeights(convolutions, floats(random, CoefficientNet.KNOTS * width, 1),
                floats(random, CoefficientNet.KNOTS * width, 2));
    }

    private static CoefficientWeights.Convolution convolution(Random random, int inputs, int outputs) {
        float spread = (float) (1 / Math.sqrt(9 * inputs));
        float[] weights = floats(random, 9 * inputs * outputs, spread);
        return new CoefficientWeights.Convolution(inputs, outputs, weights, floats(random, outputs, 1));
    }

    private static float[] floats(Random random, int count, float range) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = range * (2 * random.nextFloat() - 1);
        }
        return values;
    }

    /** Within a hundred-thousandth of the largest value. */
    private static void assertClose(float[] expected, float[] found) {
        assertEquals(expected.length, found.length);
        float largest = 0;
        for (float value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], found[i], 1e-5f * largest, "value " + i);
        }
    }
}
