// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.measure;

import java.awt.Color;
import java.awt.Font;
import java.awt.GradientPaint;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;
import java.util.List;

/** What a screen shows. */
final class WindowDrawings {

    private static final Color INK = new Color(0x202124);
    private static final Color LINE = new Color(0xC4C7CC);
    private static final Color ACCENT = new Color(0x0B57D0);

    private WindowDrawings() {
    }

    /** A dialogue with fields and buttons. */
    static void form(Canvas canvas) {
        canvas.fill(new Color(0xF0F0F0), 0, 0, canvas.width, canvas.height);
        bar(canvas, 0, 0, canvas.width, canvas.title());
        for (int row = 0; row < 9; row++) {
            double y = 56 + row * 42;
            canvas.text(INK, Canvas.sans(Font.PLAIN, 13), canvas.title() + ":", 24, y + 18);
            if (row % 3 == 2) {
                for (int i = 0; i < 3; i++) {
                    canvas.stroke(INK, 1, new Ellipse2D.Double(220 + i * 130, y + 6, 13, 13));
                    if (i == row % 2) {
                        canvas.fill(ACCENT, new Ellipse2D.Double(223 + i * 130, y + 9, 7, 7));
                    }
                    canvas.text(INK, Canvas.sans(Font.PLAIN, 13), canvas.word(), 240 + i * 130, y + 18);
                }
            } else {
                box(canvas, Color.WHITE, row == 1 ? ACCENT : LINE, 220, y, canvas.width - 250.0, 26);
                canvas.text(INK, Canvas.sans(Font.PLAIN, 13), canvas.title() + " " + canvas.word(), 228, y + 18);
            }
        }
        box(canvas, ACCENT, ACCENT, canvas.width - 230.0, canvas.height - 50.0, 90, 32);
        canvas.text(Color.WHITE, Canvas.sans(Font.BOLD, 13), "Save", canvas.width - 202.0, canvas.height - 29.0);
        box(canvas, Color.WHITE, LINE, canvas.width - 125.0, canvas.height - 50.0, 95, 32);
        canvas.text(INK, Canvas.sans(Font.PLAIN, 13), "Cancel", canvas.width - 101.0, canvas.height - 29.0);
    }

    /** Windows over a background that fades, with icons. */
    static void desktop(Canvas canvas) {
        canvas.graphics.setPaint(new GradientPaint(0, 0, new Color(0x1A2A6C), canvas.width, canvas.height, new Color(0xB21F1F)));
        canvas.graphics.fillRect(0, 0, canvas.width, canvas.height);
        for (int i = 0; i < 6; i++) {
            canvas.fill(canvas.vivid(), new RoundRectangle2D.Double(20, 20 + i * 92, 48, 48, 12, 12));
            canvas.fill(Color.WHITE, new Ellipse2D.Double(34, 34 + i * 92, 20, 20));
            canvas.text(Color.WHITE, Canvas.sans(Font.PLAIN, 11), canvas.word(), 22, 84 + i * 92);
        }
        for (int i = 0; i < 3; i++) {
            double x = 110 + i * 190;
            double y = 40 + i * 110;
            canvas.fill(new Color(0, 0, 0, 70), new RoundRectangle2D.Double(x + 6, y + 8, 480, 320, 10, 10));
            canvas.fill(Color.WHITE, x, y, 480, 320);
            bar(canvas, x, y, 480, canvas.title());
            canvas.graphics.setClip(new Rectangle2D.Double(x, y + 32, 480, 288));
            if (i == 1) {
                canvas.fill(new Color(0x101418), x, y + 32, 480, 288);
                canvas.paragraphs(new Color(0x55FF88), Canvas.mono(Font.PLAIN, 12), x + 8, y + 36, 460, 270);
            } else {
                canvas.paragraphs(INK, Canvas.sans(Font.PLAIN, 12 + i), x + 12, y + 40, 456, 260);
            }
            canvas.graphics.setClip(null);
        }
        canvas.fill(new Color(0x202020), 0, canvas.height - 36.0, canvas.width, 36);
        canvas.text(Color.WHITE, Canvas.sans(Font.PLAIN, 13), "12:45", canvas.width - 60.0, canvas.height - 13.0);
    }

    /** A sheet of numbers. */
    static void table(Canvas canvas) {
        int columns = 9;
        double step = (canvas.width - 40.0) / columns;
        canvas.fill(new Color(0xE6E6E6), 0, 0, canvas.width, 22);
        canvas.fill(new Color(0xE6E6E6), 0, 0, 40, canvas.height);
        for (int row = 0; row * 20 + 22 < canvas.height; row++) {
            double y = 22 + row * 20;
            canvas.text(INK, Canvas.sans(Font.PLAIN, 11), String.valueOf(row + 1), 12, y + 15);
            for (int column = 0; column < columns; column++) {
                double x = 40 + column * step;
                if (canvas.random.nextInt(14) == 0) {
                    canvas.fill(canvas.one(List.of(new Color(0xFFF2CC), new Color(0xE2EFDA), new Color(0xFFC7CE))), x, y, step, 20);
                }
                String cell = column == 0 ? canvas.word() : String.valueOf(canvas.random.nextInt(1_000_000) / 100.0);
                Color ink = column == 8 && row % 5 == 0 ? Color.RED : INK;
                canvas.text(ink, Canvas.sans(row == 0 ? Font.BOLD : Font.PLAIN, 12), cell, x + 6, y + 15);
            }
            canvas.line(LINE, 1, 0, y + 0.5, canvas.width, y + 0.5);
        }
        for (int column = 0; column < columns; column++) {
            double x = 40 + column * step;
            canvas.line(LINE, 1, x, 0, x, canvas.height);
            canvas.text(INK, Canvas.sans(Font.PLAIN, 12), String.valueOf((char) ('A' + column)), x + step / 2, 16);
        }
        canvas.stroke(new Color(0x107C41), 2, new Rectangle2D.Double(40 + 3 * step, 182, step, 20));
    }

    private static void bar(Canvas canvas, double x, double y, double w, String title) {
        canvas.graphics.setPaint(new GradientPaint(0, (float) y, new Color(0xE8EEF7), 0, (float) y + 32, new Color(0xC9D7EA)));
        canvas.graphics.fill(new Rectangle2D.Double(x, y, w, 32));
        canvas.text(INK, Canvas.sans(Font.BOLD, 13), title, x + 12, y + 21);
        Color[] lights = {new Color(0x28C840), new Color(0xFEBC2E), new Color(0xFF5F57)};
        for (int i = 0; i < lights.length; i++) {
            canvas.fill(lights[i], new Ellipse2D.Double(x + w - 66 + i * 20, y + 10, 12, 12));
        }
    }

    private static void box(Canvas canvas, Color inside, Color edge, double x, double y, double w, double h) {
        RoundRectangle2D box = new RoundRectangle2D.Double(x, y, w, h, 6, 6);
        canvas.fill(inside, box);
        canvas.stroke(edge, 1, box);
    }
}
