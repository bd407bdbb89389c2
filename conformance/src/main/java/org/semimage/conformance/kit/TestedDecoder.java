// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.kit;

import java.nio.file.Path;
import java.time.Duration;

/** A decoder that is held to vectors. */
interface TestedDecoder {

    /** What reports call it. */
    String name();

    /**
     * Decodes a file. Whatever goes wrong is part of the outcome.
     *
     * @param file  all of whose pictures are wanted
     * @param limit how long it may take
     */
    Outcome decode(Path file, Duration limit);
}
