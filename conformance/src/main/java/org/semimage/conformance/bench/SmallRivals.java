// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.bench;

import javax.imageio.ImageIO;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A picture as other codecs keep it in a few hundred bytes: shrunk to a few samples, coded, and enlarged again. Needs cwebp, avifenc,
 * avifdec, cjxl and djxl on the PATH.
 */
final class SmallRivals {

    /** In the order of {@link Small#codec}; AV1 is AVIF without its container, which no file can be. */
    static final List<String> CODECS = List.of("WebP", "AVIF", "AV1 alone", "JPEG XL");

    private static final int[] WEBP_SIDES = {8, 10, 12, 16, 20, 24, 32, 40, 48, 96, 192, 384, 768};
    private static final int[] WEBP_QUALITIES = {0, 5, 10, 20, 30, 45, 60, 80};
    private static final int[] AVIF_SIDES = {12, 16, 24, 32, 48, 64, 96, 192, 384, 768};
    private static final int[] JXL_SIDES = {32, 48, 96, 192, 384, 768};
    private static final String[] JXL_DISTANCES = {"15", "10", "6", "4", "2.5"};
    private static final int[] AVIF_QUANTIZERS = {63, 56, 48, 40, 30, 20};

    private SmallRivals() {
    }

    /**
     * A picture that went through a small file.
     *
     * @param codec index into {@link #CODECS}
     * @param bytes that count
     * @param psnr  against the original, see {@link SmallFiles#smallPsnr}
     */
    record Small(int codec, int bytes, BufferedImage image, double psnr) {
    }

    /** The picture in all sizes and qualities that take no more than some bytes. */
    static List<Small> of(BufferedImage image, int most) throws IOException, InterruptedException {
        List<Small> smalls = new ArrayList<>();
        Path folder = Files.createTempDirectory("small-files");
        Path in = folder.resolve("in.png");
        Path out = folder.resolve("out");
        Path back = folder.resolve("back.png");
        Path jxl = folder.resolve("out.jxl");
        for (int side : WEBP_SIDES) {
            ImageIO.write(shrunk(image, side), "png", in.toFile());
            for (int quality : WEBP_QUALITIES) {
                run("cwebp", "-quiet", "-m", "6", "-q", String.valueOf(quality), in.toString(), "-o", out.toString());
                byte[] file = Files.readAllBytes(out);
                if (file.length > most) {
                    break;
                }
                smalls.add(small(0, file.length, image, ImageIO.read(new ByteArrayInputStream(file))));
            }
        }
        for (int side : JXL_SIDES) {
            ImageIO.write(shrunk(image, side), "png", in.toFile());
            for (String distance : JXL_DISTANCES) {
                run("cjxl", "-e", "7", "-d", distance, in.toString(), jxl.toString());
                int bytes = (int) Files.size(jxl);
                if (bytes > most) {
                    break;
                }
                run("djxl", jxl.toString(), back.toString());
                smalls.add(small(3, bytes, image, ImageIO.read(back.toFile())));
            }
        }
        for (int side : AVIF_SIDES) {
            ImageIO.write(shrunk(image, side), "png", in.toFile());
            for (int quantizer : AVIF_QUANTIZERS) {
                String q = String.valueOf(quantizer);
                run("avifenc", "-j", "1", "-s", "4", "-y", "420", "--min", q, "--max", q, in.toString(), out.toString());
                byte[] file = Files.readAllBytes(out);
                int coded = boxLength(file, "mdat");
                if (coded > most) {
                    break;
                }
                run("avifdec", "-j", "1", out.toString(), back.toString());
                Small alone = small(2, coded, image, ImageIO.read(back.toFile()));
                smalls.add(alone);
                smalls.add(new Small(1, file.length, alone.image, alone.psnr));
            }
        }
        for (Path file : List.of(in, out, back, jxl)) {
            Files.deleteIfExists(file);
        }
        Files.delete(folder);
        return smalls;
    }

    /** The picture of a codec that is most like the original within a budget. */
    static Optional<Small> best(List<Small> smalls, int codec, int budget) {
        return smalls.stream().filter(s -> s.codec == codec && s.bytes <= budget).max((a, b) -> Double.compare(a.psnr, b.psnr));
    }

    private static Small small(int codec, int bytes, BufferedImage original, BufferedImage decoded) {
        BufferedImage enlarged = enlarged(decoded, original.getWidth(), original.getHeight());
        return new Small(codec, bytes, enlarged, SmallFiles.smallPsnr(original, enlarged));
    }

    /** Bytes in a top-level box of an ISO base media file, without its length and name. */
    private static int boxLength(byte[] file, String name) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(file);
        for (int at = 0; at + 8 <= file.length; at += in.getInt(at)) {
            if (new String(file, at + 4, 4, StandardCharsets.US_ASCII).equals(name)) {
                return in.getInt(at) - 8;
            }
        }
        throw new IOException("no box " + name);
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        if (process.waitFor() != 0) {
            throw new IOException(command[0] + " failed");
        }
    }

    /** Averages, with a longer side of some samples at most. */
    private static BufferedImage shrunk(BufferedImage image, int longSide) {
        if (longSide >= Math.max(image.getWidth(), image.getHeight())) {
            return image;
        }
        double factor = (double) longSide / Math.max(image.getWidth(), image.getHeight());
        int width = Math.max(1, (int) Math.round(factor * image.getWidth()));
        int height = Math.max(1, (int) Math.round(factor * image.getHeight()));
        BufferedImage small = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                long[] sums = new long[3];
                int y0 = y * image.getHeight() / height;
                int y1 = (y + 1) * image.getHeight() / height;
                int x0 = x * image.getWidth() / width;
                int x1 = (x + 1) * image.getWidth() / width;
                for (int rgb : image.getRGB(x0, y0, x1 - x0, y1 - y0, null, 0, x1 - x0)) {
                    sums[0] += rgb >> 16 & 0xFF;
                    sums[1] += rgb >> 8 & 0xFF;
                    sums[2] += rgb & 0xFF;
                }
                int count = (y1 - y0) * (x1 - x0);
                small.setRGB(x, y, mean(sums[0], count) << 16 | mean(sums[1], count) << 8 | mean(sums[2], count));
            }
        }
        return small;
    }

    private static int mean(long sum, int count) {
        return (int) ((2 * sum + count) / (2L * count));
    }

    private static BufferedImage enlarged(BufferedImage image, int width, int height) {
        BufferedImage large = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = large.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        graphics.drawImage(image, 0, 0, width, height, null);
        graphics.dispose();
        return large;
    }
}
