// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.measure;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import org.semimage.cli.Pictures;
import org.semimage.cli.Sem;
import org.semimage.measure.MsSsim;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;

/** What {@code sem bench} measured, as text for people and as JSON in the anchors' form. */
final class BenchReport {

    private static final double[] RATES = {0.25, 0.5, 1.0};

    private final String codec;
    private final String set;
    private final List<Measurement> measurements;
    private final List<AnchorCurve> anchors;
    private final List<Measurement.Mean> means;
    private final MeanCurves curves;

    /**
     * @param codec        the name of what was measured
     * @param set          the name of the pictures
     * @param measurements every picture at every quality
     * @param anchors      curves to compare with; may be empty
     */
    BenchReport(String codec, String set, List<Measurement> measurements, List<AnchorCurve> anchors) {
        this.codec = codec;
        this.set = set;
        this.measurements = List.copyOf(measurements);
        Set<String> pictures = measurements.stream().map(BenchReport::picture).collect(Collectors.toSet());
        this.anchors = anchors.stream().map(a -> a.over(pictures)).toList();
        this.means = MeanCurves.means(measurements);
        this.curves = MeanCurves.through(means);
    }

    /**
     * How many percent more bits this codec spends than another at equal quality.
     *
     * @param anchor   the other's name
     * @param percent  by measure; empty if the curves share no quality
     * @param pictures that both have measured, by measure; 0 if the other's are not known, and its means over its whole set stand for these
     */
    record Delta(String anchor, Map<Measure, OptionalDouble> percent, Map<Measure, Integer> pictures) {
    }

    /** The differences in rate to every anchor, over the pictures that both have measured. */
    List<Delta> deltas() {
        return anchors.stream().map(this::delta).toList();
    }

    private Delta delta(AnchorCurve anchor) {
        Map<Measure, OptionalDouble> percent = new EnumMap<>(Measure.class);
        Map<Measure, Integer> pictures = new EnumMap<>(Measure.class);
        for (Measure measure : measures()) {
            Set<String> shared = anchor.pictures(measure);
            RateCurve ours = shared.isEmpty() ? curves.of(measure)
                    : MeanCurves.of(measurements.stream().filter(m -> shared.contains(picture(m))).toList(), measure);
            percent.put(measure, BjontegaardDelta.rate(ours, anchor.means().of(measure)));
            pictures.put(measure, shared.size());
        }
        return new Delta(anchor.codec(), percent, pictures);
    }

    /** How many percent more bytes this codec takes than another for a score, over the pictures on which both reach it. */
    EqualScore equalScore(AnchorCurve anchor, Measure measure, double score) {
        List<RateCurve> ours = new ArrayList<>();
        List<RateCurve> theirs = new ArrayList<>();
        for (String name : anchor.pictures(measure)) {
            ours.add(MeanCurves.of(measurements.stream().filter(m -> picture(m).equals(name)).toList(), measure));
            theirs.add(MeanCurves.of(anchor.points().stream().filter(p -> p.image().equals(name)).toList(), measure));
        }
        return EqualScore.at(measure.quality(score), ours, theirs);
    }

    /** The measures that this report speaks of: all, without Butteraugli if nothing was measured by it. */
    List<Measure> measures() {
        return Arrays.stream(Measure.values()).filter(m -> m != Measure.BUTTERAUGLI || measuredBy(m)).toList();
    }

    private boolean measuredBy(Measure measure) {
        return measurements.stream().anyMatch(m -> m.scores().get(measure).isPresent());
    }

    /** The measures at whose levels bytes can be compared with some anchor. */
    List<Measure> measuresWithLevels() {
        return measures().stream().filter(m -> !m.levels().isEmpty() && anchors.stream().anyMatch(a -> !a.pictures(m).isEmpty())).toList();
    }

    /** The picture's name as anchors have it. */
    private static String picture(Measurement measurement) {
        return Pictures.stem(Path.of(measurement.image()));
    }

    String codec() {
        return codec;
    }

    String set() {
        return set;
    }

    List<Measurement> measurements() {
        return measurements;
    }

    List<Measurement.Mean> means() {
        return means;
    }

    /** The curves to compare with, over the pictures that were measured here too. */
    List<AnchorCurve> anchors() {
        return anchors;
    }

    /** The mean quality by a measure over the mean rate. */
    RateCurve curve(Measure measure) {
        return curves.of(measure);
    }

    void print(PrintWriter out, boolean each) {
        if (each) {
            printEach(out);
        }
        long pictures = measurements.stream().map(Measurement::image).distinct().count();
        out.printf(Locale.ROOT, "%s, %d pictures: means; times are medians%n", codec, pictures);
        out.println("quality       bpp" + headings() + "     MS dB  encode ms  decode ms");
        for (Measurement.Mean mean : means) {
            out.printf(Locale.ROOT, "%7.3f  %8.4f%s  %8s  %9.1f  %9.1f%n", mean.quality(), mean.bpp(), columns(mean.scores()),
                    text("%.3f", decibels(mean.scores())), mean.encodeMillis(), mean.decodeMillis());
        }
        if (!measures().contains(Measure.BUTTERAUGLI)) {
            out.println("Butteraugli is left out: there is no program " + Butteraugli.PROGRAM + " on the PATH");
        }
        out.println();
        for (double rate : RATES) {
            out.printf(Locale.ROOT, "at %.2f bpp: PSNR %s dB, MS-SSIM %s dB, SSIMULACRA 2 %s%n", rate,
                    text("%.2f", curve(Measure.PSNR).qualityAt(rate)), text("%.2f", curve(Measure.MS_SSIM).qualityAt(rate)),
                    text("%.2f", curve(Measure.SSIMULACRA2).qualityAt(rate)));
        }
        if (!anchors.isEmpty()) {
            printDeltas(out);
            measuresWithLevels().forEach(measure -> printEqualScores(out, measure));
        }
    }

    private void printDeltas(PrintWriter out) {
        out.println();
        out.println("BD-rate (negative: fewer bits)" + headings() + "  pictures");
        for (Delta delta : deltas()) {
            out.printf(Locale.ROOT, "against %-22s", delta.anchor());
            for (Measure measure : measures()) {
                out.print(cell(measure, text("%+.1f %%", delta.percent().get(measure))));
            }
            out.printf(Locale.ROOT, "  %8s%n", pictures(delta));
        }
    }

    private void printEqualScores(PrintWriter out, Measure measure) {
        out.println();
        out.println("bytes at equal " + measure.title() + " (negative: fewer; in brackets, the pictures on which both reach it)");
        out.printf("%-30s", "");
        measure.levels().forEach(level -> out.printf(Locale.ROOT, "  %13s", level(level)));
        out.println();
        for (AnchorCurve anchor : anchors) {
            if (!anchor.pictures(measure).isEmpty()) {
                out.printf(Locale.ROOT, "against %-22s", anchor.codec());
                measure.levels().forEach(level -> out.printf(Locale.ROOT, "  %13s", text(equalScore(anchor, measure, level))));
                out.println();
            }
        }
    }

    private String headings() {
        return measures().stream().map(m -> cell(m, m.title())).collect(Collectors.joining());
    }

    private String columns(Scores scores) {
        return measures().stream().map(m -> cell(m, text(m.format(), scores.get(m)))).collect(Collectors.joining());
    }

    /** Text in a measure's column. */
    private static String cell(Measure measure, String text) {
        return String.format(Locale.ROOT, "  %" + Math.max(8, measure.title().length()) + "s", text);
    }

    /** How many pictures differences are over, if there are any. */
    static String pictures(Delta delta) {
        List<Integer> known = delta.pictures().values().stream().filter(n -> n > 0).distinct().sorted().toList();
        if (!known.isEmpty()) {
            return known.stream().map(String::valueOf).collect(Collectors.joining("/"));
        }
        return delta.percent().values().stream().anyMatch(OptionalDouble::isPresent) ? "means" : "n/a";
    }

    /** A difference with the number of its pictures. */
    static String text(EqualScore equal) {
        return equal.pictures() == 0 ? "n/a" : text("%+.1f %%", equal.percent()) + " (" + equal.pictures() + ")";
    }

    /** A level without needless digits. */
    static String level(double level) {
        return level == Math.rint(level) ? Long.toString((long) level) : Double.toString(level);
    }

    private void printEach(PrintWriter out) {
        out.println("quality       bpp" + headings() + "  encode ms  decode ms  picture");
        for (Measurement m : measurements) {
            out.printf(Locale.ROOT, "%7.3f  %8.4f%s  %9.1f  %9.1f  %s%n", m.quality(), m.bpp(), columns(m.scores()), m.encodeMillis(),
                    m.decodeMillis(), m.image());
        }
        out.println();
    }

    String json() {
        JsonObject root = new JsonObject();
        root.addProperty("codec", codec);
        root.addProperty("set", set);
        root.addProperty("version", Sem.Version.current());
        root.addProperty("java", Runtime.version().toString());
        root.addProperty("processors", Runtime.getRuntime().availableProcessors());
        root.add("curve", curveJson());
        root.add("psnr_at_bpp", psnrAtJson());
        root.add("bd_rate_percent", deltasJson());
        root.add("bytes_at_equal_score_percent", equalScoresJson());
        root.add("points", pointsJson());
        return new GsonBuilder().setPrettyPrinting().serializeNulls().create().toJson(root) + System.lineSeparator();
    }

    private JsonArray curveJson() {
        JsonArray curve = new JsonArray();
        for (Measurement.Mean mean : means) {
            JsonObject rung = new JsonObject();
            rung.addProperty("q", mean.quality());
            rung.addProperty("bpp", mean.bpp());
            measures().forEach(m -> rung.add(m.key(), number(mean.scores().get(m))));
            rung.add("msssim_db", number(decibels(mean.scores())));
            rung.addProperty("enc_ms", mean.encodeMillis());
            rung.addProperty("dec_ms", mean.decodeMillis());
            curve.add(rung);
        }
        return curve;
    }

    private JsonArray pointsJson() {
        JsonArray points = new JsonArray();
        for (Measurement m : measurements) {
            JsonObject point = new JsonObject();
            point.addProperty("image", m.image());
            point.addProperty("q", m.quality());
            point.addProperty("bytes", m.bytes());
            point.addProperty("bpp", m.bpp());
            measures().forEach(measure -> point.add(measure.key(), number(m.scores().get(measure))));
            point.addProperty("enc_ms", m.encodeMillis());
            point.addProperty("dec_ms", m.decodeMillis());
            points.add(point);
        }
        return points;
    }

    private JsonObject psnrAtJson() {
        JsonObject at = new JsonObject();
        for (double rate : RATES) {
            at.add(Double.toString(rate), number(curve(Measure.PSNR).qualityAt(rate)));
        }
        return at;
    }

    private JsonObject deltasJson() {
        JsonObject deltas = new JsonObject();
        for (Delta delta : deltas()) {
            JsonObject values = new JsonObject();
            values.addProperty("pictures", delta.pictures().values().stream().mapToInt(Integer::intValue).max().orElse(0));
            measures().forEach(measure -> values.add(measure.key(), number(delta.percent().get(measure))));
            deltas.add(delta.anchor(), values);
        }
        return deltas;
    }

    private JsonObject equalScoresJson() {
        JsonObject all = new JsonObject();
        for (Measure measure : measuresWithLevels()) {
            JsonObject byAnchor = new JsonObject();
            anchors.stream().filter(a -> !a.pictures(measure).isEmpty()).forEach(a -> byAnchor.add(a.codec(), equalScoresJson(a, measure)));
            all.add(measure.key(), byAnchor);
        }
        return all;
    }

    private JsonObject equalScoresJson(AnchorCurve anchor, Measure measure) {
        JsonObject levels = new JsonObject();
        for (double level : measure.levels()) {
            EqualScore equal = equalScore(anchor, measure, level);
            JsonObject values = new JsonObject();
            values.addProperty("pictures", equal.pictures());
            values.add("percent", number(equal.percent()));
            levels.add(level(level), values);
        }
        return levels;
    }

    /** MS-SSIM in dB. */
    static OptionalDouble decibels(Scores scores) {
        OptionalDouble similarity = scores.get(Measure.MS_SSIM);
        return similarity.isPresent() ? OptionalDouble.of(MsSsim.decibels(similarity.getAsDouble())) : similarity;
    }

    /** A value, or {@code n/a}. */
    static String text(String format, OptionalDouble value) {
        return value.isPresent() ? String.format(Locale.ROOT, format, value.getAsDouble()) : "n/a";
    }

    private static JsonElement number(OptionalDouble value) {
        return value.isPresent() ? number(value.getAsDouble()) : JsonNull.INSTANCE;
    }

    /** JSON has no infinity: a lossless picture's PSNR is null there. */
    private static JsonElement number(double value) {
        return Double.isFinite(value) ? new JsonPrimitive(value) : JsonNull.INSTANCE;
    }
}
