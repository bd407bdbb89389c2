// SPDX-License-Identifier: Apache-2.0
package org.semimage.reflect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * English captions with a detail less: without what follows a comma or a preposition, or without a word between an article and its noun.
 * No grammar is known, so a shorter caption may be clumsy; it says nothing that the longer one does not.
 */
public final class CaptionDetails {

    /** Words that a phrase begins with which may go, from there to the end. */
    private static final Set<String> OPENERS = Set.of("with", "in", "on", "at", "near", "by", "under", "over", "behind", "beside", "next",
            "against", "along", "across", "around", "between", "through", "during", "while", "and", "that", "which", "surrounded", "above",
            "below", "from", "for", "beneath", "among", "towards", "toward", "into", "covered", "wearing", "holding");

    private static final Set<String> ARTICLES = Set.of("a", "an", "the", "two", "three", "four", "several", "some", "its", "his", "her",
            "their");

    /** Words that are left where they stand, as what follows hangs on them. */
    private static final Set<String> BONDS = Set.of("of", "to", "is", "are", "up", "front");

    private static final int LEAST_WORDS = 2;

    private CaptionDetails() {
    }

    /** All captions with one detail less, in no particular order; none of a caption of few words. */
    public static List<String> without(String caption) {
        List<String> words = Arrays.stream(caption.strip().split("\\s+")).toList();
        Set<String> shorter = new LinkedHashSet<>();
        for (int i = LEAST_WORDS; i < words.size(); i++) {
            boolean afterComma = words.get(i - 1).endsWith(",") || words.get(i - 1).endsWith(";");
            if (afterComma || OPENERS.contains(bare(words.get(i)))) {
                shorter.add(join(words.subList(0, i)));
            }
        }
        for (int i = 1; i + 1 < words.size(); i++) {
            boolean between = ARTICLES.contains(bare(words.get(i - 1))) && isPlain(words.get(i + 1));
            if (between && isPlain(words.get(i)) && words.size() > LEAST_WORDS) {
                shorter.add(join(less(words, i)));
            }
        }
        shorter.remove(caption);
        return List.copyOf(shorter);
    }

    private static boolean isPlain(String word) {
        String bare = bare(word);
        return !bare.isEmpty() && !OPENERS.contains(bare) && !ARTICLES.contains(bare) && !BONDS.contains(bare);
    }

    private static String bare(String word) {
        return word.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}'-]", "");
    }

    /** The words without one, and with the article that the next one wants. */
    private static List<String> less(List<String> words, int gone) {
        List<String> left = new ArrayList<>(words);
        left.remove(gone);
        String article = left.get(gone - 1);
        if (bare(article).equals("a") || bare(article).equals("an")) {
            boolean vowel = "aeiou".indexOf(Character.toLowerCase(left.get(gone).charAt(0))) >= 0;
            left.set(gone - 1, article.substring(0, 1) + (vowel ? "n" : ""));
        }
        return left;
    }

    private static String join(List<String> words) {
        return String.join(" ", words).replaceFirst("[,;]$", "");
    }
}
