// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.bench;

import org.semimage.cli.TestPicture;

import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Measures how long {@code abort()} takes: reads and writes of a drawn picture are aborted from another thread at random moments, and the
 * time from there to their return is printed. Between two aborted calls the heap is collected, so that a pause of the collector in the
 * middle of one is rare.
 *
 * <p>Arguments: width, height, trials, then the profiles to try ({@code transform}, {@code lossless}; with {@code -alpha} behind it for a
 * picture with alpha).
 */
public final class AbortLatency {

    private AbortLatency() {
    }

    /** A read or write that has not begun. */
    private interface Operation extends AutoCloseable {
        void run() throws IOException;

        void abort();

        @Override
        void close() throws IOException;
    }

    private interface Start {
        Operation make() throws IOException;
    }

    private record Reading(ImageReader reader, ImageInputStream in) implements Operation {

        static Reading of(byte[] file) {
            ImageReader reader = ImageIO.getImageReadersByFormatName("sem").next();
            ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file));
            reader.setInput(in, true, true);
            return new Reading(reader, in);
        }

        @Override
        public void run() throws IOException {
            reader.read(0);
        }

        @Override
        public void abort() {
            reader.abort();
        }

        @Override
        public void close() throws IOException {
            reader.dispose();
            in.close();
        }
    }

    private record Writing(ImageWriter writer, BufferedImage picture, String profile, ImageOutputStream out) implements Operation {

        static Writing of(BufferedImage picture, String profile, ByteArrayOutputStream bytes) {
            ImageWriter writer = ImageIO.getImageWritersByFormatName("sem").next();
            ImageOutputStream out = new MemoryCacheImageOutputStream(bytes);
            writer.setOutput(out);
            return new Writing(writer, picture, profile, out);
        }

        @Override
        public void run() throws IOException {
            ImageWriteParam param = writer.getDefaultWriteParam();
            param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            param.setCompressionType(profile);
            writer.write(null, new IIOImage(picture, null, null), param);
        }

        @Override
        public void abort() {
            writer.abort();
        }

        @Override
        public void close() throws IOException {
            writer.dispose();
            out.close();
        }
    }

    /**
     * Prints a table of times from an abort to the return.
     *
     * @param arguments width, height, how often to abort, and profiles by name
     */
    public static void main(String[] arguments) throws Exception {
        Arguments.require(4, arguments, "AbortLatency WIDTH HEIGHT TRIALS PROFILE...");
        int width = Integer.parseInt(arguments[0]);
        int height = Integer.parseInt(arguments[1]);
        int trials = Integer.parseInt(arguments[2]);
        System.out.println("| " + width + "x" + height + " | whole, ms | aborts | median, ms | 90 % | 99 % | slowest |");
        System.out.println("|---|---|---|---|---|---|---|");
        for (String name : Arrays.copyOfRange(arguments, 3, arguments.length)) {
            boolean alpha = name.endsWith("-alpha");
            String profile = alpha ? name.substring(0, name.length() - "-alpha".length()) : name;
            BufferedImage picture = picture(width, height, alpha);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            // The first time is for loading what is needed.
            time(Writing.of(TestPicture.draw(64, 64, 1), profile, new ByteArrayOutputStream()));
            double write = time(Writing.of(picture, profile, bytes));
            measure("write, " + name, write, trials, () -> Writing.of(picture, profile, new ByteArrayOutputStream()));
            byte[] file = bytes.toByteArray();
            measure("read, " + name, time(Reading.of(file)), trials, () -> Reading.of(file));
        }
    }

    private static BufferedImage picture(int width, int height, boolean alpha) {
        BufferedImage drawn = TestPicture.draw(width, height, 1);
        if (!alpha) {
            return drawn;
        }
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                picture.setRGB(x, y, drawn.getRGB(x, y) & 0xFFFFFF | Math.min(255, 300 * x / width) << 24);
            }
        }
        return picture;
    }

    private static double time(Operation operation) throws IOException {
        try (operation) {
            long start = System.nanoTime();
            operation.run();
            return (System.nanoTime() - start) / 1e6;
        }
    }

    private static void measure(String name, double whole, int trials, Start start) throws Exception {
        Random random = new Random(1);
        double[] latencies = new double[trials];
        ExecutorService thread = Executors.newSingleThreadExecutor();
        for (int i = 0; i < trials; i++) {
            System.gc();
            try (Operation operation = start.make()) {
                Future<Long> end = thread.submit(() -> {
                    operation.run();
                    return System.nanoTime();
                });
                TimeUnit.MICROSECONDS.sleep((long) (1000 * whole * random.nextDouble()));
                long aborted = System.nanoTime();
                operation.abort();
                latencies[i] = Math.max(0, (end.get() - aborted) / 1e6);
            }
        }
        thread.shutdown();
        Arrays.sort(latencies);
        System.out.println(String.format(Locale.ROOT, "| %s | %.0f | %d | %.0f | %.0f | %.0f | %.0f |", name, whole, trials,
                latencies[trials / 2], latencies[trials * 9 / 10], latencies[trials * 99 / 100], latencies[trials - 1]));
    }
}
