// SPDX-License-Identifier: Apache-2.0
package org.semimage.torch.network;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.bytedeco.pytorch.global.torch;

import java.util.function.BiFunction;
import java.util.function.Supplier;

/** The layers that latent diffusion networks are made of. Weights belong to the network that built them. */
final class Layers {

    private static final long[] ONE = {1, 1};

    private Layers() {
    }

    /** Told of a network's activations at its named stops; tests compare them. */
    interface Tap {

        Tap NONE = (stop, activation) -> { };

        void at(String stop, Tensor activation);
    }

    /**
     * Convolution, NCHW. Where channels are no multiple of 16, a processor gets some that are zero beside them: with AVX-512 the oneDNN of
     * libtorch 2.10 takes what lies behind the last channel in memory for more of them, and gives wrong sums or none.
     */
    record Conv(Tensor weight, TensorOptional bias, long[] stride, long[] padding) {

        private static final long VECTOR = 16;

        Tensor apply(Tensor x) {
            boolean whole = weight.size(0) % VECTOR == 0 && weight.size(1) % VECTOR == 0;
            return whole || x.is_cuda() ? torch.conv2d(x, weight, bias, stride, padding, ONE, 1) : scoped(() -> padded(x));
        }

        private Tensor padded(Tensor x) {
            long outputs = missing(weight.size(0));
            long inputs = missing(weight.size(1));
            Tensor wide = torch.constant_pad_nd(weight, new long[] {0, 0, 0, 0, 0, inputs, 0, outputs});
            TensorOptional offsets = bias.has_value() ? new TensorOptional(torch.constant_pad_nd(bias.get(), new long[] {0, outputs}))
                    : bias;
            Tensor y = torch.conv2d(torch.constant_pad_nd(x, new long[] {0, 0, 0, 0, 0, inputs}), wide, offsets, stride, padding, ONE, 1);
            return y.narrow(1, 0, weight.size(0)).contiguous();
        }

        /** Channels to the next multiple of a vector. */
        private static long missing(long channels) {
            return Math.floorMod(-channels, VECTOR);
        }
    }

    /** Linear layer over the last dimension. */
    record Linear(Tensor weight, TensorOptional bias) {
        Tensor apply(Tensor x) {
            return torch.linear(x, weight, bias);
        }
    }

    /** Group normalization (Wu and He 2018) of NCHW. */
    record GroupNorm(TensorOptional weight, TensorOptional bias, int groups, double epsilon) {
        Tensor apply(Tensor x) {
            return torch.group_norm(x, groups, weight, bias, epsilon, false);
        }
    }

    /** Layer normalization over the last dimension. */
    record LayerNorm(TensorOptional weight, TensorOptional bias, long features, double epsilon) {
        Tensor apply(Tensor x) {
            return torch.layer_norm(x, new long[] {features}, weight, bias, epsilon, false);
        }
    }

    /**
     * Residual block: norm, SiLU, convolution, twice, with the timestep added in between. {@code time} and {@code shortcut} may be null.
     */
    record Residual(GroupNorm norm1, Conv conv1, Linear time, GroupNorm norm2, Conv conv2, Conv shortcut) {

        /** Applies the block; {@code timestep} is the SiLU of the timestep embedding, 1 x features, or null if the network has none. */
        Tensor apply(Tensor x, Tensor timestep) {
            return scoped(() -> {
                Tensor h = scoped(() -> conv1.apply(silu(norm1.apply(x))));
                if (time != null) {
                    h.add_(time.apply(timestep).unsqueeze(2).unsqueeze(3));
                }
                Tensor y = scoped(() -> conv2.apply(silu(norm2.apply(h))));
                return add(y, shortcut == null ? x : shortcut.apply(x));
            });
        }
    }

    /**
     * Multi-head attention (Vaswani et al. 2017) of tokens {@code x} to tokens {@code context}, both 1 x tokens x features.
     *
     * <p>Some rows at a time, as the scores of all would be the largest tensor of a network. libtorch's own fused attention takes ten
     * times as long at 512 tokens, and more beyond, in the build that JavaCPP distributes for processors.
     */
    record Attention(Linear query, Linear key, Linear value, Linear out, int heads) {

        private static final int ROWS = 512;

        Tensor apply(Tensor x, Tensor context, boolean causal) {
            return scoped(() -> {
                Tensor q = split(query.apply(x));
                Tensor k = split(key.apply(context)).transpose(2, 3).mul(new Scalar(1 / Math.sqrt(q.size(3)))).contiguous();
                Tensor v = split(value.apply(context)).contiguous();
                TensorVector parts = new TensorVector();
                for (long from = 0; from < x.size(1); from += ROWS) {
                    long row = from;
                    Tensor rows = q.narrow(2, row, Math.min(ROWS, x.size(1) - row));
                    parts.push_back(scoped(() -> torch.matmul(torch.softmax(scores(rows, k, row, causal), -1), v)));
                }
                return out.apply(torch.cat(parts, 2).transpose(1, 2).reshape(1, x.size(1), -1));
            });
        }

        private Tensor split(Tensor x) {
            return x.reshape(1, x.size(1), heads, -1).transpose(1, 2);
        }

        /** Of the rows from {@code from} on; if causal, tokens do not see later ones. */
        private static Tensor scores(Tensor rows, Tensor k, long from, boolean causal) {
            Tensor scores = torch.matmul(rows, k);
            return causal ? add(scores, torch.full_like(scores, new Scalar(Double.NEGATIVE_INFINITY)).triu(from + 1)) : scores;
        }
    }

    /** Nearest-neighbour enlargement to twice the size. */
    static Tensor doubled(Tensor x) {
        return torch.upsample_nearest2d(x, new long[] {2 * x.size(2), 2 * x.size(3)}, new DoubleOptional(), new DoubleOptional());
    }

    /** 1 x C x H x W to 1 x HW x C. */
    static Tensor tokens(Tensor x) {
        return x.reshape(1, x.size(1), -1).transpose(1, 2).contiguous();
    }

    /** 1 x HW x C to 1 x C x H x W. */
    static Tensor planes(Tensor x, long height, long width) {
        return x.transpose(1, 2).reshape(1, x.size(2), height, width);
    }

    static Tensor concat(Tensor a, Tensor b) {
        return torch.cat(new TensorVector(a, b), 1);
    }

    // What libtorch gives for an operation in place is another name for the same native tensor, and does not keep it: these give the
    // owner back.

    /** {@code x + y}, in place of x. */
    static Tensor add(Tensor x, Tensor y) {
        x.add_(y);
        return x;
    }

    /** {@code x * factor + addend}, in place. */
    static Tensor affine(Tensor x, double factor, double addend) {
        x.mul_(new Scalar(factor));
        x.add_(new Scalar(addend));
        return x;
    }

    static Tensor silu(Tensor x) {
        torch.silu_(x);
        return x;
    }

    static Tensor relu(Tensor x) {
        x.relu_();
        return x;
    }

    /** Copies values to where the network computes. */
    static Tensor tensor(float[] values, Placement placement, long... shape) {
        return torch.from_blob(new FloatPointer(values), shape).to(new Device(placement.device()), Weights.computed(placement), false, true,
                new MemoryFormatOptional());
    }

    /** Copies values back. */
    static float[] floats(Tensor x) {
        Tensor y = x.to(new Device("cpu"), ScalarType.Float).contiguous();
        float[] values = new float[Math.toIntExact(y.numel())];
        new FloatPointer(y.data_ptr()).get(values);
        return values;
    }

    /** Runs a tensor through one item after another and frees what lies between; {@code tap} sees what each gives. */
    static <B> Tensor chain(Tensor in, B[] items, BiFunction<B, Tensor, Tensor> f, Tap tap, String name) {
        Tensor x = in;
        for (int i = 0; i < items.length; i++) {
            Tensor y = f.apply(items[i], x);
            tap.at(name + i, y);
            if (x != in) {
                x.deallocate();
            }
            x = y;
        }
        return x;
    }

    /** Runs {@code f} and frees the tensors that it makes. Its result stays, and belongs to the scope around. */
    static Tensor scoped(Supplier<Tensor> f) {
        Tensor result;
        try (PointerScope inner = new PointerScope()) {
            result = f.get();
            result.retainReference();
        }
        PointerScope outer = PointerScope.getInnerScope();
        outer.attach(result);
        result.releaseReference();
        return result;
    }
}
