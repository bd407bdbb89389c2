// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.kit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A row of FORMAT.md's table of requirements.
 *
 * @param id      such as {@code R-HDR-1}
 * @param section the sections that say it in full
 * @param who     {@code D} for decoders, {@code E} for encoders
 * @param text    one sentence
 */
public record Requirement(String id, String section, String who, String text) {

    private static final Pattern ROW = Pattern.compile("\\| (R-[A-Z]+-\\d+) \\| ([\\d., ]+) \\| ([DE]) \\| (.+) \\|");

    /** Whether a vector can show that a decoder meets it. */
    public boolean bindsDecoders() {
        return who.equals("D");
    }

    /**
     * The rows of the table in FORMAT.md.
     *
     * @param document the file
     * @throws IOException if it cannot be read
     */
    public static List<Requirement> inDocument(Path document) throws IOException {
        List<Requirement> all = new ArrayList<>();
        for (String line : Files.readAllLines(document, StandardCharsets.UTF_8)) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                all.add(new Requirement(row.group(1), row.group(2).strip(), row.group(3), row.group(4)));
            }
        }
        return all;
    }
}
