// SPDX-License-Identifier: Apache-2.0
package org.semimage.serve;

import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page for people.
 *
 * @param html   the page
 * @param policy its Content-Security-Policy: it talks to this server, and runs nothing but its own script
 */
record Page(String html, String policy) {

    /** The media type. */
    static final String TYPE = "text/html; charset=utf-8";

    private static final Pattern FIELD = Pattern.compile("\\{\\{([a-z]+)}}");

    /**
     * Puts a page together.
     *
     * @param title   as text
     * @param styles  names of resources
     * @param scripts names of resources
     * @param body    as HTML
     */
    static Page of(String title, List<String> styles, List<String> scripts, String body) throws IOException {
        String style = resources(styles);
        String script = resources(scripts);
        String html = "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>" + escaped(title) + "</title>\n"
                + "<meta name=\"viewport\" content=\"width=device-width\">\n<link rel=\"icon\" href=\"data:,\">\n<style>" + style
                + "</style>\n" + body + "<script>" + script + "</script>\n";
        return new Page(html, "default-src 'none'; img-src 'self' blob: data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
                + "frame-ancestors 'none'; style-src " + hash(style) + "; script-src " + hash(script));
    }

    /**
     * A resource whose {@code {{names}}} are replaced.
     *
     * @param values by name, as HTML
     */
    static String filled(String name, Map<String, String> values) throws IOException {
        return FIELD.matcher(resource(name)).replaceAll(field -> Matcher.quoteReplacement(values.get(field.group(1))));
    }

    /** What HTTP says of a page. */
    Map<String, String> headers() {
        return Map.of("Content-Security-Policy", policy, "Referrer-Policy", "no-referrer", "Cache-Control", "no-cache");
    }

    byte[] bytes() {
        return html.getBytes(StandardCharsets.UTF_8);
    }

    private static String resources(List<String> names) throws IOException {
        StringBuilder all = new StringBuilder();
        for (String name : names) {
            all.append(resource(name));
        }
        return all.toString();
    }

    /** A text inside HTML. */
    static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;").replace("'", "&#39;");
    }

    /** A name inside a path. */
    static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Page.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** What the policy calls an inline text. */
    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
