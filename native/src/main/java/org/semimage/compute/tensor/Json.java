// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.tensor;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A JSON value (RFC 8259), read strictly: a name stands once in an object, nothing follows the value, and depth and number of values have
 * limits.
 *
 * <p>All errors are IllegalArgumentExceptions. The message says what is wrong and where.
 */
public final class Json {

    static final int MAX_DEPTH = 32;

    /** A header of as many tensors as a file may have takes half of these. */
    static final int MAX_VALUES = 1 << 20;

    /** Of the member that the value stands in; null if it is the text itself, or an element of it. */
    private final String name;

    /** How many arrays it stands in there. */
    private final int arrays;

    /** Of an object, unmodifiable, else null. */
    private final Map<String, Json> members;

    /** Of an array, else null. */
    private final List<Json> elements;

    /** A string, a long, a double, a boolean, or null. */
    private final Object scalar;

    /** What the value was read from, and its place there. */
    private final String text;
    private final int from;
    private final int to;

    private Json(String name, int arrays, Map<String, Json> members, List<Json> elements, Object scalar, String text, int from, int to) {
        this.name = name;
        this.arrays = arrays;
        this.members = members == null ? null : Collections.unmodifiableMap(members);
        this.elements = elements;
        this.scalar = scalar;
        this.text = text;
        this.from = from;
        this.to = to;
    }

    /** What a value is. */
    public enum Kind {
        /** Has {@link #members}. */
        OBJECT,
        /** Has {@link #elements}. */
        ARRAY,
        /** Is a {@link #string}. */
        STRING,
        /** Is a {@link #number}, perhaps an {@link #integer}. */
        NUMBER,
        /** Is a {@link #flag}. */
        FLAG,
        /** Is nothing. */
        NULL
    }

    /**
     * Reads a text.
     *
     * @throws IllegalArgumentException if the text is not one JSON value, or exceeds a limit
     */
    public static Json parse(String text) {
        return new Parser(text).whole();
    }

    /** A text as a JSON string, between quotation marks. */
    public static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.chars().forEach(c -> quoted.append(c < ' ' ? String.format("\\u%04x", c) : c == '"' || c == '\\' ? "\\" + (char) c
                : String.valueOf((char) c)));
        return quoted.append('"').toString();
    }

    /** What this value is. */
    public Kind kind() {
        return members != null ? Kind.OBJECT : elements != null ? Kind.ARRAY : scalar instanceof String ? Kind.STRING
                : scalar instanceof Number ? Kind.NUMBER : scalar instanceof Boolean ? Kind.FLAG : Kind.NULL;
    }

    /** Where the value stands. */
    private String where() {
        return "an element of ".repeat(arrays) + (name == null ? "the text" : "'" + name + "'");
    }

    private IllegalArgumentException isNo(String what) {
        return new IllegalArgumentException(where() + " is no " + what);
    }

    /**
     * The members of an object, in the text's order.
     *
     * @throws IllegalArgumentException if this is no object
     */
    public Map<String, Json> members() {
        if (members == null) {
            throw isNo("object");
        }
        return members;
    }

    /**
     * A member of an object.
     *
     * @throws IllegalArgumentException if this is no object, or has no member of the name
     */
    public Json get(String wanted) {
        Json member = members().get(wanted);
        if (member == null) {
            throw new IllegalArgumentException(where() + " has no '" + wanted + "'");
        }
        return member;
    }

    /**
     * A member of an object, if there is one of the name.
     *
     * @throws IllegalArgumentException if this is no object
     */
    public Optional<Json> find(String wanted) {
        return Optional.ofNullable(members().get(wanted));
    }

    /**
     * The elements of an array.
     *
     * @throws IllegalArgumentException if this is no array
     */
    public List<Json> elements() {
        if (elements == null) {
            throw isNo("array");
        }
        return Collections.unmodifiableList(elements);
    }

    /**
     * The characters of a string, with escapes resolved.
     *
     * @throws IllegalArgumentException if this is no string
     */
    public String string() {
        if (scalar instanceof String text) {
            return text;
        }
        throw isNo("string");
    }

    /**
     * The value of a whole number.
     *
     * @throws IllegalArgumentException if this is no number without fraction and exponent, or needs more than 64 bits
     */
    public long integer() {
        if (scalar instanceof Long number) {
            return number;
        }
        throw isNo("whole number");
    }

    /**
     * The value of any number; one beyond the range of doubles is infinite.
     *
     * @throws IllegalArgumentException if this is no number; one beyond the range of doubles is infinite
     */
    public double number() {
        if (scalar instanceof Number number) {
            return number.doubleValue();
        }
        throw isNo("number");
    }

    /**
     * The value of true or false.
     *
     * @throws IllegalArgumentException if this is neither true nor false
     */
    public boolean flag() {
        if (scalar instanceof Boolean flag) {
            return flag;
        }
        throw isNo("flag");
    }

    /** The value as it stands in its text. */
    @Override
    public String toString() {
        return text.substring(from, to);
    }

    /** Reads a text from its beginning to its end. */
    private static final class Parser {

        /** Digits of a number that fits a long, whatever they are. */
        private static final int SHORT = 18;
        private static final String ESCAPED = "\"\\/bfnrt";
        private static final String MEANT = "\"\\/\b\f\n\r\t";

        private final String text;
        private int at;
        private int values;

        private Parser(String text) {
            this.text = text;
        }

        private Json whole() {
            Json json = value(null, 0, 0);
            skipSpace();
            if (at < text.length()) {
                throw wrong("something behind the value");
            }
            return json;
        }

        private IllegalArgumentException wrong(String what) {
            return new IllegalArgumentException(what + " at character " + at);
        }

        private void skipSpace() {
            while (at < text.length() && text.charAt(at) <= ' ' && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
        }

        /** Takes a character behind white space, if it is there. */
        private boolean take(char wanted) {
            skipSpace();
            boolean there = at < text.length() && text.charAt(at) == wanted;
            at += there ? 1 : 0;
            return there;
        }

        private void need(char wanted) {
            if (!take(wanted)) {
                throw wrong("no '" + wanted + "'");
            }
        }

        private Json value(String name, int arrays, int depth) {
            if (depth > MAX_DEPTH) {
                throw wrong("more than " + MAX_DEPTH + " levels");
            }
            if (++values > MAX_VALUES) {
                throw wrong("more than " + MAX_VALUES + " values");
            }
            skipSpace();
            int from = at;
            Map<String, Json> members = take('{') ? object(depth) : null;
            List<Json> elements = members == null && take('[') ? array(name, arrays + 1, depth) : null;
            Object scalar = members == null && elements == null ? scalar() : null;
            return new Json(name, arrays, members, elements, scalar, text, from, at);
        }

        private Object scalar() {
            if (take('"')) {
                return characters();
            }
            return text.startsWith("true", at) ? literal("true", true) : text.startsWith("false", at) ? literal("false", false)
                    : text.startsWith("null", at) ? literal("null", null) : number();
        }

        private Object literal(String name, Object meant) {
            at += name.length();
            return meant;
        }

        private Map<String, Json> object(int depth) {
            Map<String, Json> members = new LinkedHashMap<>();
            boolean more = !take('}');
            while (more) {
                need('"');
                String name = characters();
                if (members.containsKey(name)) {
                    throw wrong("'" + name + "' stands twice");
                }
                need(':');
                members.put(name, value(name, 0, depth + 1));
                more = take(',');
                if (!more) {
                    need('}');
                }
            }
            return members;
        }

        private List<Json> array(String name, int arrays, int depth) {
            if (take(']')) {
                return List.of();
            }
            List<Json> elements = new ArrayList<>(2);
            do {
                elements.add(value(name, arrays, depth + 1));
            } while (take(','));
            need(']');
            return elements;
        }

        /** A string behind its quotation mark. */
        private String characters() {
            int plain = at;
            while (plain < text.length() && text.charAt(plain) >= ' ' && text.charAt(plain) != '"' && text.charAt(plain) != '\\') {
                plain++;
            }
            StringBuilder characters = new StringBuilder().append(text, at, plain);
            at = plain;
            while (at < text.length() && text.charAt(at) != '"') {
                char c = text.charAt(at);
                if (c < ' ') {
                    throw wrong("a control character");
                }
                at++;
                characters.append(c == '\\' ? escaped() : c);
            }
            if (at == text.length()) {
                throw wrong("no end of a string");
            }
            at++;
            return characters.toString();
        }

        /** The character that an escape means, behind its backslash. */
        private char escaped() {
            if (text.startsWith("u", at) && at + 5 <= text.length() && text.substring(at + 1, at + 5).matches("[0-9a-fA-F]{4}")) {
                at += 5;
                return (char) Integer.parseInt(text.substring(at - 4, at), 16);
            }
            int known = at < text.length() ? ESCAPED.indexOf(text.charAt(at)) : -1;
            if (known < 0) {
                throw wrong("an unknown escape");
            }
            at++;
            return MEANT.charAt(known);
        }

        /** Loaded for other numbers than short natural ones, which nearly all are. */
        private static final class Numbers {
            static final Pattern NUMBER = Pattern.compile("-?(?:0|[1-9][0-9]*+)(\\.[0-9]++)?+([eE][+-]?[0-9]++)?+");
        }

        private char peek(int i) {
            return i < text.length() ? text.charAt(i) : ' ';
        }

        private static boolean isDigit(char c) {
            return c >= '0' && c <= '9';
        }

        private Object number() {
            int end = at;
            long natural = 0;
            while (end < at + SHORT && isDigit(peek(end))) {
                natural = 10 * natural + (peek(end) - '0');
                end++;
            }
            char next = peek(end);
            boolean simple = end > at && (peek(at) != '0' || end == at + 1) && !isDigit(next) && ".eE".indexOf(next) < 0;
            if (!simple) {
                return anyNumber();
            }
            at = end;
            return natural;
        }

        private Object anyNumber() {
            Matcher number = Numbers.NUMBER.matcher(text).region(at, text.length());
            if (!number.lookingAt()) {
                throw wrong("no value");
            }
            at = number.end();
            boolean whole = number.group(1) == null && number.group(2) == null;
            try {
                return whole ? (Object) Long.valueOf(number.group()) : (Object) Double.valueOf(number.group());
            } catch (NumberFormatException e) {
                return Double.valueOf(number.group());
            }
        }
    }
}
