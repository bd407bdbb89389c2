// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.transform;

import org.semimage.compute.wavelet.WaveletRows;
import org.semimage.container.PixelFormat;
import org.semimage.picture.ColourTransform;
import org.semimage.picture.PixelPlanes;

import java.awt.Rectangle;

/**
 * The pixels of a place in strips of rows: the wavelet's finest level and the colour transform.
 *
 * @param rows   component planes of the window, in units of the picture's step
 * @param window that they are of, in samples
 * @param place  whose pixels are wanted, in samples, inside the window
 * @param format of the picture
 * @param step   the picture's quantizer step
 */
record PixelStrip(WaveletRows rows, Rectangle window, Rectangle place, PixelFormat format, float step) {

    /** What a strip is computed in; used again, it is the next strip's. */
    static final class Room {

        private final WaveletRows.Room rows = new WaveletRows.Room();
        private float[][] components = {};
        private PixelPlanes pixels;

        private float[][] components(int count, int samples) {
            if (components.length != count || components[0].length < samples) {
                components = new float[count][samples];
            }
            return components;
        }

        private PixelPlanes pixels(int width, int height, PixelFormat format) {
            if (pixels == null || pixels.width() != width || pixels.height() != height || pixels.format() != format) {
                pixels = PixelPlanes.blank(width, height, format);
            }
            return pixels;
        }
    }

    /**
     * Pixels of a strip.
     *
     * @param planes as long as nobody uses the room again
     * @param x      column of the picture
     * @param y      row of the picture
     */
    record Pixels(PixelPlanes planes, int x, int y) {
    }

    /** The window's first row that is computed. Rows go in pairs. */
    private int top() {
        return (place.y - window.y) / 2 * 2;
    }

    private int bottom() {
        return (place.y - window.y + place.height + 1) / 2 * 2;
    }

    /** How many strips there are. */
    int count() {
        return (bottom() - top() + rows.perStrip() - 1) / rows.perStrip();
    }

    /** Computes a strip, from the top; alpha is left as it is. */
    Pixels strip(int index, Room room) {
        int from = top() + index * rows.perStrip();
        int to = Math.min(bottom(), from + rows.perStrip());
        float[][] components = room.components(format.isGray() ? 1 : 3, rows.perStrip() * rows.width());
        for (int c = 0; c < components.length; c++) {
            rows.join(c, from, to, room.rows, components[c], 0);
        }
        int first = Math.max(from, place.y - window.y);
        int last = Math.min(to, place.y - window.y + place.height);
        PixelPlanes pixels = room.pixels(place.width, last - first, format);
        ColourTransform.inverse(components, rows.width(), new Rectangle(place.x - window.x, first - from, place.width, last - first), step,
                pixels);
        return new Pixels(pixels, place.x, window.y + first);
    }
}
