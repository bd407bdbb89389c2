// SPDX-License-Identifier: Apache-2.0
package org.semimage.torch.network;

import org.semimage.compute.tensor.NamedTensors;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Weights and inputs that follow from their names, the same as {@code training/latent_reference.py} makes. */
public final class SeededWeights {

    private SeededWeights() {
    }

    /** Numbers of 24 bits from 0 to 1: SplitMix64 (Steele et al. 2014) seeded with the FNV-1a hash of the name. */
    public static double[] uniform(String name, int count) {
        long seed = 0xCBF29CE484222325L;
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            seed = (seed ^ b & 0xFF) * 0x100000001B3L;
        }
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            seed += 0x9E3779B97F4A7C15L;
            long z = (seed ^ seed >>> 30) * 0xBF58476D1CE4E5B9L;
            z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
            values[i] = ((z ^ z >>> 31) >>> 40) * 0x1p-24;
        }
        return values;
    }

    /** An input from low to 1. */
    public static float[] input(String name, int count, float low) {
        double[] u = uniform(name, count);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (low + (1 - low) * u[i]);
        }
        return values;
    }

    /** Matrices and kernels with variance 1 / inputs, scales about 1, offsets about 0. */
    public static float[] values(String name, long... shape) {
        int count = 1;
        for (long side : shape) {
            count = Math.multiplyExact(count, Math.toIntExact(side));
        }
        double[] u = uniform(name, count);
        float[] values = new float[count];
        double scale = Math.sqrt(3 / (count / (double) shape[0]));
        for (int i = 0; i < count; i++) {
            double v = 2 * u[i] - 1;
            values[i] = (float) (shape.length > 1 ? v * scale : name.endsWith(".weight") ? 1 + 0.2 * v : 0.1 * v);
        }
        return values;
    }

    /** Tensors of these names and shapes in single precision. */
    public static NamedTensors tensors(Map<String, long[]> shapes) {
        Map<String, NamedTensors.Tensor> tensors = new HashMap<>();
        shapes.forEach((name, shape) -> {
            float[] values = values(name, shape);
            ByteBuffer data = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
            data.asFloatBuffer().put(values);
            tensors.put(name, new NamedTensors.Tensor(NamedTensors.Type.F32, shape, data));
        });
        return new NamedTensors("seeded", tensors);
    }

    /** Names and shapes of one half of a tiny autoencoder; stages as in latent_reference.py: b a block, p one with context. */
    public static Map<String, long[]> tinyShapes(boolean encoder, long width, long latents, String... stages) {
        Map<String, long[]> shapes = new HashMap<>();
        int at = encoder ? 0 : 1;
        conv(shapes, String.valueOf(at), width, encoder ? 3 : latents, 3, true);
        at += encoder ? 1 : 2;
        for (int i = 0; i < stages.length; i++) {
            if (i > 0) {
                at += encoder ? 0 : 1;
                conv(shapes, String.valueOf(at++), width, width, 3, false);
            }
            for (char kind : stages[i].toCharArray()) {
                for (String layer : new String[] {".conv.0", ".conv.2", ".conv.4"}) {
                    conv(shapes, at + layer, width, width, 3, true);
                }
                if (kind == 'p') {
                    conv(shapes, at + ".pool.0", 4 * width, width, 1, false);
                    shapes.put(at + ".pool.1.weight", new long[] {4 * width});
                    shapes.put(at + ".pool.1.bias", new long[] {4 * width});
                    conv(shapes, at + ".pool.3", width, 4 * width, 1, false);
                }
                at++;
            }
        }
        conv(shapes, String.valueOf(at), encoder ? latents : 3, width, 3, true);
        return shapes;
    }

    private static void conv(Map<String, long[]> shapes, String name, long outputs, long inputs, long kernel, boolean bias) {
        shapes.put(name + ".weight", new long[] {outputs, inputs, kernel, kernel});
        if (bias) {
            shapes.put(name + ".bias", new long[] {outputs});
        }
    }
}
