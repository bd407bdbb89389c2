// SPDX-License-Identifier: Apache-2.0
package org.semimage.imageio;

import org.semimage.compute.Cancellation;

import java.awt.Point;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;

/** Passes on to a reader's listeners what becomes of the pixels; the reader says how. */
abstract class ReadWatcher extends ListenerWatcher {

    ReadWatcher(Cancellation cancellation) {
        super(cancellation);
    }

    /**
     * Tells that a pass begins.
     *
     * @param first the first of the passes that are to come
     * @param last  the last of them
     * @param at    where its pixels begin
     */
    abstract void passStarted(BufferedImage image, int pass, int first, int last, Point at, int[] bands);

    /**
     * Tells that pixels are there.
     *
     * @param part which of the image's
     */
    abstract void updated(BufferedImage image, Rectangle part, int[] bands);

    /** Tells that a pass is done. */
    abstract void passComplete(BufferedImage image);
}
