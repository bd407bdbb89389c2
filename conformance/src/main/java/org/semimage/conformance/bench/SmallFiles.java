// SPDX-License-Identifier: Apache-2.0
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
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Measures descriptor files of a few sizes against {@link SmallRivals} of the same size, over a folder of pictures: PSNR of
 * the picture at 1/16 scale, distance of colour histograms, {@link SlicedWasserstein}. With a second folder, writes sheets of twelve
 * pictures there.
 *
 * <p>{@code -Dbench.main=org.semimage.conformance.bench.SmallFiles -Dbench="PICTURES [SHEETS]"}.
 */
public final class SmallFiles {

    private static final int[] BUDGETS = {60, 100, 200, 300};
    private static final int SHEET = 12;
    private static final int PER_SHEET = 3;

    private SmallFiles() {
    }

    /** The three measures of a decoded picture; the first is better if higher, the others if lower. */
    private record Measures(double psnr, double histogram, double wasserstein) {

        static Measures of(BufferedImage original, BufferedImage decoded) {
            return new Measures(smallPsnr(original, decoded), histogramDistance(original, decoded),
                    SlicedWasserstein.of(original, decoded));
        }
    }

    /** Sums over the pictures of which a codec has a file at a budget, and on how many of them SEM is better by each measure. */
    private static final class Row {

        private int files;
        private long bytes;
        private final double[] sums = new double[3];
        private final int[] worse = new int[3];

        void add(int size, Measures measures, Measures sem) {
            files++;
            bytes += size;
            sums[0] += measures.psnr;
            sums[1] += measures.histogram;
            sums[2] += measures.wasserstein;
            worse[0] += sem.psnr > measures.psnr ? 1 : 0;
            worse[1] += sem.histogram < measures.histogram ? 1 : 0;
            worse[2] += sem.wasserstein < measures.wasserstein ? 1 : 0;
        }
    }

    /** One line a budget and codec; on the error output one for each picture. */
    public static void main(String[] arguments) throws Exception {
        Arguments.require(1, arguments, "SmallFiles PICTURES [SHEETS]");
        File[] files = Arguments.pictures(arguments[0]).stream().map(Path::toFile).toArray(File[]::new);
        Row[][] table = new Row[BUDGETS.length][1 + SmallRivals.CODECS.size()];
        for (Row[] rows : table) {
            Arrays.setAll(rows, i -> new Row());
        }
        List<List<BufferedImage>> shown = new ArrayList<>();
        double encode = 0;
        double decode = 0;
        for (int f = 0; f < files.length; f++) {
            BufferedImage image = ImageIO.read(files[f]);
            List<SmallRivals.Small> rivals = SmallRivals.of(image, BUDGETS[BUDGETS.length - 1]);
            Map<BufferedImage, Measures> measured = new IdentityHashMap<>();
            List<BufferedImage> pictures = new ArrayList<>();
            pictures.add(image);
            for (int b = 0; b < BUDGETS.length; b++) {
                long start = System.nanoTime();
                byte[] file = encode(image, BUDGETS[b]);
                long encoded = System.nanoTime();
                BufferedImage decoded = ImageIO.read(new ByteArrayInputStream(file));
                encode += (encoded - start) / 1e6;
                decode += (System.nanoTime() - encoded) / 1e6;
                Measures sem = Measures.of(image, decoded);
                table[b][0].add(file.length, sem, sem);
                say(files[f], BUDGETS[b], "SEM", file.length, sem);
                pictures.add(decoded);
                for (int codec = 0; codec < SmallRivals.CODECS.size(); codec++) {
                    Optional<SmallRivals.Small> best = SmallRivals.best(rivals, codec, BUDGETS[b]);
                    if (best.isPresent()) {
                        Measures measures = measured.computeIfAbsent(best.get().image(), small -> Measures.of(image, small));
                        table[b][1 + codec].add(best.get().bytes(), measures, sem);
                        say(files[f], BUDGETS[b], SmallRivals.CODECS.get(codec), best.get().bytes(), measures);
                    }
                    pictures.add(best.map(SmallRivals.Small::image).orElse(null));
                }
            }
            if (f % Math.max(1, files.length / SHEET) == 0 && shown.size() < SHEET) {
                shown.add(pictures);
            }
        }
        print(table, files.length);
        int coded = files.length * BUDGETS.length;
        System.out.println(String.format(Locale.ROOT, "%nSEM: encode %.0f ms, decode %.0f ms a picture", encode / coded, decode / coded));
        if (arguments.length > 1) {
            sheets(shown, Path.of(arguments[1]));
        }
    }

    /** A line about a picture, where it does not disturb the table. */
    private static void say(File picture, int budget, String codec, int bytes, Measures m) {
        System.err.println(String.format(Locale.ROOT, "%s\t%d\t%s\t%d\t%.3f\t%.4f\t%.4f", picture.getName(), budget, codec, bytes, m.psnr,
                m.histogram, m.wasserstein));
    }

    private static void print(Row[][] table, int pictures) {
        System.out.println("| bytes | codec | files | bytes, mean | PSNR 1/16, dB | histogram | SWD | SEM is better on |");
        System.out.println("|---|---|---|---|---|---|---|---|");
        for (int b = 0; b < BUDGETS.length; b++) {
            for (int i = 0; i < table[b].length; i++) {
                Row row = table[b][i];
                String codec = i == 0 ? "SEM" : SmallRivals.CODECS.get(i - 1);
                if (row.files == 0) {
                    System.out.println("| " + BUDGETS[b] + " | " + codec + " | 0 of " + pictures + " | | | | | |");
                    continue;
                }
                System.out.println(String.format(Locale.ROOT, "| %d | %s | %d of %d | %.0f | %.2f | %.3f | %.3f | %s |", BUDGETS[b], codec,
                        row.files, pictures, (double) row.bytes / row.files, row.sums[0] / row.files, row.sums[1] / row.files,
                        row.sums[2] / row.files, i == 0 ? "" : row.worse[0] + ", " + row.worse[1] + ", " + row.worse[2]));
            }
        }
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
        int[] pixels = image.getRGB(0, 0, 16 * w, 16 * h, null, 0, 16 * w);
        int[] sums = new int[3 * w * h];
        for (int i = 0; i < pixels.length; i++) {
            int at = 3 * (i / (16 * w) / 16 * w + i % (16 * w) / 16);
            sums[at] += pixels[i] >> 16 & 0xFF;
            sums[at + 1] += pixels[i] >> 8 & 0xFF;
            sums[at + 2] += pixels[i] & 0xFF;
        }
        return sums;
    }

    /** Half the sum of absolute differences of histograms of 8x8x8 colours: 0 equal, 1 disjoint. */
    static double histogramDistance(BufferedImage a, BufferedImage b) {
        int[] difference = new int[512];
        int width = a.getWidth();
        int height = a.getHeight();
        for (int rgb : a.getRGB(0, 0, width, height, null, 0, width)) {
            difference[bin(rgb)]++;
        }
        for (int rgb : b.getRGB(0, 0, width, height, null, 0, width)) {
            difference[bin(rgb)]--;
        }
        return Arrays.stream(difference).mapToLong(Math::abs).sum() / 2.0 / width / height;
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

    /** Sheets of a few pictures each: the original, then a column a budget, a row a codec. */
    private static void sheets(List<List<BufferedImage>> shown, Path folder) throws IOException {
        int side = 256;
        int codecs = 1 + SmallRivals.CODECS.size();
        for (int first = 0; first < shown.size(); first += PER_SHEET) {
            int count = Math.min(PER_SHEET, shown.size() - first);
            BufferedImage sheet = new BufferedImage((1 + BUDGETS.length) * side, codecs * count * side, BufferedImage.TYPE_INT_RGB);
            Graphics2D graphics = sheet.createGraphics();
            graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
            for (int p = 0; p < count; p++) {
                List<BufferedImage> pictures = shown.get(first + p);
                draw(graphics, pictures.get(0), "original", 0, p * codecs * side, side);
                for (int i = 0; i + 1 < pictures.size(); i++) {
                    String codec = i % codecs == 0 ? "SEM" : SmallRivals.CODECS.get(i % codecs - 1);
                    draw(graphics, pictures.get(1 + i), codec + ", " + BUDGETS[i / codecs] + " bytes", (1 + i / codecs) * side,
                            (p * codecs + i % codecs) * side, side);
                }
            }
            graphics.dispose();
            ImageIO.write(sheet, "png", Files.createDirectories(folder).resolve("sheet-" + first / PER_SHEET + ".png").toFile());
        }
    }

    private static void draw(Graphics2D graphics, BufferedImage image, String label, int x, int y, int side) {
        graphics.drawString(image == null ? label + ": none" : label, x + 4, y + 13);
        if (image != null) {
            int room = side - 18;
            double factor = (double) room / Math.max(image.getWidth(), image.getHeight());
            graphics.drawImage(image, x, y + 17, (int) (factor * image.getWidth()), (int) (factor * image.getHeight()), null);
        }
    }
}
