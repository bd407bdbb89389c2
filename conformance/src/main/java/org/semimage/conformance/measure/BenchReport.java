package org.semimage.conformance.measure;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import org.semimage.cli.Pictures;
import org.semimage.cli.Sem;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
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
     * @param pictures that both have measured; 0 if the other's are not known, and its means over its whole set stand for these
     * @param psnr     with quality as PSNR; empty if the curves share no quality
     * @param msssim   with quality as MS-SSIM; empty if the curves share no quality
     */
    record Delta(String anchor, int pictures, OptionalDouble psnr, OptionalDouble msssim) {
    }

    /** The differences in rate to every anchor, over the pictures that both have measured. */
    List<Delta> deltas() {
        return anchors.stream().map(this::delta).toList();
    }

    private Delta delta(AnchorCurve anchor) {
        Set<String> shared = anchor.pictures();
        MeanCurves ours = shared.isEmpty() ? curves : MeanCurves.of(measurements.stream().filter(m -> shared.contains(picture(m))).toList());
        return new Delta(anchor.codec(), shared.size(), BjontegaardDelta.rate(ours.psnr(), anchor.means().psnr()),
                BjontegaardDelta.rate(ours.msssim(), anchor.means().msssim()));
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

    /** The mean PSNR over the mean rate. */
    RateCurve psnr() {
        return curves.psnr();
    }

    /** The mean MS-SSIM in dB over the mean rate. */
    RateCurve msssim() {
        return curves.msssim();
    }

    void print(PrintWriter out, boolean each) {
        if (each) {
            printEach(out);
        }
        long pictures = measurements.stream().map(Measurement::image).distinct().count();
        out.printf(Locale.ROOT, "%s, %d pictures: means; times are medians%n", codec, pictures);
        out.println("quality       bpp   PSNR dB   MS-SSIM     MS dB  encode ms  decode ms");
        for (Measurement.Mean mean : means) {
            out.printf(Locale.ROOT, "%7.3f  %8.4f  %8.3f  %8s  %8s  %9.1f  %9.1f%n", mean.quality(), mean.bpp(), mean.psnr(),
                    text("%.5f", mean.msssim()), text("%.3f", decibels(mean.msssim())), mean.encodeMillis(), mean.decodeMillis());
        }
        out.println();
        for (double rate : RATES) {
            out.printf(Locale.ROOT, "at %.2f bpp: PSNR %s dB, MS-SSIM %s dB%n", rate,
                    text("%.2f", psnr().qualityAt(rate)), text("%.2f", msssim().qualityAt(rate)));
        }
        if (!anchors.isEmpty()) {
            out.println();
            out.println("BD-rate (negative: fewer bits)      PSNR   MS-SSIM  pictures");
            for (Delta delta : deltas()) {
                out.printf(Locale.ROOT, "against %-22s  %8s  %8s  %8s%n", delta.anchor(), text("%+.1f %%", delta.psnr()), text("%+.1f %%", delta.msssim()),
                        pictures(delta));
            }
        }
    }

    /** How many pictures a difference is over, if there is one. */
    static String pictures(Delta delta) {
        if (delta.pictures() > 0) {
            return Integer.toString(delta.pictures());
        }
        return delta.psnr().isPresent() || delta.msssim().isPresent() ? "means" : "n/a";
    }

    private void printEach(PrintWriter out) {
        out.println("quality       bpp   PSNR dB   MS-SSIM  encode ms  decode ms  picture");
        for (Measurement m : measurements) {
            out.printf(Locale.ROOT, "%7.3f  %8.4f  %8.3f  %8s  %9.1f  %9.1f  %s%n", m.quality(), m.bpp(), m.psnr(),
                    text("%.5f", m.msssim()), m.encodeMillis(), m.decodeMillis(), m.image());
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
        root.add("points", pointsJson());
        return new GsonBuilder().setPrettyPrinting().serializeNulls().create().toJson(root) + System.lineSeparator();
    }

    private JsonArray curveJson() {
        JsonArray curve = new JsonArray();
        for (Measurement.Mean mean : means) {
            JsonObject rung = new JsonObject();
            rung.addProperty("q", mean.quality());
            rung.addProperty("bpp", mean.bpp());
            rung.add("psnr", number(mean.psnr()));
            rung.add("msssim", number(mean.msssim()));
            rung.add("msssim_db", number(decibels(mean.msssim())));
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
            point.add("psnr", number(m.psnr()));
            point.add("msssim", number(m.msssim()));
            point.addProperty("enc_ms", m.encodeMillis());
            point.addProperty("dec_ms", m.decodeMillis());
            points.add(point);
        }
        return points;
    }

    private JsonObject psnrAtJson() {
        JsonObject at = new JsonObject();
        for (double rate : RATES) {
            at.add(Double.toString(rate), number(psnr().qualityAt(rate)));
        }
        return at;
    }

    private JsonObject deltasJson() {
        JsonObject deltas = new JsonObject();
        for (Delta delta : deltas()) {
            JsonObject values = new JsonObject();
            values.addProperty("pictures", delta.pictures());
            values.add("psnr", number(delta.psnr()));
            values.add("msssim", number(delta.msssim()));
            deltas.add(delta.anchor(), values);
        }
        return deltas;
    }

    /** MS-SSIM in dB. */
    static OptionalDouble decibels(OptionalDouble similarity) {
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
