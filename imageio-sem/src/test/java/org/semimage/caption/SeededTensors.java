// SPDX-License-Identifier: Apache-2.0
package org.semimage.caption;

import org.semimage.compute.tensor.NamedTensors;
import org.semimage.compute.tensor.NamedTensors.Tensor;
import org.semimage.compute.tensor.NamedTensors.Type;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/** Tensors of a small model with weights of no meaning. */
final class SeededTensors {

    private final Map<String, Tensor> tensors = new HashMap<>();
    private final Random random = new Random(3);

    /** Bytes with a scale, and bias, of a layer. */
    SeededTensors layer(String name, int... shape) {
        int size = 1;
        long[] longs = new long[shape.length];
        for (int i = 0; i < shape.length; i++) {
            size *= shape[i];
            longs[i] = shape[i];
        }
        ByteBuffer weights = ByteBuffer.allocate(size);
        while (weights.hasRemaining()) {
            weights.put((byte) (random.nextInt(255) - 127));
        }
        tensors.put(name + ".weight", new Tensor(Type.I8, longs, weights.flip()));
        float[] scale = new float[shape[0]];
        Arrays.fill(scale, (float) (1 / (60 * Math.sqrt(size / (double) shape[0]))));
        return floats(name + ".scale", scale).floats(name + ".bias", new float[shape[0]]);
    }

    SeededTensors floats(String name, float... values) {
        ByteBuffer data = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        data.asFloatBuffer().put(values);
        tensors.put(name, new Tensor(Type.F32, new long[] {values.length}, data));
        return this;
    }

    SeededTensors ints(String name, long[] shape, int... values) {
        ByteBuffer data = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        data.asIntBuffer().put(values);
        tensors.put(name, new Tensor(Type.I32, shape, data));
        return this;
    }

    /** Halves: 1 and -1 at random. */
    SeededTensors signs(String name, int rows, int columns) {
        ByteBuffer data = ByteBuffer.allocate(2 * rows * columns).order(ByteOrder.LITTLE_ENDIAN);
        while (data.hasRemaining()) {
            data.putShort((short) (random.nextBoolean() ? 0x3C00 : 0xBC00));
        }
        tensors.put(name, new Tensor(Type.F16, new long[] {rows, columns}, data.flip()));
        return this;
    }

    SeededTensors text(String name, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        tensors.put(name, new Tensor(Type.I8, new long[] {bytes.length}, ByteBuffer.wrap(bytes)));
        return this;
    }

    NamedTensors build() {
        return new NamedTensors("seeded", tensors);
    }
}
