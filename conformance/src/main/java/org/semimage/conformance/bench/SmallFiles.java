// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.bench;

import org.semimage.imageio.SemImageReadParam;
import org.semimage.imageio.SemImageWriteParam;
import org.semimage.measure.Ssimulacra2;
import org.semimage.picture.RgbSamples;

import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Measures what is left of pictures in files of a few sizes, SEM's rendered and plain beside {@link SmallRivals} of the same size: PSNR of
 * the picture at 1/16 scale and at its own, SSIMULACRA 2, {@link SlicedWasserstein}. With a folder, writes sheets of twelve pictures and
 * all decoded pictures there.
 *
 * <p>{@code -Dbench.main=org.semimage.conformance.bench.SmallFiles -Dbench="PICTURES SIZES [OUT]"}, with sizes in bytes or, with the suffix
 * bpp, in bits per pixel: {@code 60,300,0.05bpp}.
 */
public final class SmallFiles {

    private static final int SHEET = 12;
    private static final int PER_SHEET = 3;
    private static final List<String> OWN = List.of("SEM", "SEM plain");

    private SmallFiles() {
    }

    /** A picture that went through a small file. */
    private record Decoded(int bytes, BufferedImage image) {
    }

    /** The measures of a decoded picture; the last is better if lower, the others if higher. */
    private record Measures(double small, double psnr, double ssimulacra, double wasserstein) {

        static Measures of(BufferedImage original, BufferedImage decoded) {
            return new Measures(smallPsnr(original, decoded), SmallFiles.psnr(original, decoded),
                    Ssimulacra2.of(RgbSamples.of(original), RgbSamples.of(decoded)).orElse(Double.NaN),
                    SlicedWasserstein.of(original, decoded));
        }
    }

    /** Sums over the pictures of which a codec has a file of a size. */
    private static final class Row {

        private int files;
        private long bytes;
        private final double[] sums = new double[4];

        void add(int size, Measures measures) {
            files++;
            bytes += size;
            double[] values = {measures.small, measures.psnr, measures.ssimulacra, measures.wasserstein};
            Arrays.setAll(sums, i -> sums[i] + values[i]);
        }
    }

    /** One line a size and codec; on the error output one for each picture. */
    public static void main(String[] arguments) throws Exception {
        Arguments.require(2, arguments, "SmallFiles PICTURES SIZES [OUT]");
        List<String> codecs = new ArrayList<>(OWN);
        codecs.addAll(SmallRivals.CODECS);
        String[] sizes = arguments[1].split(",");
        Row[][] table = new Row[sizes.length][codecs.size()];
        for (Row[] rows : table) {
            Arrays.setAll(rows, i -> new Row());
        }
        List<Path> files = Arguments.pictures(arguments[0]);
        List<List<BufferedImage>> shown = new ArrayList<>();
        for (int f = 0; f < files.size(); f++) {
            BufferedImage image = ImageIO.read(files.get(f).toFile());
            int[] budgets = Arrays.stream(sizes).mapToInt(size -> bytes(size, image)).toArray();
            List<SmallRivals.Small> rivals = SmallRivals.of(image, Arrays.stream(budgets).max().orElseThrow());
            List<BufferedImage> pictures = new ArrayList<>(List.of(image));
            for (int b = 0; b < budgets.length; b++) {
                for (int codec = 0; codec < codecs.size(); codec++) {
                    Optional<Decoded> decoded = codec < OWN.size() ? own(image, budgets[b], codec == 0 ? 1 : 0)
                            : SmallRivals.best(rivals, codec - OWN.size(), budgets[b])
                            .map(small -> new Decoded(small.bytes(), small.image()));
                    pictures.add(decoded.map(Decoded::image).orElse(null));
                    if (decoded.isPresent()) {
                        Measures measures = Measures.of(image, decoded.get().image);
                        table[b][codec].add(decoded.get().bytes, measures);
                        say(files.get(f), sizes[b], codecs.get(codec), decoded.get().bytes, measures);
                        if (arguments.length > 2) {
                            Path folder = Files.createDirectories(Path.of(arguments[2], sizes[b], codecs.get(codec)));
                            ImageIO.write(decoded.get().image, "png", folder.resolve(files.get(f).getFileName().toString()).toFile());
                        }
                    }
                }
            }
            if (f % Math.max(1, files.size() / SHEET) == 0 && shown.size() < SHEET) {
                shown.add(pictures);
            }
        }
        print(table, sizes, codecs, files.size());
        if (arguments.length > 2) {
            sheets(shown, sizes, codecs, Path.of(arguments[2]));
        }
    }

    private static int bytes(String size, BufferedImage image) {
        return size.endsWith("bpp")
                ? (int) (Double.parseDouble(size.substring(0, size.length() - 3)) * image.getWidth() * image.getHeight() / 8)
                : Integer.parseInt(size);
    }

    /** A line about a picture, where it does not disturb the table. */
    private static void say(Path picture, String size, String codec, int bytes, Measures m) {
        System.err.println(String.format(Locale.ROOT, "%s\t%s\t%s\t%d\t%.3f\t%.3f\t%.2f\t%.4f", picture.getFileName(), size, codec, bytes,
                m.small, m.psnr, m.ssimulacra, m.wasserstein));
    }

    private static void print(Row[][] table, String[] sizes, List<String> codecs, int pictures) {
        System.out.println("| size | codec | files | bytes, mean | PSNR 1/16, dB | PSNR, dB | SSIMULACRA 2 | SWD |");
        System.out.println("|---|---|---|---|---|---|---|---|");
        for (int b = 0; b < sizes.length; b++) {
            for (int i = 0; i < table[b].length; i++) {
                Row row = table[b][i];
                System.out.println(row.files == 0 ? "| " + sizes[b] + " | " + codecs.get(i) + " | 0 of " + pictures + " | | | | | |"
                        : String.format(Locale.ROOT, "| %s | %s | %d of %d | %.0f | %.2f | %.2f | %.1f | %.3f |", sizes[b], codecs.get(i),
                        row.files, pictures, (double) row.bytes / row.files, row.sums[0] / row.files, row.sums[1] / row.files,
                        row.sums[2] / row.files, row.sums[3] / row.files));
            }
        }
    }

    /** PSNR in dB over all samples of red, green and blue. */
    static double psnr(BufferedImage a, BufferedImage b) {
        int[] one = a.getRGB(0, 0, a.getWidth(), a.getHeight(), null, 0, a.getWidth());
        int[] other = b.getRGB(0, 0, a.getWidth(), a.getHeight(), null, 0, a.getWidth());
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            for (int shift = 0; shift < 24; shift += 8) {
                double difference = (one[i] >> shift & 0xFF) - (other[i] >> shift & 0xFF);
                sum += difference * difference;
            }
        }
        return 10 * Math.log10(255 * 255 * 3.0 * one.length / sum);
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

    /** SEM's file of at most some bytes, in the profile that a writer picks; empty if there is none as small. */
    private static Optional<Decoded> own(BufferedImage image, int bytes, float fidelity) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("sem").next();
        SemImageWriteParam param = (SemImageWriteParam) writer.getDefaultWriteParam();
        param.setTargetBytes(bytes);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
            writer.setOutput(stream);
            writer.write(null, new IIOImage(image, null, null), param);
        } finally {
            writer.dispose();
        }
        ImageReader reader = ImageIO.getImageReadersByFormatName("sem").next();
        try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(out.toByteArray()))) {
            reader.setInput(in);
            SemImageReadParam how = (SemImageReadParam) reader.getDefaultReadParam();
            how.setFidelity(fidelity);
            return Optional.of(new Decoded(out.size(), reader.read(0, how)));
        } finally {
            reader.dispose();
        }
    }

    /** Sheets of a few pictures each: the original, then a column a budget, a row a codec. */
    private static void sheets(List<List<BufferedImage>> shown, String[] sizes, List<String> names, Path folder) throws IOException {
        int side = 256;
        int codecs = names.size();
        for (int first = 0; first < shown.size(); first += PER_SHEET) {
            int count = Math.min(PER_SHEET, shown.size() - first);
            BufferedImage sheet = new BufferedImage((1 + sizes.length) * side, codecs * count * side, BufferedImage.TYPE_INT_RGB);
            Graphics2D graphics = sheet.createGraphics();
            graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
            for (int p = 0; p < count; p++) {
                List<BufferedImage> pictures = shown.get(first + p);
                draw(graphics, pictures.get(0), "original", 0, p * codecs * side, side);
                for (int i = 0; i + 1 < pictures.size(); i++) {
                    draw(graphics, pictures.get(1 + i), names.get(i % codecs) + ", " + sizes[i / codecs], (1 + i / codecs) * side,
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
