// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * A model's weights by name.
 *
 * <p>Every getter names the tensor in its error: a missing, misshapen or mistyped one is the pack's fault, and its author has
 * to find it.
 */
public final class NamedTensors {

    /** Element types. */
    public enum Type {
        /** IEEE single precision. */
        F32(4),
        /** IEEE half precision. */
        F16(2),
        /** The upper half of single precision. */
        BF16(2),
        /** Signed, 64 bits. */
        I64(8),
        /** Signed, 32 bits. */
        I32(4),
        /** Signed, 16 bits. */
        I16(2),
        /** Signed, 8 bits. */
        I8(1),
        /** Unsigned, 8 bits. */
        U8(1);

        private final int bytes;

        Type(int bytes) {
            this.bytes = bytes;
        }

        /** Bytes of one number. */
        public int bytes() {
            return bytes;
        }

        /** Whether these are floating-point numbers. */
        boolean isFloat() {
            return this == F32 || this == F16 || this == BF16;
        }
    }

    /**
     * A tensor.
     *
     * @param type  of its numbers
     * @param shape sizes, outermost first
     * @param data  little-endian, row-major, from position to limit; never modified
     */
    public record Tensor(Type type, long[] shape, ByteBuffer data) {
    }

    /** So many tensors are named in one message. */
    private static final int NAMED = 4;

    private final String source;
    private final Map<String, Tensor> tensors;

    /**
     * Tensors by name; the map is copied, data is not.
     *
     * @param source where the tensors come from, for messages
     */
    public NamedTensors(String source, Map<String, Tensor> tensors) {
        this.source = Objects.requireNonNull(source, "source");
        this.tensors = Map.copyOf(tensors);
    }

    /** All names, sorted. */
    public Set<String> names() {
        return new TreeSet<>(tensors.keySet());
    }

    /**
     * The same tensors by other names.
     *
     * @throws IllegalArgumentException if two get the same name
     */
    public NamedTensors renamed(UnaryOperator<String> rename) {
        Map<String, Tensor> renamed = new HashMap<>();
        tensors.forEach((name, tensor) -> {
            if (renamed.put(rename.apply(name), tensor) != null) {
                throw new IllegalArgumentException(source + ": tensor '" + rename.apply(name) + "' stands twice, once as '" + name + "'");
            }
        });
        return new NamedTensors(source, renamed);
    }

    /** All tensors but one, which need not be there. */
    public NamedTensors without(String name) {
        Map<String, Tensor> fewer = new HashMap<>(tensors);
        fewer.remove(name);
        return new NamedTensors(source, fewer);
    }

    /** The tensors whose names start so, by their whole names. */
    public NamedTensors startingWith(String prefix) {
        Map<String, Tensor> fewer = new HashMap<>();
        for (Map.Entry<String, Tensor> tensor : tensors.entrySet()) {
            if (tensor.getKey().startsWith(prefix)) {
                fewer.put(tensor.getKey(), tensor.getValue());
            }
        }
        return new NamedTensors(source, fewer);
    }

    /** Numbers in all tensors together. */
    public long parameters() {
        return tensors.values().stream().mapToLong(t -> t.data().remaining() / t.type().bytes()).sum();
    }

    /** Element types that occur, sorted. */
    public Set<Type> types() {
        Set<Type> types = EnumSet.noneOf(Type.class);
        tensors.values().forEach(t -> types.add(t.type()));
        return types;
    }

    /**
     * These and other tensors.
     *
     * @throws IllegalArgumentException if a name stands in both
     */
    public NamedTensors and(NamedTensors others) {
        Map<String, Tensor> all = new HashMap<>(tensors);
        others.tensors.forEach((name, tensor) -> {
            if (all.put(name, tensor) != null) {
                throw new IllegalArgumentException("tensor '" + name + "' stands in " + source + " and in " + others.source);
            }
        });
        return new NamedTensors(source, all);
    }

    /**
     * Checks that these are the floating-point tensors of a network, no more and no fewer.
     *
     * @param shapes name to shape
     * @throws IllegalArgumentException if not; the message names the first few that are missing, surplus or misshapen
     */
    public void require(Map<String, long[]> shapes) {
        List<String> wrong = new ArrayList<>();
        shapes.forEach((name, shape) -> {
            Tensor tensor = tensors.get(name);
            if (tensor == null) {
                wrong.add("'" + name + "' is missing");
            } else if (!tensor.type().isFloat() || !Arrays.equals(tensor.shape(), shape)) {
                wrong.add("'" + name + "' is " + tensor.type() + Arrays.toString(tensor.shape()) + ", expected " + Arrays.toString(shape));
            }
        });
        for (String name : names()) {
            if (!shapes.containsKey(name)) {
                wrong.add("'" + name + "' is surplus");
            }
        }
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException(source + " does not fit its configuration: "
                    + String.join("; ", wrong.subList(0, Math.min(NAMED, wrong.size())))
                    + (wrong.size() > NAMED ? "; and " + (wrong.size() - NAMED) + " more" : ""));
        }
    }

    /** Whether there is a tensor of the name. */
    public boolean has(String name) {
        return tensors.containsKey(name);
    }

    /**
     * The tensor of a name, of any type and shape.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public Tensor get(String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException(source + " has no tensor '" + name + "'");
        }
        return tensor;
    }

    /**
     * A tensor of a type and a shape.
     *
     * @param shape -1 fits any size
     * @throws IllegalArgumentException if there is none of the name, or it has another type or shape
     */
    public Tensor get(String name, Type type, long... shape) {
        Tensor tensor = get(name);
        boolean fits = tensor.type() == type && tensor.shape().length == shape.length;
        for (int i = 0; fits && i < shape.length; i++) {
            fits = shape[i] == -1 || shape[i] == tensor.shape()[i];
        }
        if (!fits) {
            throw new IllegalArgumentException(source + ": tensor '" + name + "' is " + tensor.type() + Arrays.toString(tensor.shape())
                    + ", expected " + type + Arrays.toString(shape));
        }
        return tensor;
    }

    /**
     * A copy of an I8 tensor, row-major.
     *
     * @throws IllegalArgumentException if there is none of the name, or it has another type or shape
     */
    public byte[] bytes(String name, long... shape) {
        ByteBuffer data = get(name, Type.I8, shape).data().duplicate();
        byte[] values = new byte[data.remaining()];
        data.get(values);
        return values;
    }

    /**
     * A copy of an I32 tensor, row-major.
     *
     * @throws IllegalArgumentException if there is none of the name, or it has another type or shape
     */
    public int[] ints(String name, long... shape) {
        Tensor tensor = get(name, Type.I32, shape);
        int[] values = new int[tensor.data().remaining() / 4];
        tensor.data().duplicate().order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(values);
        return values;
    }

    /**
     * A copy of an F16 tensor, row-major, widened.
     *
     * @throws IllegalArgumentException if there is none of the name, or it has another type or shape
     */
    public float[] halves(String name, long... shape) {
        ShortBuffer bits = halfBits(get(name, Type.F16, shape));
        short[] halves = new short[bits.remaining()];
        bits.get(halves);
        float[] values = new float[halves.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = fromHalf(halves[i]);
        }
        return values;
    }

    /**
     * Copies an F16 tensor as it is, row-major.
     *
     * @param to gets its bits, from the beginning on
     * @throws IllegalArgumentException if there is none of the name, or it has another type or is larger
     */
    public void copyHalves(String name, short[] to) {
        ShortBuffer halves = halfBits(get(name));
        if (get(name).type() != Type.F16 || halves.remaining() > to.length) {
            throw new IllegalArgumentException(source + ": tensor '" + name + "' is no F16 of at most " + to.length);
        }
        halves.get(to, 0, halves.remaining());
    }

    private static ShortBuffer halfBits(Tensor tensor) {
        return tensor.data().duplicate().order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
    }

    private static float fromHalf(short half) {
        int exponent = half >> 10 & 31;
        int mantissa = half & 1023;
        float magnitude = exponent == 0 ? mantissa * 0x1p-24f
                : exponent == 31 ? (mantissa == 0 ? Float.POSITIVE_INFINITY : Float.NaN)
                : Float.intBitsToFloat(exponent + 112 << 23 | mantissa << 13);
        return half < 0 ? -magnitude : magnitude;
    }

    /**
     * A copy of an F32 tensor, row-major.
     *
     * @throws IllegalArgumentException if there is none of the name, or it has another type or shape
     */
    public float[] floats(String name, long... shape) {
        Tensor tensor = get(name, Type.F32, shape);
        float[] values = new float[tensor.data().remaining() / 4];
        tensor.data().duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        return values;
    }
}
