package org.semimage.conformance.measure;

import org.semimage.cli.Sem;

import java.io.IOException;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What {@code sem bench} measured, as one page that needs no other file: HTML that is well-formed XML. */
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

    /** The page. */
    String html() throws IOException {
        out.setLength(0);
        String title = Markup.escape(report.codec() + " on " + report.set() + ", " + date.format(DateTimeFormatter.ISO_LOCAL_DATE));
        out.append("<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n<meta charset=\"utf-8\"/>\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<title>").append(title)
                .append("</title>\n<style>\n").append(STYLE).append("</style>\n</head>\n<body>\n<main>\n<h1>").append(title).append("</h1>\n");
        run();
        plots();
        deltas();
        means();
        comparisons();
        pictures();
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
            out.append(" The other codecs' curves were measured before, on the same pictures of the set ").append(Markup.escape(report.set()))
                    .append(" as far as their files name pictures, else on all of it; of them, what lies near the rates of ")
                    .append(Markup.escape(report.codec())).append(" is drawn.");
        }
        out.append("</p>\n<div class=\"plots\">\n");
        plot("RGB PSNR in dB", report.psnr(), MeanCurves::psnr);
        plot("MS-SSIM in dB", report.msssim(), MeanCurves::msssim);
        out.append("</div>\n");
    }

    private void plot(String quality, RateCurve ours, Function<MeanCurves, RateCurve> theirs) throws IOException {
        out.append("<figure>");
        if (ours.points().isEmpty()) {
            out.append("<figcaption>").append(quality).append(": no finite value for all pictures at any quality, nothing to plot</figcaption>");
        } else {
            List<RatePlot.Line> others = report.anchors().stream().map(a -> new RatePlot.Line(a.codec(), theirs.apply(a.means()))).toList();
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
        startTable("BD-rate against each codec", "codec", "PSNR", "MS-SSIM", "pictures");
        for (BenchReport.Delta delta : report.deltas()) {
            row(delta.anchor(), BenchReport.text("%+.1f %%", delta.psnr()), BenchReport.text("%+.1f %%", delta.msssim()), BenchReport.pictures(delta));
        }
        endTable();
    }

    private void means() {
        out.append("<h2>Means per quality</h2>\n");
        startTable("Means over the pictures; times are medians", "quality", "bpp", "PSNR dB", "MS-SSIM", "MS-SSIM dB", "encode ms", "decode ms");
        for (Measurement.Mean m : report.means()) {
            row(number("%.3f", m.quality()), number("%.4f", m.bpp()), number("%.3f", m.psnr()), number("%.5f", m.msssim()),
                    number("%.3f", BenchReport.decibels(m.msssim())), number("%.1f", m.encodeMillis()), number("%.1f", m.decodeMillis()));
        }
        endTable();
    }

    private void pictures() {
        out.append("<h2>Every picture</h2>\n<details><summary>").append(report.measurements().size()).append(" measurements</summary>\n");
        startTable("Every picture at every quality", "picture", "quality", "bytes", "bpp", "PSNR dB", "MS-SSIM", "MS-SSIM dB", "encode ms", "decode ms");
        for (Measurement m : report.measurements()) {
            row(m.image(), number("%.3f", m.quality()), Long.toString(m.bytes()), number("%.4f", m.bpp()), number("%.3f", m.psnr()),
                    number("%.5f", m.msssim()), number("%.3f", BenchReport.decibels(m.msssim())), number("%.1f", m.encodeMillis()),
                    number("%.1f", m.decodeMillis()));
        }
        endTable();
        out.append("</details>\n");
    }

    private void comparisons() {
        if (comparisons.isEmpty()) {
            return;
        }
        out.append("<h2>At equal bytes</h2>\n<p>SEM at a low rate, and the others in the largest file that is not larger than SEM's. All get the "
                + "same 8-bit RGB picture, without alpha. The small square is shown ").append(ZOOM)
                .append(" times enlarged, pixel by pixel; it is the one with the most detail. The whole picture is scaled down to fit, and kept "
                        + "on this page as a JPEG of high quality.</p>\n");
        comparisons.forEach(this::comparison);
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
            int side = comparison.detail().side() * ZOOM;
            image("whole", view.whole(), "image/jpeg", comparison.width(), comparison.height(), comparison.image() + ", " + column.codec());
            image("detail", view.detail(), "image/png", side, side, "Enlarged detail of " + comparison.image() + ", " + column.codec());
        });
        out.append("<figcaption><strong>").append(Markup.escape(column.codec())).append("</strong>");
        column.score().ifPresent(score -> out.append("<ul><li>").append(number("%.4f", score.bpp())).append(" bpp, ").append(score.bytes())
                .append(" bytes</li><li>PSNR ").append(number("%.2f", score.psnr())).append(" dB</li><li>MS-SSIM ")
                .append(number("%.2f", BenchReport.decibels(score.msssim()))).append(" dB (").append(number("%.4f", score.msssim()))
                .append(")</li></ul>"));
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

    private void startTable(String caption, String... headings) {
        out.append("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"").append(caption).append("\"><table><caption>")
                .append(caption).append("</caption>\n<thead><tr>");
        for (String heading : headings) {
            out.append("<th scope=\"col\">").append(heading).append("</th>");
        }
        out.append("</tr></thead>\n<tbody>\n");
    }

    private void row(String name, String... values) {
        out.append("<tr><th scope=\"row\">").append(Markup.escape(name)).append("</th>");
        for (String value : values) {
            out.append("<td>").append(value).append("</td>");
        }
        out.append("</tr>\n");
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
