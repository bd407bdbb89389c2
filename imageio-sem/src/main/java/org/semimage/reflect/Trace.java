// SPDX-License-Identifier: Apache-2.0
package org.semimage.reflect;

import org.semimage.picture.PixelPlanes;

/** Who hears of a reflection while it goes on, on the encoding thread. */
public interface Trace {

    /** Hears nothing. */
    Trace NONE = new Trace() {
    };

    /**
     * A proposal that was encoded, decoded and scored.
     *
     * @param proposal what the file says
     * @param bytes    how long the file is
     * @param bits     what its caption takes; 0 if there is none
     * @param picture  what it decodes to; not to be changed
     * @param score    how far that is from the original
     * @param best     whether it is the best so far
     */
    record Attempt(Proposal proposal, long bytes, double bits, PixelPlanes picture, Score score, boolean best) {
    }

    /**
     * A reflection begins.
     *
     * @param original the picture to come near to; not to be changed
     */
    default void begins(PixelPlanes original) {
    }

    /** A proposal was tried. */
    default void tried(Attempt attempt) {
    }

    /**
     * A proposal was given up.
     *
     * @param why in words
     */
    default void dropped(Proposal proposal, String why) {
    }

    /**
     * A reflection is over.
     *
     * @param kept what the file says
     */
    default void ends(Proposal kept) {
    }
}
