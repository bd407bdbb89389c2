// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.kit;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import com.google.gson.reflect.TypeToken;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A folder of vectors: files {@code NAME.sem}, for each what is due in {@code NAME.json}, references in {@code NAME.png}, and the table
 * of requirements in {@code requirements.json}.
 *
 * @param folder       where they are
 * @param due          by name, in order
 * @param requirements all of the format's
 */
record Vectors(Path folder, Map<String, Due> due, List<Requirement> requirements) {

    static final String REQUIREMENTS = "requirements.json";
    private static final String SEM = ".sem";
    private static final Gson GSON = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();
    private static final Gson NUMBERS = new GsonBuilder().disableHtmlEscaping().create();

    /**
     * Reads a folder.
     *
     * @throws IOException if it holds no vectors, or a file without its JSON, or JSON that is malformed
     */
    static Vectors load(Path folder) throws IOException {
        Map<String, Due> due = new TreeMap<>();
        if (!Files.isDirectory(folder)) {
            throw new IOException(folder + " is no folder");
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(f -> f.getFileName().toString().endsWith(SEM)).sorted().toList()) {
                String name = file.getFileName().toString();
                name = name.substring(0, name.length() - SEM.length());
                due.put(name, read(folder.resolve(name + ".json"), Due.class));
            }
        }
        if (due.isEmpty()) {
            throw new IOException("no vectors in " + folder);
        }
        List<Requirement> requirements = new ArrayList<>();
        for (Requirement requirement : read(folder.resolve(REQUIREMENTS), Requirement[].class)) {
            requirements.add(requirement);
        }
        return new Vectors(folder, due, requirements);
    }

    private static <T> T read(Path file, Class<T> type) throws IOException {
        try {
            return new Gson().fromJson(Files.readString(file, StandardCharsets.UTF_8), TypeToken.get(type));
        } catch (JsonParseException e) {
            throw new IOException(file + " is malformed: " + e.getMessage(), e);
        }
    }

    /** The JSON of an object in ASCII, so that lone surrogates survive, with a line break at its end. */
    static String json(Object object) {
        String pretty = GSON.toJson(object);
        if (object instanceof Due due && due.pictures() != null && due.pictures().stream().anyMatch(p -> p.descriptors() != null)) {
            pretty = NUMBERS.toJson(object).replace("],[", "],\n[").replace(",\"", ",\n\"");
        }
        StringBuilder ascii = new StringBuilder();
        for (char c : pretty.toCharArray()) {
            if (c < 0x7F) {
                ascii.append(c);
            } else {
                ascii.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            }
        }
        return ascii.append('\n').toString();
    }

    Path file(String name) {
        return folder.resolve(name + SEM);
    }

    /** For each requirement that binds decoders, the vectors that show it, in the order of the table. */
    Map<Requirement, List<String>> coverage() {
        Map<Requirement, List<String>> coverage = new LinkedHashMap<>();
        for (Requirement requirement : requirements) {
            if (requirement.bindsDecoders()) {
                coverage.put(requirement, due.entrySet().stream().filter(e -> e.getValue().requirements().contains(requirement.id()))
                        .map(Map.Entry::getKey).toList());
            }
        }
        return coverage;
    }
}
