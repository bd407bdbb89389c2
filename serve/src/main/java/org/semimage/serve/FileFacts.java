// SPDX-License-Identifier: Apache-2.0
package org.semimage.serve;

import org.semimage.container.Chunk;
import org.semimage.container.SemFile;
import org.semimage.container.SemOutline;
import org.semimage.container.SemParser;
import org.semimage.generate.Descriptors;
import org.semimage.metadata.Ancillary;
import org.semimage.profile.semantic.SemanticProfile;
import org.semimage.profile.transform.TransformPayload;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a SEM file says in words and numbers.
 *
 * @param profile     its name
 * @param caption     what the picture shows
 * @param descriptors how it looks, of files without pixels
 * @param synthesized which pixels a reader makes up: all, some or none
 */
record FileFacts(String profile, Optional<String> caption, Optional<Descriptors> descriptors, String synthesized) {

    /** @throws IOException if the file is damaged */
    static FileFacts of(byte[] file) throws IOException {
        SemFile sem = SemParser.parse(file);
        String profile = sem.header().profile().label();
        if (sem.header().profile().isSemantic()) {
            SemanticProfile.Content content = SemanticProfile.content(sem);
            return new FileFacts(profile, content.caption(), content.descriptors(), "all");
        }
        boolean rendered = sem.chunks().stream().anyMatch(chunk -> chunk.tag() == Chunk.TRANSFORM
                && TransformPayload.isRendered(sem.header(), SemOutline.Entry.of(chunk)));
        return new FileFacts(profile, Ancillary.of(sem.chunks()).caption(), Optional.empty(), rendered ? "some" : "none");
    }

    String json() {
        return "{\"profile\":" + quoted(profile) + ",\"caption\":" + caption.map(FileFacts::quoted).orElse("null")
                + ",\"synthesized\":" + quoted(synthesized) + ",\"palette\":" + descriptors.map(FileFacts::palette).orElse("[]")
                + ",\"layout\":" + descriptors.map(Descriptors::layoutCount).orElse(0)
                + ",\"texture\":" + descriptors.map(Descriptors::textureCount).orElse(0) + "}";
    }

    private static String palette(Descriptors descriptors) {
        List<String> colours = SemanticProfile.palette(descriptors);
        return colours.stream().map(FileFacts::quoted).collect(Collectors.joining(",", "[", "]"));
    }

    /** A string of JSON, good inside HTML too. */
    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c < ' ' || c == '"' || c == '\\' || c == '<' || c > '~') {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
