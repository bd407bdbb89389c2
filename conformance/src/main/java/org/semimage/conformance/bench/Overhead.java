// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.bench;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.semimage.cli.TestPicture;

/**
 * Prints how far rANS streams are above the ideal code length of their symbols, over drawn pictures and qualities; with an
 * argument, over the pictures of that folder as well.
 */
public final class Overhead {

    private static final int[][] SIZES = {{64, 64}, {200, 150}, {320, 240}, {768, 512}, {1536, 1024}};
    private static final float[] QUALITIES = {0, 0.1f, 0.25f, 0.5f, 0.75f, 1};

    private static final int SMALL_BYTES = 2000;
    private static final double MAX_SMALL_OVERHEAD = 10;
    private static final double MAX_OVERHEAD = 0.01;

    private Overhead() {
    }

    /**
     * One stream against the ideal.
     *
     * @param actual bytes
     * @param ideal  bytes
     */
    record Row(String picture, float quality, int symbols, int lanes, int actual, double ideal) {

        static Row of(String name, BufferedImage picture, float quality) throws IOException {
            Latents latents = Latents.of(picture, quality);
            return new Row(name, quality, latents.size(), latents.lanes(), latents.stream().length, latents.idealBits() / 8);
        }

        /** Less than 10 bytes in two kilobytes, less than 1 % in more. */
        boolean isWithinLimits() {
            return actual < SMALL_BYTES ? actual - ideal < MAX_SMALL_OVERHEAD : actual - ideal < MAX_OVERHEAD * ideal;
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "| %s | %.2f | %d | %d | %d | %.1f | %.1f | %.2f %% |%s", picture, quality, symbols, lanes,
                    actual, ideal, actual - ideal, 100 * (actual - ideal) / ideal, isWithinLimits() ? "" : " too much");
        }
    }

    /** The drawn pictures up to a width, at all qualities. */
    static List<Row> drawn(int maxWidth) throws IOException {
        List<Row> rows = new ArrayList<>();
        for (int[] size : SIZES) {
            if (size[0] <= maxWidth) {
                rows.addAll(rows("drawn " + size[0] + "x" + size[1], TestPicture.draw(size[0], size[1], 1)));
            }
        }
        return rows;
    }

    private static List<Row> rows(String name, BufferedImage picture) throws IOException {
        List<Row> rows = new ArrayList<>();
        for (float quality : QUALITIES) {
            rows.add(Row.of(name, picture, quality));
        }
        return rows;
    }

    /**
     * Prints a table of streams' overhead.
     *
     * @param arguments nothing, or a folder of pictures
     */
    public static void main(String[] arguments) throws IOException {
        System.out.println("| picture | quality | symbols | lanes | bytes | ideal | over | |");
        System.out.println("|---|---|---|---|---|---|---|---|");
        drawn(Integer.MAX_VALUE).forEach(System.out::println);
        for (String folder : arguments) {
            for (Path file : Arguments.pictures(folder)) {
                rows(file.getFileName().toString(), ImageIO.read(file.toFile())).forEach(System.out::println);
            }
        }
    }
}
