// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.kit;

import org.semimage.picture.PixelPlanes;

import java.util.List;

/**
 * What a decoder made of a file.
 *
 * @param refusal  why it refused the file; null if it did not
 * @param failure  why it came to no proper end: it crashed, hung or wrote nothing; null if it did come to one
 * @param warning  whether it warned; null if that is not known
 * @param pictures what it decoded, in order; perhaps fewer than there are
 * @param partial  whether it shows the first picture alone
 */
record Outcome(String refusal, String failure, Boolean warning, List<Shown> pictures, boolean partial) {

    /**
     * A decoded picture.
     *
     * @param facts   what the decoder says of it; null if it says nothing, and null within for what it does not say
     * @param samples the picture; null if there was no need of it
     */
    record Shown(Due.Picture facts, PixelPlanes samples) {
    }

    static Outcome refused(String why) {
        return new Outcome(why, null, null, List.of(), false);
    }

    static Outcome failed(String why) {
        return new Outcome(null, why, null, List.of(), false);
    }
}
