// SPDX-License-Identifier: Apache-2.0
package org.semimage.serve;

import org.eclipse.jetty.util.Fields;

import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;

/**
 * The page that shows a folder.
 *
 * @param html   the page
 * @param policy its Content-Security-Policy: it loads pictures of this server, and nothing else
 */
record GalleryPage(String html, String policy) {

    private static final int PICTURES_A_PAGE = 200;
    private static final int THUMBNAIL_WIDTH = 320;
    private static final int LOOK_WIDTH = 1600;

    /**
     * Makes the page.
     *
     * @param query {@code page}, from 1, if there are many pictures
     * @throws Refusal 404 if there is no such page
     */
    static GalleryPage of(List<PictureFile> pictures, Fields query) throws IOException, Refusal {
        int pages = Math.max(1, (pictures.size() + PICTURES_A_PAGE - 1) / PICTURES_A_PAGE);
        int page = page(query, pages);
        String style = resource("gallery.css");
        String script = resource("gallery.js");
        StringBuilder html = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>Pictures</title>\n"
                + "<meta name=\"viewport\" content=\"width=device-width\">\n<link rel=\"icon\" href=\"data:,\">\n<style>").append(style)
                .append("</style>\n<h1>").append(pictures.size()).append(" pictures</h1>\n<ul>\n");
        for (PictureFile picture : pictures.subList((page - 1) * PICTURES_A_PAGE, Math.min(page * PICTURES_A_PAGE, pictures.size()))) {
            item(html, picture);
        }
        html.append("</ul>\n");
        if (pages > 1) {
            pages(html, page, pages);
        }
        html.append("<script>").append(script).append("</script>\n");
        return new GalleryPage(html.toString(), "default-src 'none'; img-src 'self' data:; base-uri 'none'; form-action 'none'; "
                + "frame-ancestors 'none'; style-src " + hash(style) + "; script-src " + hash(script));
    }

    private static int page(Fields query, int pages) throws Refusal {
        String text = query.getSize() == 0 ? "1" : query.getValue("page");
        if (text == null || !text.matches("[0-9]{1,6}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > pages) {
            throw new Refusal(404, "pages are 1 to " + pages);
        }
        return Integer.parseInt(text);
    }

    private static void item(StringBuilder html, PictureFile picture) {
        String place = "pictures/" + URLEncoder.encode(picture.name(), StandardCharsets.UTF_8).replace("+", "%20");
        String name = escaped(picture.name());
        html.append("<li><a class=\"picture\" href=\"").append(place).append("?width=").append(LOOK_WIDTH)
                .append("\"><img loading=\"lazy\" src=\"")
                .append(place).append("?width=").append(THUMBNAIL_WIDTH).append("\" alt=\"\">").append(name).append("</a> <a href=\"")
                .append(place).append("\" download aria-label=\"").append(name).append(", the file\">")
                .append((picture.bytes() + 999) / 1000).append(" kB</a>\n");
    }

    private static void pages(StringBuilder html, int page, int pages) {
        html.append("<nav aria-label=\"Pages\">");
        if (page > 1) {
            html.append("<a href=\"?page=").append(page - 1).append("\" rel=\"prev\">Back</a> ");
        }
        html.append("Page ").append(page).append(" of ").append(pages);
        if (page < pages) {
            html.append(" <a href=\"?page=").append(page + 1).append("\" rel=\"next\">Further</a>");
        }
        html.append("</nav>\n");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;").replace("'", "&#39;");
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = GalleryPage.class.getResourceAsStream(name)) {
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
