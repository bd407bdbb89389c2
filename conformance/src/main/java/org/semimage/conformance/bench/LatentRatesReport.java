// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.bench;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.semimage.conformance.measure.BjontegaardDelta;
import org.semimage.conformance.measure.RateCurve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * Prints means of {@link LatentRates}' tables, and the bytes that the transform saves against palettes at equal PSNR, picture by picture.
 * Plots all of them with curves of other codecs for the same pictures ({@code {"codec", "points": [{"image", "q", "bpp", "psnr"}]}}).
 *
 * <p>{@code -Dbench.main=org.semimage.conformance.bench.LatentRatesReport -Dbench="PLOT.png TABLE.tsv... CURVE.json..."}
 */
public final class LatentRatesReport {

    private static final String TRANSFORM = "transform";

    private LatentRatesReport() {
    }

    /** Points by way, then by setting, then by picture. */
    private record Table(Map<String, Map<String, Map<String, RateCurve.Point>>> ways) {

        void add(String way, String setting, String picture, RateCurve.Point point) {
            ways.computeIfAbsent(way, w -> new LinkedHashMap<>()).computeIfAbsent(setting, s -> new TreeMap<>()).put(picture, point);
        }

        RateCurve of(String way, String picture) {
            return new RateCurve(ways.get(way).values().stream().filter(points -> points.containsKey(picture))
                    .map(points -> points.get(picture)).toList());
        }
    }

    /** Prints tables in Markdown. */
    public static void main(String[] arguments) throws IOException {
        Arguments.require(2, arguments, "LatentRatesReport PLOT.png TABLE.tsv... CURVE.json...");
        Table table = new Table(new LinkedHashMap<>());
        for (String file : Arrays.copyOfRange(arguments, 1, arguments.length)) {
            if (file.endsWith(".tsv")) {
                read(Path.of(file), table);
            }
        }
        List<String> pictures = complete(table);
        System.out.println(pictures.size() + " pictures: " + String.join(", ", pictures)
                + "\n\n| way | setting | bpp | PSNR dB |\n|---|---|---|---|");
        XYChart chart = new XYChartBuilder().width(1000).height(620).xAxisTitle("bits per pixel").yAxisTitle("RGB PSNR, dB").build();
        chart.getStyler().setXAxisLogarithmic(true);
        table.ways.forEach((way, settings) -> plot(chart, way, means(way, settings, pictures)));
        for (String file : arguments) {
            if (file.endsWith(".json")) {
                JsonObject curve = JsonParser.parseString(Files.readString(Path.of(file))).getAsJsonObject();
                plot(chart, curve.get("codec").getAsString(), others(curve, pictures));
            }
        }
        for (String way : table.ways.keySet()) {
            if (way.startsWith("palette")) {
                compare(table, way, pictures);
            }
        }
        BitmapEncoder.saveBitmap(chart, arguments[0], BitmapEncoder.BitmapFormat.PNG);
    }

    private static void read(Path file, Table table) throws IOException {
        for (String line : Files.readAllLines(file)) {
            String[] columns = line.split("\t");
            table.add(columns[1], columns[2], columns[0],
                    new RateCurve.Point(Double.parseDouble(columns[4]), Double.parseDouble(columns[5])));
        }
    }

    /** Pictures that every setting was measured on. */
    private static List<String> complete(Table table) {
        List<String> pictures = new ArrayList<>(table.ways.get(TRANSFORM).values().iterator().next().keySet());
        table.ways.values().forEach(settings -> settings.values().forEach(points -> pictures.retainAll(points.keySet())));
        return pictures;
    }

    private static RateCurve.Point mean(Map<String, RateCurve.Point> points, List<String> pictures) {
        return new RateCurve.Point(pictures.stream().mapToDouble(p -> points.get(p).bpp()).average().orElseThrow(),
                pictures.stream().mapToDouble(p -> points.get(p).quality()).average().orElseThrow());
    }

    private static RateCurve means(String way, Map<String, Map<String, RateCurve.Point>> settings, List<String> pictures) {
        List<RateCurve.Point> means = new ArrayList<>();
        settings.forEach((setting, points) -> {
            RateCurve.Point mean = mean(points, pictures);
            System.out.printf(Locale.ROOT, "| %s | %s | %.3f | %.2f |%n", way, setting, mean.bpp(), mean.quality());
            means.add(mean);
        });
        return new RateCurve(means);
    }

    private static RateCurve others(JsonObject curve, List<String> pictures) {
        Map<String, Map<String, RateCurve.Point>> points = new LinkedHashMap<>();
        for (JsonElement element : curve.getAsJsonArray("points")) {
            JsonObject point = element.getAsJsonObject();
            points.computeIfAbsent(point.get("q").getAsString(), q -> new TreeMap<>())
                    .put(point.get("image").getAsString(),
                            new RateCurve.Point(point.get("bpp").getAsDouble(), point.get("psnr").getAsDouble()));
        }
        return new RateCurve(points.values().stream().filter(p -> p.keySet().containsAll(pictures)).map(p -> mean(p, pictures)).toList());
    }

    private static void plot(XYChart chart, String name, RateCurve curve) {
        List<RateCurve.Point> shown = curve.points().stream().filter(p -> p.bpp() > 0.02 && p.bpp() < 3).toList();
        if (!shown.isEmpty()) {
            chart.addSeries(name, shown.stream().mapToDouble(RateCurve.Point::bpp).toArray(),
                    shown.stream().mapToDouble(RateCurve.Point::quality).toArray());
        }
    }

    private static void compare(Table table, String way, List<String> pictures) {
        double[] deltas = pictures.stream().map(p -> BjontegaardDelta.rate(table.of(TRANSFORM, p), table.of(way, p)))
                .filter(OptionalDouble::isPresent).mapToDouble(OptionalDouble::getAsDouble).sorted().toArray();
        System.out.printf(Locale.ROOT, "%nBD-rate of %s against %s: mean %.1f %%, from %.1f to %.1f %%, %d pictures%n", TRANSFORM, way,
                Arrays.stream(deltas).average().orElse(Double.NaN), deltas.length == 0 ? Double.NaN : deltas[0],
                deltas.length == 0 ? Double.NaN : deltas[deltas.length - 1], deltas.length);
    }
}
