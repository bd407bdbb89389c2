// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.measure;

import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.RadialGradientPaint;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Point2D;
import java.awt.geom.QuadCurve2D;
import java.awt.geom.Rectangle2D;

/** Shapes, gradients and squares. */
final class ShapeDrawings {

    private ShapeDrawings() {
    }

    /** Flat shapes in full colours, one over the other. */
    static void saturated(Canvas canvas) {
        for (int i = 0; i < 60; i++) {
            double size = 30 + canvas.random.nextInt(150);
            double x = canvas.random.nextInt(canvas.width) - size / 2;
            double y = canvas.random.nextInt(canvas.height) - size / 2;
            Color colour = Color.getHSBColor(canvas.random.nextInt(12) / 12f, 1, i % 5 == 0 ? 0.5f : 1);
            switch (i % 3) {
                case 0 -> canvas.fill(colour, new Ellipse2D.Double(x, y, size, size));
                case 1 -> canvas.fill(colour, x, y, size, size * 0.6);
                default -> canvas.fill(colour, triangle(x, y, size));
            }
        }
    }

    /** A landscape in flat colours with black outlines. */
    static void cartoon(Canvas canvas) {
        canvas.fill(new Color(0x8FD3FF), 0, 0, canvas.width, canvas.height);
        canvas.fill(new Color(0xFFE14D), new Ellipse2D.Double(canvas.width - 170.0, 40, 110, 110));
        Color[] hills = {new Color(0x5FA052), new Color(0x7CC45B), new Color(0x4C8C4A)};
        for (int i = 0; i < hills.length; i++) {
            Ellipse2D hill = new Ellipse2D.Double(-150 + i * 260, 260 + i * 40, 620, 500);
            outlined(canvas, hills[i], hill);
        }
        for (int i = 0; i < 7; i++) {
            double x = 60 + i * 95;
            double y = 330 + canvas.random.nextInt(120);
            outlined(canvas, new Color(0x8B5A2B), new Rectangle2D.Double(x, y, 14, 50));
            outlined(canvas, i % 2 == 0 ? new Color(0x2E7D32) : new Color(0xE53935), new Ellipse2D.Double(x - 26, y - 54, 66, 66));
        }
        outlined(canvas, new Color(0xD84315), new Rectangle2D.Double(300, 300, 130, 110));
        outlined(canvas, new Color(0x6D4C41), triangle(285, 220, 160));
        for (int i = 0; i < 26; i++) {
            double x = canvas.random.nextInt(canvas.width);
            double y = canvas.random.nextInt(200);
            canvas.stroke(Color.BLACK, 1.6, new QuadCurve2D.Double(x, y, x + 6, y - 8, x + 12, y));
            canvas.stroke(Color.BLACK, 1.6, new QuadCurve2D.Double(x + 12, y, x + 18, y - 8, x + 24, y));
        }
    }

    /** Black and white squares as in a code for cameras, at a scale that does not fit the pixels. */
    static void squareCode(Canvas canvas) {
        int modules = 41;
        double side = (canvas.width - 40.0) / modules;
        for (int y = 0; y < modules; y++) {
            for (int x = 0; x < modules; x++) {
                if (canvas.random.nextBoolean()) {
                    canvas.fill(Color.BLACK, 20 + x * side, 20 + y * side, side, side);
                }
            }
        }
        int[][] corners = {{0, 0}, {modules - 7, 0}, {0, modules - 7}};
        for (int[] corner : corners) {
            for (int ring = 0; ring < 4; ring++) {
                double x = 20 + (corner[0] + ring) * side;
                double y = 20 + (corner[1] + ring) * side;
                canvas.fill(ring % 2 == 0 ? Color.BLACK : Color.WHITE, x, y, (7 - 2 * ring) * side, (7 - 2 * ring) * side);
            }
        }
    }

    /** Smooth passages from dark to light and from colour to colour. */
    static void gradients(Canvas canvas) {
        int rows = 5;
        float step = (float) canvas.height / rows;
        for (int row = 0; row < rows; row++) {
            Color from = row == 0 ? Color.BLACK : canvas.vivid();
            Color to = row == 0 ? Color.WHITE : row == 1 ? from.darker().darker() : canvas.vivid();
            canvas.graphics.setPaint(new GradientPaint(0, 0, from, canvas.width, row * 12f, to));
            canvas.graphics.fill(new Rectangle2D.Float(0, row * step, canvas.width, step));
        }
        for (int i = 0; i < 5; i++) {
            Point2D centre = new Point2D.Double(90 + i * 135, 150 + i % 2 * 240);
            canvas.graphics.setPaint(new RadialGradientPaint(centre, 80, new float[] {0, 1}, new Color[] {Color.WHITE, canvas.vivid()}));
            canvas.graphics.fill(new Ellipse2D.Double(centre.getX() - 80, centre.getY() - 80, 160, 160));
        }
    }

    /** All hues around, grayer inwards. */
    static void wheel(Canvas canvas) {
        double centre = canvas.width / 2.0;
        for (int y = 0; y < canvas.height; y++) {
            for (int x = 0; x < canvas.width; x++) {
                double radius = Math.hypot(x - centre, y - centre) / (centre - 10);
                if (radius <= 1) {
                    float hue = (float) (Math.atan2(y - centre, x - centre) / (2 * Math.PI));
                    canvas.fill(Color.getHSBColor(hue, (float) radius, 1), x, y, 1, 1);
                }
            }
        }
    }

    /** Figures of few colours, of squares of four pixels, on a ground of tiles. */
    static void pixels(Canvas canvas) {
        int dot = 4;
        Color[] ground = {new Color(0x3A7D2C), new Color(0x44913A), new Color(0x357028)};
        for (int y = 0; y < canvas.height; y += dot) {
            for (int x = 0; x < canvas.width; x += dot) {
                canvas.fill(ground[canvas.random.nextInt(12) == 0 ? 2 : (x / 64 + y / 64) % 2], x, y, dot, dot);
            }
        }
        for (int figure = 0; figure < 40; figure++) {
            Color[] colours = {null, Color.BLACK, canvas.vivid(), canvas.vivid()};
            double left = canvas.random.nextInt(canvas.width / 64) * 64 + 8;
            double top = canvas.random.nextInt(canvas.height / 60) * 60 + 6;
            for (int y = 0; y < 12; y++) {
                for (int x = 0; x < 6; x++) {
                    Color colour = colours[canvas.random.nextInt(colours.length)];
                    if (colour != null) {
                        canvas.fill(colour, left + x * dot, top + y * dot, dot, dot);
                        canvas.fill(colour, left + (11 - x) * dot, top + y * dot, dot, dot);
                    }
                }
            }
        }
    }

    private static void outlined(Canvas canvas, Color colour, Shape shape) {
        canvas.fill(colour, shape);
        canvas.stroke(Color.BLACK, 2.5, shape);
    }

    private static Path2D triangle(double x, double y, double size) {
        Path2D triangle = new Path2D.Double();
        triangle.moveTo(x, y + size * 0.5);
        triangle.lineTo(x + size / 2, y);
        triangle.lineTo(x + size, y + size * 0.5);
        triangle.closePath();
        return triangle;
    }
}
