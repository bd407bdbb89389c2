// SPDX-License-Identifier: Apache-2.0
package org.semimage.torch.network;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.semimage.compute.Cancellation;
import org.semimage.compute.network.CoefficientNet;
import org.semimage.compute.network.CoefficientWeights;
import org.semimage.compute.tensor.NamedTensors;

import java.util.List;

/** The coefficient network on libtorch, a function of named weights. Weights live in native memory until {@link #close}. */
final class TorchCoefficientNet implements CoefficientNet {

    private static final long[] ONE = {1, 1};

    private record Conv(Tensor weight, Tensor bias) {
        Tensor apply(Tensor x) {
            return torch.conv2d(x, weight, new TensorOptional(bias), ONE, ONE, ONE, 1);
        }
    }

    private final PointerScope scope;
    private final List<Conv> convolutions;
    private final float[] qualityShift;
    private final float[] qualityFactor;

    /**
     * @param prefix of the tensors' names, "synthesis" or "analysis"
     * @throws IllegalArgumentException if a tensor is missing or does not fit
     * @throws IllegalStateException    if libtorch is not there
     */
    TorchCoefficientNet(NamedTensors weights, String prefix) {
        Torch.require();
        CoefficientWeights own = CoefficientWeights.of(weights, prefix);
        qualityShift = own.qualityShift();
        qualityFactor = own.qualityFactor();
        try (PointerScope weightsScope = new PointerScope(); InferenceMode inference = new InferenceMode(true)) {
            convolutions = own.convolutions().stream().map(TorchCoefficientNet::conv).toList();
            scope = weightsScope.extend();
        }
    }

    private static Conv conv(CoefficientWeights.Convolution convolution) {
        return new Conv(tensor(convolution.weights(), convolution.outputs(), convolution.inputs(), 3, 3),
                tensor(convolution.bias(), convolution.outputs()));
    }

    private static Tensor tensor(float[] values, long... shape) {
        try (FloatPointer pointer = new FloatPointer(values)) {
            return torch.from_blob(pointer, shape).clone();
        }
    }

    @Override
    public float[] correction(float[] packed, int height, int width, int qualityIndex, Cancellation cancellation) {
        try (PointerScope call = new PointerScope(); InferenceMode inference = new InferenceMode(true)) {
            Tensor x = torch.from_blob(new FloatPointer(CoefficientNet.soften(packed)), 1,
                    packed.length / (height * width), height, width);
            int last = convolutions.size() - 1;
            x = convolutions.get(0).apply(x).add_(perChannel(CoefficientNet.embedding(qualityShift, qualityIndex)));
            Scalar slope = new Scalar(SLOPE);
            for (int i = 1; i < last; i += 2) {
                cancellation.check();
                Tensor inner = torch.leaky_relu_(convolutions.get(i).apply(x), slope);
                cancellation.check();
                x = convolutions.get(i + 1).apply(inner).add_(x);
            }
            x = torch.leaky_relu_(x.mul_(perChannel(CoefficientNet.embedding(qualityFactor, qualityIndex))), slope);
            cancellation.check();
            Tensor y = convolutions.get(last).apply(x).contiguous();
            float[] out = new float[Math.toIntExact(y.numel())];
            new FloatPointer(y.data_ptr()).get(out);
            return CoefficientNet.withDivisiveGains(packed, out);
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
