// SPDX-License-Identifier: Apache-2.0
package org.semimage.model;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.semimage.compute.Cancellation;
import org.semimage.compute.backend.Backends;
import org.semimage.compute.cpp.CppCoefficientNet;
import org.semimage.compute.entropy.SymbolDecoder;
import org.semimage.compute.entropy.SymbolStep;
import org.semimage.compute.kernel.JavaKernels;
import org.semimage.compute.kernel.Kernels;
import org.semimage.compute.network.CoefficientNet;
import org.semimage.compute.network.JavaCoefficientNet;
import org.semimage.compute.prior.BatchItem;
import org.semimage.compute.prior.Cells;
import org.semimage.compute.prior.Coded;
import org.semimage.compute.prior.IntegerPrior;
import org.semimage.compute.prior.Refinement;
import org.semimage.compute.prior.Source;
import org.semimage.compute.prior.Target;
import org.semimage.compute.tensor.NamedTensors;
import org.semimage.compute.wavelet.Pyramid;
import org.semimage.container.ModelRef;

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
            return Models.weights(Models.TRANSFORM);
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
        List<SymbolStep> expected = new IntegerPrior(weights, new JavaKernels()).quantize(randomPyramid(), false, QUALITY, 0.1f).allSteps();
        List<SymbolStep> found = new IntegerPrior(weights, kernels).quantize(randomPyramid(), false, QUALITY, 0.1f).allSteps();
        assertEquals(expected.size(), found.size());
        for (int i = 0; i < expected.size(); i++) {
            assertArrayEquals(expected.get(i).rows(), found.get(i).rows(), "rows of step " + i);
            assertArrayEquals(expected.get(i).symbols(), found.get(i).symbols(), "symbols of step " + i);
        }
    }

    private static Pyramid scaled(Pyramid pyramid, float factor) {
        Pyramid scaled = Pyramid.zero(HEIGHT, WIDTH);
        for (int c = 0; c < 3; c++) {
            multiply(pyramid.low()[c], factor, scaled.low()[c]);
        }
        for (int level = 0; level < Pyramid.LEVELS; level++) {
            for (int c = 0; c < scaled.detail()[level].length; c++) {
                multiply(pyramid.detail()[level][c], factor, scaled.detail()[level][c]);
            }
        }
        return scaled;
    }

    private static void multiply(float[] from, float factor, float[] to) {
        for (int i = 0; i < from.length; i++) {
            to[i] = factor * from[i];
        }
    }

    private static void assertSame(Cells expected, Cells found) {
        assertArrayEquals(expected.low(), found.low());
        assertArrayEquals(expected.detail(), found.detail());
    }

    @ParameterizedTest
    @CsvSource({"native, false", "native, true", "cuda, false"})
    void aBackendRefinesAsTheJavaReferenceDoes(String name, boolean gray) {
        Kernels kernels;
        try {
            kernels = Backends.of(name);
        } catch (IllegalStateException e) {
            Assumptions.abort(e.getMessage());
            return;
        }
        IntegerPrior java = new IntegerPrior(weights, new JavaKernels());
        IntegerPrior other = new IntegerPrior(weights, kernels);
        Pyramid base = randomPyramid();
        Cells cells = Cells.of(java.quantize(base, gray, QUALITY, 0.1f).coefficients());
        for (int layer = 1; layer <= 3; layer++) {
            BatchItem item = BatchItem.whole(HEIGHT, WIDTH, gray, false, QUALITY + IntegerPrior.QUALITY_INDEX_PER_LAYER * layer);
            List<Refinement<Target>> target = List.of(new Refinement<>(new Target(item, scaled(base, 1 << layer), 0.1f), cells));
            Coded<Cells> expected = java.refine(target, Cancellation.NEVER).get(0);
            Coded<Cells> found = other.refine(target, Cancellation.NEVER).get(0);
            for (int i = 0; i < expected.allSteps().size(); i++) {
                assertArrayEquals(expected.allSteps().get(i).rows(), found.allSteps().get(i).rows(), "classes of step " + i);
                assertArrayEquals(expected.allSteps().get(i).symbols(), found.allSteps().get(i).symbols(), "symbols of step " + i);
            }
            assertSame(expected.coefficients(), found.coefficients());
            byte[] stream = java.coder(1).encodeAll(List.of(new Kernels.Stream(expected.allSteps(), 4))).get(0);
            assertSame(expected.coefficients(), decode(other, item, cells, stream, stream.length));
            assertSame(decode(java, item, cells, stream, stream.length / 3), decode(other, item, cells, stream, stream.length / 3));
            cells = expected.coefficients();
        }
    }

    private static Cells decode(IntegerPrior prior, BatchItem item, Cells before, byte[] stream, int length) {
        try (SymbolDecoder decoder = prior.coder(1).decoder(stream, 0, length, 4)) {
            return prior.decodeRefinement(List.of(new Refinement<>(Source.of(item, decoder), before)), Cancellation.NEVER).get(0)
                    .coefficients();
        }
    }

    /** Those of the default pack, and those of the perceptual one, which have gains. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void cppAndJavaNetworksDifferByLessThanAThousandthOfAStep(int pack) throws IOException {
        Assumptions.assumeTrue(Backends.isAvailable("native"), "No native kernels");
        NamedTensors network = Models.weights(ModelRef.embedded(pack));
        assertLikeJava(network, new CppCoefficientNet(network, "synthesis"));
    }

    private static void assertLikeJava(NamedTensors weights, CoefficientNet network) {
        float[] packed = new float[CoefficientNet.CHANNELS * (HEIGHT / 8) * (WIDTH / 8)];
        fill(packed, new Random(2), 3);
        try (network; CoefficientNet java = new JavaCoefficientNet(weights, "synthesis")) {
            assertArrayEquals(java.correction(packed, HEIGHT / 8, WIDTH / 8, QUALITY),
                    network.correction(packed, HEIGHT / 8, WIDTH / 8, QUALITY), 1e-3f);
        }
    }
}
