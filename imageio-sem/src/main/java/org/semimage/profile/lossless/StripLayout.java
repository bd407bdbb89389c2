// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.lossless;

import org.semimage.container.Chunk;

import javax.imageio.IIOException;
import java.io.ByteArrayOutputStream;

/**
 * The places of a picture's strips, and of their bands.
 *
 * @param height        rows of the picture
 * @param logBandRows   log2 of the rows of a band
 * @param logStripBands log2 of the bands of a strip
 */
record StripLayout(int height, int logBandRows, int logStripBands) {

    /** What it takes in the payload. */
    static final int BYTES = 2;

    private static final int MAX_LOG = 24;

    /** What a band of the encoder aims at, in pixels. */
    private static final int BAND_PIXELS = 1 << 16;

    /** A band's first row is predicted badly, so there should be many others, up to so many pixels. */
    private static final int MIN_BAND_ROWS = 64;
    private static final int MAX_BAND_PIXELS = 1 << 22;

    /** An encoder's layout, of strips of about so many pixels. */
    static StripLayout of(int width, int height, int stripPixels) {
        int band = log(Math.min(Math.max(MIN_BAND_ROWS, BAND_PIXELS / width), MAX_BAND_PIXELS / width));
        return new StripLayout(height, band, log((stripPixels / width) >> band));
    }

    /**
     * Reads the payload's first two bytes.
     *
     * @throws IIOException if they are not there or impossible
     */
    static StripLayout parse(byte[] payload, int height) throws IIOException {
        for (int i = 0; i < BYTES; i++) {
            if (payload.length <= i || payload[i] < 0 || payload[i] > MAX_LOG) {
                throw Chunk.malformed(Chunk.LOSSLESS, i, "expected a logarithm of 0.." + MAX_LOG + ", found "
                        + (payload.length <= i ? "the end" : payload[i] & 0xFF));
            }
        }
        return new StripLayout(height, payload[0], payload[1]);
    }

    void write(ByteArrayOutputStream payload) {
        payload.write(logBandRows);
        payload.write(logStripBands);
    }

    /** The logarithm to base 2, rounded down, at least 0. */
    private static int log(int value) {
        return Integer.SIZE - 1 - Integer.numberOfLeadingZeros(Math.max(1, value));
    }

    int strips() {
        return strip(height - 1) + 1;
    }

    /** The strip that holds a row. */
    int strip(int row) {
        return (int) ((long) row >> logBandRows + logStripBands);
    }

    int top(int strip) {
        return (int) Math.min(height, (long) strip << logBandRows + logStripBands);
    }

    int rows(int strip) {
        return top(strip + 1) - top(strip);
    }

    /** Rows of a band; the last one of a strip has what is left. */
    int bandRows() {
        return 1 << logBandRows;
    }
}
