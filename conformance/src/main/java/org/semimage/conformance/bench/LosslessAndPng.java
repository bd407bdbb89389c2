// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.bench;

import org.semimage.imageio.SemImageWriteParam;
import org.semimage.profile.EncodeOptions;

import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Prints bytes and times of the lossless profile and of ImageIO's PNG over the pictures of a folder, in memory, each through
 * ImageIO: the best of several rounds in one process, by the clock and in time of the calling thread's processor. PNG uses one thread, SEM
 * as many as there are processors; with {@code -Djava.util.concurrent.ForkJoinPool.common.parallelism=0} it uses one too, whose processor
 * time other work on the machine disturbs little.
 */
public final class LosslessAndPng {

    /** Rounds of a picture, and of one whose coding takes seconds. */
    private static final int ROUNDS = 9;
    private static final int SLOW_ROUNDS = 2;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private LosslessAndPng() {
    }

    /** The best of several durations in milliseconds. */
    private record Duration(double clock, double processor) {

        static final Duration WORST = new Duration(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);

        static Duration now() {
            return new Duration(System.nanoTime() / 1e6, THREADS.getCurrentThreadCpuTime() / 1e6);
        }

        Duration since(Duration start) {
            return new Duration(clock - start.clock, processor - start.processor);
        }

        Duration min(Duration other) {
            return new Duration(Math.min(clock, other.clock), Math.min(processor, other.processor));
        }

        Duration plus(Duration other) {
            return new Duration(clock + other.clock, processor + other.processor);
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%.1f / %.1f", clock, processor);
        }
    }

    /** What one format took for one picture. */
    private record Cost(int bytes, Duration encode, Duration decode) {

        static Cost of(String format, int effort, BufferedImage picture) throws IOException {
            Duration encode = Duration.WORST;
            Duration decode = Duration.WORST;
            int bytes = 0;
            int rounds = effort > EncodeOptions.MIN_EFFORT ? SLOW_ROUNDS : ROUNDS;
            for (int round = 0; round < rounds; round++) {
                Duration start = Duration.now();
                byte[] file = write(format, effort, picture);
                Duration written = Duration.now();
                BufferedImage decoded = ImageIO.read(new ByteArrayInputStream(file));
                decode = decode.min(Duration.now().since(written));
                encode = encode.min(written.since(start));
                if (!Arrays.equals(colours(picture), colours(decoded))) {
                    throw new IOException(format + " lost something");
                }
                bytes = file.length;
            }
            return new Cost(bytes, encode, decode);
        }

        private static byte[] write(String format, int effort, BufferedImage picture) throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
            try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
                ImageWriteParam param = writer.getDefaultWriteParam();
                if (param instanceof SemImageWriteParam sem) {
                    sem.setEffort(effort);
                    param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
                    param.setCompressionType("lossless");
                }
                writer.setOutput(out);
                writer.write(null, new IIOImage(picture, null, null), param);
            } finally {
                writer.dispose();
            }
            return bytes.toByteArray();
        }

        private static int[] colours(BufferedImage image) {
            return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        }

        Cost plus(Cost other) {
            return new Cost(bytes + other.bytes, encode.plus(other.encode), decode.plus(other.decode));
        }
    }

    /**
     * Prints a table of sizes.
     *
     * @param arguments a folder of PNG pictures; the effort, 1 unless given
     */
    public static void main(String[] arguments) throws IOException {
        Arguments.require(1, arguments, "LosslessAndPng PICTURES [EFFORT]");
        int effort = arguments.length > 1 ? Integer.parseInt(arguments[1]) : EncodeOptions.MIN_EFFORT;
        ImageIO.setUseCache(false);
        List<Path> files = Arguments.pictures(arguments[0]);
        List<Cost> sems = new ArrayList<>();
        List<Cost> pngs = new ArrayList<>();
        System.out.println("| picture | PNG file | PNG bytes | SEM bytes | of PNG | PNG encode, ms by the clock / of the processor "
                + "| SEM encode | PNG decode | SEM decode |");
        System.out.println("|---|---|---|---|---|---|---|---|---|");
        long stored = 0;
        BufferedImage warmUp = ImageIO.read(files.get(0).toFile());
        Cost.of("png", effort, warmUp);
        Cost.of("sem", effort, warmUp);
        for (Path file : files) {
            BufferedImage picture = ImageIO.read(file.toFile());
            Cost png = Cost.of("png", effort, picture);
            Cost sem = Cost.of("sem", effort, picture);
            print(file.getFileName().toString(), Files.size(file), png, sem);
            stored += Files.size(file);
            pngs.add(png);
            sems.add(sem);
        }
        print("all", stored, pngs.stream().reduce(Cost::plus).orElseThrow(), sems.stream().reduce(Cost::plus).orElseThrow());
    }

    private static void print(String name, long stored, Cost png, Cost sem) {
        System.out.println(String.format(Locale.ROOT, "| %s | %d | %d | %d | %.1f %% | %s | %s | %s | %s |", name, stored, png.bytes,
                sem.bytes, 100.0 * sem.bytes / png.bytes, png.encode, sem.encode, png.decode, sem.decode));
    }
}
