// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.measure;

import java.awt.Color;
import java.awt.Font;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;

/** Figures, maps and plans. */
final class ChartDrawings {

    private static final Color INK = new Color(0x333333);
    private static final Color GRID = new Color(0xDDDDDD);
    private static final Color[] SERIES = {new Color(0x4472C4), new Color(0xED7D31), new Color(0x70AD47), new Color(0xFFC000),
            new Color(0x7030A0)};

    private ChartDrawings() {
    }

    static void bars(Canvas canvas) {
        frame(canvas, canvas.title() + ", by year");
        int groups = 9;
        double step = (canvas.width - 110.0) / groups;
        for (int group = 0; group < groups; group++) {
            double x = 70 + group * step;
            for (int series = 0; series < 4; series++) {
                double h = (canvas.height - 150) * (0.1 + 0.85 * canvas.random.nextDouble());
                Rectangle2D bar = new Rectangle2D.Double(x + series * step / 5, canvas.height - 60 - h, step / 5 - 1, h);
                canvas.fill(SERIES[series], bar);
                canvas.stroke(SERIES[series].darker(), 0.8, bar);
            }
            canvas.text(INK, Canvas.sans(Font.PLAIN, 11), String.valueOf(1990 + 4 * group), x + step / 6, canvas.height - 42);
        }
        legend(canvas, 4);
    }

    static void lines(Canvas canvas) {
        frame(canvas, canvas.title() + " and " + canvas.title());
        for (int series = 0; series < 5; series++) {
            Path2D path = new Path2D.Double();
            double y = canvas.height / 2.0;
            for (int x = 70; x < canvas.width - 40; x += 3) {
                y += canvas.random.nextGaussian() * (4 + series) + (canvas.height / 2.0 - y) * 0.02;
                y = Math.max(80, Math.min(canvas.height - 70, y));
                if (x == 70) {
                    path.moveTo(x, y);
                } else {
                    path.lineTo(x, y);
                }
            }
            canvas.stroke(SERIES[series], 1 + 0.4 * series, path);
        }
        legend(canvas, 5);
    }

    static void scatter(Canvas canvas) {
        frame(canvas, canvas.title());
        for (int i = 0; i < 700; i++) {
            int series = canvas.random.nextInt(3);
            double x = canvas.width * (0.3 + 0.2 * series) + canvas.random.nextGaussian() * 70;
            double y = canvas.height * (0.35 + 0.15 * series) + canvas.random.nextGaussian() * 60;
            if (x > 70 && x < canvas.width - 40 && y > 70 && y < canvas.height - 65) {
                Ellipse2D dot = new Ellipse2D.Double(x - 3, y - 3, 6, 6);
                if (i % 2 == 0) {
                    canvas.fill(SERIES[series], dot);
                } else {
                    canvas.stroke(SERIES[series], 1, dot);
                }
            }
        }
        legend(canvas, 3);
    }

    /** Parks, water, streets and their names. */
    static void map(Canvas canvas) {
        canvas.fill(new Color(0xF2EFE9), 0, 0, canvas.width, canvas.height);
        for (int i = 0; i < 10; i++) {
            canvas.fill(i % 3 == 0 ? new Color(0xAAD3DF) : new Color(0xC8E6B5), blob(canvas, 40 + 80 * canvas.random.nextDouble()));
        }
        for (int y = 0; y < canvas.height; y += 22) {
            for (int x = 0; x < canvas.width; x += 26) {
                if (canvas.random.nextInt(5) < 2) {
                    Rectangle2D house = new Rectangle2D.Double(x + 4, y + 4, 8 + canvas.random.nextInt(12), 6 + canvas.random.nextInt(10));
                    canvas.fill(new Color(0xD9D0C9), house);
                    canvas.stroke(new Color(0xB8A99C), 0.7, house);
                }
            }
        }
        for (int i = 0; i < 16; i++) {
            Path2D street = street(canvas);
            double thickness = i < 11 ? 5 : 9;
            canvas.stroke(new Color(0x9A8F80), thickness + 1.6, street);
            canvas.stroke(i < 11 ? Color.WHITE : i < 14 ? new Color(0xFCD6A4) : new Color(0xE892A2), thickness, street);
        }
        for (int i = 0; i < 45; i++) {
            Font font = Canvas.sans(i % 5 == 0 ? Font.BOLD : Font.PLAIN, 9 + i % 4);
            double x = canvas.random.nextInt(canvas.width - 60);
            double y = 12 + canvas.random.nextInt(canvas.height - 16);
            canvas.text(INK, font, canvas.title(), x, y);
        }
    }

    /** Thin lines, hatching and measures. */
    static void plan(Canvas canvas) {
        for (int room = 0; room < 8; room++) {
            double x = 40 + room % 4 * 185;
            double y = 40 + room / 4 * 270;
            Rectangle2D walls = new Rectangle2D.Double(x, y, 165, 220);
            canvas.graphics.setClip(walls);
            for (double at = -220; room % 2 == 0 && at < 165; at += 5 + room) {
                canvas.line(new Color(0x8899AA), 0.6, x + at, y + 220, x + at + 220, y);
            }
            canvas.graphics.setClip(null);
            canvas.stroke(Color.BLACK, 2.5, walls);
            for (int ring = 1; ring < 9; ring++) {
                double radius = ring * 8;
                canvas.stroke(room % 3 == 0 ? Color.RED : Color.BLUE, 0.5,
                        new Ellipse2D.Double(x + 82 - radius, y + 110 - radius, 2 * radius, 2 * radius));
            }
            canvas.line(Color.BLACK, 0.7, x, y + 235, x + 165, y + 235);
            canvas.text(Color.BLACK, Canvas.mono(Font.PLAIN, 10), 1000 + canvas.random.nextInt(9000) + " mm", x + 50, y + 248);
        }
    }

    private static void frame(Canvas canvas, String title) {
        canvas.text(INK, Canvas.sans(Font.BOLD, 17), title, 70, 36);
        for (int i = 0; i <= 8; i++) {
            double y = canvas.height - 60 - i * (canvas.height - 140) / 8.0;
            canvas.line(GRID, 1, 70, y, canvas.width - 40, y);
            canvas.text(INK, Canvas.sans(Font.PLAIN, 11), String.valueOf(i * 25), 36, y + 4);
        }
        canvas.line(INK, 1.2, 70, canvas.height - 60, canvas.width - 40, canvas.height - 60);
        canvas.line(INK, 1.2, 70, 70, 70, canvas.height - 60);
    }

    private static void legend(Canvas canvas, int series) {
        for (int i = 0; i < series; i++) {
            canvas.fill(SERIES[i], 80 + i * 120, canvas.height - 26, 12, 12);
            canvas.text(INK, Canvas.sans(Font.PLAIN, 12), canvas.word(), 98 + i * 120, canvas.height - 15);
        }
    }

    private static Path2D blob(Canvas canvas, double radius) {
        double x = canvas.width * canvas.random.nextDouble();
        double y = canvas.height * canvas.random.nextDouble();
        Path2D blob = new Path2D.Double();
        for (int i = 0; i < 14; i++) {
            double angle = i * Math.PI / 7;
            double reach = radius * (0.6 + 0.6 * canvas.random.nextDouble());
            if (i == 0) {
                blob.moveTo(x + reach, y);
            } else {
                blob.lineTo(x + reach * Math.cos(angle), y + reach * Math.sin(angle));
            }
        }
        blob.closePath();
        return blob;
    }

    private static Path2D street(Canvas canvas) {
        Path2D street = new Path2D.Double();
        boolean across = canvas.random.nextBoolean();
        street.moveTo(across ? -10 : canvas.width * canvas.random.nextDouble(), across ? canvas.height * canvas.random.nextDouble() : -10);
        street.curveTo(canvas.width * canvas.random.nextDouble(), canvas.height * canvas.random.nextDouble(),
                canvas.width * canvas.random.nextDouble(), canvas.height * canvas.random.nextDouble(),
                across ? canvas.width + 10.0 : canvas.width * canvas.random.nextDouble(),
                across ? canvas.height * canvas.random.nextDouble() : canvas.height + 10.0);
        return street;
    }
}
