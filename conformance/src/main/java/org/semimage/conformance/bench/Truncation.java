// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.bench;

import org.semimage.compute.Watcher;
import org.semimage.container.SemFile;
import org.semimage.container.SemSerializer;
import org.semimage.picture.Images;
import org.semimage.picture.PixelPlanes;
import org.semimage.profile.EncodeOptions;
import org.semimage.profile.WholePicture;
import org.semimage.profile.transform.QualityIndex;
import org.semimage.profile.transform.TransformProfile;

import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Prints what truncation costs: {@code Truncation FOLDER [COUNT]}. Each picture of a folder is encoded once in layers, for a seventh of
 * its raw size. It is cut to an eighth down to a 512th, and compared with the curve of single-layer files.
 */
public final class Truncation {

    private static final int FULL_RATIO = 7;
    private static final int[] RATIOS = {8, 16, 32, 64, 128, 256, 512};
    private static final TransformProfile PROFILE = new TransformProfile();

    private Truncation() {
    }

    /** A file's size and quality. */
    private record Point(double logBytes, double psnr) {

        static Point of(PixelPlanes picture, SemFile file) throws IIOException {
            PixelPlanes decoded = WholePicture.decode(PROFILE, file, Watcher.NONE);
            double squares = 0;
            for (int c = 0; c < picture.format().colourPlanes(); c++) {
                for (int i = 0; i < picture.samples()[c].length; i++) {
                    double error = picture.samples()[c][i] - decoded.samples()[c][i];
                    squares += error * error;
                }
            }
            double samples = (double) picture.format().colourPlanes() * picture.width() * picture.height();
            return new Point(Math.log(SemSerializer.size(file)), 10 * Math.log10(255 * 255 * samples / squares));
        }
    }

    /**
     * One cut.
     *
     * @param psnr  of the truncated file
     * @param alone of a single-layer file of its size
     * @param price bytes of the truncated file over those of a single-layer file as good, minus 1
     */
    private record Row(double psnr, double alone, double price) {
    }

    private static List<Point> curve(PixelPlanes picture) throws IIOException {
        List<Point> points = new ArrayList<>();
        for (double index = 0; index <= 208; index += 13) {
            points.add(Point.of(picture, PROFILE.encode(picture, EncodeOptions.ofQuality(QualityIndex.toQuality(index)), Watcher.NONE)));
        }
        return points;
    }

    /** Linear between points, and on beyond them. */
    private static double at(List<Point> points, double x, boolean byPsnr) {
        int i = 1;
        while (i < points.size() - 1 && (byPsnr ? points.get(i).psnr : points.get(i).logBytes) < x) {
            i++;
        }
        Point a = points.get(i - 1);
        Point b = points.get(i);
        return byPsnr ? a.logBytes + (x - a.psnr) * (b.logBytes - a.logBytes) / (b.psnr - a.psnr)
                : a.psnr + (x - a.logBytes) * (b.psnr - a.psnr) / (b.logBytes - a.logBytes);
    }

    /**
     * Prints a table of cut files.
     *
     * @param arguments a folder of pictures, and how many of them
     */
    public static void main(String[] arguments) throws IOException {
        Arguments.require(1, arguments, "Truncation PICTURES [COUNT]");
        List<Path> files = Arguments.pictures(arguments[0]);
        int count = arguments.length > 1 ? Integer.parseInt(arguments[1]) : files.size();
        Map<Integer, List<Row>> rows = new TreeMap<>();
        for (Path path : files.subList(0, Math.min(count, files.size()))) {
            PixelPlanes picture = Images.toPlanes(ImageIO.read(path.toFile()));
            int raw = picture.width() * picture.height() * picture.format().colourPlanes();
            SemFile layers = PROFILE.encode(picture, EncodeOptions.ofBytes(raw / FULL_RATIO).withProgressive(true), Watcher.NONE);
            List<Point> curve = curve(picture);
            StringBuilder line = new StringBuilder(path.getFileName().toString());
            for (int ratio : RATIOS) {
                Point cut = Point.of(picture, TransformProfile.truncate(layers, raw / ratio));
                Row row = new Row(cut.psnr, at(curve, cut.logBytes, false), Math.exp(cut.logBytes - at(curve, cut.psnr, true)) - 1);
                rows.computeIfAbsent(ratio, r -> new ArrayList<>()).add(row);
                line.append(String.format(Locale.ROOT, "  %d: %.2f/%.2f %+.1f %%", ratio, row.psnr, row.alone, 100 * row.price));
            }
            System.out.println(line);
        }
        System.out.println("| ratio | truncated dB | alone dB | lost dB | price |");
        System.out.println("|---|---|---|---|---|");
        rows.forEach((ratio, all) -> System.out.printf(Locale.ROOT, "| %d | %.2f | %.2f | %.2f | %.1f %% |%n", ratio,
                all.stream().mapToDouble(Row::psnr).average().orElseThrow(), all.stream().mapToDouble(Row::alone).average().orElseThrow(),
                all.stream().mapToDouble(r -> r.alone - r.psnr).average().orElseThrow(),
                100 * all.stream().mapToDouble(Row::price).average().orElseThrow()));
    }
}
