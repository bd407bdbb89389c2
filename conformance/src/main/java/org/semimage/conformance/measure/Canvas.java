// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.measure;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.GraphicsEnvironment;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;

/** A white picture to draw on, with smooth edges, and the chance that decides what is drawn. */
final class Canvas {

    private static final Set<String> INSTALLED = Set.copyOf(Arrays.asList(
            GraphicsEnvironment.getLocalGraphicsEnvironment().getAvailableFontFamilyNames()));
    private static final String[] WORDS = ("river stone winter letter garden window bread silver narrow evening captain mountain paper "
            + "quiet harbour signal yellow forest market bridge northern engine kitchen travel summer ribbon copper village morning "
            + "thunder wagon meadow station lantern pocket feather island autumn pencil orchard "
            + "1904 27 3.5 A B and the of in to is was with for")
            .split(" ");

    final Graphics2D graphics;
    final Random random;
    final int width;
    final int height;

    Canvas(BufferedImage image, long seed) {
        this.graphics = image.createGraphics();
        this.random = new Random(seed);
        this.width = image.getWidth();
        this.height = image.getHeight();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        fill(Color.WHITE, 0, 0, width, height);
    }

    void dispose() {
        graphics.dispose();
    }

    /** The first installed family of some, or the last, which is logical. */
    static Font font(int style, float size, String... families) {
        String family = Arrays.stream(families).filter(INSTALLED::contains).findFirst().orElse(families[families.length - 1]);
        return new Font(family, style, 1).deriveFont(size);
    }

    static Font sans(int style, float size) {
        return font(style, size, "DejaVu Sans", Font.SANS_SERIF);
    }

    static Font serif(int style, float size) {
        return font(style, size, "DejaVu Serif", "Liberation Serif", Font.SERIF);
    }

    static Font mono(int style, float size) {
        return font(style, size, "DejaVu Sans Mono", Font.MONOSPACED);
    }

    void fill(Color colour, double x, double y, double w, double h) {
        fill(colour, new Rectangle2D.Double(x, y, w, h));
    }

    void fill(Color colour, Shape shape) {
        graphics.setColor(colour);
        graphics.fill(shape);
    }

    void stroke(Color colour, double thickness, Shape shape) {
        graphics.setColor(colour);
        graphics.setStroke(new BasicStroke((float) thickness, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        graphics.draw(shape);
    }

    void line(Color colour, double thickness, double x1, double y1, double x2, double y2) {
        stroke(colour, thickness, new Line2D.Double(x1, y1, x2, y2));
    }

    void text(Color colour, Font font, String text, double x, double baseline) {
        graphics.setColor(colour);
        graphics.setFont(font);
        graphics.drawString(text, (float) x, (float) baseline);
    }

    /** Lines of words down to the end of a box. */
    void paragraphs(Color colour, Font font, double x, double y, double w, double h) {
        graphics.setFont(font);
        double leading = font.getSize2D() * 1.35;
        for (double baseline = y + font.getSize2D(); baseline < y + h; baseline += leading) {
            StringBuilder line = new StringBuilder();
            String word = word();
            double room = random.nextInt(6) == 0 ? w * random.nextDouble() : w;
            while (graphics.getFontMetrics().stringWidth(line + word) < room) {
                line.append(word).append(random.nextInt(9) == 0 ? ", " : " ");
                word = word();
            }
            text(colour, font, line.toString(), x, baseline);
        }
    }

    String word() {
        return WORDS[random.nextInt(WORDS.length)];
    }

    String title() {
        String word = word();
        return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1) + " " + word();
    }

    /** Full of colour, and light enough to be seen on black and on white. */
    Color vivid() {
        return Color.getHSBColor(random.nextFloat(), 0.75f + 0.25f * random.nextFloat(), 0.6f + 0.4f * random.nextFloat());
    }

    <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }
}
