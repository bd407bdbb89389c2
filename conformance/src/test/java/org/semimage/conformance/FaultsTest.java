// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.semimage.compute.backend.Backends;

import javax.imageio.ImageIO;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What a machine may do to a process: no memory, no room, an interrupt, another process in the way. */
class FaultsTest {

    private static final String SLOW = "Pictures are coded in Java";

    @TempDir
    private static Path folder;

    private static String classPath;
    private static File small;

    @BeforeAll
    static void prepare() throws IOException {
        List<Path> jars = ApplicationJars.in(folder);
        jars.add(Path.of(FaultProbe.class.getProtectionDomain().getCodeSource().getLocation().getPath()));
        classPath = jars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
        small = EncodedFiles.sem(40, 24, BufferedImage.TYPE_INT_RGB);
    }

    private static void assumeNative() {
        assumeTrue(Backends.isAvailable("native"), "there are no C++ kernels");
    }

    /** A command that runs the probe. */
    private static List<String> probe(List<String> options, String... arguments) {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.awt.headless=true", "-Xshare:auto"));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, FaultProbe.class.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    private static Process start(List<String> command) throws IOException {
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static String output(Process process) throws Exception {
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(process.waitFor(60, TimeUnit.SECONDS));
            assertEquals(0, process.exitValue(), output);
            return output;
        } finally {
            process.destroyForcibly();
        }
    }

    /** A folder holds JavaCPP's lock, libraries, and that the kernels passed; nothing half done, nothing twice. */
    private static void assertUnpacked(Path parent) throws IOException {
        try (Stream<Path> all = Files.walk(parent)) {
            List<String> names = all.filter(Files::isRegularFile).map(file -> file.getFileName().toString()).toList();
            assertEquals(1, names.stream().filter(name -> name.contains("jnisemkernels")).count(), names::toString);
            assertEquals(1, names.stream().filter(name -> name.startsWith("passed-")).count(), names::toString);
            assertTrue(names.stream().allMatch(name -> name.equals(".lock") || name.startsWith("passed-") || name.contains("jni")),
                    names::toString);
        }
    }

    @Test
    void anInterruptedThreadGetsThePictureAndTheKernels() throws Exception {
        assumeNative();
        String output = output(start(probe(List.of("-Duser.home=" + Files.createDirectory(folder.resolve("interrupted"))), "interrupted",
                small.getPath())));
        assertTrue(output.contains("40x24 with native") && output.contains(", interrupted"), output);
    }

    @Test
    void interruptsAtAnyMomentCostNeitherPicturesNorKernels() throws Exception {
        assumeNative();
        Path home = Files.createDirectory(folder.resolve("interrupts"));
        String output = output(start(probe(List.of("-Duser.home=" + home), "interrupts", small.getPath())));
        assertTrue(output.contains("10 rounds, interrupts are handed on") && output.contains("40x24 with native"), output);
        assertUnpacked(home);
    }

    @Test
    void processesThatUnpackTheLibraryAtOnceAllHaveIt() throws Exception {
        assumeNative();
        Path home = Files.createDirectory(folder.resolve("shared"));
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            processes.add(start(probe(List.of("-Duser.home=" + home), "nothing", small.getPath())));
        }
        for (Process process : processes) {
            String output = output(process);
            assertTrue(output.contains("40x24 with native"), output);
        }
        assertUnpacked(home);
    }

    /** The probe with a folder of 64 KB for a mount, which nobody else sees. */
    private static String inFullFolder(Path mount, List<String> options, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("unshare", "--map-root-user", "--mount", "sh", "-c",
                "mount -t tmpfs -o size=64k tmpfs \"$0\" && exec \"$@\"", mount.toString()));
        Process trial = start(List.of("unshare", "--map-root-user", "--mount", "sh", "-c", "mount -t tmpfs tmpfs \"$0\"",
                mount.toString()));
        trial.getInputStream().readAllBytes();
        assumeTrue(trial.waitFor() == 0, "this user may not mount");
        command.addAll(probe(options, arguments));
        return output(start(command));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aFullHomeIsReplacedByAFolderBelowTheTemporaryOne() throws Exception {
        assumeNative();
        Path home = Files.createDirectory(folder.resolve("full home"));
        Path temporary = Files.createDirectory(folder.resolve("temporary"));
        String output = inFullFolder(home, List.of("-Duser.home=" + home, "-Djava.io.tmpdir=" + temporary, "-Duser.name=me"), "nothing",
                small.getPath());
        assertTrue(output.contains("40x24 with native"), output);
        assertUnpacked(temporary.resolve("sem-natives-me"));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aFullFolderThatIsNamedCostsTheKernelsInCppOnly() throws Exception {
        assumeNative();
        Path cache = Files.createDirectory(folder.resolve("full cache"));
        String output = inFullFolder(cache, List.of("-Dorg.bytedeco.javacpp.cachedir=" + cache), "nothing", small.getPath());
        assertTrue(output.contains("40x24 with java") && output.contains(SLOW) && output.contains("No space left"), output);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aFullDiskLeavesAFileWithTwoNamesAsItWas() throws Exception {
        Path disk = Files.createDirectory(folder.resolve("full disk"));
        List<String> options = List.of("-Dorg.semimage.backend=java");
        String full = inFullFolder(disk, options, "replace", small.getPath(), disk.toString());
        assertTrue(full.contains("not replaced, 20000 and 20000"), full);
        String roomy = output(start(probe(options, "replace", small.getPath(), folder.toString())));
        assertTrue(roomy.contains("replaced, 200000 and 200000"), roomy);
    }

    /** A stream cannot take back what it has written: what is left of a file is told by its reader. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void aFullDiskFailsTheWriteOfAFileAndWhatIsLeftIsNoSoundPicture() throws Exception {
        Path disk = Files.createDirectory(folder.resolve("full disk of a file"));
        String full = inFullFolder(disk, List.of("-Dorg.semimage.backend=java"), "save", small.getPath(), disk + "/target");
        assertTrue(full.contains("not saved, No space left on device, left "), full);
        assertFalse(full.contains("without a warning"), full);
    }

    /** From what no picture of 1.4 megapixels can be read in, to what it can. */
    @ParameterizedTest
    @ValueSource(ints = {16, 32})
    void aHeapThatIsTooSmallRefusesAndGoesOn(int megabytes) throws Exception {
        Path large = folder.resolve("large.sem");
        if (Files.notExists(large)) {
            BufferedImage blank = new BufferedImage(1200, 1200, BufferedImage.TYPE_INT_RGB);
            assertTrue(ImageIO.write(blank, "sem", large.toFile()));
        }
        for (String work : List.of("read", "write")) {
            // JavaCPP's own limit of four heaps counts the machine itself, which takes as much as the smaller ones.
            String output = output(start(probe(List.of("-Xmx" + megabytes + "m", "-XX:+UseSerialGC",
                    "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0", "-Duser.home=" + folder.resolve("heaps")), work, small.getPath(),
                    large.toString())));
            assertTrue(output.contains("large: "), output);
            assertTrue(output.contains("40x24 with "), output);
            assertFalse(output.contains(SLOW), output);
        }
    }
}
