// SPDX-License-Identifier: Apache-2.0
package org.semimage.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** The option that says which pictures of a file are meant. */
final class PictureChoice {

    @Option(names = "--picture", paramLabel = "N|all", converter = Converter.class,
            description = "Which picture of a file with several: its number, 1 for the first, or all.")
    private Wanted wanted;

    /** One picture by its number from 1, or all. */
    private record Wanted(OptionalInt number) {
    }

    /** Refuses a text that is neither a number of a picture nor "all" with a {@link TypeConversionException}. */
    static final class Converter implements ITypeConverter<Wanted> {

        @Override
        public Wanted convert(String text) {
            if (text.equals("all")) {
                return new Wanted(OptionalInt.empty());
            }
            if (!text.matches("[1-9][0-9]{0,8}")) {
                throw new TypeConversionException("'" + text + "' is neither the number of a picture, 1 for the first, nor all");
            }
            return new Wanted(OptionalInt.of(Integer.parseInt(text)));
        }
    }

    /** Whether something was said. */
    boolean isMade() {
        return wanted != null;
    }

    /**
     * The chosen pictures' indices, from 0; the first alone unless something was said, and a warning if there are others.
     *
     * @param count the pictures of the file
     * @throws IOException if the file has not the picture that was asked for
     */
    List<Integer> orFirst(int count, Path file, PrintWriter err) throws IOException {
        if (wanted == null && count > 1) {
            warnOfOthers(count, file, "; --picture N takes another, --picture all takes all", err);
        }
        return wanted == null ? List.of(0) : orAll(count, file);
    }

    /** The same, but all pictures unless something was said. */
    List<Integer> orAll(int count, Path file) throws IOException {
        if (wanted == null || wanted.number.isEmpty()) {
            return IntStream.range(0, count).boxed().toList();
        }
        int number = wanted.number.getAsInt();
        if (number > count) {
            throw new IOException(file + " has no picture " + number + ", only " + count);
        }
        return List.of(number - 1);
    }

    /**
     * Says that a file holds more than is taken.
     *
     * @param way how to take more, or nothing
     */
    static void warnOfOthers(int count, Path file, String way, PrintWriter err) {
        err.println("sem: warning: " + file + " holds " + count + " pictures, of which the first is taken" + way);
    }
}
