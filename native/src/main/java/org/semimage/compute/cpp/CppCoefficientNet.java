// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.cpp;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.semimage.compute.Cancellation;
import org.semimage.compute.backend.Backends;
import org.semimage.compute.network.CoefficientNet;
import org.semimage.compute.network.CoefficientWeights;
import org.semimage.compute.network.PackedCoefficients;
import org.semimage.compute.network.SynthesisWindow;
import org.semimage.compute.tensor.NamedTensors;
import org.semimage.compute.wavelet.Pyramid;

import java.lang.ref.Reference;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The coefficient network in C++ ({@code sem/coefficient_net.h}). Calls share the processors. Weights live in native memory until
 * {@link #close}; transformed for Winograd's convolution in float they take eight times what they take in the pack.
 */
public final class CppCoefficientNet implements CoefficientNet {

    private final CppKernels.InstructionSet instructionSet;
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
        this(CoefficientWeights.inputs(weights, prefix), CoefficientWeights.quality(weights, prefix, "quality"),
                CoefficientWeights.quality(weights, prefix, "gain"), ((CppKernels) Backends.of("native")).instructionSet());
        try {
            add(weights, CoefficientWeights.places(weights, prefix));
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** With an instruction set that may be less than the processor's. */
    CppCoefficientNet(CoefficientWeights weights, CppKernels.InstructionSet instructionSet) {
        this(weights.convolutions().get(0).inputs(), weights.qualityShift(), weights.qualityFactor(), instructionSet);
        weights.convolutions().forEach(this::add);
    }

    private CppCoefficientNet(int inputs, float[] qualityShift, float[] qualityFactor, CppKernels.InstructionSet instructionSet) {
        this.instructionSet = instructionSet;
        this.inputs = inputs;
        this.qualityShift = qualityShift;
        this.qualityFactor = qualityFactor;
        // A caller's PointerScope must not free what later calls use.
        this.net = new CppLibrary.CoefficientNet(instructionSet.ordinal()).retainReference();
    }

    /** Halves by way of one room for all: a process that has just begun pays for every page that it touches. */
    private void add(NamedTensors weights, List<CoefficientWeights.Place> places) {
        int most = 0;
        for (CoefficientWeights.Place place : places) {
            most = Math.max(most, place.halves() ? place.size() : 0);
        }
        short[] room = new short[most];
        for (CoefficientWeights.Place place : places) {
            if (place.halves()) {
                weights.copyHalves(place.weights(), room);
                net.addConvolution(processors(), place.inputs(), place.outputs(), room, place.bias(weights));
            } else {
                add(place.convolution(weights));
            }
        }
    }

    private void add(CoefficientWeights.Convolution convolution) {
        net.addConvolution(processors(), convolution.inputs(), convolution.outputs(), convolution.weights(), convolution.bias());
    }

    private static int processors() {
        return Runtime.getRuntime().availableProcessors();
    }

    @Override
    public float[] correction(float[] packed, int height, int width, int qualityIndex, Cancellation cancellation) {
        if (height < 0 || width < 0 || packed.length != Math.multiplyExact(inputs, Math.multiplyExact(height, width))) {
            throw new IllegalArgumentException(packed.length + " coefficients for " + width + "x" + height);
        }
        float[] out = new float[CHANNELS * height * width];
        int threads = enter();
        try {
            net.run(threads, packed, height, width, CoefficientNet.embedding(qualityShift, qualityIndex),
                    CoefficientNet.embedding(qualityFactor, qualityIndex), KNEE, SLOPE, LOW_CHANNELS, GAIN_UNIT, out, cancellation.flag());
            cancellation.check();
        } finally {
            leave(cancellation);
        }
        return out;
    }

    /** Coefficients are changed in native memory, where bands lie one behind the other. */
    @Override
    public void correct(float[][] low3, Pyramid pyramid, float[] heard, int qualityIndex, Cancellation cancellation) {
        int height = pyramid.height() >> PackedCoefficients.LEVELS;
        int width = pyramid.width() >> PackedCoefficients.LEVELS;
        int area = height * width;
        if (heard.length != 0 && heard.length != area) {
            throw new IllegalArgumentException(heard.length + " factors for " + width + "x" + height);
        }
        try (PointerScope scope = new PointerScope()) {
            FloatPointer bands = new FloatPointer((long) CHANNELS * area);
            exchange(low3, pyramid, bands, false);
            bands.position(0);
            int threads = enter();
            try {
                correct(threads, bands, height, width, heard, qualityIndex, cancellation);
                cancellation.check();
            } finally {
                leave(cancellation);
            }
            exchange(low3, pyramid, bands, true);
        }
    }

    /** Changes bands that lie one behind the other. */
    void correct(int threads, FloatPointer bands, int height, int width, float[] heard, int qualityIndex, Cancellation cancellation) {
        net.correct(threads, bands, height, width, CoefficientNet.embedding(qualityShift, qualityIndex),
                CoefficientNet.embedding(qualityFactor, qualityIndex), KNEE, SLOPE, LOW_CHANNELS, GAIN_UNIT,
                heard.length == 0 ? null : heard, cancellation.flag());
    }

    /** A network that needs more than coefficients has no window. */
    @Override
    public SynthesisWindow window() {
        return inputs == CHANNELS ? new CppSynthesisWindow(this, instructionSet) : CoefficientNet.super.window();
    }

    /** Copies planes to native memory or back, in the order of their channels. */
    private static void exchange(float[][] low3, Pyramid pyramid, FloatPointer bands, boolean back) {
        long at = exchange(low3, LOW_CHANNELS, bands, 0, (pyramid.height() >> PackedCoefficients.LEVELS)
                * (pyramid.width() >> PackedCoefficients.LEVELS), back);
        for (int level = PackedCoefficients.LEVELS; level > 0; level--) {
            at = exchange(pyramid.bands(level), Pyramid.channels(level, false), bands, at,
                    (pyramid.height() >> level) * (pyramid.width() >> level), back);
        }
    }

    private static long exchange(float[][] planes, int count, FloatPointer bands, long from, int area, boolean back) {
        for (int c = 0; c < count; c++) {
            bands.position(from + (long) c * area);
            if (back) {
                bands.get(planes[c], 0, area);
            } else {
                bands.put(planes[c], 0, area);
            }
        }
        return from + (long) count * area;
    }

    /** A call's share of the processors, in threads, until it leaves. */
    int enter() {
        return Math.max(1, processors() / calls.incrementAndGet());
    }

    /** Ends what {@link #enter} began; neither the network nor the cancellation is freed before. */
    void leave(Cancellation cancellation) {
        calls.decrementAndGet();
        Reference.reachabilityFence(cancellation);
        Reference.reachabilityFence(this);
    }

    @Override
    public void close() {
        net.releaseReference();
    }
}
