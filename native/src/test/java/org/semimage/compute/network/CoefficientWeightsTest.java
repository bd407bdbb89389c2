// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.network;

import org.semimage.compute.tensor.NamedTensors;
import org.semimage.compute.tensor.NamedTensors.Tensor;
import org.semimage.compute.tensor.NamedTensors.Type;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Weights of coefficient networks in half precision, and in bytes with a scale for each output. */
class CoefficientWeightsTest {

    private static final int WIDTH = 2;
    private static final int INPUTS = CoefficientNet.CHANNELS;

    private final Map<String, Tensor> tensors = new HashMap<>();

    CoefficientWeightsTest() {
        put("net.head.weight", Type.F16, WIDTH, INPUTS, 3, 3);
        put("net.head.bias", Type.F16, WIDTH);
        put("net.tail.weight", Type.F16, CoefficientNet.CHANNELS, WIDTH, 3, 3);
        put("net.tail.bias", Type.F16, CoefficientNet.CHANNELS);
        put("net.quality", Type.F16, CoefficientNet.KNOTS, WIDTH);
        put("net.gain", Type.F16, CoefficientNet.KNOTS, WIDTH);
    }

    private ByteBuffer put(String name, Type type, long... shape) {
        int count = 1;
        for (long side : shape) {
            count *= (int) side;
        }
        ByteBuffer data = ByteBuffer.allocate(count * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        tensors.put(name, new Tensor(type, shape, data));
        return data;
    }

    private CoefficientWeights weights() {
        return CoefficientWeights.of(new NamedTensors("a pack", tensors), "net");
    }

    @Test
    void bytesAreMultipliedByTheScaleOfTheirOutput() {
        ByteBuffer head = put("net.head.weight", Type.I8, WIDTH, INPUTS, 3, 3);
        head.put(1, (byte) -127);
        head.put(9 * INPUTS + 5, (byte) 64);
        put("net.head.scale", Type.F32, WIDTH).putFloat(0, 0.5f).putFloat(4, 0.25f);
        float[] w = weights().convolutions().get(0).weights();
        assertEquals(0, w[0]);
        assertEquals(-63.5f, w[1]);
        assertEquals(16, w[9 * INPUTS + 5]);
    }

    @Test
    void halvesStandForThemselves() {
        tensors.get("net.tail.weight").data().putShort(2, (short) 0x3C00);
        assertEquals(1, weights().convolutions().get(1).weights()[1]);
    }

    @Test
    void aScaleForAnotherNumberOfOutputsIsRefused() {
        put("net.head.weight", Type.I8, WIDTH, INPUTS, 3, 3);
        put("net.head.scale", Type.F32, WIDTH + 1);
        assertRefused("net.head.scale");
    }

    @Test
    void bytesWithoutAScaleAreRefused() {
        put("net.tail.weight", Type.I8, CoefficientNet.CHANNELS, WIDTH, 3, 3);
        assertRefused("net.tail.weight");
    }

    private void assertRefused(String tensor) {
        String message = assertThrows(IllegalArgumentException.class, this::weights).getMessage();
        assertTrue(message.contains(tensor), message);
    }
}
