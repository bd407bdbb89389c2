package org.semimage.model;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.semimage.compute.Backends;
import org.semimage.compute.CoefficientNet;
import org.semimage.compute.IntegerPrior;
import org.semimage.compute.JavaCoefficientNet;
import org.semimage.compute.JavaKernels;
import org.semimage.compute.Kernels;
import org.semimage.compute.NamedTensors;
import org.semimage.compute.Pyramid;
import org.semimage.compute.torch.Torch;
import org.semimage.compute.torch.TorchCoefficientNet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** The embedded pack under every backend: the same symbols, nearly the same pictures. */
class BackendsAgreeTest {

    private static final int HEIGHT = 128;
    private static final int WIDTH = 192;
    private static final int QUALITY = 120;

    private final NamedTensors weights = weights();

    private static NamedTensors weights() {
        try {
            return Models.pack(Models.TRANSFORM).weights();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Pyramid randomPyramid() {
        Random random = new Random(1);
        Pyramid pyramid = Pyramid.zero(HEIGHT, WIDTH);
        for (float[] plane : pyramid.low()) {
            fill(plane, random, 100);
        }
        for (int level = 1; level <= Pyramid.LEVELS; level++) {
            for (float[] plane : pyramid.detail()[level - 1]) {
                fill(plane, random, level);
            }
        }
        return pyramid;
    }

    private static void fill(float[] plane, Random random, float scale) {
        for (int i = 0; i < plane.length; i++) {
            plane[i] = (float) random.nextGaussian() * scale;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"native", "cuda"})
    void aBackendPicksTheJavaReferencesScalesAndSymbols(String name) {
        Kernels kernels;
        try {
            kernels = Backends.of(name);
        } catch (IllegalStateException e) {
            Assumptions.abort(e.getMessage());
            return;
        }
        List<IntegerPrior.Step> expected = new IntegerPrior(weights, new JavaKernels()).quantize(randomPyramid(), false, QUALITY, 0.1f).allSteps();
        List<IntegerPrior.Step> found = new IntegerPrior(weights, kernels).quantize(randomPyramid(), false, QUALITY, 0.1f).allSteps();
        assertEquals(expected.size(), found.size());
        for (int i = 0; i < expected.size(); i++) {
            assertArrayEquals(expected.get(i).scales(), found.get(i).scales(), "scale indices of step " + i);
            assertArrayEquals(expected.get(i).symbols(), found.get(i).symbols(), "symbols of step " + i);
        }
    }

    @Test
    void libtorchAndJavaNetworksDifferByLessThanAThousandthOfAStep() {
        Torch.unavailable().ifPresent(cause -> Assumptions.abort("libtorch: " + cause));
        float[] packed = new float[CoefficientNet.CHANNELS * (HEIGHT / 8) * (WIDTH / 8)];
        fill(packed, new Random(2), 3);
        try (CoefficientNet java = new JavaCoefficientNet(weights, "synthesis");
             CoefficientNet torch = new TorchCoefficientNet(weights, "synthesis")) {
            assertArrayEquals(java.correction(packed, HEIGHT / 8, WIDTH / 8, QUALITY), torch.correction(packed, HEIGHT / 8, WIDTH / 8, QUALITY), 1e-3f);
        }
    }
}
