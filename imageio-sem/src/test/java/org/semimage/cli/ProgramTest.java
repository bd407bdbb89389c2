// SPDX-License-Identifier: Apache-2.0
package org.semimage.cli;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

import javax.imageio.ImageIO;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What the command line does as a process. */
class ProgramTest {

    private static final byte[] NOTHING = {};

    @TempDir
    private Path folder;

    @Test
    void picturesGoThroughPipes() throws Exception {
        Path original = Run.draw(folder, "original.png", "90x60");
        Path coded = folder.resolve("coded.sem");
        assertEquals(0, Run.of("encode", original, coded).status());

        Program encode = Program.of(Files.readAllBytes(original), "encode", "-", "-");
        assertEquals(0, encode.status(), encode.err());
        assertArrayEquals(Files.readAllBytes(coded), encode.out());
        assertTrue(encode.err().contains("-: 90x60, " + encode.out().length + " bytes"), encode.err());

        Program decode = Program.of(encode.out(), "decode", "-", "-", "--format", "bmp");
        assertEquals(0, decode.status(), decode.err());
        assertEquals("BM", new String(decode.out(), 0, 2));
        BufferedImage back = ImageIO.read(new ByteArrayInputStream(decode.out()));
        assertEquals(90, back.getWidth());

        Program truncate = Program.of(encode.out(), "truncate", "-", "-", "--bytes", 400);
        assertEquals(0, truncate.status(), truncate.err());
        assertEquals(400, truncate.out().length, 1);
        assertTrue(truncate.err().contains(truncate.out().length + " of " + encode.out().length + " bytes"), truncate.err());

        assertTrue(Program.of(truncate.out(), "info", "-").text().contains("90x60"));
        Program drawn = Program.of(NOTHING, "draw", "-", "--size", "20x10");
        assertEquals(20, ImageIO.read(new ByteArrayInputStream(drawn.out())).getWidth());
    }

    @Test
    void aFailureWritesNothingToAPipe() throws Exception {
        Program run = Program.of("no picture".getBytes(), "encode", "-", "-");
        assertEquals(1, run.status());
        assertEquals(0, run.out().length);
        assertEquals(1, run.err().lines().count(), run.err());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void outputThatCannotBeWrittenIsAFailure() throws Exception {
        Path original = Run.draw(folder, "original.png", "90x60");
        for (String arguments : List.of("encode " + original + " -", "draw " + folder.resolve("x.png"))) {
            List<String> command = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" > /dev/full", "sh"));
            command.addAll(Program.command((Object[]) arguments.split(" ")));
            Program run = Program.of(command, NOTHING, Map.of());
            assertEquals(1, run.status(), arguments);
            assertTrue(run.err().contains("sem: "), run.err());
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aSignalLeavesNoPart() throws Exception {
        Path original = Run.draw(folder, "original.png", "2000x1500");
        Process process = new ProcessBuilder(Program.command("encode", original, folder.resolve("coded.sem"), "--progressive"))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try {
            while (count() == 1 && process.isAlive()) {
                Thread.sleep(2);
            }
            assertTrue(process.isAlive(), "the part file is there while the process works");
            process.destroy();
            assertEquals(128 + 15, process.waitFor());
            assertEquals(1, count());
        } finally {
            process.destroyForcibly();
        }
    }

    private long count() throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return files.count();
        }
    }

    /** A locale that knows ASCII alone makes Java lose the rest of an argument, which must not pass for what was meant. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void anArgumentThatJavaCannotReadIsRefused() throws Exception {
        Path original = Run.draw(folder, "original.png", "90x60");
        Path coded = folder.resolve("coded.sem");
        Program run = Program.of(inUtf8(Program.command("encode", original, coded, "--profile", "caption", "--caption",
                "Gr\\303\\274\\303\\237e")), NOTHING, Map.of("LC_ALL", "C"));
        assertEquals(2, run.status(), run.err());
        assertTrue(run.err().contains("character set") && Files.notExists(coded), run.err());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void theScriptUnderstandsUtf8InThePlainLocale() throws Exception {
        Path original = Run.draw(folder, "original.png", "90x60");
        Path coded = folder.resolve("coded.sem");
        Path root = Files.createDirectories(folder.resolve("root"));
        Path script = Files.copy(script(), root.resolve("sem"));
        Files.createDirectories(root.resolve("target"));
        Path jar = Path.of(CommandLine.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        Files.writeString(root.resolve("target/sem-classpath"), jar + ":" + System.getProperty("java.class.path"));
        List<String> sem = List.of("sh", script.toString());
        Map<String, String> plain = Map.of("LC_ALL", "C", "JAVA_HOME", System.getProperty("java.home"));
        Program encode = Program.of(inUtf8(sem, "encode", original, coded, "--profile", "caption", "--caption", "Gr\\303\\274\\303\\237e"),
                NOTHING, plain);
        assertEquals(0, encode.status(), encode.err());
        assertEquals("Gr\u00FC\u00DFe", Run.of("caption", coded).out().strip());
        Program caption = Program.of(inUtf8(sem, "caption", coded), NOTHING, plain);
        assertEquals("Gr\u00FC\u00DFe", caption.text().strip());
    }

    /** What is wrong with an archive is nobody's business: Java does without. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void theScriptRunsWhateverItsArchiveHolds() throws Exception {
        Path target = Files.createDirectories(folder.resolve("root").resolve("target"));
        Path script = Files.copy(script(), folder.resolve("root").resolve("sem"));
        Path jar = Path.of(CommandLine.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        Files.writeString(target.resolve("sem-classpath"), jar + ":" + System.getProperty("java.class.path"));
        Path archive = target.resolve("sem-java-" + Runtime.version().feature() + ".jsa");
        Map<String, String> java = Map.of("JAVA_HOME", System.getProperty("java.home"));
        for (String content : List.of("", "no archive")) {
            Files.writeString(archive, content);
            Program run = Program.of(List.of("sh", script.toString(), "--version"), NOTHING, java);
            assertEquals(0, run.status(), run.err());
            assertEquals("", run.err());
            assertTrue(run.text().startsWith("sem "), run.text());
            assertEquals(content, Files.readString(archive));
        }
    }

    private static Path script() {
        Path here = Path.of("").toAbsolutePath();
        while (Files.notExists(here.resolve("sem"))) {
            here = here.getParent();
        }
        return here.resolve("sem");
    }

    private static List<String> inUtf8(List<String> command, Object... more) {
        List<String> all = new ArrayList<>(command);
        Stream.of(more).map(Object::toString).forEach(all::add);
        return inUtf8(all);
    }

    /** A command whose last argument has octal escapes of bytes, which no locale of this process can spoil. */
    private static List<String> inUtf8(List<String> command) {
        List<String> shell = new ArrayList<>(List.of("bash", "-c", "exec \"${@:1:$#-1}\" \"$(printf \"${@: -1}\")\"", "bash"));
        shell.addAll(command);
        return shell;
    }
}
