// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance;

import org.bytedeco.javacpp.Loader;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.semimage.compute.backend.Backends;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** The ways in which the plug-in comes to an application, each in a virtual machine of its own. */
class DeploymentTest {

    private static final String[] PURE_JAVA = {"-Dorg.semimage.backend=java"};

    /** How the log begins to say that it is slow. */
    private static final String SLOW = "WARNING: Pictures are coded in Java";

    @TempDir
    private static Path folder;

    private static File picture;
    private static List<Path> jars;

    @BeforeAll
    static void collectJars() throws IOException {
        picture = EncodedFiles.sem(40, 24, BufferedImage.TYPE_INT_RGB);
        jars = ApplicationJars.in(folder);
    }

    private static String path(List<Path> entries) {
        return entries.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    /** Where the probes are, and nothing else that they could use. */
    private static Path probes() throws IOException {
        Path classes = folder.resolve("probes");
        for (Class<?> probe : new Class<?>[] {DeploymentProbe.class, OverwritingProbe.class, RedeploymentProbe.class,
            SeveralApplicationsProbe.class}) {
            String name = probe.getName().replace('.', '/') + ".class";
            Path copy = classes.resolve(name);
            Files.createDirectories(copy.getParent());
            try (InputStream in = probe.getClassLoader().getResourceAsStream(name)) {
                Files.write(copy, in.readAllBytes());
            }
        }
        return classes;
    }

    private static String java(String[] options, Class<?> main, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.awt.headless=true", "-Duser.home=" + folder.resolve("home")));
        command.addAll(Arrays.asList(options));
        command.add(main.getName());
        command.addAll(Arrays.asList(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), output);
        return output;
    }

    private static String[] with(String[] options, String... more) {
        List<String> all = new ArrayList<>(Arrays.asList(options));
        all.addAll(Arrays.asList(more));
        return all.toArray(String[]::new);
    }

    private static String classPath(List<Path> entries) throws IOException {
        return path(entries) + File.pathSeparator + probes();
    }

    @Test
    void plainJarsOnTheClassPath() throws Exception {
        String output = java(with(PURE_JAVA, "-cp", classPath(jars)), DeploymentProbe.class, picture.getPath());
        assertTrue(output.contains("read 40x24, written true, module null"), output);
    }

    @Test
    void aPlugInWithoutItsClassesLeavesTheFileThatIsThere() throws Exception {
        Path file = Files.writeString(folder.resolve("precious.sem"), "precious");
        List<Path> incomplete = jars.stream()
                .filter(jar -> !jar.toString().contains("compute") && !jar.toString().contains("sem-native")).toList();
        String output = java(new String[] {"-cp", classPath(incomplete)}, OverwritingProbe.class, file.toString());
        assertTrue(output.contains("refused by java.lang.NoClassDefFoundError"), output);
        assertEquals("precious", Files.readString(file));
    }

    @Test
    void modulesOnTheModulePath() throws Exception {
        String output = java(new String[] {"--module-path", path(jars), "--add-modules", "ALL-MODULE-PATH", "-cp", probes().toString()},
                DeploymentProbe.class, picture.getPath());
        assertTrue(output.contains("read 40x24, written true, module org.semimage.imageio"), output);
    }

    /** As the jars of other platforms' libraries are: a module of its own without a package. */
    @Test
    void aLibraryInAModuleOfItsOwnRuns() throws Exception {
        assumeTrue(Backends.isAvailable("native"), "there are no C++ kernels");
        List<Path> modules = new ArrayList<>();
        for (Path jar : jars) {
            String name = jar.getFileName().toString();
            if (name.contains("org.semimage.compute") || name.startsWith("sem-native")) {
                modules.add(part(jar, "org.semimage.compute", entry -> !isOfLibrary(entry)));
                modules.add(part(jar, "org.semimage.compute.library", DeploymentTest::isOfLibrary));
            } else {
                modules.add(jar);
            }
        }
        String output = java(new String[] {"--module-path", path(modules), "--add-modules", "ALL-MODULE-PATH", "-cp", probes().toString()},
                DeploymentProbe.class, picture.getPath());
        assertFalse(output.contains(SLOW), output);
    }

    private static boolean isOfLibrary(String entry) {
        return entry.contains("/" + Loader.getPlatform() + "-");
    }

    /** Some entries of a jar as a module. */
    private static Path part(Path jar, String module, Predicate<String> some) throws IOException {
        Path part = folder.resolve(module + "-part.jar");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(new Attributes.Name("Automatic-Module-Name"), module);
        try (JarFile from = new JarFile(jar.toFile());
             JarOutputStream out = new JarOutputStream(Files.newOutputStream(part), manifest)) {
            for (JarEntry entry : Collections.list(from.entries())) {
                if (!entry.isDirectory() && !entry.getName().equals(JarFile.MANIFEST_NAME) && some.test(entry.getName())) {
                    out.putNextEntry(new JarEntry(entry.getName()));
                    from.getInputStream(entry).transferTo(out);
                }
            }
        }
        return part;
    }

    @Test
    void modulesThatMayCallNativesRunTheCppKernels() throws Exception {
        assumeTrue(Runtime.version().feature() >= 24, "older machines deny no native access");
        assumeTrue(Backends.isAvailable("native"), "there are no C++ kernels");
        String[] modules = {"--module-path", path(jars), "--add-modules", "ALL-MODULE-PATH", "-cp", probes().toString(),
            "--illegal-native-access=deny"};
        String allowed = java(with(modules, "--enable-native-access=org.bytedeco.javacpp,org.semimage.compute"),
                DeploymentProbe.class, picture.getPath());
        assertFalse(allowed.contains("WARNING"), allowed);
        for (String one : new String[] {"org.bytedeco.javacpp", "org.semimage.compute"}) {
            String half = java(with(modules, "--enable-native-access=" + one), DeploymentProbe.class, picture.getPath());
            assertSlowBecause("IllegalCallerException: Illegal native access from module", half);
        }
    }

    private static void assertSlowBecause(String reason, String output) {
        assertEquals(2, output.split(SLOW, -1).length, "it is said once: " + output);
        assertTrue(output.contains("read 40x24, written true") && output.contains(reason), output);
    }

    @Test
    void theLogSaysNothingOfWhatIsWell() throws Exception {
        assumeTrue(Backends.isAvailable("native"), "there are no C++ kernels");
        String output = java(new String[] {"-cp", classPath(jars)}, DeploymentProbe.class, picture.getPath());
        assertEquals("read 40x24, written true, module null",
                output.lines().filter(line -> !isOfTheMachine(line)).collect(Collectors.joining()));
    }

    /** What a virtual machine says of native access before it is asked to allow it. */
    private static boolean isOfTheMachine(String line) {
        return line.isEmpty() || line.startsWith("WARNING: A restricted method") || line.startsWith("WARNING: java.lang.System::load")
                || line.startsWith("WARNING: Use --enable-native-access") || line.startsWith("WARNING: Restricted methods");
    }

    @Test
    void aClassPathWithoutJavaCppRunsInJava() throws Exception {
        List<Path> without = jars.stream().filter(jar -> !jar.getFileName().toString().startsWith("javacpp")).toList();
        String output = java(new String[] {"-cp", classPath(without)}, DeploymentProbe.class, picture.getPath());
        assertSlowBecause("NoClassDefFoundError: org/bytedeco/javacpp/", output);
    }

    @Test
    void oneFatJarWithItsServicesMergedAndNoNativeLibraries() throws Exception {
        Path fat = folder.resolve("fat.jar");
        Map<String, byte[]> entries = new LinkedHashMap<>();
        for (Path jar : jars) {
            if (!jar.toString().contains("x86_64") && !jar.toString().contains("arm64")) {
                merge(jar, entries);
            }
        }
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(fat))) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                out.putNextEntry(new JarEntry(entry.getKey()));
                out.write(entry.getValue());
            }
        }
        String output = java(new String[] {"-cp", classPath(List.of(fat))}, DeploymentProbe.class, picture.getPath());
        assertTrue(output.contains("read 40x24, written true, module null"), output);
    }

    /** What maven-shade-plugin does with its ServicesResourceTransformer. */
    private static void merge(Path path, Map<String, byte[]> entries) throws IOException {
        try (JarFile jar = new JarFile(path.toFile())) {
            for (Enumeration<JarEntry> all = jar.entries(); all.hasMoreElements();) {
                JarEntry entry = all.nextElement();
                if (entry.isDirectory() || entry.getName().endsWith("module-info.class") || entry.getName().equals(JarFile.MANIFEST_NAME)) {
                    continue;
                }
                byte[] bytes = jar.getInputStream(entry).readAllBytes();
                if (entry.getName().startsWith("META-INF/services/")) {
                    ByteArrayOutputStream merged = new ByteArrayOutputStream();
                    merged.writeBytes(entries.getOrDefault(entry.getName(), new byte[0]));
                    merged.writeBytes(bytes);
                    merged.write('\n');
                    entries.put(entry.getName(), merged.toByteArray());
                } else {
                    entries.putIfAbsent(entry.getName(), bytes);
                }
            }
        }
    }

    @Test
    void aHomeAndATemporaryFolderThatCannotBeWrittenCostTheNativeLibrariesOnly() throws Exception {
        Path none = Files.writeString(folder.resolve("a file"), "").resolve("none");
        String output = java(new String[] {"-Duser.home=" + none, "-Djava.io.tmpdir=" + none, "-cp", classPath(jars)},
                DeploymentProbe.class, picture.getPath());
        boolean built = Backends.isAvailable("native");
        assertSlowBecause(built ? "-Dorg.bytedeco.javacpp.cachedir=DIR names another" : "this build has no C++ library", output);
    }

    @Test
    void aHomeThatCannotBeWrittenIsReplacedByAFolderBelowTheTemporaryOne() throws Exception {
        assumeTrue(Backends.isAvailable("native"), "there are no C++ kernels");
        Path none = Files.writeString(folder.resolve("another file"), "").resolve("none");
        Path temporary = Files.createDirectory(folder.resolve("temporary"));
        String[] options = {"-Duser.home=" + none, "-Djava.io.tmpdir=" + temporary, "-Duser.name=me", "-cp", classPath(jars)};
        String output = java(options, DeploymentProbe.class, picture.getPath());
        assertTrue(output.contains("read 40x24, written true") && !output.contains(SLOW), output);
        assertTrue(Files.isDirectory(temporary.resolve("sem-natives-me")));
    }

    /** A library is one class loader's: the others get copies. */
    @Test
    void severalApplicationsOfOneServerHaveTheCppKernelsEach() throws Exception {
        assumeTrue(Backends.isAvailable("native"), "there are no C++ kernels");
        for (int process = 0; process < 2; process++) { // the first unpacks
            String output = java(new String[] {"-Duser.home=" + folder.resolve("home of several"), "-cp", probes().toString()},
                    SeveralApplicationsProbe.class, picture.getPath(), path(jars), "3");
            List<String> said = output.lines().filter(line -> !isOfTheMachine(line)).toList();
            assertEquals(3, said.size(), output);
            assertEquals(1, said.stream().distinct().count(), output);
            assertTrue(said.get(0).startsWith("native "), output);
        }
    }

    @Test
    void aWebApplicationThatIsStoppedLeavesNothingBehind() throws Exception {
        List<Path> application = new ArrayList<>(jars);
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            String name = Path.of(entry).getFileName().toString();
            if (name.startsWith("servlet-") || name.startsWith("tomcat-")) {
                application.add(Path.of(entry));
            }
        }
        for (String[] options : new String[][] {PURE_JAVA, {}}) {
            String output = java(with(options, "-cp", probes().toString()), RedeploymentProbe.class, picture.getPath(), path(application));
            assertTrue(output.contains("read 40"), output);
            assertTrue(output.contains("collected") && output.contains("left: false"), output);
        }
    }
}
