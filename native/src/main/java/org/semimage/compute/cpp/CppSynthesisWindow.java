// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.cpp;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.ShortPointer;
import org.semimage.compute.Cancellation;
import org.semimage.compute.network.PackedCoefficients;
import org.semimage.compute.network.SynthesisWindow;
import org.semimage.compute.wavelet.Pyramid;

import java.lang.ref.Reference;

/** A window in C++ ({@code sem/synthesis_window.h}): from the network to samples, coefficients do not leave native memory. */
final class CppSynthesisWindow implements SynthesisWindow {

    private static final int LEVELS = PackedCoefficients.LEVELS;
    private static final float[] ONES = {1, 1, 1};

    private final CppCoefficientNet network;
    private final CppLibrary.SynthesisWindow window;
    private int height;
    private int width;
    private boolean fineColours;

    CppSynthesisWindow(CppCoefficientNet network, CppKernels.InstructionSet instructionSet) {
        this.network = network;
        // A caller's PointerScope must not free what later calls use.
        this.window = new CppLibrary.SynthesisWindow(instructionSet.ordinal()).retainReference();
    }

    @Override
    public void begin(int ofHeight, int ofWidth, boolean fineColour) {
        if (ofHeight < 1 || ofWidth < 1 || ofHeight % Pyramid.MULTIPLE != 0 || ofWidth % Pyramid.MULTIPLE != 0) {
            throw new IllegalArgumentException("a window of " + ofWidth + "x" + ofHeight);
        }
        height = ofHeight;
        width = ofWidth;
        fineColours = fineColour;
        window.begin(height, width, fineColour);
    }

    @Override
    public void put(int level, float[][] planes, Patch patch) {
        int scale = level == 0 ? LEVELS : level;
        if (patch.top() < 0 || patch.left() < 0 || patch.rows() < 0 || patch.columns() < 0 || patch.top() + patch.rows() > height >> scale
                || patch.left() + patch.columns() > width >> scale) {
            throw new IllegalArgumentException(patch + " in a window of " + width + "x" + height);
        }
        if (level < 0 || level > LEVELS || planes.length > (level == 0 ? ONES.length : Pyramid.channels(level, fineColours))) {
            throw new IllegalArgumentException(planes.length + " planes of level " + level);
        }
        for (int c = 0; c < planes.length; c++) {
            if (patch.first() < 0 || patch.rows() > 0
                    && patch.first() + (long) (patch.rows() - 1) * patch.stride() + patch.columns() > planes[c].length) {
                throw new IllegalArgumentException(patch + " of " + planes[c].length + " values");
            }
            window.put(level, c, planes[c], patch.first(), patch.stride(), patch.top(), patch.left(), patch.rows(), patch.columns());
        }
    }

    @Override
    public void synthesise(Steps steps, int qualityIndex, Cancellation cancellation) {
        int threads = network.enter();
        try {
            scale(threads, 0, true, ONES, steps.gains()[LEVELS - 1]);
            FloatPointer bands = window.bands();
            network.correct(threads, bands, height >> LEVELS, width >> LEVELS, steps.heard(), qualityIndex, cancellation);
            scale(threads, 0, false, ONES, steps.gains()[LEVELS - 1]);
            for (int level = LEVELS; level > 0; level--) {
                scale(threads, level, false, steps.relative()[level - 1], steps.gains()[level - 1]);
            }
            window.join(threads, cancellation.flag());
            cancellation.check();
        } finally {
            network.leave(cancellation);
            Reference.reachabilityFence(this);
        }
    }

    private void scale(int threads, int level, boolean multiply, float[] factors, Gains gains) {
        int columns = gains.values()[0].length;
        float[] values = new float[gains.values().length * columns];
        for (int y = 0; y < gains.values().length; y++) {
            System.arraycopy(gains.values()[y], 0, values, y * columns, columns);
        }
        window.scale(threads, level, multiply, factors, values, gains.cell());
    }

    @Override
    public int rowsTogether() {
        return window.rowsTogether() * Runtime.getRuntime().availableProcessors();
    }

    @Override
    public void pixels(int from, int to, int left, int columns, float step, boolean gray, short[][] samples) {
        if (from < 0 || to <= from || to > height || left < 0 || columns < 1 || left + columns > width) {
            throw new IllegalArgumentException("rows " + from + " to " + to + ", " + columns + " columns from " + left + " on, of "
                    + width + "x" + height);
        }
        int threads = network.enter();
        try {
            ShortPointer rows = window.pixels(threads, from, to, left, columns, step, gray);
            int count = (to - from) * columns;
            for (int c = 0; c < (gray ? 1 : 3); c++) {
                rows.position((long) c * count).get(samples[c], 0, count);
            }
        } finally {
            network.leave(Cancellation.NEVER);
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public void close() {
        window.releaseReference();
    }
}
