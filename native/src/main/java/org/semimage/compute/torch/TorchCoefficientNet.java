package org.semimage.compute.torch;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.semimage.compute.Cancellation;
import org.semimage.compute.CoefficientNet;
import org.semimage.compute.NamedTensors;

import java.nio.ByteBuffer;

/** The coefficient network on libtorch, a function of named weights. Weights live in native memory until {@link #close}. */
public final class TorchCoefficientNet implements CoefficientNet {

    private static final long[] ONE = {1, 1};

    private record Conv(Tensor weight, Tensor bias) {
        Tensor apply(Tensor x) {
            return torch.conv2d(x, weight, new TensorOptional(bias), ONE, ONE, ONE, 1);
        }
    }

    private final PointerScope scope;
    private final Conv head;
    private final Conv[] blocks;
    private final Conv tail;
    private final float[] quality;
    private final float[] gain;

    /**
     * @param prefix of the tensors' names, "synthesis" or "analysis"
     * @throws IllegalArgumentException if a tensor is missing or does not fit
     */
    public TorchCoefficientNet(NamedTensors weights, String prefix) {
        try (PointerScope weightsScope = new PointerScope(); InferenceMode inference = new InferenceMode(true)) {
            head = conv(weights, prefix + ".head", CHANNELS, -1);
            long n = head.bias.size(0);
            int count = 0;
            while (weights.has(prefix + ".blocks." + count + ".conv1.weight")) {
                count++;
            }
            blocks = new Conv[2 * count];
            for (int i = 0; i < count; i++) {
                blocks[2 * i] = conv(weights, prefix + ".blocks." + i + ".conv1", n, n);
                blocks[2 * i + 1] = conv(weights, prefix + ".blocks." + i + ".conv2", n, n);
            }
            tail = conv(weights, prefix + ".tail", n, -1);
            if (tail.bias.size(0) != CHANNELS && tail.bias.size(0) != OUTPUTS_WITH_GAINS) {
                throw new IllegalArgumentException("The network gives " + tail.bias.size(0) + " channels");
            }
            quality = weights.halves(prefix + ".quality", KNOTS, n);
            gain = weights.halves(prefix + ".gain", KNOTS, n);
            scope = weightsScope.extend();
        }
    }

    private static Conv conv(NamedTensors weights, String name, long inputs, long outputs) {
        NamedTensors.Tensor w = weights.get(name + ".weight", NamedTensors.Type.F16, outputs, inputs, 3, 3);
        return new Conv(tensor(w), tensor(weights.get(name + ".bias", NamedTensors.Type.F16, w.shape()[0])));
    }

    private static Tensor tensor(NamedTensors.Tensor half) {
        ByteBuffer data = half.data().duplicate();
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        try (BytePointer pointer = new BytePointer(bytes)) {
            return torch.from_blob(pointer, half.shape(), new TensorOptions(ScalarType.Half)).to(ScalarType.Float);
        }
    }

    @Override
    public float[] correction(float[] packed, int height, int width, int qualityIndex, Cancellation cancellation) {
        try (PointerScope call = new PointerScope(); InferenceMode inference = new InferenceMode(true)) {
            Tensor x = torch.from_blob(new FloatPointer(CoefficientNet.soften(packed)), 1, CHANNELS, height, width);
            x = head.apply(x).add_(perChannel(CoefficientNet.embedding(quality, qualityIndex)));
            Scalar slope = new Scalar(SLOPE);
            for (int b = 0; b < blocks.length; b += 2) {
                cancellation.check();
                Tensor inner = torch.leaky_relu_(blocks[b].apply(x), slope);
                cancellation.check();
                x = blocks[b + 1].apply(inner).add_(x);
            }
            x = torch.leaky_relu_(x.mul_(perChannel(CoefficientNet.embedding(gain, qualityIndex))), slope);
            cancellation.check();
            Tensor y = tail.apply(x).contiguous();
            float[] out = new float[Math.toIntExact(y.numel())];
            new FloatPointer(y.data_ptr()).get(out);
            return CoefficientNet.withGains(packed, out);
        }
    }

    private static Tensor perChannel(float[] values) {
        return torch.from_blob(new FloatPointer(values), 1, values.length, 1, 1);
    }

    @Override
    public void close() {
        scope.close();
    }
}
