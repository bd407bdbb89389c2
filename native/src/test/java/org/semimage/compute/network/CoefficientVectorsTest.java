// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.network;

import org.semimage.compute.wavelet.Pyramid;
import org.semimage.compute.wavelet.Wavelet97;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** The wavelet and the coefficient networks against vectors that training/vectors.py computed in PyTorch. */
class CoefficientVectorsTest {

    private static final int WIDTH = 8;
    private static final int BLOCKS = 2;

    private final JsonObject vectors = read();

    private static JsonObject read() {
        try (Reader in = new InputStreamReader(CoefficientVectorsTest.class.getResourceAsStream("coefficient-vectors.json"),
                StandardCharsets.UTF_8)) {
            return JsonParser.parseReader(in).getAsJsonObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void analysisGivesTrainingsCoefficients() {
        Pyramid pyramid = pyramid();
        assertTold(wavelet().getAsJsonArray("low"), pyramid.low());
        for (int level = 1; level <= Pyramid.LEVELS; level++) {
            assertTold(wavelet().getAsJsonArray("details").get(level - 1).getAsJsonArray(), pyramid.detail()[level - 1]);
        }
    }

    @Test
    void synthesisGivesTrainingsSamples() {
        Pyramid pyramid = pyramid();
        for (int colour = 3; colour < pyramid.detail()[0].length; colour++) {
            Arrays.fill(pyramid.detail()[0][colour], 0);
        }
        assertTold(wavelet().getAsJsonArray("synthesised"), Wavelet97.synthesise(pyramid));
    }

    @Test
    void aNetworkGivesTrainingsCorrection() {
        assertCorrection(vectors.getAsJsonObject("network"), CoefficientNet.CHANNELS);
    }

    @Test
    void aNetworkWithGainsGivesTrainingsCorrection() {
        assertCorrection(vectors.getAsJsonObject("networkWithGains"), CoefficientNet.OUTPUTS_WITH_DIVISIVE_GAINS);
    }

    private JsonObject wavelet() {
        return vectors.getAsJsonObject("wavelet");
    }

    private Pyramid pyramid() {
        int height = wavelet().get("height").getAsInt();
        int width = wavelet().get("width").getAsInt();
        Generator generator = new Generator(1);
        float[][] components = new float[3][];
        for (int c = 0; c < 3; c++) {
            components[c] = generator.draw(height * width, 0, 100);
        }
        return Wavelet97.analyse(components, height, width);
    }

    private static void assertCorrection(JsonObject expected, int outputs) {
        int height = expected.get("height").getAsInt();
        int width = expected.get("width").getAsInt();
        float[] packed = new Generator(3).draw(CoefficientNet.CHANNELS * height * width, 0, 12);
        float[] correction;
        try (CoefficientNet net = new JavaCoefficientNet(weights(outputs))) {
            correction = net.correction(packed, height, width, expected.get("qualityIndex").getAsInt());
        }
        float[][] planes = new float[CoefficientNet.CHANNELS][];
        for (int c = 0; c < planes.length; c++) {
            planes[c] = Arrays.copyOfRange(correction, c * height * width, (c + 1) * height * width);
        }
        assertTold(expected.getAsJsonArray("correction"), planes);
    }

    private static CoefficientWeights weights(int outputs) {
        Generator generator = new Generator(2);
        List<CoefficientWeights.Convolution> convolutions = new ArrayList<>();
        convolutions.add(convolution(generator, CoefficientNet.CHANNELS, WIDTH));
        for (int i = 0; i < 2 * BLOCKS; i++) {
            convolutions.add(convolution(generator, WIDTH, WIDTH));
        }
        convolutions.add(convolution(generator, WIDTH, outputs));
        float[] qualityShift = generator.draw(CoefficientNet.KNOTS * WIDTH, 0, 1);
        return new CoefficientWeights(convolutions, qualityShift, generator.draw(CoefficientNet.KNOTS * WIDTH, 1, 1 / 2f));
    }

    private static CoefficientWeights.Convolution convolution(Generator generator, int inputs, int outputs) {
        float[] weights = generator.draw(outputs * inputs * 9, 0, 1 / 16f);
        return new CoefficientWeights.Convolution(inputs, outputs, weights, generator.draw(outputs, 0, 1 / 4f));
    }

    /** Sums of the planes' values times drawn weights; there may be fewer planes than were told. */
    private static void assertTold(JsonArray expected, float[][] planes) {
        for (int i = 0; i < planes.length; i++) {
            float[] weights = new Generator(99).draw(planes[i].length, 0, 1);
            double sum = 0;
            for (int k = 0; k < weights.length; k++) {
                sum += (double) weights[k] * planes[i][k];
            }
            double value = expected.get(i).getAsDouble();
            assertEquals(value, sum, 2e-3 + 1e-4 * Math.abs(value), "plane " + i);
        }
    }

    /** The generator of training/vectors.py. */
    private static final class Generator {

        private int state;

        Generator(int seed) {
            state = seed;
        }

        float[] draw(int count, float middle, float scale) {
            float[] values = new float[count];
            for (int i = 0; i < count; i++) {
                state = state * 1664525 + 1013904223;
                values[i] = middle + scale * ((state >>> 24) / 128f - 1);
            }
            return values;
        }
    }
}
