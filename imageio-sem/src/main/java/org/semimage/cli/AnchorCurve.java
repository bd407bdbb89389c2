package org.semimage.cli;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import org.semimage.quality.MsSsim;
import org.semimage.quality.RateCurve;

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
                    curves.add(new AnchorCurve(document.codec, new MeanCurves(psnr(document.curve), msssim(document.curve)), points(document.points)));
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

    private static RateCurve psnr(List<Rung> rungs) {
        return new RateCurve(rungs.stream()
                .filter(r -> r.psnr != null)
                .map(r -> new RateCurve.Point(r.bpp, r.psnr))
                .toList());
    }

    private static RateCurve msssim(List<Rung> rungs) {
        return new RateCurve(rungs.stream()
                .filter(r -> r.msssim != null && r.msssim < 1)
                .map(r -> new RateCurve.Point(r.bpp, MsSsim.decibels(r.msssim)))
                .toList());
    }

    private static List<Measurement> points(List<Point> points) {
        return points == null ? List.of() : points.stream().filter(p -> p.image != null && p.psnr != null)
                .map(p -> new Measurement(p.image, p.q, p.bytes, p.bpp, p.psnr, p.msssim == null ? OptionalDouble.empty() : OptionalDouble.of(p.msssim), 0, 0))
                .toList();
    }

    private static final class Document {
        String codec;
        String set;
        List<Rung> curve;
        List<Point> points;
    }

    private static final class Point {
        String image;
        float q;
        long bytes;
        double bpp;
        Double psnr;
        Double msssim;
    }

    private static final class Rung {
        double bpp;
        Double psnr;
        Double msssim;
    }
}
