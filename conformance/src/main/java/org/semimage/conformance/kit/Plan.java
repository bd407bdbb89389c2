// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.kit;

import org.semimage.picture.PixelPlanes;

import java.util.List;

/**
 * A vector before it is made.
 *
 * @param name         of its files
 * @param about        what it is, in a sentence
 * @param requirements ids that it shows
 * @param sem          the file
 * @param kind         how a decoder is judged by it
 * @param warned       whether a decoder should warn; null if that is whatever this library does
 * @param source       the samples that must come out; null unless they are exact and known
 */
record Plan(String name, String about, List<String> requirements, byte[] sem, Kind kind, Boolean warned, PixelPlanes source) {

    /** How a decoder is judged. */
    enum Kind {
        /** By the hash of its samples. */
        EXACT,
        /** By their distance from a reference. */
        NEAR,
        /** By the picture's size, and by what it says. */
        FREE,
        /** By its refusal. */
        REFUSED
    }

    static Plan exact(String name, PixelPlanes source, byte[] sem, String about, String... requirements) {
        return new Plan(name, about, List.of(requirements), sem, Kind.EXACT, false, source);
    }

    static Plan near(String name, byte[] sem, String about, String... requirements) {
        return new Plan(name, about, List.of(requirements), sem, Kind.NEAR, false, null);
    }

    static Plan free(String name, byte[] sem, String about, String... requirements) {
        return new Plan(name, about, List.of(requirements), sem, Kind.FREE, false, null);
    }

    static Plan refused(String name, byte[] sem, String about, String... requirements) {
        return new Plan(name, about, List.of(requirements), sem, Kind.REFUSED, false, null);
    }

    /** The same with a warning that is due. */
    Plan warns() {
        return new Plan(name, about, requirements, sem, kind, true, source);
    }

    /** The same with a warning that depends on where a stream happens to end. */
    Plan mayWarn() {
        return new Plan(name, about, requirements, sem, kind, null, source);
    }
}
