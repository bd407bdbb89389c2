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
 * A server's life in short: eight threads that read pictures of all sizes, whole, in part and thinned out, every eighth one damaged, and say
 * every half minute how it goes. It fails if a read ends in anything but a picture or an {@link IOException}, or if memory grows.
 * Argument: minutes, 10 unless given.
 */
public final class Soak {

    private static final int THREADS = 8;
    private static final long REPORT_MILLIS = 30_000;
    private static final int[][] SIZES = {{16, 16}, {97, 64}, {200, 150}, {320, 240}, {640, 400}};

    /** Resident memory at the end may be so many times what it was after a fifth of the time. */
    private static final double MAX_GROWTH = 1.25;

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
        long early = 0;
        while (System.nanoTime() < end) {
            Thread.sleep(Math.min(REPORT_MILLIS, Math.max(1, (end - System.nanoTime()) / 1_000_000)));
            double seconds = (System.nanoTime() - start) / 1e9;
            System.out.printf("%4.0f s: %d pictures, %.1f a second, %.2f MP/s, %d refused, slowest %d ms, %d MB resident, %d MB heap%n", seconds,
                    pictures.sum(), pictures.sum() / seconds, pixels.sum() / 1e6 / seconds, refusals.sum(), slowest.get(), resident() >> 20, heap() >> 20);
            if (early == 0 && seconds > minutes * 60 / 5) {
                early = resident();
            }
        }
        for (Future<?> reader : readers) {
            finish(reader);
        }
        if (early > 0 && resident() > early * MAX_GROWTH) {
            throw new IllegalStateException("resident memory grew from " + (early >> 20) + " to " + (resident() >> 20) + " MB");
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

    private static long heap() {
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** Bytes of this process that are in memory; on other systems than Linux, its heap. */
    private static long resident() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return heap();
        }
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) << 10;
            }
        }
        return heap();
    }
}
