// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.bench;

import org.semimage.cli.TestPicture;

import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * A server's life in short: eight threads that read pictures of all sizes, whole, in part and thinned out, every eighth one damaged, and
 * say every half minute how it goes. It fails if a read of an undamaged picture fails, if one of a damaged picture ends in anything but
 * a picture or an {@link IIOException}, or if memory grows.
 *
 * <p>Argument: minutes, 10 unless given. With a fixed heap ({@code -Xms512m -Xmx512m}) the rest can be told from it.
 */
public final class Soak {

    private static final int THREADS = 8;
    private static final long REPORT_MILLIS = 30_000;
    private static final int[][] SIZES = {{16, 16}, {97, 64}, {200, 150}, {320, 240}, {640, 400}};

    /** Memory at the end may be so many times what it was after a third of the time, outside the heap and in it. */
    private static final double MAX_GROWTH = 1.25;

    /** So many pictures are read before memory is looked at: until then libtorch's and the compiler's own grows. */
    private static final int WARM_UP_PICTURES = 1000;

    /** What eight pictures in the making may take more in one moment than in another. */
    private static final long SLACK = 128L << 20;

    /**
     * Bytes of this process.
     *
     * @param live    in the heap, after a collection
     * @param outside resident and not the heap's; 0 on other systems than Linux
     */
    private record Memory(long live, long outside) {

        static Memory now() throws IOException {
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            long outside = Math.max(0, resident() - runtime.totalMemory());
            return new Memory(runtime.totalMemory() - runtime.freeMemory(), outside);
        }

        private static long resident() throws IOException {
            Path status = Path.of("/proc/self/status");
            if (!Files.isReadable(status)) {
                return 0;
            }
            for (String line : Files.readAllLines(status)) {
                if (line.startsWith("VmRSS:")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) << 10;
                }
            }
            return 0;
        }
    }

    private final LongAdder pictures = new LongAdder();
    private final LongAdder pixels = new LongAdder();
    private final LongAdder refusals = new LongAdder();
    private final AtomicLong slowest = new AtomicLong();
    private final List<byte[]> files = new ArrayList<>();
    private final long end;

    private Soak(double minutes) throws IOException {
        end = System.nanoTime() + (long) (minutes * 60e9);
        for (int[] size : SIZES) {
            for (int type : new int[] {BufferedImage.TYPE_3BYTE_BGR, BufferedImage.TYPE_INT_ARGB, BufferedImage.TYPE_BYTE_GRAY}) {
                BufferedImage image = new BufferedImage(size[0], size[1], type);
                image.createGraphics().drawImage(TestPicture.draw(size[0], size[1], 1), 0, 0, null);
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                ImageIO.write(image, "sem", out);
                files.add(out.toByteArray());
            }
        }
    }

    /**
     * Runs, and prints what the process holds.
     *
     * @param arguments minutes to run, 10 unless given
     */
    public static void main(String[] arguments) throws Exception {
        ImageIO.setUseCache(false);
        double minutes = arguments.length > 0 ? Double.parseDouble(arguments[0]) : 10;
        new Soak(minutes).run(minutes);
    }

    private void run(double minutes) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        List<Future<?>> readers = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            Random random = new Random(i);
            readers.add(threads.submit(() -> {
                while (System.nanoTime() < end) {
                    read(random);
                }
                return null;
            }));
        }
        threads.shutdown();
        long start = System.nanoTime();
        Memory early = null;
        Memory now = Memory.now();
        while (System.nanoTime() < end) {
            Thread.sleep(Math.min(REPORT_MILLIS, Math.max(1, (end - System.nanoTime()) / 1_000_000)));
            double seconds = (System.nanoTime() - start) / 1e9;
            now = Memory.now();
            System.out.printf("%4.0f s: %d pictures, %.1f a second, %.2f MP/s, %d refused, slowest %d ms, "
                    + "%d MB live in the heap, %d MB outside%n",
                    seconds, pictures.sum(), pictures.sum() / seconds, pixels.sum() / 1e6 / seconds, refusals.sum(), slowest.get(),
                    now.live >> 20, now.outside >> 20);
            if (early == null && seconds > minutes * 60 / 3 && pictures.sum() > WARM_UP_PICTURES) {
                early = now;
            }
        }
        for (Future<?> reader : readers) {
            finish(reader);
        }
        if (early == null) {
            System.out.println("no read failed; too few pictures to tell whether memory grows");
            return;
        }
        if (now.live > early.live * MAX_GROWTH + SLACK || now.outside > early.outside * MAX_GROWTH) {
            throw new IllegalStateException("memory grew from " + early + " to " + now);
        }
        System.out.println("passed");
    }

    private static void finish(Future<?> reader) throws Exception {
        try {
            reader.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a reader failed", e.getCause());
        }
    }

    private void read(Random random) throws IOException {
        byte[] bytes = files.get(random.nextInt(files.size()));
        boolean damaged = random.nextInt(8) == 0;
        long start = System.nanoTime();
        try {
            BufferedImage image = read(damaged ? damaged(bytes, random) : bytes, random);
            pictures.increment();
            pixels.add((long) image.getWidth() * image.getHeight());
        } catch (IIOException | EOFException e) {
            if (!damaged) {
                throw e;
            }
            refusals.increment();
        }
        slowest.accumulateAndGet((System.nanoTime() - start) / 1_000_000, Math::max);
    }

    private static byte[] damaged(byte[] bytes, Random random) {
        byte[] damaged = random.nextBoolean() ? bytes.clone() : Arrays.copyOf(bytes, 4 + random.nextInt(bytes.length - 4));
        damaged[3 + random.nextInt(damaged.length - 3)] ^= (byte) (1 << random.nextInt(8));
        return damaged;
    }

    private static BufferedImage read(byte[] bytes, Random random) throws IOException {
        try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(bytes))) {
            ImageReader reader = ImageIO.getImageReadersByFormatName("sem").next();
            try {
                reader.setInput(in, true, true);
                ImageReadParam param = reader.getDefaultReadParam();
                if (random.nextBoolean()) {
                    int width = reader.getWidth(0);
                    int height = reader.getHeight(0);
                    int x = random.nextInt(width);
                    int y = random.nextInt(height);
                    param.setSourceRegion(new Rectangle(x, y, 1 + random.nextInt(width - x), 1 + random.nextInt(height - y)));
                }
                if (random.nextInt(3) == 0) {
                    int step = 1 + random.nextInt(4);
                    param.setSourceSubsampling(step, step, 0, 0);
                }
                return reader.read(0, param);
            } finally {
                reader.dispose();
            }
        }
    }
}
