// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.measure;

import java.awt.Color;
import java.awt.Font;
import java.awt.RenderingHints;
import java.util.List;

/** Pages of writing. */
final class TextDrawings {

    private static final Color INK = new Color(0x1A1A1A);

    private TextDrawings() {
    }

    /** A page of a book. */
    static void book(Canvas canvas) {
        canvas.text(INK, Canvas.serif(Font.BOLD, 26), "Chapter 7: " + canvas.title(), 60, 80);
        canvas.paragraphs(INK, Canvas.serif(Font.PLAIN, 15), 60, 100, canvas.width - 120, canvas.height - 190);
        canvas.text(INK, Canvas.serif(Font.ITALIC, 12), "84", canvas.width / 2.0, canvas.height - 40);
    }

    /** Small print in three columns, gray on white. */
    static void small(Canvas canvas) {
        int columns = 3;
        double step = (canvas.width - 40.0) / columns;
        for (int column = 0; column < columns; column++) {
            double x = 20 + column * step;
            canvas.text(Color.BLACK, Canvas.sans(Font.BOLD, 13), canvas.title(), x, 30);
            canvas.paragraphs(new Color(0x444444), Canvas.sans(Font.PLAIN, 9 + column), x, 38, step - 14, canvas.height - 60);
        }
    }

    /** A program on black, in colours. */
    static void code(Canvas canvas) {
        canvas.fill(new Color(0x1E1E1E), 0, 0, canvas.width, canvas.height);
        canvas.fill(new Color(0x2A2A2E), 0, 0, 44, canvas.height);
        List<Color> colours = List.of(new Color(0xD4D4D4), new Color(0x569CD6), new Color(0xCE9178), new Color(0x6A9955),
                new Color(0xDCDCAA));
        List<String> marks = List.of("(", ")", " = ", ".", "; ", " + ", "[i]", " -> ", " { ", " }", " // ");
        Font font = Canvas.mono(Font.PLAIN, 13);
        int number = 1;
        for (int y = 18; y < canvas.height; y += 17) {
            canvas.text(new Color(0x858585), font, String.valueOf(number), 10, y);
            double x = 56 + 24 * canvas.random.nextInt(5);
            int words = number % 7 == 0 ? 0 : 2 + canvas.random.nextInt(5);
            for (int i = 0; i < words; i++) {
                String token = canvas.word() + canvas.one(marks);
                canvas.text(canvas.one(colours), font, token, x, y);
                x += canvas.graphics.getFontMetrics().stringWidth(token);
            }
            number++;
        }
    }

    /** Families, styles, sizes and angles. */
    static void sizes(Canvas canvas) {
        double y = 20;
        int i = 0;
        for (float size = 8; y < canvas.height * 0.75; size *= 1.22f) {
            Font font = switch (i++ % 4) {
                case 0 -> Canvas.sans(Font.PLAIN, size);
                case 1 -> Canvas.serif(Font.PLAIN, size);
                case 2 -> Canvas.mono(Font.BOLD, size);
                default -> Canvas.sans(Font.BOLD | Font.ITALIC, size);
            };
            y += size * 1.1;
            canvas.text(INK, font, Math.round(size) + " px " + canvas.title() + " " + canvas.title(), 16, y);
        }
        for (int turn = 0; turn < 6; turn++) {
            double angle = -0.3 - turn * 0.22;
            canvas.graphics.rotate(angle, 420, canvas.height - 20.0);
            canvas.text(canvas.vivid(), Canvas.serif(Font.PLAIN, 18), canvas.title(), 500, canvas.height - 20.0);
            canvas.graphics.rotate(-angle, 420, canvas.height - 20.0);
        }
    }

    /** Writing on colours, half of it without smooth edges. */
    static void colours(Canvas canvas) {
        int bands = 12;
        double step = (double) canvas.height / bands;
        for (int band = 0; band < bands; band++) {
            Color ground = Color.getHSBColor(band / (float) bands, 1, band % 2 == 0 ? 1 : 0.6f);
            Color ink = band % 3 == 0 ? Color.WHITE : band % 3 == 1 ? Color.BLACK : Color.getHSBColor(band / (float) bands + 0.5f, 1, 1);
            canvas.fill(ground, 0, band * step, canvas.width, step);
            canvas.graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING,
                    band % 2 == 0 ? RenderingHints.VALUE_TEXT_ANTIALIAS_ON : RenderingHints.VALUE_TEXT_ANTIALIAS_OFF);
            canvas.paragraphs(ink, Canvas.sans(Font.BOLD, 12), 12, band * step + 4, canvas.width - 24.0, step - 6);
        }
    }

    /** Writing smoothed for the stripes of a display, with coloured edges. */
    static void subpixel(Canvas canvas) {
        canvas.graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_LCD_HRGB);
        canvas.text(Color.BLACK, Canvas.sans(Font.BOLD, 20), canvas.title(), 24, 40);
        canvas.paragraphs(Color.BLACK, Canvas.sans(Font.PLAIN, 12), 24, 52, canvas.width - 48.0, canvas.height / 2.0 - 60);
        double half = canvas.height / 2.0;
        canvas.fill(new Color(0x263238), 0, half, canvas.width, half);
        canvas.paragraphs(new Color(0xECEFF1), Canvas.serif(Font.PLAIN, 13), 24, half + 8, canvas.width - 48.0, half - 30);
    }
}
