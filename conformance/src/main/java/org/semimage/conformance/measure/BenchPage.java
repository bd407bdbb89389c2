// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.measure;

import org.semimage.cli.Sem;

import java.io.IOException;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What {@code sem bench} measured, as pages that need no other files: HTML that is well-formed XML. Pictures at one rate stand on the
 * first page, those at several on a page for each.
 */
final class BenchPage {

    private static final int ZOOM = 3;

    private static final String STYLE = """
            :root { color-scheme: light dark; --line: #8885; --soft: #8881; --accent: #c8102e; }
            * { box-sizing: border-box; }
            body { margin: 0 auto; padding: 1rem; max-width: 92rem; font: 1rem/1.5 system-ui, sans-serif; }
            h1 { font-size: 1.6rem; line-height: 1.2; margin: .5rem 0; }
            h2 { margin-top: 2.5rem; border-bottom: 2px solid var(--accent); }
            h3 { margin: 2rem 0 .5rem; overflow-wrap: anywhere; }
            dl.run { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: 0; }
            dl.run dt { font-weight: 600; }
            dl.run dd { margin: 0; overflow-wrap: anywhere; min-width: 0; }
            p { max-width: 50rem; }
            .scroll { overflow-x: auto; }
            .plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 40rem), 1fr)); gap: 1rem; }
            .plots figure { overflow-x: auto; }
            .plots img { width: 100%; min-width: 34rem; height: auto; background: #fff; }
            table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin: .5rem 0; }
            caption { text-align: left; font-weight: 600; padding: .3rem 0; }
            th, td { padding: .2rem .7rem; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }
            th:first-child { text-align: left; }
            thead th { vertical-align: bottom; background: var(--soft); }
            summary { cursor: pointer; padding: .5rem 0; font-weight: 600; }
            figure { margin: 0; }
            .codecs { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 16.5rem), 1fr)); gap: 1rem; }
            .codecs figure { border: 1px solid var(--line); border-radius: .4rem; padding: .6rem; background: var(--soft); }
            .codecs figure.ours { border: 2px solid var(--accent); }
            .codecs img { display: block; max-width: 100%; height: auto; margin-bottom: .5rem; }
            .codecs img.whole { width: 100%; }
            .codecs img.detail { image-rendering: pixelated; }
            figcaption strong { font-size: 1.1rem; }
            figcaption ul { list-style: none; margin: 0; padding: 0; font-variant-numeric: tabular-nums; }
            figcaption .remark { font-size: .8rem; opacity: .8; overflow-wrap: anywhere; }
            """;

    private final BenchReport report;
    private final List<Comparison> comparisons;
    private final List<String> command;
    private final ZonedDateTime date;
    private final StringBuilder out = new StringBuilder();

    /**
     * @param comparisons pictures at equal size; may be empty
     * @param command     the program and its arguments
     * @param date        when this was measured
     */
    BenchPage(BenchReport report, List<Comparison> comparisons, List<String> command, ZonedDateTime date) {
        this.report = report;
        this.comparisons = List.copyOf(comparisons);
        this.command = List.copyOf(command);
        this.date = date;
    }

    /** The pages by the names of their files; {@code index.html} is the first. */
    Map<String, String> html() throws IOException {
        List<Double> rates = comparisons.stream().map(Comparison::bpp).distinct().toList();
        Map<String, String> pages = new LinkedHashMap<>();
        pages.put("index.html", first(rates));
        if (rates.size() > 1) {
            for (double rate : rates) {
                pages.put(file(rate), page(rate));
            }
        }
        return pages;
    }

    private String first(List<Double> rates) throws IOException {
        start("");
        run();
        plots();
        deltas();
        means();
        if (rates.size() == 1) {
            comparisons(rates.get(0));
        } else if (rates.size() > 1) {
            links(rates);
        }
        pictures();
        return end();
    }

    private String page(double rate) {
        start(" at " + rate + " bpp");
        run();
        comparisons(rate);
        return end();
    }

    private static String file(double rate) {
        return "bpp-" + rate + ".html";
    }

    private void links(List<Double> rates) {
        out.append("<h2>At equal bytes</h2>\n<ul>\n");
        for (double rate : rates) {
            out.append("<li><a href=\"").append(file(rate)).append("\">").append(rate).append(" bits per pixel</a></li>\n");
        }
        out.append("</ul>\n");
    }

    private void start(String what) {
        out.setLength(0);
        String title = Markup.escape(report.codec() + " on " + report.set() + what + ", " + date.format(DateTimeFormatter.ISO_LOCAL_DATE));
        out.append("<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n<meta charset=\"utf-8\"/>\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<title>").append(title)
                .append("</title>\n<style>\n").append(STYLE)
                .append("</style>\n</head>\n<body>\n<main>\n<h1>").append(title).append("</h1>\n");
    }

    private String end() {
        out.append("</main>\n</body>\n</html>\n");
        return out.toString();
    }

    private void run() {
        long pictures = report.measurements().stream().map(Measurement::image).distinct().count();
        out.append("<dl class=\"run\">\n");
        fact("Date", date.format(DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss xxx", Locale.ROOT)));
        fact("Command", command.stream().map(BenchPage::quoted).collect(Collectors.joining(" ")));
        fact("Version", Sem.Version.current());
        fact("Java", Runtime.version() + ", " + System.getProperty("java.vm.name") + ", " + System.getProperty("os.name") + " "
                + System.getProperty("os.arch") + ", " + Runtime.getRuntime().availableProcessors() + " processors");
        fact("Pictures", Long.toString(pictures));
        out.append("</dl>\n");
    }

    private void fact(String term, String value) {
        out.append("<dt>").append(term).append("</dt><dd>").append(Markup.escape(value)).append("</dd>\n");
    }

    private static String quoted(String argument) {
        return argument.matches("[\\w./:=,+@%-]+") ? argument : "'" + argument.replace("'", "'\\''") + "'";
    }

    private void plots() throws IOException {
        out.append("<h2>Rate and distortion</h2>\n<p>Means over the pictures. The rate counts the whole file; its axis is logarithmic. "
                + "The upper and the further left, the better.");
        if (!report.anchors().isEmpty()) {
            out.append(" The other codecs' curves were measured before, on the same pictures of the set ")
                    .append(Markup.escape(report.set()))
                    .append(" as far as their files name pictures, else on all of it; of them, what lies near the rates of ")
                    .append(Markup.escape(report.codec())).append(" is drawn.");
        }
        out.append("</p>\n<div class=\"plots\">\n");
        for (Measure measure : report.measures()) {
            plot(measure);
        }
        out.append("</div>\n");
    }

    private void plot(Measure measure) throws IOException {
        String quality = measure.axis();
        RateCurve ours = report.curve(measure);
        out.append("<figure>");
        if (ours.points().isEmpty()) {
            out.append("<figcaption>").append(quality)
                    .append(": no finite value for all pictures at any quality, nothing to plot</figcaption>");
        } else {
            List<RatePlot.Line> others = report.anchors().stream().map(a -> new RatePlot.Line(a.codec(), a.means().of(measure))).toList();
            byte[] png = RatePlot.png(quality, new RatePlot.Line(report.codec(), ours), others);
            String codecs = report.anchors().isEmpty() ? report.codec() : report.codec() + " and "
                    + report.anchors().stream().map(AnchorCurve::codec).collect(Collectors.joining(", "));
            image("", png, "image/png", RatePlot.WIDTH, RatePlot.HEIGHT, "Plot of " + quality + " over bits per pixel for " + codecs
                    + "; the tables below hold the values of " + report.codec());
            out.append("<figcaption>").append(quality).append(" over bits per pixel</figcaption>");
        }
        out.append("</figure>\n");
    }

    private void deltas() {
        if (report.anchors().isEmpty()) {
            return;
        }
        out.append("<h2>BD-rate</h2>\n<p>How many percent more bits ").append(Markup.escape(report.codec()))
                .append(" takes at equal quality, averaged over the qualities that both reach; negative is better.</p>\n");
        startTable("BD-rate against each codec", row(List.of("codec"), measures(Measure::title), List.of("pictures")));
        for (BenchReport.Delta delta : report.deltas()) {
            row(delta.anchor(), measures(m -> BenchReport.text("%+.1f %%", delta.percent().get(m))),
                    List.of(BenchReport.pictures(delta)));
        }
        endTable();
        report.measuresWithLevels().forEach(this::equalScores);
    }

    private void equalScores(Measure measure) {
        out.append("<h2>Bytes at equal ").append(measure.title()).append("</h2>\n<p>How many percent more bytes ")
                .append(Markup.escape(report.codec())).append(" takes for a score, averaged over the pictures on which both reach it; "
                        + "in brackets, how many these are.</p>\n");
        startTable("Bytes at equal " + measure.title(), row(List.of("codec"), measure.levels().stream().map(BenchReport::level).toList()));
        for (AnchorCurve anchor : report.anchors()) {
            row(anchor.codec(),
                    measure.levels().stream().map(level -> BenchReport.text(report.equalScore(anchor, measure, level))).toList());
        }
        endTable();
    }

    private void means() {
        out.append("<h2>Means per quality</h2>\n");
        startTable("Means over the pictures; times are medians",
                row(List.of("quality", "bpp"), measures(Measure::title), List.of("MS-SSIM dB", "encode ms", "decode ms")));
        for (Measurement.Mean m : report.means()) {
            row(number("%.3f", m.quality()), List.of(number("%.4f", m.bpp())), scores(m.scores()),
                    List.of(number("%.3f", BenchReport.decibels(m.scores())), number("%.1f", m.encodeMillis()),
                            number("%.1f", m.decodeMillis())));
        }
        endTable();
    }

    private void pictures() {
        out.append("<h2>Every picture</h2>\n<details><summary>").append(report.measurements().size()).append(" measurements</summary>\n");
        startTable("Every picture at every quality",
                row(List.of("picture", "quality", "bytes", "bpp"), measures(Measure::title),
                        List.of("MS-SSIM dB", "encode ms", "decode ms")));
        for (Measurement m : report.measurements()) {
            row(m.image(), List.of(number("%.3f", m.quality()), Long.toString(m.bytes()), number("%.4f", m.bpp())),
                    scores(m.scores()),
                    List.of(number("%.3f", BenchReport.decibels(m.scores())), number("%.1f", m.encodeMillis()),
                            number("%.1f", m.decodeMillis())));
        }
        endTable();
        out.append("</details>\n");
    }

    private void comparisons(double rate) {
        out.append("<h2>At equal bytes</h2>\n<p>SEM at ").append(rate).append(" bits per pixel, and the others in the largest file that is "
                        + "not larger than SEM's. All get the same 8-bit RGB picture, without alpha. The small squares are shown ")
                .append(ZOOM)
                .append(" times enlarged, pixel by pixel: the one with the most detail, and the one with the most change of red "
                        + "beside it. The whole picture is scaled down to fit, and kept on this page as a JPEG of high quality.</p>\n");
        comparisons.stream().filter(c -> c.bpp() == rate).forEach(this::comparison);
    }

    private void comparison(Comparison comparison) {
        out.append("<section>\n<h3>").append(Markup.escape(comparison.image())).append(" <small>")
                .append(comparison.width()).append(" × ").append(comparison.height()).append("</small></h3>\n<div class=\"codecs\">\n");
        int last = comparison.columns().size() - 1;
        for (int i = 0; i <= last; i++) {
            out.append(i == last ? "<figure class=\"ours\">" : "<figure>");
            column(comparison, comparison.columns().get(i));
            out.append("</figure>\n");
        }
        out.append("</div>\n</section>\n");
    }

    private void column(Comparison comparison, Comparison.Column column) {
        column.view().ifPresent(view -> {
            image("whole", view.whole(), "image/jpeg", comparison.width(), comparison.height(), comparison.image() + ", " + column.codec());
            for (int i = 0; i < view.details().size(); i++) {
                int side = comparison.details().get(i).side() * ZOOM;
                image("detail", view.details().get(i), "image/png", side, side,
                        "Enlarged detail " + (i + 1) + " of " + comparison.image() + ", " + column.codec());
            }
        });
        out.append("<figcaption><strong>").append(Markup.escape(column.codec())).append("</strong>");
        column.score().ifPresent(score -> out.append("<ul><li>").append(number("%.4f", score.bpp())).append(" bpp, ").append(score.bytes())
                .append(" bytes</li><li>PSNR ").append(number("%.2f", score.scores().get(Measure.PSNR))).append(" dB</li><li>MS-SSIM ")
                .append(number("%.2f", BenchReport.decibels(score.scores()))).append(" dB (")
                .append(number("%.4f", score.scores().get(Measure.MS_SSIM))).append(")</li><li>SSIMULACRA 2 ")
                .append(number("%.2f", score.scores().get(Measure.SSIMULACRA2))).append("</li><li>Butteraugli ")
                .append(number("%.3f", score.scores().get(Measure.BUTTERAUGLI))).append("</li></ul>"));
        out.append("<div class=\"remark\">").append(Markup.escape(column.remark())).append("</div></figcaption>");
    }

    private void image(String style, byte[] file, String mediaType, int width, int height, String alternative) {
        out.append("<img");
        if (!style.isEmpty()) {
            out.append(" class=\"").append(style).append('"');
        }
        out.append(" width=\"").append(width).append("\" height=\"").append(height).append("\" alt=\"").append(Markup.escape(alternative))
                .append("\" src=\"").append(Markup.dataUri(mediaType, file)).append("\"/>");
    }

    private void startTable(String caption, List<String> headings) {
        out.append("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"").append(caption).append("\"><table><caption>")
                .append(caption).append("</caption>\n<thead><tr>");
        for (String heading : headings) {
            out.append("<th scope=\"col\">").append(heading).append("</th>");
        }
        out.append("</tr></thead>\n<tbody>\n");
    }

    @SafeVarargs
    private void row(String name, List<String>... values) {
        out.append("<tr><th scope=\"row\">").append(Markup.escape(name)).append("</th>");
        for (String value : row(values)) {
            out.append("<td>").append(value).append("</td>");
        }
        out.append("</tr>\n");
    }

    /** Cells side by side. */
    @SafeVarargs
    private static List<String> row(List<String>... cells) {
        return Stream.of(cells).flatMap(List::stream).toList();
    }

    private List<String> measures(Function<Measure, String> cell) {
        return report.measures().stream().map(cell).toList();
    }

    private List<String> scores(Scores scores) {
        return measures(m -> number(m.format(), scores.get(m)));
    }

    private void endTable() {
        out.append("</tbody></table></div>\n");
    }

    private static String number(String format, OptionalDouble value) {
        return value.isPresent() ? number(format, value.getAsDouble()) : "n/a";
    }

    private static String number(String format, double value) {
        return Double.isInfinite(value) ? "∞" : String.format(Locale.ROOT, format, value);
    }
}
