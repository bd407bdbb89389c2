// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.network;

import org.semimage.compute.Cancellation;
import org.semimage.compute.wavelet.Colours;
import org.semimage.compute.wavelet.Pyramid;
import org.semimage.compute.wavelet.Wavelet97;
import org.semimage.compute.wavelet.WaveletRows;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A window in Java, with any network: the reference. */
final class PyramidWindow implements SynthesisWindow {

    private static final int LEVELS = PackedCoefficients.LEVELS;

    private final CoefficientNet network;
    private final List<Room> rooms = new ArrayList<>();
    private final float[][][] lows = new float[LEVELS][0][];
    private Pyramid pyramid;
    private float[][] low3;
    private WaveletRows rows;

    /** What a thread computes rows in. */
    private static final class Room {
        private final WaveletRows.Room rows = new WaveletRows.Room();
        private float[][] components = {};

        private float[][] components(int count, int values) {
            if (components.length != count || components[0].length < values) {
                components = new float[count][values];
            }
            return components;
        }
    }

    PyramidWindow(CoefficientNet network) {
        this.network = network;
    }

    @Override
    public void begin(int height, int width, boolean fineColour) {
        if (pyramid == null || pyramid.height() != height || pyramid.width() != width || pyramid.fineColour() != fineColour) {
            pyramid = Pyramid.zero(height, width, LEVELS, 1, fineColour);
            low3 = new float[3][(height >> LEVELS) * (width >> LEVELS)];
        }
    }

    @Override
    public void put(int level, float[][] planes, Patch patch) {
        float[][] to = level == 0 ? low3 : pyramid.bands(level);
        int width = pyramid.width() >> (level == 0 ? LEVELS : level);
        for (int c = 0; c < planes.length; c++) {
            for (int y = 0; y < patch.rows(); y++) {
                System.arraycopy(planes[c], patch.first() + y * patch.stride(), to[c], (patch.top() + y) * width + patch.left(),
                        patch.columns());
            }
        }
    }

    @Override
    public void synthesise(Steps steps, int qualityIndex, Cancellation cancellation) {
        for (float[] plane : low3) {
            scale(plane, 1, steps.gains()[LEVELS - 1], true);
        }
        network.correct(low3, pyramid, steps.heard(), qualityIndex, cancellation);
        for (float[] plane : low3) {
            scale(plane, 1, steps.gains()[LEVELS - 1], false);
        }
        for (int level = 1; level <= LEVELS; level++) {
            for (int c = 0; c < pyramid.bands(level).length; c++) {
                scale(pyramid.bands(level)[c], steps.relative()[level - 1][c], steps.gains()[level - 1], false);
            }
        }
        float[][] low2 = Wavelet97.synthesise(pyramid, LEVELS, LEVELS - 1, low3, this::low, cancellation);
        rows = WaveletRows.ofTwo(pyramid, 1, low2);
    }

    private float[][] low(int level) {
        int values = (pyramid.height() >> level) * (pyramid.width() >> level);
        if (lows[level].length == 0 || lows[level][0].length < values) {
            lows[level] = new float[3][values];
        }
        return lows[level];
    }

    private static void scale(float[] plane, float factor, Gains gains, boolean multiply) {
        for (int i = 0, y = 0; y < gains.values().length * gains.cell(); y++) {
            for (float gain : gains.values()[y / gains.cell()]) {
                float f = multiply ? factor * gain : factor / gain;
                for (int end = i + gains.cell(); i < end; i++) {
                    plane[i] *= f;
                }
            }
        }
    }

    @Override
    public int rowsTogether() {
        return rows.perStrip() * Runtime.getRuntime().availableProcessors();
    }

    @Override
    public void pixels(int from, int to, int left, int columns, float step, boolean gray, short[][] samples) {
        int perStrip = rows.perStrip();
        int first = from / perStrip;
        int strips = (to - 1) / perStrip + 1 - first;
        while (rooms.size() < strips) {
            rooms.add(new Room());
        }
        IntStream.range(0, strips).parallel().forEach(i -> {
            int top = Math.max(from, (first + i) * perStrip);
            int bottom = Math.min(to, (first + i + 1) * perStrip);
            int evenTop = top / 2 * 2;
            int evenBottom = (bottom + 1) / 2 * 2;
            float[][] components = rooms.get(i).components(gray ? 1 : 3, (evenBottom - evenTop) * rows.width());
            for (int c = 0; c < components.length; c++) {
                rows.join(c, evenTop, evenBottom, rooms.get(i).rows, components[c], 0);
            }
            for (int y = top; y < bottom; y++) {
                Colours.row(components, (y - evenTop) * rows.width() + left, step, gray, samples, (y - from) * columns, columns);
            }
        });
    }

    /** Nothing to free. */
    @Override
    public void close() {
        rooms.clear();
    }
}
