// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.kit;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import org.semimage.picture.PixelPlanes;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A decoder that is a command, run without a shell. Status 0 says that it decoded, any other up to 127 that it refused. A status above, as
 * of a signal, is a failure.
 */
final class CommandDecoder implements TestedDecoder {

    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");
    private static final int SAID = 200;
    private static final int SIGNALS = 128;

    private final List<String> words;

    /** What a decoder may write beside the picture, in the form of the vectors' own files. */
    private record Said(Boolean warning, List<Due.Picture> pictures) {
    }

    /**
     * A command.
     *
     * @param command words, in quotes where they hold spaces. {@code {in}} stands for the file, {@code {out.png}} for the picture to
     *                write, {@code {out.json}} for what else the decoder has to say, which need not be there
     * @throws IllegalArgumentException if there is no place for the file or the picture
     */
    CommandDecoder(String command) {
        words = new ArrayList<>();
        Matcher word = WORD.matcher(command);
        while (word.find()) {
            words.add(word.group(1) != null ? word.group(1) : word.group(2) != null ? word.group(2) : word.group(3));
        }
        for (String place : List.of("{in}", "{out.png}")) {
            if (words.stream().noneMatch(w -> w.contains(place))) {
                throw new IllegalArgumentException("the decoder's command has no " + place);
            }
        }
    }

    @Override
    public String name() {
        return String.join(" ", words);
    }

    @Override
    public Outcome decode(Path file, Duration limit) {
        Path folder = null;
        try {
            folder = Files.createTempDirectory("sem-conformance");
            return run(file, folder, limit);
        } catch (IOException e) {
            return Outcome.failed(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Outcome.failed("interrupted");
        } finally {
            delete(folder);
        }
    }

    private Outcome run(Path file, Path folder, Duration limit) throws IOException, InterruptedException {
        Path png = folder.resolve("out.png");
        Path json = folder.resolve("out.json");
        Path said = folder.resolve("said.txt");
        List<String> command = words.stream().map(word -> word.replace("{in}", file.toAbsolutePath().toString())
                .replace("{out.png}", png.toString()).replace("{out.json}", json.toString())).toList();
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
        } catch (IOException e) {
            return Outcome.failed("the decoder does not start: " + e.getMessage());
        }
        try {
            process.getOutputStream().close();
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                return Outcome.failed("took longer than " + limit.toSeconds() + " s");
            }
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
        return outcome(process.exitValue(), png, json, said);
    }

    /**
     * What a command that has ended made of a file.
     *
     * @param png  the picture, if there is one
     * @param json what else it says, if there is such
     * @param said what it printed, if there is such
     */
    static Outcome outcome(int status, Path png, Path json, Path said) throws IOException {
        if (status >= SIGNALS || status < 0) {
            return Outcome.failed("ended with status " + status + tail(said));
        }
        if (status != 0) {
            return Outcome.refused("status " + status + tail(said));
        }
        if (!Files.exists(png) && !Files.exists(json)) {
            return Outcome.failed("ended with status 0 and wrote no picture" + tail(said));
        }
        return shown(png, json);
    }

    private static Outcome shown(Path png, Path json) {
        PixelPlanes samples;
        try {
            samples = !Files.exists(png) ? null : Png.read(Files.readAllBytes(png));
        } catch (IOException | RuntimeException e) {
            return Outcome.failed("wrote what is no PNG: " + e.getMessage());
        }
        if (!Files.exists(json)) {
            return new Outcome(null, null, null, List.of(new Outcome.Shown(null, samples)), true);
        }
        try {
            Said facts = new Gson().fromJson(Files.readString(json), Said.class);
            List<Due.Picture> pictures = facts == null || facts.pictures == null ? List.of() : facts.pictures;
            Due.Picture first = pictures.isEmpty() ? null : pictures.get(0);
            return new Outcome(null, null, facts == null ? null : facts.warning, List.of(new Outcome.Shown(first, samples)), true);
        } catch (IOException | JsonParseException e) {
            return Outcome.failed("wrote what is no JSON of this form: " + e.getMessage());
        }
    }

    private static String tail(Path said) throws IOException {
        String text = !Files.exists(said) ? "" : new String(Files.readAllBytes(said), StandardCharsets.UTF_8).strip();
        return text.isEmpty() ? "" : ": " + text.substring(Math.max(0, text.length() - SAID)).replaceAll("\\s+", " ");
    }

    private static void delete(Path folder) {
        if (folder == null) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            folder.toFile().deleteOnExit();
        }
    }
}
