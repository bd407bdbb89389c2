// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.network;

import org.semimage.compute.Cancellation;

/**
 * Coefficients of a window of a picture on their way to samples: the synthesis network, quantizer steps, the inverse wavelet from level 3
 * on, the colour transform. One window after the other is begun, filled, synthesised and asked for rows. Serves one thread, and may use
 * many; memory is its own until {@link #close}.
 */
public interface SynthesisWindow extends AutoCloseable {

    /**
     * Gains of a level: quantizer steps are divided by them.
     *
     * @param values by row and column of cells
     * @param cell   coefficients along a cell's side
     */
    record Gains(float[][] values, int cell) {
    }

    /**
     * What turns quantizer steps into units of the picture's step.
     *
     * @param relative {@code [level - 1][channel]}, of levels 1 to 3
     * @param gains    {@code [level - 1]}
     * @param heard    by position of the network, what its correction is multiplied by; empty if by 1 everywhere
     */
    record Steps(float[][] relative, Gains[] gains, float[] heard) {
    }

    /**
     * Part of a plane that goes to another plane.
     *
     * @param first   its first value's index where it comes from
     * @param stride  values of a row there
     * @param top     its first row where it goes to
     * @param left    its first column where it goes to
     * @param rows    of it
     * @param columns of it
     */
    record Patch(int first, int stride, int top, int left, int rows, int columns) {
    }

    /**
     * Begins a window, whose values have no meaning until they are put in.
     *
     * @param height     in samples, a multiple of 64
     * @param width      in samples, a multiple of 64
     * @param fineColour whether level 1 has components 1 and 2
     * @throws IllegalArgumentException if a side is no such multiple
     */
    void begin(int height, int width, boolean fineColour);

    /**
     * Puts coefficients in quantizer steps, or the low band of level 3 in units of the picture's step.
     *
     * @param level  of the details, 1 to 3; or 0, the low band
     * @param planes of all channels of the level
     * @param patch  of each of them
     */
    void put(int level, float[][] planes, Patch patch);

    /**
     * Goes as far as level 2's low band, once everything is put in.
     *
     * @param qualityIndex 0..255, which the network is told
     * @throws java.util.concurrent.CancellationException if the request is made before all is done
     */
    void synthesise(Steps steps, int qualityIndex, Cancellation cancellation);

    /** How many rows are best computed in one call, from a multiple of this on. */
    int rowsTogether();

    /**
     * Samples of rows {@code from..to-1}, row by row from the beginning of each plane on, of some columns.
     *
     * @param left    the first column
     * @param columns how many
     * @param step    of the picture
     * @param gray    whether there is one plane of samples, not three
     * @param samples 0..255; planes behind those are left alone
     */
    void pixels(int from, int to, int left, int columns, float step, boolean gray, short[][] samples);

    /** Frees the memory; no call may follow. */
    @Override
    void close();
}
