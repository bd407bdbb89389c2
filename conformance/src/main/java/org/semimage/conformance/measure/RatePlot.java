// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.measure;

import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

import javax.imageio.ImageIO;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.stream.DoubleStream;

/** Curves of quality over the logarithm of the rate, drawn by XChart. */
final class RatePlot {

    /** Size in CSS pixels; the file has twice as many each way. */
    static final int WIDTH = 860;
    static final int HEIGHT = 520;

    private static final int DENSITY = 2;
    private static final double MARGIN = 1.6;
    private static final Color OURS = new Color(0xC8102E);
    private static final Color[] OTHERS = {new Color(0x0072B2), new Color(0xE69F00), new Color(0x009E73), new Color(0x56B4E9),
            new Color(0x8E4EC6), new Color(0x7F7F7F), new Color(0x8C564B)};
    private static final Marker[] MARKERS = {SeriesMarkers.SQUARE, SeriesMarkers.DIAMOND, SeriesMarkers.TRIANGLE_UP,
            SeriesMarkers.TRIANGLE_DOWN, SeriesMarkers.CROSS};
    private static final BasicStroke[] STROKES = {new BasicStroke(1.4f),
            new BasicStroke(1.4f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[] {6, 3}, 0)};

    private RatePlot() {
    }

    /**
     * A codec's curve.
     *
     * @param codec its name
     * @param curve in dB
     */
    record Line(String codec, RateCurve curve) {
    }

    /**
     * Draws curves; of the others, what lies near the rates of this one.
     *
     * @param quality the measure, with its unit
     * @param ours    has points
     * @return a PNG file
     */
    static byte[] png(String quality, Line ours, List<Line> others) throws IOException {
        XYChart chart = new XYChartBuilder().width(WIDTH).height(HEIGHT).xAxisTitle("bits per pixel").yAxisTitle(quality).build();
        style(chart.getStyler());
        List<RateCurve.Point> points = ours.curve().points();
        double from = points.get(0).bpp() / MARGIN;
        double to = points.get(points.size() - 1).bpp() * MARGIN;
        add(chart, "ours", ours.codec(), points, OURS, SeriesMarkers.CIRCLE, new BasicStroke(3));
        for (int i = 0; i < others.size(); i++) {
            List<RateCurve.Point> near = others.get(i).curve().points().stream().filter(p -> p.bpp() >= from && p.bpp() <= to).toList();
            add(chart, "other" + i, others.get(i).codec(), near, OTHERS[i % OTHERS.length], MARKERS[i % MARKERS.length],
                    STROKES[i / OTHERS.length % STROKES.length]);
        }
        BufferedImage image = new BufferedImage(WIDTH * DENSITY, HEIGHT * DENSITY, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.scale(DENSITY, DENSITY);
        chart.paint(graphics, WIDTH, HEIGHT);
        graphics.dispose();
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ImageIO.write(image, "png", file);
        return file.toByteArray();
    }

    private static void style(XYStyler styler) {
        styler.setXAxisLogarithmic(true);
        styler.setXAxisLogarithmicDecadeOnly(false);
        styler.setXAxisTickLabelsFormattingFunction(RatePlot::rate);
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setPlotGridLinesColor(new Color(0xDDDDDD));
        styler.setPlotBorderVisible(false);
        styler.setChartTitleVisible(false);
        styler.setLegendPosition(Styler.LegendPosition.OutsideE);
        styler.setLegendBorderColor(Color.WHITE);
        styler.setMarkerSize(6);
        styler.setYAxisDecimalPattern("0.#");
    }

    /** A label for 1, 2 and 5 times a power of ten, nothing for the places between. */
    private static String rate(double bpp) {
        double mantissa = bpp / Math.pow(10, Math.floor(Math.log10(bpp) + 1e-9));
        boolean labelled = DoubleStream.of(1, 2, 5).anyMatch(m -> Math.abs(mantissa - m) < 1e-6);
        return labelled ? new BigDecimal(bpp).round(new MathContext(1)).stripTrailingZeros().toPlainString() : "";
    }

    private static void add(XYChart chart, String id, String codec, List<RateCurve.Point> points, Color colour,
            Marker marker, BasicStroke stroke) {
        if (points.isEmpty()) {
            return;
        }
        XYSeries series = chart.addSeries(id, points.stream().mapToDouble(RateCurve.Point::bpp).toArray(),
                points.stream().mapToDouble(RateCurve.Point::quality).toArray());
        series.setLabel(codec);
        series.setLineColor(colour);
        series.setMarkerColor(colour);
        series.setMarker(marker);
        series.setLineStyle(stroke);
    }
}
