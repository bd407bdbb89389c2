// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.bench;

import org.semimage.model.Models;
import org.semimage.text.TextCodec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Measures texts as they are coded, in whole bytes, and how long that takes.
 * {@code -Dbench.main=org.semimage.conformance.bench.CaptionSizes -Dbench=FILE}, the file holding a text a line.
 */
public final class CaptionSizes {

    private CaptionSizes() {
    }

    /** One line of means over the texts of a file, then one about a text of 10,000 characters made of them. */
    public static void main(String[] arguments) throws IOException {
        Arguments.require(1, arguments, "CaptionSizes FILE, which holds a text a line");
        List<String> texts = Files.readAllLines(Path.of(arguments[0]));
        long start = System.nanoTime();
        TextCodec codec = Models.textCodec();
        codec.decode(codec.encode(texts.get(0)));
        System.out.println(String.format(Locale.ROOT, "first text, prior loaded: %.0f ms", (System.nanoTime() - start) / 1e6));
        print("mean of " + texts.size() + " texts", codec, texts);
        print("10,000 characters", codec, List.of(String.join(" ", texts.subList(0, Math.min(400, texts.size())))
                .repeat(10_000 / texts.get(0).length() + 1).substring(0, 10_000)));
    }

    private static void print(String what, TextCodec codec, List<String> texts) throws IOException {
        long bytes = 0;
        long characters = 0;
        double encode = 0;
        double decode = 0;
        for (String text : texts) {
            long start = System.nanoTime();
            byte[] coded = codec.encode(text);
            long middle = System.nanoTime();
            if (!codec.decode(coded).equals(text)) {
                throw new IllegalStateException("not the same text: " + text);
            }
            encode += (middle - start) / 1e6;
            decode += (System.nanoTime() - middle) / 1e6;
            bytes += coded.length;
            characters += text.length();
        }
        System.out.println(String.format(Locale.ROOT,
                "%s: %.1f characters, %.1f bits, %.3f bits a character, encode %.2f ms, decode %.2f ms", what,
                (double) characters / texts.size(), 8.0 * bytes / texts.size(), 8.0 * bytes / characters,
                encode / texts.size(), decode / texts.size()));
    }
}
