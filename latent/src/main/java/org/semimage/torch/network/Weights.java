// SPDX-License-Identifier: Apache-2.0
package org.semimage.torch.network;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.bytedeco.pytorch.global.torch;
import org.semimage.compute.tensor.NamedTensors;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where a network's layers get their weights while it is built, by name and shape.
 *
 * <p>A network asks for every tensor that it has. So the code that builds it can also list names and shapes, before anything is
 * allocated.
 */
public abstract class Weights {

    /**
     * A weight of a network that is being built.
     *
     * @return the tensor; null if names are only collected
     */
    public abstract Tensor get(String name, long... shape);

    /** Collects names and shapes, and gives nothing. */
    static final class Shapes extends Weights {

        private final Map<String, long[]> shapes = new LinkedHashMap<>();

        @Override
        public Tensor get(String name, long... shape) {
            shapes.put(name, shape);
            return null;
        }

        Map<String, long[]> asMap() {
            return Collections.unmodifiableMap(shapes);
        }
    }

    /** Copies weights of a pack to where and what they are computed in, one at a time. To be used within a scope that owns the copies. */
    static final class Loaded extends Weights {

        private final NamedTensors tensors;
        private final Placement placement;

        /** Copies tensors that have been checked against the shapes. */
        Loaded(NamedTensors tensors, Placement placement) {
            this.tensors = tensors;
            this.placement = placement;
        }

        /** Java copies, which survives the end of a mapped file that was cut meanwhile; libtorch would take the process with it. */
        @Override
        public Tensor get(String name, long... shape) {
            try {
                return copied(tensors.get(name));
            } catch (InternalError cut) {
                // Compiled code tells of the fault late: at the copy, or at the next native call.
                throw new IllegalStateException("tensor '" + name + "': the file was changed while it was read", cut);
            }
        }

        private Tensor copied(NamedTensors.Tensor tensor) {
            ByteBuffer data = tensor.data().duplicate();
            try (BytePointer bytes = new BytePointer(data.remaining()); Device device = new Device(placement.device());
                 TensorOptions options = new TensorOptions(scalarType(tensor.type()));
                 MemoryFormatOptional anyFormat = new MemoryFormatOptional()) {
                bytes.asBuffer().put(data);
                try (Tensor stored = torch.from_blob(bytes, tensor.shape(), options)) {
                    return stored.to(device, computed(placement), false, true, anyFormat);
                }
            }
        }

        private static ScalarType scalarType(NamedTensors.Type type) {
            return switch (type) {
                case F16 -> ScalarType.Half;
                case BF16 -> ScalarType.BFloat16;
                case F32 -> ScalarType.Float;
                default -> throw new IllegalArgumentException("a weight of type " + type);
            };
        }
    }

    /** The type of activations, and of weights once they are copied. */
    public static ScalarType computed(Placement placement) {
        return switch (placement.precision()) {
            case FLOAT32 -> ScalarType.Float;
            case BFLOAT16 -> ScalarType.BFloat16;
            case FLOAT16 -> ScalarType.Half;
        };
    }

    private TensorOptional optional(String name, long... shape) {
        Tensor tensor = get(name, shape);
        return tensor == null ? null : new TensorOptional(tensor);
    }

    Layers.Conv conv(String name, long inputs, long outputs, int kernel) {
        return conv(name, inputs, outputs, kernel, 1, kernel / 2, true);
    }

    Layers.Conv conv(String name, long inputs, long outputs, int kernel, long stride, long padding, boolean bias) {
        Tensor weight = get(name + ".weight", outputs, inputs, kernel, kernel);
        return new Layers.Conv(weight, bias ? optional(name + ".bias", outputs) : none(weight), new long[] {stride, stride},
                new long[] {padding, padding});
    }

    Layers.Linear linear(String name, long inputs, long outputs, boolean bias) {
        Tensor weight = get(name + ".weight", outputs, inputs);
        return new Layers.Linear(weight, bias ? optional(name + ".bias", outputs) : none(weight));
    }

    private static TensorOptional none(Tensor weight) {
        return weight == null ? null : new TensorOptional();
    }

    Layers.GroupNorm groupNorm(String name, long channels, int groups, double epsilon) {
        return new Layers.GroupNorm(optional(name + ".weight", channels), optional(name + ".bias", channels), groups, epsilon);
    }

    Layers.LayerNorm layerNorm(String name, long features, double epsilon) {
        return new Layers.LayerNorm(optional(name + ".weight", features), optional(name + ".bias", features), features, epsilon);
    }

    /** A residual block; {@code timeFeatures} of the timestep embedding are 0 if there is none. */
    Layers.Residual residual(String name, long inputs, long outputs, long timeFeatures, int groups, double epsilon) {
        return new Layers.Residual(groupNorm(name + ".norm1", inputs, groups, epsilon), conv(name + ".conv1", inputs, outputs, 3),
                timeFeatures == 0 ? null : linear(name + ".time_emb_proj", timeFeatures, outputs, true),
                groupNorm(name + ".norm2", outputs, groups, epsilon), conv(name + ".conv2", outputs, outputs, 3),
                inputs == outputs ? null : conv(name + ".conv_shortcut", inputs, outputs, 1));
    }

    Layers.Attention attention(String name, long features, long context, int heads, boolean bias) {
        return new Layers.Attention(linear(name + ".to_q", features, features, bias), linear(name + ".to_k", context, features, bias),
                linear(name + ".to_v", context, features, bias), linear(name + ".to_out.0", features, features, true), heads);
    }
}
