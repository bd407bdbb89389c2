// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.tensor;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class JsonTest {

    private static void assertWrong(String part, String text) {
        String message = assertThrows(IllegalArgumentException.class, () -> Json.parse(text)).getMessage();
        assertTrue(message.contains(part), message);
    }

    @Test
    void valuesOfEveryKindAreRead() {
        Json json = Json.parse(" {\"a\": [1, -20, 9223372036854775807], \"b\": {\"c\": \"d\"}, \"e\": true, \"f\": false, "
                + "\"g\": null,\n\t\"h\": -1.5e+3, \"\": []}\r ");
        assertEquals(List.of("a", "b", "e", "f", "g", "h", ""), List.copyOf(json.members().keySet()));
        assertEquals(List.of(1L, -20L, Long.MAX_VALUE), json.get("a").elements().stream().map(Json::integer).toList());
        assertEquals("d", json.get("b").get("c").string());
        assertEquals(List.of(), json.get("").elements());
    }

    @Test
    void valuesSayWhatTheyAreAndHowTheyStandInTheText() {
        Json json = Json.parse("{\"a\": [1, 2.50], \"b\": true, \"c\": null, \"d\": \"x\"}");
        assertEquals(List.of(Json.Kind.ARRAY, Json.Kind.FLAG, Json.Kind.NULL, Json.Kind.STRING),
                json.members().values().stream().map(Json::kind).toList());
        assertEquals(Json.Kind.OBJECT, json.kind());
        assertEquals(Json.Kind.NUMBER, json.get("a").elements().get(1).kind());
        assertEquals(2.5, json.get("a").elements().get(1).number());
        assertEquals("[1, 2.50]", json.get("a").toString());
        assertTrue(json.get("b").flag());
        assertTrue(json.find("c").isPresent() && json.find("e").isEmpty());
        assertThrows(IllegalArgumentException.class, () -> json.get("d").number());
        assertThrows(IllegalArgumentException.class, () -> json.get("d").flag());
    }

    @Test
    void aQuotedTextIsThatText() {
        String text = "a\"b\\c\n\u0001\u20ac\ud83d\ude00/";
        assertEquals(text, Json.parse(Json.quoted(text)).string());
    }

    @Test
    void escapesMeanTheirCharacters() {
        assertEquals("\"\\/\b\f\n\r\t\u20ac\ud83d\ude00\u00e9",
                Json.parse("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u20aC\\ud83d\\ude00\u00e9\"").string());
    }

    @Test
    void whatIsOfAnotherKindIsNamed() {
        Json json = Json.parse("{\"a\": [\"x\"], \"b\": 1.0, \"c\": 9223372036854775808, \"d\": null}");
        assertEquals("'a' is no object", assertThrows(IllegalArgumentException.class, () -> json.get("a").members()).getMessage());
        assertEquals("'a' has no 'x'",
                assertThrows(IllegalArgumentException.class, () -> Json.parse("{\"a\": {}}").get("a").get("x")).getMessage());
        assertEquals("an element of 'a' is no whole number",
                assertThrows(IllegalArgumentException.class, () -> json.get("a").elements().get(0).integer()).getMessage());
        assertEquals("'b' is no whole number", assertThrows(IllegalArgumentException.class, () -> json.get("b").integer()).getMessage());
        assertEquals("'c' is no whole number", assertThrows(IllegalArgumentException.class, () -> json.get("c").integer()).getMessage());
        assertEquals("'d' is no string", assertThrows(IllegalArgumentException.class, () -> json.get("d").string()).getMessage());
        assertEquals("the text is no array", assertThrows(IllegalArgumentException.class, json::elements).getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{", "[", "\"", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "[1", "[1,", "[1,]",
            "[,]", "{,}", "{a:1}", "{'a':1}", "{1:1}",
        "{\"a\" 1}", "[1 2]", "01", "+1", "-", ".5", "1.", "1e", "1e+", "0x1", "NaN", "Infinity", "tru", "TRUE", "nul", "nulls", "\"\\x\"",
                "\"\\u12\"", "\"\\u12g4\"", "\"\\",
        "\"a\nb\"", "\"a\tb\"", "1 1", "{} {}", "[]]", "// c\n1", "/* c */1", "\ufeff1", "\u00a01", ";", "=", "[1;2]"})
    void whatIsNoJsonIsRefused(String text) {
        assertWrong(" at character ", text);
    }

    @Test
    void aNameStandsOnceInAnObject() {
        assertWrong("'a' stands twice at character 11", "{\"a\": 1,\"a\": 1}");
        assertWrong("'a' stands twice", "{\"a\": 1, \"\\u0061\": 1}");
    }

    @Test
    void depthAndNumberOfValuesHaveLimits() {
        Json.parse("[".repeat(Json.MAX_DEPTH) + "1" + "]".repeat(Json.MAX_DEPTH));
        assertWrong("more than 32 levels at character 33", "[".repeat(Json.MAX_DEPTH + 1) + "1" + "]".repeat(Json.MAX_DEPTH + 1));
        assertWrong("more than 32 levels", "[".repeat(1 << 20));
        assertWrong("more than 32 levels", "{\"a\":".repeat(1 << 20));
        assertWrong("more than 1048576 values", "[" + "[],".repeat(Json.MAX_VALUES) + "[]]");
    }

    @Test
    void longNumbersAndStringsTakeNoLongTime() {
        assertThrows(IllegalArgumentException.class, () -> Json.parse("1".repeat(1 << 22)).integer());
        assertThrows(IllegalArgumentException.class, () -> Json.parse("0." + "1".repeat(1 << 22) + "e999999999").integer());
        assertEquals(1 << 22, Json.parse("\"" + "a".repeat(1 << 22) + "\"").string().length());
    }

    @Provide
    private Arbitrary<String> nearlyJson() {
        return Arbitraries.of("{", "}", "[", "]", ",", ":", "\"", "\\", "\"a\"", "\"b\":", "1", "-", "0.5", "e", "true", "null", "u0041",
                " ", "\n", "\u0000", "\u00e9")
                .list().ofMaxSize(12).map(parts -> String.join("", parts));
    }

    /** Another reader, which is more tolerant, reads the same. */
    @Property(tries = 3000)
    void anyTextIsRefusedOrReadAsByAnother(@ForAll("nearlyJson") String text) {
        Json json;
        try {
            json = Json.parse(text);
        } catch (IllegalArgumentException e) {
            assertTrue(e.getMessage().contains(" at character "), e.getMessage());
            return;
        }
        assertSame(JsonParser.parseString(text), json);
    }

    private static void assertSame(JsonElement expected, Json found) {
        if (expected.isJsonObject()) {
            assertEquals(expected.getAsJsonObject().keySet(), found.members().keySet());
            expected.getAsJsonObject().keySet().forEach(name -> assertSame(expected.getAsJsonObject().get(name), found.get(name)));
        } else if (expected.isJsonArray()) {
            assertEquals(expected.getAsJsonArray().size(), found.elements().size());
            for (int i = 0; i < found.elements().size(); i++) {
                assertSame(expected.getAsJsonArray().get(i), found.elements().get(i));
            }
        } else if (expected.isJsonPrimitive() && expected.getAsJsonPrimitive().isString()) {
            assertEquals(expected.getAsString(), found.string());
        } else {
            assertThrows(IllegalArgumentException.class, found::string);
        }
    }
}
