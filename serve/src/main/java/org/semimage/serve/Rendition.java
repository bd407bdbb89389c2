// SPDX-License-Identifier: Apache-2.0
package org.semimage.serve;

import org.eclipse.jetty.server.Request;

import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What is to be made of a picture.
 *
 * @param width of the picture to make, in pixels; empty for a file that is only cut
 * @param bytes to which a SEM file is cut first
 * @param type  the format
 */
record Rendition(OptionalInt width, OptionalLong bytes, OutputType type) {

    private static final String WIDTH = "width";
    private static final String BYTES = "bytes";

    /** Changes what entity tags say when the same parameters give other bytes. */
    private static final String EDITION = "1";

    /**
     * Parses the parameters of a request.
     *
     * @throws Refusal 400 for parameters that are unknown, doubled or out of bounds, 406 if the client takes no format that there is
     */
    static Rendition of(Request request, PictureFile file, int maxWidth) throws Refusal {
        Parameters query = Parameters.of(request, List.of(WIDTH, BYTES));
        OptionalLong width = query.number(WIDTH, maxWidth);
        OptionalLong bytes = query.number(BYTES, Long.MAX_VALUE);
        if (bytes.isPresent() && !file.isSem()) {
            throw new Refusal(400, "only SEM files are cut to bytes");
        }
        OutputType type = width.isEmpty() ? OutputType.SEM : OutputType.acceptedBy(request.getHeaders())
                .orElseThrow(() -> new Refusal(406, "formats are SEM, JPEG, PNG, and WebP with a plug-in"));
        return new Rendition(width.isPresent() ? OptionalInt.of((int) width.getAsLong()) : OptionalInt.empty(),
                bytes.isPresent() && bytes.getAsLong() >= file.bytes() ? OptionalLong.empty() : bytes, type);
    }

    /** Whether the file itself is the answer. */
    boolean isOriginal() {
        return width.isEmpty() && bytes.isEmpty();
    }

    /** The same for renditions that have the same bytes. */
    String parameters() {
        return isOriginal() ? "" : EDITION + "/" + width + "/" + bytes + "/" + type;
    }
}
