package org.semimage.conformance.bench;

import org.semimage.imageio.SemImageWriteParam;

import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Measures descriptor files of a few sizes against WebP of the picture in its best small size, over a folder of pictures: PSNR of
 * the picture at 1/16 scale, distance of colour histograms, {@link SlicedWasserstein}. With a second folder, writes sheets of the pictures there.
 *
 * <p>{@code -Dbench.main=org.semimage.conformance.bench.SmallFiles -Dbench="PICTURES [SHEETS]"}; needs cwebp.
 */
public final class SmallFiles {

    private static final int[] BUDGETS = {60, 100, 200, 300};
    private static final int[] LONG_SIDES = {8, 10, 12, 16, 20, 24, 32, 40};
    private static final int[] QUALITIES = {0, 20, 60};
    private static final int SHEET = 12;

    private SmallFiles() {
    }

    private record Rival(byte[] file, BufferedImage image, double psnr) {
    }

    /** One line a budget: the mean of each measure for SEM and WebP. */
    public static void main(String[] arguments) throws Exception {
        File[] files = new File(arguments[0]).listFiles();
        Arrays.sort(files);
        double[][] sums = new double[BUDGETS.length][9];
        List<BufferedImage[]> rows = new ArrayList<>();
        for (int f = 0; f < files.length; f++) {
            BufferedImage image = ImageIO.read(files[f]);
            List<Rival> rivals = rivals(image);
            BufferedImage[] row = new BufferedImage[1 + 2 * BUDGETS.length];
            row[0] = image;
            for (int b = 0; b < BUDGETS.length; b++) {
                long start = System.nanoTime();
                byte[] file = encode(image, BUDGETS[b]);
                long encoded = System.nanoTime();
                BufferedImage decoded = ImageIO.read(new ByteArrayInputStream(file));
                sums[b][7] += (encoded - start) / 1e6;
                sums[b][8] += (System.nanoTime() - encoded) / 1e6;
                Rival best = null;
                for (Rival rival : rivals) {
                    if (rival.file.length <= BUDGETS[b] && (best == null || rival.psnr > best.psnr)) {
                        best = rival;
                    }
                }
                add(sums[b], 0, image, decoded);
                sums[b][6] += best == null ? 0 : 1;
                if (best != null) {
                    add(sums[b], 3, image, best.image);
                }
                row[1 + b] = decoded;
                row[1 + BUDGETS.length + b] = best == null ? null : best.image;
            }
            if (f % Math.max(1, files.length / SHEET) == 0 && rows.size() < SHEET) {
                rows.add(row);
            }
        }
        print(sums, files.length);
        if (arguments.length > 1) {
            sheets(rows, Path.of(arguments[1]));
        }
    }

    private static void print(double[][] sums, int files) {
        System.out.println("| bytes | SEM PSNR 1/16 | histogram | SWD | WebP PSNR 1/16 | histogram | SWD | WebP files | encode ms | decode ms |");
        System.out.println("|---|---|---|---|---|---|---|---|---|---|");
        for (int b = 0; b < BUDGETS.length; b++) {
            double[] s = sums[b];
            double webp = Math.max(1, s[6]);
            System.out.println(String.format(Locale.ROOT, "| %d | %.2f | %.3f | %.3f | %.2f | %.3f | %.3f | %.0f of %d | %.0f | %.0f |", BUDGETS[b],
                    s[0] / files, s[1] / files, s[2] / files, s[3] / webp, s[4] / webp, s[5] / webp, s[6], files, s[7] / files, s[8] / files));
        }
    }

    private static void add(double[] sums, int at, BufferedImage original, BufferedImage decoded) {
        sums[at] += smallPsnr(original, decoded);
        sums[at + 1] += histogramDistance(original, decoded);
        sums[at + 2] += SlicedWasserstein.of(original, decoded);
    }

    /** PSNR in dB between the means of 16x16 samples. */
    static double smallPsnr(BufferedImage a, BufferedImage b) {
        int[] smallA = means(a);
        int[] smallB = means(b);
        double sum = 0;
        for (int i = 0; i < smallA.length; i++) {
            double difference = (smallA[i] - smallB[i]) / 256.0;
            sum += difference * difference;
        }
        return 10 * Math.log10(255 * 255 * smallA.length / sum);
    }

    private static int[] means(BufferedImage image) {
        int w = image.getWidth() / 16;
        int h = image.getHeight() / 16;
        int[] sums = new int[3 * w * h];
        for (int y = 0; y < 16 * h; y++) {
            for (int x = 0; x < 16 * w; x++) {
                int rgb = image.getRGB(x, y);
                int at = 3 * (y / 16 * w + x / 16);
                sums[at] += rgb >> 16 & 0xFF;
                sums[at + 1] += rgb >> 8 & 0xFF;
                sums[at + 2] += rgb & 0xFF;
            }
        }
        return sums;
    }

    /** Half the sum of absolute differences of histograms of 8x8x8 colours: 0 equal, 1 disjoint. */
    static double histogramDistance(BufferedImage a, BufferedImage b) {
        int[] difference = new int[512];
        for (int y = 0; y < a.getHeight(); y++) {
            for (int x = 0; x < a.getWidth(); x++) {
                difference[bin(a.getRGB(x, y))]++;
                difference[bin(b.getRGB(x, y))]--;
            }
        }
        return Arrays.stream(difference).mapToLong(Math::abs).sum() / 2.0 / a.getWidth() / a.getHeight();
    }

    private static int bin(int rgb) {
        return (rgb >> 21 & 7) << 6 | (rgb >> 13 & 7) << 3 | rgb >> 5 & 7;
    }

    private static byte[] encode(BufferedImage image, int bytes) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("sem").next();
        SemImageWriteParam param = (SemImageWriteParam) writer.getDefaultWriteParam();
        param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        param.setCompressionType("descriptor");
        param.setTargetBytes(bytes);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
            writer.setOutput(stream);
            writer.write(null, new IIOImage(image, null, null), param);
        }
        writer.dispose();
        return out.toByteArray();
    }

    /** The picture as WebP in many small sizes and qualities, enlarged again. */
    private static List<Rival> rivals(BufferedImage image) throws IOException, InterruptedException {
        List<Rival> rivals = new ArrayList<>();
        Path folder = Files.createTempDirectory("small-files");
        Path in = folder.resolve("in.png");
        Path out = folder.resolve("out.webp");
        int largest = BUDGETS[BUDGETS.length - 1];
        for (int longSide : LONG_SIDES) {
            double factor = (double) longSide / Math.max(image.getWidth(), image.getHeight());
            BufferedImage small = averaged(image, Math.max(1, (int) Math.round(factor * image.getWidth())), Math.max(1, (int) Math.round(factor * image.getHeight())));
            ImageIO.write(small, "png", in.toFile());
            for (int quality : QUALITIES) {
                Process process = new ProcessBuilder("cwebp", "-quiet", "-m", "6", "-q", String.valueOf(quality), in.toString(), "-o", out.toString()).start();
                if (process.waitFor() != 0) {
                    throw new IOException("cwebp failed");
                }
                byte[] file = Files.readAllBytes(out);
                if (file.length <= largest) {
                    BufferedImage back = scaled(ImageIO.read(new ByteArrayInputStream(file)), image.getWidth(), image.getHeight());
                    rivals.add(new Rival(file, back, smallPsnr(image, back)));
                }
            }
        }
        Files.deleteIfExists(in);
        Files.deleteIfExists(out);
        Files.delete(folder);
        return rivals;
    }

    private static BufferedImage averaged(BufferedImage image, int width, int height) {
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
                small.setRGB(x, y, (int) (sums[0] / count) << 16 | (int) (sums[1] / count) << 8 | (int) (sums[2] / count));
            }
        }
        return small;
    }

    private static BufferedImage scaled(BufferedImage image, int width, int height) {
        BufferedImage scaled = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = scaled.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        graphics.drawImage(image, 0, 0, width, height, null);
        graphics.dispose();
        return scaled;
    }

    /** A sheet of four pictures each: the original, then SEM and below it WebP at each budget. */
    private static void sheets(List<BufferedImage[]> rows, Path folder) throws IOException {
        int side = 192;
        int perSheet = 4;
        for (int first = 0; first < rows.size(); first += perSheet) {
            int count = Math.min(perSheet, rows.size() - first);
            BufferedImage sheet = new BufferedImage((1 + BUDGETS.length) * side, 2 * count * side, BufferedImage.TYPE_INT_RGB);
            Graphics2D graphics = sheet.createGraphics();
            graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
            for (int r = 0; r < count; r++) {
                BufferedImage[] row = rows.get(first + r);
                for (int i = 0; i < row.length; i++) {
                    int column = i > BUDGETS.length ? i - BUDGETS.length : i;
                    graphics.drawImage(row[i], column * side, (2 * r + (i > BUDGETS.length ? 1 : 0)) * side, side, side, null);
                }
            }
            graphics.dispose();
            ImageIO.write(sheet, "png", Files.createDirectories(folder).resolve("sheet-" + first / perSheet + ".png").toFile());
        }
    }
}
