// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.bench;

import org.semimage.cli.Sem;

import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Prints how fast pictures are coded. This format is timed through ImageIO in a warm process, and by its command line in a fresh one. The
 * programs of WebP, AVIF and JPEG XL run at their default effort, as far as they are installed. Programs are timed as whole processes that
 * read a PNG without compression and write a BMP, PPM or Y4M; where they can use more threads than one they may use two.
 */
public final class CodecTimes {

    private static final int WARM_UP = 12;
    private static final int ROUNDS = 3;

    private final Path folder;
    private final Map<String, List<double[]>> times = new LinkedHashMap<>();

    private CodecTimes(Path folder) {
        this.folder = folder;
    }

    /** Something to be timed. */
    private interface Work {
        void run() throws IOException;
    }

    private static double seconds(Work work) throws IOException {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e9;
    }

    /** Times an encoder and its decoder on a picture; the best of some rounds. */
    private void measure(String codec, Work encode, Work decode) throws IOException {
        double[] best = {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY};
        for (int round = 0; round < ROUNDS; round++) {
            best[0] = Math.min(best[0], seconds(encode));
            best[1] = Math.min(best[1], seconds(decode));
        }
        times.computeIfAbsent(codec, c -> new ArrayList<>()).add(best);
    }

    private void program(String encoder, String decoder, List<String> encode, List<String> decode) throws IOException {
        if (Stream.of(encoder, decoder).allMatch(CodecTimes::isInstalled)) {
            measure(encoder + " / " + decoder, () -> run(encode), () -> run(decode));
        }
    }

    private static boolean isInstalled(String program) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator)).anyMatch(place -> new File(place, program).canExecute());
    }

    private void run(List<String> command) throws IOException {
        Path said = folder.resolve("said.txt");
        Process process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).redirectOutput(said.toFile())
                .start();
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + " failed with status " + process.exitValue() + ": "
                        + Files.readString(said).strip());
            }
        } catch (InterruptedException interrupted) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
    }

    private void all(Path picture, boolean warm) throws IOException {
        BufferedImage image = ImageIO.read(picture.toFile());
        writePlainPng(image, folder.resolve("in.png"));
        byte[][] file = new byte[1][];
        Work encode = () -> {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ImageIO.write(image, "sem", out);
            file[0] = out.toByteArray();
        };
        Work decode = () -> ImageIO.read(new ByteArrayInputStream(file[0]));
        for (int i = 0; i < (warm ? 0 : WARM_UP); i++) {
            encode.run();
            decode.run();
        }
        measure("SEM, warm", encode, decode);
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> sem = List.of(java, "-Djava.awt.headless=true", "-cp", System.getProperty("java.class.path"), Sem.class.getName());
        measure("SEM, fresh process", () -> run(with(sem, "encode", "in.png", "out.sem")),
                () -> run(with(sem, "decode", "out.sem", "back.bmp")));
        program("cwebp", "dwebp", List.of("cwebp", "-quiet", "-mt", "in.png", "-o", "out.webp"),
                List.of("dwebp", "-quiet", "-mt", "-ppm", "out.webp", "-o", "back.ppm"));
        program("avifenc", "avifdec", List.of("avifenc", "-j", "2", "in.png", "out.avif"),
                List.of("avifdec", "-j", "2", "out.avif", "back.y4m"));
        program("cjxl", "djxl", List.of("cjxl", "--num_threads=2", "in.png", "out.jxl"),
                List.of("djxl", "--num_threads=2", "out.jxl", "back.ppm"));
    }

    private static List<String> with(List<String> command, String... arguments) {
        return Stream.concat(command.stream(), Stream.of(arguments)).toList();
    }

    private static void writePlainPng(BufferedImage image, Path path) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
        ImageWriteParam param = writer.getDefaultWriteParam();
        param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        param.setCompressionQuality(1);
        try (ImageOutputStream out = ImageIO.createImageOutputStream(path.toFile())) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), param);
        } finally {
            writer.dispose();
        }
    }

    /** Median over the pictures. */
    private static double median(List<double[]> all, int which) {
        return all.stream().mapToDouble(t -> t[which]).sorted().skip(all.size() / 2).findFirst().orElseThrow();
    }

    private void print(double megapixels) {
        System.out.println("| codec | encode ms | MP/s | decode ms | MP/s |\n|---|---|---|---|---|");
        times.forEach((codec, all) -> System.out.printf(Locale.ROOT, "| %s | %.0f | %.2f | %.0f | %.2f |%n", codec, 1e3 * median(all, 0),
                megapixels / median(all, 0), 1e3 * median(all, 1), megapixels / median(all, 1)));
    }

    /**
     * Prints a table of times.
     *
     * @param args pictures, all of one number of pixels, or folders of them
     */
    public static void main(String[] args) throws IOException {
        Arguments.require(1, args, "CodecTimes PICTURES");
        List<Path> pictures = Arguments.pictures(List.of(args));
        ImageIO.setUseCache(false);
        Path folder = Files.createTempDirectory("codec-times");
        try {
            CodecTimes times = new CodecTimes(folder);
            double megapixels = 0;
            for (Path picture : pictures) {
                BufferedImage image = ImageIO.read(picture.toFile());
                megapixels = image.getWidth() * image.getHeight() / 1e6;
                times.all(picture, !times.times.isEmpty());
            }
            System.out.printf(Locale.ROOT, "%d pictures of %.2f MP, best of %d each, medians:%n%n", pictures.size(), megapixels, ROUNDS);
            times.print(megapixels);
        } finally {
            try (Stream<Path> left = Files.list(folder)) {
                for (Path path : left.toList()) {
                    Files.delete(path);
                }
            }
            Files.delete(folder);
        }
    }
}
