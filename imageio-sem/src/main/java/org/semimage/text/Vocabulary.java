// SPDX-License-Identifier: Apache-2.0
package org.semimage.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The words of the text prior, and how a text is cut into them (FORMAT.md, "Text"). A word begins with the space that parts it
 * from the one before, or is punctuation; a text's tokens, put one behind the other, are the text behind one space.
 *
 * @param words the tokens' texts by number; those below {@link #SPECIAL} are markers
 * @param ids   the words' numbers
 */
record Vocabulary(List<String> words, Map<String, Integer> ids) {

    /** Ends a text. */
    static final int END = 0;

    /** A piece follows that is spelled. */
    static final int SPELL = 1;

    /** The next word goes without its leading space. */
    static final int JOIN = 2;

    /** The next word's first letter is a capital. */
    static final int CAPITAL = 3;

    /** All letters of the next word are capitals. */
    static final int UPPER = 4;

    /** The number of markers; the two that are not named choose parts of the vocabulary and are no tokens. */
    static final int SPECIAL = 7;

    private static final int LONGEST = 24;

    /**
     * A token of a text.
     *
     * @param id      its number
     * @param spelled what is spelled, if it is {@link #SPELL}; else null
     */
    record Token(int id, String spelled) {
    }

    private record Match(int id, int length) {
    }

    /** A vocabulary whose words have the numbers from {@link #SPECIAL} on. */
    static Vocabulary of(List<String> words) {
        List<String> all = new ArrayList<>();
        Map<String, Integer> ids = new HashMap<>();
        for (int i = 0; i < SPECIAL; i++) {
            all.add("");
        }
        for (String word : words) {
            ids.put(word, all.size());
            all.add(word);
        }
        return new Vocabulary(List.copyOf(all), Map.copyOf(ids));
    }

    /** Cuts a text into tokens, the longest words first; {@link #END} is the last. */
    List<Token> tokens(String caption) {
        String text = caption.isEmpty() ? "" : " " + caption;
        List<Token> tokens = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            boolean joined = isAlphanumeric(text.charAt(at));
            String rest = (joined ? " " : "") + text.substring(at, Math.min(text.length(), at + LONGEST + 2));
            int modifier = -1;
            Match match = match(rest);
            if (match == null && rest.length() > 1 && isCapital(rest.charAt(1))) {
                int capitals = capitals(rest);
                modifier = capitals > 1 ? UPPER : CAPITAL;
                match = match(lower(rest, capitals));
                if (match != null && capitals > 1 && match.length != 1 + capitals) {
                    match = null;
                }
            }
            if (match == null) {
                int end = spelledTo(text, at);
                tokens.add(new Token(SPELL, text.substring(at, end)));
                at = end;
                continue;
            }
            if (joined) {
                tokens.add(new Token(JOIN, null));
            }
            if (modifier >= 0) {
                tokens.add(new Token(modifier, null));
            }
            tokens.add(new Token(match.id, null));
            at += match.length - (joined ? 1 : 0);
        }
        tokens.add(new Token(END, null));
        return tokens;
    }

    /** A word as it stands in a text behind markers. */
    String dressed(int id, boolean join, int modifier) {
        String word = words.get(id);
        String rest = word.startsWith(" ") ? word.substring(1) : word;
        if (modifier == UPPER) {
            rest = raise(rest, rest.length());
        } else if (modifier == CAPITAL) {
            rest = raise(rest, Math.min(1, rest.length()));
        }
        return word.startsWith(" ") && !join ? " " + rest : rest;
    }

    /** The longest word that a text begins with and that does not end inside a run of letters and digits. */
    private Match match(String rest) {
        for (int length = Math.min(LONGEST, rest.length()); length > 0; length--) {
            Integer id = ids.get(rest.substring(0, length));
            boolean splits = length < rest.length() && isAlphanumeric(rest.charAt(length)) && isAlphanumeric(rest.charAt(length - 1));
            if (id != null && !splits) {
                return new Match(id, length);
            }
        }
        return null;
    }

    /** How many capitals are to be lowered behind the first character: a whole word of them, or one. */
    private static int capitals(String rest) {
        int end = 1;
        while (end < rest.length() && isCapital(rest.charAt(end))) {
            end++;
        }
        return end < rest.length() && isAlphanumeric(rest.charAt(end)) ? 1 : end - 1;
    }

    private static int spelledTo(String text, int from) {
        int end = from + 1;
        while (end < text.length() && (isAlphanumeric(text.charAt(end)) || text.charAt(end) > 127
                || text.charAt(end) == ' ' && end + 1 < text.length() && text.charAt(end + 1) > 127)) {
            end++;
        }
        return end;
    }

    private static String lower(String rest, int count) {
        StringBuilder lower = new StringBuilder(rest);
        for (int i = 1; i <= count; i++) {
            lower.setCharAt(i, (char) (rest.charAt(i) + 'a' - 'A'));
        }
        return lower.toString();
    }

    private static String raise(String word, int count) {
        StringBuilder raised = new StringBuilder(word);
        for (int i = 0; i < count; i++) {
            char c = word.charAt(i);
            raised.setCharAt(i, c >= 'a' && c <= 'z' ? (char) (c + 'A' - 'a') : c);
        }
        return raised.toString();
    }

    private static boolean isCapital(char c) {
        return c >= 'A' && c <= 'Z';
    }

    private static boolean isAlphanumeric(char c) {
        return c >= 'a' && c <= 'z' || isCapital(c) || c >= '0' && c <= '9';
    }
}
