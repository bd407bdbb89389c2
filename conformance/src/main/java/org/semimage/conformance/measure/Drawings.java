// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.measure;

import javax.imageio.ImageIO;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes twenty pictures that no camera took, to measure codecs on: text, charts, windows, shapes, gradients, pixel art. They are the
 * same for one JDK and one set of fonts; DejaVu and Liberation are used where installed, else the JDK's logical fonts.
 *
 * <p>{@code -Dbench.main=org.semimage.conformance.measure.Drawings -Dbench=FOLDER}; pictures of the same name there are replaced.
 */
public final class Drawings {

    /** Draws one picture onto white. */
    interface Painter {
        void paint(Canvas canvas);
    }

    /**
     * One picture.
     *
     * @param width   columns
     * @param height  rows
     * @param painter what is on it
     */
    record Drawing(int width, int height, Painter painter) {

        /** Draws a picture of {@link BufferedImage#TYPE_INT_RGB}. */
        BufferedImage draw(long seed) {
            BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
            Canvas canvas = new Canvas(image, seed);
            painter.paint(canvas);
            canvas.dispose();
            return image;
        }
    }

    private Drawings() {
    }

    /**
     * Draws all pictures into a folder, which is made if it is not there.
     *
     * @param arguments the folder, made if it is not there
     */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 1) {
            throw new IllegalArgumentException("give the folder to write to");
        }
        write(Path.of(arguments[0]));
    }

    /** Writes {@code NAME.png} for each. */
    static void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        long seed = 1;
        for (Map.Entry<String, Drawing> drawing : all().entrySet()) {
            ImageIO.write(drawing.getValue().draw(seed++), "png", folder.resolve(drawing.getKey() + ".png").toFile());
        }
    }

    /** The pictures by name, in an order that does not change. */
    static Map<String, Drawing> all() {
        Map<String, Drawing> all = new LinkedHashMap<>();
        all.put("text-book", new Drawing(640, 800, TextDrawings::book));
        all.put("text-small", new Drawing(720, 540, TextDrawings::small));
        all.put("text-code", new Drawing(800, 560, TextDrawings::code));
        all.put("text-sizes", new Drawing(720, 560, TextDrawings::sizes));
        all.put("text-colours", new Drawing(640, 480, TextDrawings::colours));
        all.put("text-subpixel", new Drawing(640, 480, TextDrawings::subpixel));
        all.put("chart-bars", new Drawing(720, 480, ChartDrawings::bars));
        all.put("chart-lines", new Drawing(800, 500, ChartDrawings::lines));
        all.put("chart-scatter", new Drawing(640, 560, ChartDrawings::scatter));
        all.put("chart-map", new Drawing(720, 720, ChartDrawings::map));
        all.put("chart-plan", new Drawing(800, 600, ChartDrawings::plan));
        all.put("window-form", new Drawing(640, 520, WindowDrawings::form));
        all.put("window-desktop", new Drawing(1024, 640, WindowDrawings::desktop));
        all.put("window-table", new Drawing(900, 560, WindowDrawings::table));
        all.put("shape-saturated", new Drawing(640, 640, ShapeDrawings::saturated));
        all.put("shape-cartoon", new Drawing(720, 540, ShapeDrawings::cartoon));
        all.put("shape-code", new Drawing(512, 512, ShapeDrawings::squareCode));
        all.put("shape-gradients", new Drawing(720, 540, ShapeDrawings::gradients));
        all.put("shape-wheel", new Drawing(560, 560, ShapeDrawings::wheel));
        all.put("shape-pixels", new Drawing(640, 480, ShapeDrawings::pixels));
        return all;
    }
}
