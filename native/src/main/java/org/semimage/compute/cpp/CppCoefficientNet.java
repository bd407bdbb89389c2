// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.cpp;

import org.semimage.compute.Cancellation;
import org.semimage.compute.backend.Backends;
import org.semimage.compute.network.CoefficientNet;
import org.semimage.compute.network.CoefficientWeights;
import org.semimage.compute.tensor.NamedTensors;

import java.lang.ref.Reference;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The coefficient network in C++ ({@code sem/coefficient_net.h}). Calls share the processors. Weights live in native memory until
 * {@link #close}; transformed for Winograd's convolution in float they take eight times what they take in the pack.
 */
public final class CppCoefficientNet implements CoefficientNet {

    private final int inputs;
    private final float[] qualityShift;
    private final float[] qualityFactor;
    private final CppLibrary.CoefficientNet net;
    private final AtomicInteger calls = new AtomicInteger();

    /**
     * @param prefix of the tensors' names, "synthesis" or "analysis"
     * @throws IllegalArgumentException if a tensor is missing or does not fit
     * @throws IllegalStateException    if the native kernels are not available
     */
    public CppCoefficientNet(NamedTensors weights, String prefix) {
        this(CoefficientWeights.of(weights, prefix), ((CppKernels) Backends.of("native")).instructionSet());
    }

    /** With an instruction set that may be less than the processor's. */
    CppCoefficientNet(CoefficientWeights weights, CppKernels.InstructionSet instructionSet) {
        this.inputs = weights.convolutions().get(0).inputs();
        this.qualityShift = weights.qualityShift();
        this.qualityFactor = weights.qualityFactor();
        // A caller's PointerScope must not free what later calls use.
        this.net = new CppLibrary.CoefficientNet(instructionSet.ordinal()).retainReference();
        for (CoefficientWeights.Convolution convolution : weights.convolutions()) {
            net.addConvolution(Runtime.getRuntime().availableProcessors(), convolution.inputs(), convolution.outputs(),
                    convolution.weights(), convolution.bias());
        }
    }

    @Override
    public float[] correction(float[] packed, int height, int width, int qualityIndex, Cancellation cancellation) {
        if (height < 0 || width < 0 || packed.length != Math.multiplyExact(inputs, Math.multiplyExact(height, width))) {
            throw new IllegalArgumentException(packed.length + " coefficients for " + width + "x" + height);
        }
        float[] out = new float[CHANNELS * height * width];
        int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / calls.incrementAndGet());
        try {
            net.run(threads, packed, height, width, CoefficientNet.embedding(qualityShift, qualityIndex),
                    CoefficientNet.embedding(qualityFactor, qualityIndex), KNEE, SLOPE, LOW_CHANNELS, GAIN_UNIT, out, cancellation.flag());
            cancellation.check();
        } finally {
            calls.decrementAndGet();
            Reference.reachabilityFence(cancellation);
            Reference.reachabilityFence(this);
        }
        return out;
    }

    @Override
    public void close() {
        net.releaseReference();
    }
}
