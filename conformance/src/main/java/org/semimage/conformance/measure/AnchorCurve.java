package org.semimage.conformance.measure;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A codec's measured mean curve over a set of pictures, to compare with.
 *
 * @param codec  its name
 * @param means  over the whole set
 * @param points of each picture, named without suffix; empty if only the means are known
 */
record AnchorCurve(String codec, MeanCurves means, List<Measurement> points) {

    /** The names of the pictures that were measured, without suffix; empty if they are not known. */
    Set<String> pictures() {
        return points.stream().map(Measurement::image).collect(Collectors.toSet());
    }

    /** The curve over those of some pictures that were measured; the whole one if pictures are not known. */
    AnchorCurve over(Set<String> some) {
        if (points.isEmpty()) {
            return this;
        }
        List<Measurement> shared = points.stream().filter(p -> some.contains(p.image())).toList();
        return new AnchorCurve(codec, MeanCurves.of(shared), shared);
    }

    /**
     * Reads the curves of one set out of a folder of JSON files {@code {"codec", "set", "curve": [{"bpp", "psnr", "msssim"}]}}, which may also have
     * {@code "points": [{"image", "q", "bpp", "psnr", "msssim"}]}. Files about other sets, and other JSON files, are passed over.
     *
     * @throws IOException if the folder holds no curve of the set
     */
    static List<AnchorCurve> load(Path folder, String set) throws IOException {
        List<AnchorCurve> curves = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.json")) {
            for (Path file : files) {
                Document document = parse(file);
                if (document != null && set.equals(document.set) && document.codec != null && document.curve != null) {
                    curves.add(document.curve());
                }
            }
        }
        if (curves.isEmpty()) {
            throw new IOException("no anchor curve of the set '" + set + "' in " + folder);
        }
        curves.sort(Comparator.comparing(AnchorCurve::codec));
        return curves;
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
            return new AnchorCurve(codec, MeanCurves.through(curve.stream().map(Rung::mean).toList()),
                    points == null ? List.of() : points.stream().filter(p -> p.image != null && p.psnr != null).map(Rung::measurement).toList());
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

        Measurement.Mean mean() {
            return new Measurement.Mean(q, bpp, psnr == null ? Double.NaN : psnr, similarity(), 0, 0);
        }

        Measurement measurement() {
            return new Measurement(image, q, bytes, bpp, psnr, similarity(), 0, 0);
        }

        private OptionalDouble similarity() {
            return msssim == null ? OptionalDouble.empty() : OptionalDouble.of(msssim);
        }
    }
}
