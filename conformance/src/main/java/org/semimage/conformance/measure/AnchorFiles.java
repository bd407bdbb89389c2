// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.measure;


import com.google.gson.Gson;
import com.google.gson.JsonParseException;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Reads other codecs' curves of one set of pictures from folders. Two forms of file hold them:
 *
 * <ul>
 * <li>{@code *.json}: {@code {"codec", "set", "curve": [{"bpp", "psnr", "msssim"}]}}, which may also have
 *     {@code "points": [{"image", "q", "bpp", "psnr", "msssim"}]}; {@code "ssimulacra2"} and {@code "butteraugli"} may stand beside them;
 * <li>{@code SET.tsv}: a line for each point without a heading, with the columns codec, picture, setting (a number), bytes, bits per pixel,
 *     SSIMULACRA 2, Butteraugli 3-norm, divided by tabs.
 * </ul>
 *
 * Files about other sets, and other JSON files, are passed over.
 */
final class AnchorFiles {

    private static final int COLUMNS = 7;

    private AnchorFiles() {
    }

    /**
     * Reads the curves of one set, by the codecs' names; what several files hold of one codec is put together.
     *
     * @throws IOException if the folders hold no curve of the set, or a file of a known form is malformed
     */
    static List<AnchorCurve> load(List<Path> folders, String set) throws IOException {
        Map<String, AnchorCurve> curves = new TreeMap<>();
        for (Path folder : folders) {
            for (AnchorCurve curve : load(folder, set)) {
                curves.merge(curve.codec(), curve, AnchorCurve::and);
            }
        }
        if (curves.isEmpty()) {
            throw new IOException("no anchor curve of the set '" + set + "' in "
                    + folders.stream().map(Path::toString).collect(Collectors.joining(", ")));
        }
        return List.copyOf(curves.values());
    }

    private static List<AnchorCurve> load(Path folder, String set) throws IOException {
        List<AnchorCurve> curves = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.json")) {
            for (Path file : files) {
                Document document = parse(file);
                if (document != null && set.equals(document.set) && document.codec != null && document.curve != null) {
                    curves.add(document.curve());
                }
            }
        }
        Path table = folder.resolve(set + ".tsv");
        if (Files.exists(table)) {
            curves.addAll(table(table));
        }
        return curves;
    }

    private static Collection<AnchorCurve> table(Path file) throws IOException {
        Map<String, List<Measurement>> points = new LinkedHashMap<>();
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            String[] columns = line.split("\t");
            try {
                if (columns.length != COLUMNS) {
                    throw new IOException(file + ", line " + number + ": " + columns.length + " columns, not " + COLUMNS);
                }
                points.computeIfAbsent(columns[0], codec -> new ArrayList<>()).add(point(columns));
            } catch (NumberFormatException malformed) {
                throw new IOException(file + ", line " + number + ": " + malformed.getMessage(), malformed);
            }
        }
        return points.entrySet().stream().map(codec -> AnchorCurve.of(codec.getKey(), codec.getValue())).toList();
    }

    private static Measurement point(String[] columns) {
        Scores scores = Scores.NONE
                .with(Measure.SSIMULACRA2, Double.parseDouble(columns[5]))
                .with(Measure.BUTTERAUGLI, Double.parseDouble(columns[6]));
        return new Measurement(columns[1], Float.parseFloat(columns[2]), Long.parseLong(columns[3]), Double.parseDouble(columns[4]),
                scores, 0, 0);
    }

    private static Document parse(Path file) throws IOException {
        try (Reader in = Files.newBufferedReader(file)) {
            return new Gson().fromJson(in, Document.class);
        } catch (JsonParseException malformed) {
            throw new IOException(file + " is no anchor curve: " + malformed.getMessage(), malformed);
        }
    }

    private static final class Document {
        String codec;
        String set;
        List<Rung> curve;
        List<Rung> points;

        AnchorCurve curve() {
            List<Rung> known = points == null ? List.of() : points.stream().filter(p -> p.image != null).toList();
            return new AnchorCurve(codec, MeanCurves.through(curve.stream().map(Rung::mean).toList()),
                    known.stream().map(Rung::measurement).toList());
        }
    }

    /** Of the mean curve, or of one picture. */
    private static final class Rung {
        String image;
        float q;
        long bytes;
        double bpp;
        Double psnr;
        Double msssim;
        Double ssimulacra2;
        Double butteraugli;

        Measurement.Mean mean() {
            return new Measurement.Mean(q, bpp, scores(), 0, 0);
        }

        Measurement measurement() {
            return new Measurement(image, q, bytes, bpp, scores(), 0, 0);
        }

        private Scores scores() {
            Scores scores = with(Scores.NONE, Measure.PSNR, psnr);
            scores = with(scores, Measure.MS_SSIM, msssim);
            scores = with(scores, Measure.SSIMULACRA2, ssimulacra2);
            return with(scores, Measure.BUTTERAUGLI, butteraugli);
        }

        private static Scores with(Scores scores, Measure measure, Double score) {
            return score == null ? scores : scores.with(measure, score);
        }
    }
}
