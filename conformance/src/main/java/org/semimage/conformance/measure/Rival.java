// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.measure;

import java.awt.image.BufferedImage;
import java.io.IOException;

/** Another codec, to be seen beside this one at the same size of file. */
interface Rival {

    /** Its name for people. */
    String name();

    /**
     * Codes a picture as near to a size as its settings go: not above it if any of them is that small.
     *
     * @param picture opaque, 8-bit RGB
     * @throws IOException if it is not installed or failed, with a message for people
     */
    Coded code(BufferedImage picture, long bytes) throws IOException;

    /**
     * A picture that went through a codec.
     *
     * @param decoded  what came out
     * @param bytes    size of the file
     * @param settings what the encoder was told
     */
    record Coded(BufferedImage decoded, long bytes, String settings) {
    }
}
