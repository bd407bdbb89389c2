// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.kit;

import org.semimage.compute.entropy.SymbolDecoder;
import org.semimage.compute.entropy.SymbolStep;
import org.semimage.compute.wavelet.Pyramid;
import org.semimage.container.SemFile;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The steps of a picture of the transform profile without tiles and layers: scale indices, means, symbols and states of each. */
final class TransformTrace {

    private static final int SHOWN = 12;
    private static final int UNITS = 16;
    private static final int SPACING = 10;
    private static final int SYMBOLS_PER_CHAIN = 64;
    private static final int MOST_CHAINS = 32;

    /** States of dependent quantization behind an even and an odd symbol. */
    private static final int[][] NEXT = {{0, 5, 1, 6, 2, 4, 3, 7}, {2, 7, 3, 4, 0, 6, 1, 5}};

    private static final int[][] LUMA_PHASES = {{0}, {3}, {1}, {2}};
    private static final int[][] COLOUR_PHASES = {{0, 3}, {1, 2}};

    /** What a step's decoder was asked and said. */
    private record Heard(byte[] indices, int[] levels) {
    }

    private final List<Heard> heard = new ArrayList<>();
    private final List<Map<String, Object>> steps = new ArrayList<>();

    private TransformTrace() {
    }

    /** Listens to a stream. */
    private final class Listener implements SymbolDecoder {

        private final SymbolDecoder decoder;

        Listener(SymbolDecoder decoder) {
            this.decoder = decoder;
        }

        @Override
        public int decode(byte[] scaleIndices, int[] symbols) {
            int decoded = decoder.decode(scaleIndices, symbols);
            heard.add(new Heard(Arrays.copyOf(scaleIndices, symbols.length), symbols.clone()));
            return decoded;
        }

        @Override
        public boolean exhausted() {
            return decoder.exhausted();
        }

        @Override
        public void close() {
            decoder.close();
        }
    }

    /**
     * The trace of a file.
     *
     * @throws IOException if its payload is malformed
     */
    static Map<String, Object> of(SemFile file) throws IOException {
        TransformTrace trace = new TransformTrace();
        Pyramid coefficients = Coefficients.pyramid(file, decoder -> trace.new Listener(decoder));
        boolean gray = file.header().format().isGray();
        int next = 0;
        for (int c = 0; c < (gray ? 1 : coefficients.low().length); c++) {
            for (int i = 0; i < coefficients.low()[c].length; i++) {
                trace.add(0, c, trace.heard.get(next++), new int[1]);
            }
        }
        for (int level = Pyramid.LEVELS; level > 0; level--) {
            float[][] bands = coefficients.detail()[level - 1];
            List<int[]> channels = channels(level, gray || bands.length == 3);
            for (int k = 0; k < channels.size(); k++) {
                Heard step = trace.heard.get(next++);
                trace.add(level, k, step, means(step, channels.get(k), bands, level, coefficients.width() >> level));
            }
        }
        return Map.of("steps", trace.steps);
    }

    /** The phase channels of a level's steps. */
    private static List<int[]> channels(int level, boolean lumaAlone) {
        int phases = level == Pyramid.LEVELS ? 1 : 4;
        List<int[]> steps = new ArrayList<>();
        for (int[] some : level == Pyramid.LEVELS ? new int[][] {{0}} : LUMA_PHASES) {
            steps.add(channels(0, 3, phases, some));
        }
        for (int[] some : lumaAlone ? new int[0][] : level == Pyramid.LEVELS ? new int[][] {{0}} : COLOUR_PHASES) {
            steps.add(channels(3, 9, phases, some));
        }
        return steps;
    }

    private static int[] channels(int firstBand, int endBand, int phases, int[] some) {
        return IntStream.range(firstBand, endBand).flatMap(band -> Arrays.stream(some).map(phase -> band * phases + phase)).toArray();
    }

    /** What coefficients have beside their levels. */
    private static int[] means(Heard step, int[] channels, float[][] bands, int level, int width) {
        boolean whole = level == Pyramid.LEVELS;
        int columns = whole ? width : width / 2;
        int places = step.levels.length / channels.length;
        int[] means = new int[step.levels.length];
        for (int i = 0; i < means.length; i++) {
            int channel = channels[i / places];
            int row = i % places / columns;
            int column = i % places % columns;
            float value = whole ? bands[channel][row * width + column]
                    : bands[channel / 4][(2 * row + channel % 4 / 2) * width + 2 * column + channel % 2];
            means[i] = Math.round(value * UNITS) - SPACING * step.levels[i];
        }
        return means;
    }

    private void add(int level, int number, Heard step, int[] means) {
        int[] symbols = SymbolStep.ofReconstructionLevels(step.levels, step.indices).symbols();
        int[] chains = new int[Math.max(1, Integer.highestOneBit(Math.min(symbols.length / SYMBOLS_PER_CHAIN, MOST_CHAINS)))];
        int[] states = new int[symbols.length];
        for (int i = 0; i < symbols.length; i++) {
            states[i] = chains[i % chains.length];
            chains[i % chains.length] = NEXT[symbols[i] & 1][states[i]];
        }
        int[] indices = IntStream.range(0, symbols.length).map(i -> step.indices[i]).toArray();
        steps.add(Traces.ordered("level", level, "step", number, "symbolCount", symbols.length, "indices", shown(indices), "means",
                shown(means), "states", shown(states), "symbols", shown(symbols),
                "sums", new int[] {sum(indices), sum(means), sum(states), sum(symbols)}));
    }

    private static int[] shown(int[] numbers) {
        return Arrays.copyOf(numbers, Math.min(SHOWN, numbers.length));
    }

    private static int sum(int[] numbers) {
        return Arrays.stream(numbers).sum();
    }
}
