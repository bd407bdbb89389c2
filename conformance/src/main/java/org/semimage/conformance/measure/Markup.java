// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.measure;

import java.util.Base64;

/** Text and pictures as parts of a page that is HTML and well-formed XML at once. */
final class Markup {

    private static final int REPLACEMENT = 0xFFFD;

    private Markup() {
    }

    /** A text as content of an element or of a quoted attribute; what XML cannot hold becomes U+FFFD. */
    static String escape(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.appendCodePoint(allowed(c) ? c : REPLACEMENT);
            }
        });
        return out.toString();
    }

    /** A picture's file as an address that holds it. */
    static String dataUri(String mediaType, byte[] file) {
        return "data:" + mediaType + ";base64," + Base64.getEncoder().encodeToString(file);
    }

    private static boolean allowed(int c) {
        return c == '\t' || c == '\n' || c >= 0x20 && c < 0x7F || c >= 0xA0 && c < 0xD800 || c >= 0xE000 && c < 0xFFFE || c >= 0x10000;
    }
}
