// SPDX-License-Identifier: Apache-2.0
package org.semimage.serve;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.util.Fields;

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
    static Rendition of(Fields query, HttpFields headers, PictureFile file, int maxWidth) throws Refusal {
        for (Fields.Field field : query) {
            if (!field.getName().equals(WIDTH) && !field.getName().equals(BYTES)) {
                throw new Refusal(400, "parameters are width and bytes");
            }
            if (field.getValues().size() != 1) {
                throw new Refusal(400, field.getName() + " is there more than once");
            }
        }
        OptionalLong width = number(query, WIDTH, maxWidth);
        OptionalLong bytes = number(query, BYTES, Long.MAX_VALUE);
        if (bytes.isPresent() && !file.isSem()) {
            throw new Refusal(400, "only SEM files are cut to bytes");
        }
        OutputType type = width.isEmpty() ? OutputType.SEM
                : OutputType.acceptedBy(headers).orElseThrow(() -> new Refusal(406, "formats are SEM, JPEG, PNG, and WebP with a plug-in"));
        return new Rendition(width.isPresent() ? OptionalInt.of((int) width.getAsLong()) : OptionalInt.empty(),
                bytes.isPresent() && bytes.getAsLong() >= file.bytes() ? OptionalLong.empty() : bytes, type);
    }

    private static OptionalLong number(Fields query, String name, long max) throws Refusal {
        String text = query.getValue(name);
        if (text == null) {
            return OptionalLong.empty();
        }
        if (!text.matches("[0-9]{1,18}") || Long.parseLong(text) < 1 || Long.parseLong(text) > max) {
            throw new Refusal(400, name + " is a whole number, 1 to " + max);
        }
        return OptionalLong.of(Long.parseLong(text));
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
