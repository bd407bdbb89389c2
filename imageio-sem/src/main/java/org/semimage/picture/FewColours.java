// SPDX-License-Identifier: Apache-2.0
package org.semimage.picture;

import org.semimage.compute.Cancellation;

import javax.imageio.IIOException;
import java.awt.Rectangle;
import java.util.HashSet;
import java.util.Set;

/** Tells drawings, text and screenshots from photographs: they repeat few colours. */
public final class FewColours {

    /** The most colours of a picture that has few. */
    private static final int MOST = 8192;

    /** The fewest samples a colour has in the mean. */
    private static final int SAMPLES_PER_COLOUR = 16;

    /** Samples of a plane that are read at a time, so that of a photograph hardly any are. */
    private static final int READ = 1 << 14;

    private FewColours() {
    }

    /**
     * Whether a picture has few colours for its size. A photograph is told after few rows.
     *
     * @throws IIOException if the pixels cannot be had
     * @throws java.util.concurrent.CancellationException if the request is made before all is read
     */
    public static boolean in(PixelSource picture, Cancellation cancellation) throws IIOException {
        long most = Math.min(MOST, (long) picture.width() * picture.height() / SAMPLES_PER_COLOUR);
        Set<Long> colours = new HashSet<>();
        int rows = Math.max(1, READ / picture.width());
        for (int y = 0; y < picture.height(); y += rows) {
            cancellation.check();
            PixelPlanes strip = picture.read(new Rectangle(0, y, picture.width(), Math.min(rows, picture.height() - y)));
            if (!add(strip, colours, most)) {
                return false;
            }
        }
        return true;
    }

    /** Adds the colours of a strip, until they are too many. */
    private static boolean add(PixelPlanes strip, Set<Long> colours, long most) {
        short[][] samples = strip.samples();
        long last = -1;
        for (int i = 0; i < samples[0].length; i++) {
            long colour = 0;
            for (short[] plane : samples) {
                colour = colour << Short.SIZE | plane[i] & 0xFFFF;
            }
            if (colour != last && colours.add(colour) && colours.size() > most) {
                return false;
            }
            last = colour;
        }
        return true;
    }
}
