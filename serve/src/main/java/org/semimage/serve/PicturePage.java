// SPDX-License-Identifier: Apache-2.0
package org.semimage.serve;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The pages that compare what is left of a picture once it is coded. */
final class PicturePage {

    private static final List<String> SCRIPTS = List.of("base.js", "picture.js");

    private PicturePage() {
    }

    /**
     * The page of a picture.
     *
     * @param all     the pictures of the folder, of which it is one
     * @param subject what can be compared of it
     */
    static Page of(PictureFile picture, List<PictureFile> all, Subject subject) throws IOException {
        OptionalInt place = IntStream.range(0, all.size()).filter(i -> all.get(i).name().equals(picture.name())).findFirst();
        String previous = place.isPresent() && place.getAsInt() > 0 ? link(all.get(place.getAsInt() - 1), "prev", "Back") : "";
        String next = place.isPresent() && place.getAsInt() + 1 < all.size() ? link(all.get(place.getAsInt() + 1), "next", "Further") : "";
        String formats = Arrays.stream(CodedFormat.values()).filter(format -> format.isWritable() && !format.isProfile())
                .map(CodedFormat::label).collect(Collectors.joining(" "));
        String body = Page.filled("picture.html", Map.ofEntries(
                Map.entry("name", Page.escaped(picture.name())), Map.entry("place", Page.encoded(picture.name())),
                Map.entry("previous", previous), Map.entry("next", next), Map.entry("formats", formats),
                Map.entry("way", subject.way().name().toLowerCase(Locale.ROOT)),
                Map.entry("width", Integer.toString(subject.size().width)), Map.entry("height", Integer.toString(subject.size().height)),
                Map.entry("least", Long.toString(subject.least())), Map.entry("most", Long.toString(subject.most())),
                Map.entry("size", String.format(Locale.ROOT, "%,d bytes", picture.bytes()))));
        return Page.of(picture.name(), List.of("base.css", "picture.css"), SCRIPTS, body);
    }

    private static String link(PictureFile picture, String relation, String text) {
        return " <a href=\"" + Page.encoded(picture.name()) + "\" rel=\"" + relation + "\">" + text + "</a>";
    }

    /** The page to which clients send pictures. */
    static Page ofUploads(ServeOptions.Uploads limits) throws IOException {
        String body = Page.filled("upload.html", Map.of(
                "minutes", limits.life().toMinutes() > 0 ? limits.life().toMinutes() + " minutes" : limits.life().toSeconds() + " seconds",
                "limit", String.format(Locale.ROOT, "%,d bytes", limits.bytes())));
        return Page.of("A picture of your own", List.of("base.css", "picture.css", "upload.css"), List.of("base.js", "upload.js"), body);
    }
}
