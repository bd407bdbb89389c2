// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.semimage.cli.Sem;

import javax.imageio.ImageIO;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Every program and benchmark that a document names is there, and runs on its smallest input. */
class DocumentedProgramsTest {

    private static final Pattern PROGRAM = Pattern.compile("-Dbench\\.main=([A-Za-z0-9_.]+)");
    private static final Pattern BENCHMARK = Pattern.compile("-Dbench=\"?([A-Z][A-Za-z0-9]*Benchmark)\\b");
    private static final Pattern OTHER_MAVEN = Pattern.compile("(?m)^(?:[ \\t]*|.*`)(?:[A-Z_]+=\\S+ )?mvn .*$");

    /** By the program's name; {@code PICTURES} is a folder of pictures, {@code OUT} one to write to. */
    private static final Map<String, List<String>> SMALLEST = Map.ofEntries(
            Map.entry("AbortLatency", List.of("64", "48", "1", "transform")),
            Map.entry("CaptionSizes", List.of("PICTURES/texts.txt")),
            Map.entry("CodecTimes", List.of("PICTURES")),
            Map.entry("DescriptorFit", List.of("PICTURES", "1")),
            Map.entry("FirstLook", List.of("PICTURES/a.sem")),
            Map.entry("FirstPicture", List.of("1", "PICTURES/a.sem", "PICTURES/a.sem@8,8,64,64")),
            Map.entry("LatentRatesReport", List.of("OUT/plot.png", "PICTURES/table.tsv")),
            Map.entry("LosslessAndPng", List.of("PICTURES")),
            Map.entry("Overhead", List.of("PICTURES")),
            Map.entry("QualityCurve", List.of("1")),
            Map.entry("RefinementFit", List.of("PICTURES", "OUT/transform-1", "1", "1")),
            Map.entry("Reflections", List.of("PICTURES", "60")),
            Map.entry("RendererPairs", List.of("PICTURES", "OUT/pairs")),
            Map.entry("SmallFiles", List.of("PICTURES", "100", "OUT")),
            Map.entry("Soak", List.of("0.01")),
            Map.entry("TransformStages", List.of("PICTURES")),
            Map.entry("Truncation", List.of("PICTURES", "1")));

    /** Those that ask for a published pack, or for networks of gigabytes: they are only asked how they are called. */
    private static final List<String> TOO_LARGE = List.of("LatentRates", "LatentBenchmark");

    @TempDir
    private static Path folder;

    @BeforeAll
    static void drawPictures() throws IOException {
        Path pictures = Files.createDirectories(folder.resolve("pictures"));
        Files.createDirectories(folder.resolve("out"));
        assertEquals(0, Sem.commandLine().execute("draw", pictures.resolve("a.png").toString(), "--size", "360x256"));
        assertEquals(0, Sem.commandLine().execute("encode", pictures.resolve("a.png").toString(), pictures.resolve("a.sem").toString()));
        Files.writeString(pictures.resolve("texts.txt"), "A drawn picture.\nAnother one, with a boat.\n");
        Files.writeString(pictures.resolve("table.tsv"), Stream.of("transform\t10\t1000\t0.1\t20", "transform\t20\t2000\t0.2\t24",
                "transform\t30\t4000\t0.4\t28", "transform\t40\t8000\t0.8\t32", "palette\t4x8\t1500\t0.15\t19",
                "palette\t16x8\t2500\t0.25\t22", "palette\t64x8\t5000\t0.5\t26",
                "palette\t256x8\t9000\t0.9\t30").map(row -> "a.png\t" + row + "\n").reduce("", String::concat));
        Path pack = Files.createDirectories(folder.resolve("out/transform-1"));
        try (Stream<Path> files = Files.list(root().resolve("imageio-sem/src/main/resources/org/semimage/packs/transform-1"))) {
            for (Path file : files.toList()) {
                Files.copy(file, pack.resolve(file.getFileName()));
            }
        }
    }

    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        while (Files.notExists(here.resolve("mvnw"))) {
            here = here.getParent();
        }
        return here;
    }

    private static String documents() throws IOException {
        StringBuilder text = new StringBuilder();
        for (Path place : new Path[] {root(), root().resolve("docs"), root().resolve("training")}) {
            try (Stream<Path> files = Files.list(place)) {
                for (Path file : files.filter(f -> f.toString().endsWith(".md")).sorted().toList()) {
                    text.append(Files.readString(file)).append('\n');
                }
            }
        }
        return text.toString();
    }

    private static TreeSet<String> named(Pattern pattern) throws IOException {
        TreeSet<String> names = new TreeSet<>();
        Matcher matcher = pattern.matcher(documents());
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        assertFalse(names.isEmpty());
        return names;
    }

    @TestFactory
    Stream<DynamicTest> everyProgramRuns() throws IOException {
        return named(PROGRAM).stream().map(name -> DynamicTest.dynamicTest(name, () -> {
            Class<?> program = Class.forName(name);
            if (TOO_LARGE.contains(program.getSimpleName())) {
                String usage = assertThrows(IllegalArgumentException.class, () -> run(program)).getMessage();
                assertTrue(usage.startsWith("usage: " + program.getSimpleName() + " "), usage);
                return;
            }
            List<String> smallest = SMALLEST.get(program.getSimpleName());
            assertNotNull(smallest, "no input for " + name);
            String said = run(program, smallest.stream().map(a -> a.replace("PICTURES", folder.resolve("pictures").toString())
                    .replace("OUT", folder.resolve("out").toString())).toArray(String[]::new));
            assertTrue(said.lines().count() > 0, "it says nothing");
        }));
    }

    /** What a program writes to the standard output. */
    private static String run(Class<?> program, String... arguments) throws Throwable {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream out = System.out;
        boolean cached = ImageIO.getUseCache();
        System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            program.getMethod("main", String[].class).invoke(null, (Object) arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        } finally {
            System.setOut(out);
            ImageIO.setUseCache(cached);
        }
        return said.toString(StandardCharsets.UTF_8);
    }

    @Test
    void everyBenchmarkIsThere() throws IOException {
        String classes = System.getProperty("java.class.path");
        for (String name : named(BENCHMARK)) {
            boolean found = Stream.of(classes.split(File.pathSeparator)).map(Path::of).filter(Files::isDirectory)
                    .anyMatch(place -> Files.exists(place.resolve("org/semimage/conformance/bench/" + name + ".class")));
            assertTrue(found, name);
        }
    }

    /** A fresh clone brings its Maven along; there need be no other. */
    @Test
    void everyCommandUsesTheMavenThatIsThere() throws IOException {
        assertEquals("", OTHER_MAVEN.matcher(documents()).results().map(found -> found.group() + "\n").reduce("", String::concat));
    }
}
