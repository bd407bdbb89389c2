package org.semimage.torch.network;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.semimage.compute.network.CoefficientNet;
import org.semimage.compute.network.CoefficientNetProvider;
import org.semimage.compute.network.JavaCoefficientNet;
import org.semimage.compute.tensor.NamedTensors;
import org.semimage.compute.tensor.Safetensors;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.ServiceLoader;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

class TorchCoefficientNetTest {

    private static final int HEIGHT = 16;
    private static final int WIDTH = 24;
    private static final int QUALITY = 120;

    /** Those of the default pack, and those of the perceptual one, which have gains. */
    @ParameterizedTest
    @ValueSource(strings = {"transform-1", "transform-perceptual-1"})
    void libtorchAndJavaNetworksDifferByLessThanAThousandthOfAStep(String pack) throws IOException {
        CoefficientNetProvider provider = ServiceLoader.load(CoefficientNetProvider.class).findFirst().orElseThrow();
        Assumptions.assumeTrue(provider.isAvailable(), "libtorch is not here");
        NamedTensors weights = weights("/org/semimage/packs/" + pack + "/transform.safetensors");
        float[] packed = new float[CoefficientNet.CHANNELS * HEIGHT * WIDTH];
        Random random = new Random(2);
        for (int i = 0; i < packed.length; i++) {
            packed[i] = 3 * (float) random.nextGaussian();
        }
        try (CoefficientNet torch = provider.create(weights, "synthesis");
             CoefficientNet java = new JavaCoefficientNet(weights, "synthesis")) {
            assertArrayEquals(java.correction(packed, HEIGHT, WIDTH, QUALITY), torch.correction(packed, HEIGHT, WIDTH, QUALITY), 1e-3f);
        }
    }

    private static NamedTensors weights(String resource) throws IOException {
        try (InputStream in = TorchCoefficientNetTest.class.getResourceAsStream(resource)) {
            return Safetensors.parse(resource, ByteBuffer.wrap(in.readAllBytes()));
        }
    }
}
