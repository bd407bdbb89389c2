// SPDX-License-Identifier: Apache-2.0
package org.semimage.imageio;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import javax.imageio.ImageIO;
import javax.imageio.stream.ImageInputStream;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What this jar and the libraries that it needs change for pictures of other formats: nothing. */
class OtherFormatsTest {

    @TempDir
    private static Path folder;

    private static List<String> without;
    private static List<String> with;

    /** What a program does with pictures of other formats; run in a virtual machine of its own. */
    static final class Probe {

        public static void main(String[] arguments) throws IOException {
            Path folder = Path.of(arguments[0]);
            for (String format : new String[] {"png", "jpeg", "gif", "bmp"}) {
                ByteArrayOutputStream written = new ByteArrayOutputStream();
                ImageIO.write(new BufferedImage(50, 40, BufferedImage.TYPE_3BYTE_BGR), format, written);
                byte[] bytes = written.toByteArray();
                File file = Files.write(folder.resolve("x." + format), bytes).toFile();
                System.out.println(format + " from an array, interrupted: "
                        + interrupted(() -> ImageIO.read(new ByteArrayInputStream(bytes))));
                System.out.println(format + " from a file, interrupted: " + interrupted(() -> ImageIO.read(file)));
                System.out.println(format + " by its address, interrupted: " + interrupted(() -> ImageIO.read(file.toURI().toURL())));
                ByteArrayInputStream followed = new ByteArrayInputStream(Arrays.copyOf(bytes, bytes.length + 100_000));
                ImageIO.read(followed);
                System.out.println(format + " bytes left behind it: " + followed.available());
                for (Object source : new Object[] {file, new ByteArrayInputStream(bytes)}) {
                    try (ImageInputStream in = ImageIO.createImageInputStream(source)) {
                        System.out.println(format + " stream: " + in.getClass() + ", reader: "
                                + ImageIO.getImageReaders(in).next().getClass());
                    }
                }
            }
            if (ImageIO.getImageReadersByFormatName("sem").hasNext()) {
                Path sem = folder.resolve("x.sem");
                System.out.println("SEM: " + interrupted(() -> {
                    ImageIO.write(new BufferedImage(50, 40, BufferedImage.TYPE_3BYTE_BGR), "sem", sem.toFile());
                    return ImageIO.read(sem.toFile());
                }));
            }
        }

        private interface Reading {
            BufferedImage read() throws IOException;
        }

        private static String interrupted(Reading reading) throws IOException {
            Thread.currentThread().interrupt();
            try {
                BufferedImage image = reading.read();
                return image == null ? "nothing" : image.getWidth() + "x" + image.getHeight();
            } finally {
                Thread.interrupted();
            }
        }
    }

    @BeforeAll
    static void runWithAndWithout() throws Exception {
        String tests = Path.of(OtherFormatsTest.class.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
        without = run(tests);
        // The command line's plug-ins for TIFF and WebP are optional: an application does not get them with this jar.
        with = run(Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("twelvemonkeys")).collect(Collectors.joining(File.pathSeparator)));
    }

    private static List<String> run(String classPath) throws Exception {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Djava.awt.headless=true",
                "-cp", classPath, Probe.class.getName(), folder.toString()).redirectErrorStream(true).start();
        List<String> output = new String(process.getInputStream().readAllBytes()).lines().toList();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), String.join("\n", output));
        return output.stream().filter(line -> line.matches("(png|jpeg|gif|bmp|SEM)\\b.*")).toList();
    }

    @Test
    void otherFormatsAreReadAsWithoutThisJar() {
        assertEquals(without, with.stream().filter(line -> !line.startsWith("SEM")).toList());
    }

    @Test
    void theyAreReadOnAnInterruptedThreadToo() {
        assertEquals(12, with.stream().filter(line -> line.endsWith("interrupted: 50x40")).count(), with.toString());
    }

    @Test
    void picturesOfThisFormatAreWrittenAndReadWithoutOptionalLibrariesAndOnAnInterruptedThread() {
        assertEquals("SEM: 50x40", with.get(with.size() - 1));
    }
}
