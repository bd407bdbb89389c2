// SPDX-License-Identifier: Apache-2.0
package org.semimage.cli;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.Random;

/**
 * A picture drawn by the program, with what tries an image codec: smooth gradients, sharp edges in saturated colours, thin
 * strokes like writing, fine regular patterns and noise. The same size and seed give the same picture. Uses no fonts.
 */
public final class TestPicture {

    private static final int OCTAVES = 5;

    private final BufferedImage image;
    private final int width;
    private final int height;
    private final Random random;

    private TestPicture(int width, int height, long seed) {
        this.image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        this.width = width;
        this.height = height;
        this.random = new Random(seed);
    }

    /**
     * Draws a picture.
     *
     * @param width  columns, at least 1
     * @param height rows, at least 1
     * @param seed   chooses colours and shapes
     * @return an opaque picture of {@link BufferedImage#TYPE_INT_RGB}
     */
    public static BufferedImage draw(int width, int height, long seed) {
        TestPicture picture = new TestPicture(width, height, seed);
        float hue = picture.random.nextFloat();
        picture.sky(hue);
        picture.hills(hue);
        picture.shapes();
        picture.zonePlate();
        picture.writing();
        return picture.image;
    }

    private void sky(float hue) {
        Color zenith = Color.getHSBColor(hue, 0.65f, 0.55f);
        Color horizon = Color.getHSBColor(hue + 0.45f, 0.25f, 0.98f);
        double[][] clouds = noise(width / 160.0 + 1, height / 80.0 + 1);
        for (int y = 0; y < height; y++) {
            double t = (double) y / height;
            for (int x = 0; x < width; x++) {
                double cloud = Math.max(0, clouds[y][x] - 0.45) * 1.4 * (1 - t);
                image.setRGB(x, y, mix(mix(zenith, horizon, t), Color.WHITE, cloud).getRGB());
            }
        }
    }

    /** Ranges of hills, the nearer the darker and the rougher. */
    private void hills(float hue) {
        int ranges = 4;
        for (int range = 0; range < ranges; range++) {
            double nearness = (range + 1.0) / ranges;
            Color colour = Color.getHSBColor(hue + 0.2f + 0.06f * range, 0.35f + 0.1f * range, (float) (0.75 - 0.5 * nearness));
            double[][] ridge = noise(3 + 3 * nearness, 1);
            double[][] grain = noise(width / 6.0 + 1, height / 6.0 + 1);
            double base = height * (0.40 + 0.13 * range);
            for (int x = 0; x < width; x++) {
                double top = base + height * 0.28 * (0.5 - ridge[0][x]);
                for (int y = (int) Math.max(0, Math.ceil(top)); y < height; y++) {
                    double shade = (grain[y][x] - 0.5) * 0.8 * nearness;
                    image.setRGB(x, y, (shade < 0 ? mix(colour, Color.BLACK, -shade) : mix(colour, Color.WHITE, shade)).getRGB());
                }
            }
        }
    }

    private void shapes() {
        Graphics2D graphics = graphics();
        double unit = Math.min(width, height);
        for (int i = 0; i < 7; i++) {
            graphics.setColor(Color.getHSBColor(random.nextFloat(), 0.7f + 0.3f * random.nextFloat(), 0.5f + 0.5f * random.nextFloat()));
            double size = unit * (0.05 + 0.11 * random.nextDouble());
            double x = width * (0.04 + 0.86 * random.nextDouble());
            double y = height * (0.06 + 0.5 * random.nextDouble());
            switch (i % 3) {
                case 0 -> graphics.fill(new Ellipse2D.Double(x, y, size, size));
                case 1 -> {
                    graphics.rotate(random.nextDouble(), x, y);
                    graphics.fill(new Rectangle2D.Double(x, y, size, size * 0.6));
                    graphics.setTransform(new AffineTransform());
                }
                default -> graphics.fill(star(x + size / 2, y + size / 2, size / 2));
            }
        }
        graphics.dispose();
    }

    /** A disc of rings that grow finer outwards, up to the finest that the pixel grid can show. */
    private void zonePlate() {
        double radius = Math.min(width, height) * 0.16;
        double centreX = width * 0.83;
        double centreY = height * 0.76;
        for (int y = (int) Math.max(0, centreY - radius); y < Math.min(height, centreY + radius); y++) {
            for (int x = (int) Math.max(0, centreX - radius); x < Math.min(width, centreX + radius); x++) {
                double distance = Math.hypot(x - centreX, y - centreY);
                if (distance < radius) {
                    double phase = Math.PI * distance * distance / (2 * radius);
                    int level = (int) Math.round(127.5 + 127.5 * Math.cos(phase));
                    image.setRGB(x, y, level * 0x010101);
                }
            }
        }
    }

    /** Lines of strokes on paper, the lower the smaller. */
    private void writing() {
        Graphics2D graphics = graphics();
        double left = width * 0.05;
        double right = width * 0.45;
        double top = height * 0.62;
        double bottom = height * 0.95;
        graphics.setColor(new Color(0xF4EFE2));
        graphics.fill(new Rectangle2D.Double(left, top, right - left, bottom - top));
        graphics.setColor(new Color(0x1D1B26));
        double size = height * 0.045;
        double y = top + size * 1.6;
        while (size >= 3 && y < bottom - size * 0.4) {
            graphics.setStroke(new BasicStroke((float) Math.max(0.7, size * 0.11), BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
            double x = left + size;
            while (x < right - size * 1.4) {
                if (random.nextInt(6) > 0) {
                    letter(graphics, x, y, size);
                }
                x += size * 0.75;
            }
            y += size * 1.5;
            size *= 0.86;
        }
        graphics.dispose();
    }

    private void letter(Graphics2D graphics, double x, double y, double size) {
        for (int stroke = 0; stroke < 3; stroke++) {
            if (random.nextBoolean()) {
                graphics.draw(new Line2D.Double(cell(x, size * 0.5), cell(y - size, size), cell(x, size * 0.5), cell(y - size, size)));
            } else {
                Path2D curve = new Path2D.Double();
                curve.moveTo(cell(x, size * 0.5), cell(y - size, size));
                curve.quadTo(cell(x, size * 0.5), cell(y - size, size), cell(x, size * 0.5), cell(y - size, size));
                graphics.draw(curve);
            }
        }
    }

    /** One of three places along a letter's side. */
    private double cell(double from, double length) {
        return from + length * random.nextInt(3) / 2;
    }

    private Graphics2D graphics() {
        Graphics2D graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        return graphics;
    }

    /** Value noise over the whole picture, 0..1: octaves of smoothly joined random lattices. */
    private double[][] noise(double cellsAcross, double cellsDown) {
        double[][] sum = new double[height][width];
        double amplitude = 0.5;
        double scaleX = cellsAcross / width;
        double scaleY = cellsDown / height;
        for (int octave = 0; octave < OCTAVES && Math.max(scaleX, scaleY) < 0.5; octave++) {
            double[][] lattice = lattice((int) (height * scaleY) + 2, (int) (width * scaleX) + 2);
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    sum[y][x] += amplitude * smooth(lattice, x * scaleX, y * scaleY);
                }
            }
            amplitude /= 2;
            scaleX *= 2;
            scaleY *= 2;
        }
        return sum;
    }

    private double[][] lattice(int rows, int columns) {
        double[][] lattice = new double[rows][columns];
        for (double[] row : lattice) {
            for (int x = 0; x < columns; x++) {
                row[x] = random.nextDouble();
            }
        }
        return lattice;
    }

    private static double smooth(double[][] lattice, double x, double y) {
        int x0 = (int) x;
        int y0 = (int) y;
        double tx = ease(x - x0);
        double ty = ease(y - y0);
        double upper = lattice[y0][x0] + tx * (lattice[y0][x0 + 1] - lattice[y0][x0]);
        double lower = lattice[y0 + 1][x0] + tx * (lattice[y0 + 1][x0 + 1] - lattice[y0 + 1][x0]);
        return upper + ty * (lower - upper);
    }

    private static double ease(double t) {
        return t * t * (3 - 2 * t);
    }

    private static Path2D star(double centreX, double centreY, double radius) {
        Path2D star = new Path2D.Double();
        for (int i = 0; i < 10; i++) {
            double angle = Math.PI * i / 5;
            double reach = i % 2 == 0 ? radius : radius * 0.45;
            Point2D tip = new Point2D.Double(centreX + reach * Math.sin(angle), centreY - reach * Math.cos(angle));
            if (i == 0) {
                star.moveTo(tip.getX(), tip.getY());
            } else {
                star.lineTo(tip.getX(), tip.getY());
            }
        }
        star.closePath();
        return star;
    }

    private static Color mix(Color from, Color to, double share) {
        double t = Math.max(0, Math.min(1, share));
        return new Color(
                (int) Math.round(from.getRed() + t * (to.getRed() - from.getRed())),
                (int) Math.round(from.getGreen() + t * (to.getGreen() - from.getGreen())),
                (int) Math.round(from.getBlue() + t * (to.getBlue() - from.getBlue())));
    }
}
