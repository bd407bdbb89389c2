// SPDX-License-Identifier: Apache-2.0
package org.semimage.serve;

import org.eclipse.jetty.util.Fields;

import java.io.IOException;
import java.util.List;

/** The page that shows a folder. */
final class GalleryPage {

    private static final int PICTURES_A_PAGE = 200;
    private static final int THUMBNAIL_WIDTH = 320;

    private GalleryPage() {
    }

    /**
     * Makes the page.
     *
     * @param query   {@code page}, from 1, if there are many pictures
     * @param uploads whether clients may send pictures
     * @throws Refusal 404 if there is no such page
     */
    static Page of(List<PictureFile> pictures, Fields query, boolean uploads) throws IOException, Refusal {
        int pages = Math.max(1, (pictures.size() + PICTURES_A_PAGE - 1) / PICTURES_A_PAGE);
        int page = page(query, pages);
        StringBuilder html = new StringBuilder("<h1>").append(pictures.size())
                .append(pictures.size() == 1 ? " picture" : " pictures").append("</h1>\n");
        if (uploads) {
            html.append("<p><a href=\"upload\">Try a picture of your own</a>\n");
        }
        html.append("<ul class=\"pictures\">\n");
        for (PictureFile picture : pictures.subList((page - 1) * PICTURES_A_PAGE, Math.min(page * PICTURES_A_PAGE, pictures.size()))) {
            item(html, picture);
        }
        html.append("</ul>\n");
        if (pages > 1) {
            pages(html, page, pages);
        }
        return Page.of("Pictures", List.of("base.css", "gallery.css"), List.of("gallery.js"), html.toString());
    }

    private static int page(Fields query, int pages) throws Refusal {
        String text = query.getSize() == 0 ? "1" : query.getValue("page");
        if (text == null || !text.matches("[0-9]{1,6}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > pages) {
            throw new Refusal(404, "pages are 1 to " + pages);
        }
        return Integer.parseInt(text);
    }

    private static void item(StringBuilder html, PictureFile picture) {
        String place = Page.encoded(picture.name());
        String name = Page.escaped(picture.name());
        html.append("<li><a class=\"picture\" href=\"view/").append(place).append("\"><img loading=\"lazy\" src=\"pictures/")
                .append(place).append("?width=").append(THUMBNAIL_WIDTH).append("\" alt=\"\">").append(name)
                .append("</a> <a href=\"pictures/").append(place).append("\" download aria-label=\"").append(name).append(", the file\">")
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
}
