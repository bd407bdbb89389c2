package org.semimage.conformance.bench;

import com.sun.management.OperatingSystemMXBean;
import org.semimage.imageio.SemImageWriteParam;

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
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/**
 * Prints bytes and times of the lossless profile and of ImageIO's PNG over the PNG pictures of a folder, in memory, each through
 * ImageIO. Times are of the processor, all threads together, so that other work on the machine disturbs them little: the best of
 * several rounds in one process. PNG uses one thread, SEM as many as there are processors.
 */
public final class LosslessAndPng {

    private static final int ROUNDS = 7;

    private static final OperatingSystemMXBean PROCESS = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private LosslessAndPng() {
    }

    /** What one format took for one picture. */
    private record Cost(int bytes, double encodeMillis, double decodeMillis) {

        static Cost of(String format, BufferedImage picture) throws IOException {
            double encode = Double.POSITIVE_INFINITY;
            double decode = Double.POSITIVE_INFINITY;
            int bytes = 0;
            for (int round = 0; round < ROUNDS; round++) {
                long start = PROCESS.getProcessCpuTime();
                byte[] file = write(format, picture);
                long written = PROCESS.getProcessCpuTime();
                BufferedImage decoded = ImageIO.read(new ByteArrayInputStream(file));
                long read = PROCESS.getProcessCpuTime();
                if (!Arrays.equals(colours(picture), colours(decoded))) {
                    throw new IOException(format + " lost something");
                }
                bytes = file.length;
                encode = Math.min(encode, (written - start) / 1e6);
                decode = Math.min(decode, (read - written) / 1e6);
            }
            return new Cost(bytes, encode, decode);
        }

        private static byte[] write(String format, BufferedImage picture) throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
            try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
                ImageWriteParam param = writer.getDefaultWriteParam();
                if (param instanceof SemImageWriteParam) {
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

        static Cost sum(List<Cost> costs) {
            return new Cost(costs.stream().mapToInt(Cost::bytes).sum(), costs.stream().mapToDouble(Cost::encodeMillis).sum(),
                    costs.stream().mapToDouble(Cost::decodeMillis).sum());
        }
    }

    /** @param arguments a folder of PNG pictures */
    public static void main(String[] arguments) throws IOException {
        ImageIO.setUseCache(false);
        TreeSet<Path> files = new TreeSet<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(Path.of(arguments[0]), "*.png")) {
            stream.forEach(files::add);
        }
        List<Cost> sems = new ArrayList<>();
        List<Cost> pngs = new ArrayList<>();
        System.out.println("| picture | PNG file | PNG bytes | SEM bytes | of PNG | PNG encode ms | SEM encode ms | PNG decode ms | SEM decode ms |");
        System.out.println("|---|---|---|---|---|---|---|---|---|");
        long stored = 0;
        for (Path file : files) {
            BufferedImage picture = ImageIO.read(file.toFile());
            Cost png = Cost.of("png", picture);
            Cost sem = Cost.of("sem", picture);
            print(file.getFileName().toString(), Files.size(file), png, sem);
            stored += Files.size(file);
            pngs.add(png);
            sems.add(sem);
        }
        print("all", stored, Cost.sum(pngs), Cost.sum(sems));
    }

    private static void print(String name, long stored, Cost png, Cost sem) {
        System.out.println(String.format(Locale.ROOT, "| %s | %d | %d | %d | %.1f %% | %.1f | %.1f | %.1f | %.1f |", name, stored, png.bytes, sem.bytes,
                100.0 * sem.bytes / png.bytes, png.encodeMillis, sem.encodeMillis, png.decodeMillis, sem.decodeMillis));
    }
}
