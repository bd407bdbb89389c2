// SPDX-License-Identifier: Apache-2.0
package org.semimage.serve;

import org.eclipse.jetty.server.Request;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * A coded picture that a client wants to look at.
 *
 * @param format   how it is coded
 * @param bytes    of the file, at most
 * @param fidelity 0..1: how much of the renderer's detail is added to SEM files
 * @param show     what of it is wanted
 * @param width    at which pictures are compared, at most, in pixels
 */
record CodedRequest(CodedFormat format, OptionalInt bytes, float fidelity, Show show, int width) {

    /** What of a coded picture is wanted. */
    enum Show {

        /** The picture. */
        PICTURE,

        /** Where pixels are synthesized. */
        MASK,

        /** What the file says in words and numbers. */
        TEXT
    }

    /** More than a picture takes at the width at which it is compared. */
    private static final int MAX_BYTES = 1 << 26;

    private static final int DEFAULT_WIDTH = 1024;
    private static final List<String> NAMES = List.of("format", "bytes", "fidelity", "show", "width");

    /**
     * Parses the parameters of a request.
     *
     * @throws Refusal 400 for parameters that are unknown, doubled, missing, out of bounds or of no meaning together
     */
    static CodedRequest of(Request request, int maxWidth) throws Refusal {
        Parameters query = Parameters.of(request, NAMES);
        CodedFormat format = CodedFormat.of(query.text("format").orElse(""))
                .orElseThrow(() -> new Refusal(400, "formats are " + Arrays.stream(CodedFormat.values()).filter(CodedFormat::isWritable)
                        .map(CodedFormat::label).collect(Collectors.joining(", "))));
        int bytes = (int) query.number("bytes", MAX_BYTES).orElse(0);
        if (bytes == 0 && format.isSized()) {
            throw new Refusal(400, format.label() + " takes a number of bytes");
        }
        String show = query.text("show").orElse("picture");
        if (!List.of("picture", "mask", "text").contains(show)) {
            throw new Refusal(400, "show is picture, mask or text");
        }
        if (!format.isSem() && (query.text("fidelity").isPresent() || !show.equals("picture"))) {
            throw new Refusal(400, "fidelity, mask and text are of SEM files");
        }
        int width = (int) query.number("width", maxWidth).orElse(Math.min(DEFAULT_WIDTH, maxWidth));
        return new CodedRequest(format, bytes == 0 ? OptionalInt.empty() : OptionalInt.of(bytes), query.fraction("fidelity").orElse(1f),
                Show.valueOf(show.toUpperCase(Locale.ROOT)), width);
    }

    /** The picture before it is coded, at the width that is usual. */
    static CodedRequest source() {
        return new CodedRequest(CodedFormat.PNG, OptionalInt.empty(), 1, Show.PICTURE, DEFAULT_WIDTH);
    }

    /** The media type of the answer. */
    String mediaType() {
        return switch (show) {
            case PICTURE -> format.mediaType();
            case MASK -> "image/png";
            case TEXT -> "application/json";
        };
    }

    /** The same for requests for which the same file is coded. */
    String coding() {
        return format + "/" + bytes + "/" + width;
    }

    /** The same for requests with the same answer. */
    String parameters() {
        return "coded/" + coding() + "/" + fidelity + "/" + show;
    }
}
