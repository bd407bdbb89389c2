// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.bench;

import com.sun.management.ThreadMXBean;

import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import java.awt.Rectangle;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * What the first picture of a process costs: processor time of fresh processes, with and without an archive of their classes, what is
 * resident at most, and what a later read leaves to the collector. Linux only. Arguments: how often, then files, each alone or with
 * {@code @X,Y,WIDTH,HEIGHT} for a part of it; files take turns. Processes have the class path of an application that reads SEM files, jars
 * if this program has them on its own.
 */
public final class FirstPicture {

    private static final int WARM_READS = 12;
    private static final double TICKS = 100;
    private static final List<String> APPLICATION = List.of("imageio-sem", "sem-native", "/native/target", "javacpp");

    private final Path folder;
    private final String classPath;
    private final boolean jars;

    private FirstPicture(Path folder) throws IOException {
        this.folder = folder;
        this.classPath = jar(folder.resolve("reads.jar")) + Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> APPLICATION.stream().anyMatch(entry::contains)).reduce("", (all, one) -> all + File.pathSeparator + one);
        this.jars = Stream.of(classPath.split(File.pathSeparator)).noneMatch(entry -> Files.isDirectory(Path.of(entry)));
    }

    /** What reads, in a jar: there are no archives of classes in folders. */
    private static Path jar(Path file) throws IOException {
        String name = Reads.class.getName().replace('.', '/') + ".class";
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file));
             InputStream in = Reads.class.getResourceAsStream("/" + name)) {
            jar.putNextEntry(new ZipEntry(name));
            in.transferTo(jar);
        }
        return file;
    }

    public static void main(String[] arguments) throws Exception {
        Arguments.require(2, arguments, "FirstPicture TIMES FILE[@X,Y,WIDTH,HEIGHT]...");
        Path folder = Files.createTempDirectory("first-picture");
        try {
            new FirstPicture(folder).compare(Integer.parseInt(arguments[0]), Arrays.asList(arguments).subList(1, arguments.length));
        } finally {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
    }

    private void compare(int times, List<String> pictures) throws Exception {
        List<List<Double>> plain = new ArrayList<>();
        List<List<Double>> archived = new ArrayList<>();
        for (String picture : pictures) {
            plain.add(new ArrayList<>());
            archived.add(new ArrayList<>());
            if (jars) {
                run(List.of("-Xlog:disable", "-XX:ArchiveClassesAtExit=" + archive(picture)), picture, 1);
            }
        }
        for (int i = 0; i < times; i++) {
            for (int p = 0; p < pictures.size(); p++) {
                plain.get(p).add(processor(List.of(), pictures.get(p)));
                if (jars) {
                    archived.get(p).add(processor(List.of("-Xlog:disable", "-XX:SharedArchiveFile=" + archive(pictures.get(p))),
                            pictures.get(p)));
                }
            }
        }
        System.out.printf("medians of %d; processor seconds, with an archive; MB resident at most; kB of garbage, MB resident of read %d%n",
                times, WARM_READS);
        for (int p = 0; p < pictures.size(); p++) {
            System.out.printf("%s | %s | %s | %s | %s%n", median(plain.get(p)), median(archived.get(p)),
                    run(List.of(), pictures.get(p), 1), run(List.of(), pictures.get(p), WARM_READS), pictures.get(p));
        }
    }

    private Path archive(String picture) {
        return folder.resolve(Integer.toHexString(picture.hashCode()) + ".jsa");
    }

    private static String median(List<Double> values) {
        return values.isEmpty() ? "-" : String.format(Locale.ROOT, "%.2f", values.stream().sorted().toList().get(values.size() / 2));
    }

    private double processor(List<String> options, String picture) throws Exception {
        double before = ofChildren();
        run(options, picture, 1);
        return ofChildren() - before;
    }

    /** Processor seconds of all children that have ended. */
    private static double ofChildren() throws IOException {
        String stat = Files.readString(Path.of("/proc/self/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[13]) + Long.parseLong(fields[14])) / TICKS;
    }

    private String run(List<String> options, String picture, int reads) throws Exception {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, Reads.class.getName(), picture, Integer.toString(reads)));
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String said = new String(process.getInputStream().readAllBytes()).strip();
        if (process.waitFor() != 0) {
            throw new IOException(command + " fails");
        }
        return said;
    }

    /** The process that reads. */
    static final class Reads {

        private Reads() {
        }

        public static void main(String[] arguments) throws IOException {
            String[] picture = arguments[0].split("@");
            int reads = Integer.parseInt(arguments[1]);
            for (int i = 1; i < reads; i++) {
                read(picture);
            }
            long before = reads > 1 ? allocated() : 0;
            read(picture);
            String garbage = reads > 1 ? (allocated() - before) / 1000 + " | " : "";
            System.out.println(garbage + resident());
        }

        private static void read(String[] picture) throws IOException {
            File file = new File(picture[0]);
            if (picture.length == 1) {
                ImageIO.read(file).getWidth();
                return;
            }
            int[] part = Stream.of(picture[1].split(",")).mapToInt(Integer::parseInt).toArray();
            try (ImageInputStream in = ImageIO.createImageInputStream(file)) {
                ImageReader reader = ImageIO.getImageReaders(in).next();
                try {
                    reader.setInput(in);
                    ImageReadParam param = reader.getDefaultReadParam();
                    param.setSourceRegion(new Rectangle(part[0], part[1], part[2], part[3]));
                    reader.read(0, param);
                } finally {
                    reader.dispose();
                }
            }
        }

        private static long allocated() {
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            return Arrays.stream(threads.getThreadAllocatedBytes(threads.getAllThreadIds())).filter(bytes -> bytes > 0).sum();
        }

        /** Without a stream, which would be part of what is measured. */
        private static long resident() throws IOException {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("VmHWM:")) {
                    return Long.parseLong(line.substring(6, line.length() - 2).strip()) / 1000;
                }
            }
            throw new IOException("/proc/self/status has no VmHWM");
        }
    }
}
