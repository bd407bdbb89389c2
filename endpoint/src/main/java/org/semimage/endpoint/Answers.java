// SPDX-License-Identifier: Apache-2.0
package org.semimage.endpoint;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;

import javax.imageio.IIOException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What endpoints answer, as OpenAI's protocol has it. */
final class Answers {

    /** The longest sentence that is taken for a caption. */
    static final int MAX_CAPTION = 400;

    private static final int SHOWN_COMPLAINT = 200;

    private Answers() {
    }

    /**
     * The JSON of an answer.
     *
     * @throws IIOException if it is none
     */
    static JsonElement json(byte[] answer) throws IIOException {
        try (JsonReader reader = new JsonReader(new StringReader(new String(answer, StandardCharsets.UTF_8)))) {
            reader.setStrictness(Strictness.STRICT);
            JsonElement json = JsonParser.parseReader(reader);
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                throw new IIOException("the answer is no JSON: something stands behind it");
            }
            return json;
        } catch (IIOException e) {
            throw e;
        } catch (IOException | JsonParseException e) {
            throw new IIOException("the answer is no JSON", e);
        }
    }

    /** A value inside others: names of members, and places in arrays as numbers. */
    static Optional<JsonElement> at(JsonElement json, Object... way) {
        Optional<JsonElement> found = Optional.of(json);
        for (Object step : way) {
            found = found.flatMap(value -> step instanceof Integer place
                    ? value.isJsonArray() && value.getAsJsonArray().size() > place ? Optional.of(value.getAsJsonArray().get(place))
                    : Optional.empty()
                    : value.isJsonObject() ? Optional.ofNullable(value.getAsJsonObject().get((String) step)) : Optional.empty());
        }
        return found.filter(value -> !value.isJsonNull());
    }

    /** The text inside others. */
    static Optional<String> text(JsonElement json, Object... way) {
        return at(json, way).filter(value -> value.isJsonPrimitive() && value.getAsJsonPrimitive().isString())
                .map(JsonElement::getAsString);
    }

    /** Why there is no answer, in one line of bounded length; absent if nobody says. */
    static Optional<String> complaint(byte[] answer) {
        try {
            JsonElement json = json(answer);
            return text(json, "error", "message").or(() -> text(json, "error")).or(() -> text(json, "message"))
                    .or(() -> text(json, "detail")).map(Answers::oneLine).filter(line -> !line.isEmpty())
                    .map(line -> line.substring(0, Math.min(SHOWN_COMPLAINT, line.length())));
        } catch (IIOException e) {
            // Web servers complain in HTML, which says nothing that the status does not.
            return Optional.empty();
        }
    }

    /**
     * The captions of a chat's answer, one a line, without what models put around them.
     *
     * @return 1 to {@code count} captions, all different
     * @throws IIOException if there is none
     */
    static List<String> captions(byte[] answer, int count) throws IIOException {
        JsonElement json = json(answer);
        Optional<String> refusal = text(json, "choices", 0, "message", "refusal");
        if (refusal.isPresent()) {
            throw new IIOException("the model refuses to describe the picture");
        }
        String said = content(json).orElseThrow(() -> new IIOException("the answer has no message"));
        // Some servers leave in what a model says to itself first.
        String spoken = said.substring(Math.max(0, said.lastIndexOf("</think>"))).replace("</think>", "");
        Set<String> captions = spoken.lines().map(Answers::sentence).filter(line -> !line.isEmpty())
                .collect(Collectors.toCollection(LinkedHashSet::new));
        List<String> good = new ArrayList<>(captions.stream().filter(line -> line.length() <= MAX_CAPTION).limit(count).toList());
        if (good.isEmpty()) {
            throw new IIOException(captions.isEmpty() ? "the answer is empty"
                    : "the answer is no caption: more than " + MAX_CAPTION + " characters in a line");
        }
        return List.copyOf(good);
    }

    /** A message's text, whole or in parts. */
    private static Optional<String> content(JsonElement json) {
        Optional<JsonElement> content = at(json, "choices", 0, "message", "content");
        if (content.isPresent() && content.get().isJsonArray()) {
            StringBuilder text = new StringBuilder();
            content.get().getAsJsonArray().forEach(part -> text(part, "text").ifPresent(piece -> text.append(piece).append('\n')));
            return Optional.of(text.toString());
        }
        return text(json, "choices", 0, "message", "content");
    }

    /** A line without a list's number or bullet, quotes, and the full stop at its end. */
    private static String sentence(String line) {
        String bare = oneLine(line).replaceFirst("^(?:[-*\\u2022]|[0-9]{1,2}[.):])\\s+", "").replaceFirst("^\\*+", "")
                .replaceFirst("\\*+$", "");
        boolean quoted = bare.length() > 1 && "\"'\u201c\u201e\u00ab".indexOf(bare.charAt(0)) >= 0;
        String open = quoted ? bare.substring(1).replaceFirst("[\"'\u201d\u201c\u00bb]([.]?)$", "$1") : bare;
        return open.replaceFirst("(?<![.])[.]$", "").strip();
    }

    /** A text without line breaks and other control characters. */
    private static String oneLine(String text) {
        return text.codePoints().map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? ' ' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString()
                .replaceAll("\\s+", " ").strip();
    }
}
