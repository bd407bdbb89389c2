// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.kit;

import org.semimage.container.PixelFormat;
import org.semimage.picture.PixelPlanes;

import java.util.Random;

/** Small pictures drawn by integers and a seed, so that they are the same on every machine. */
final class Sketches {

    private static final int BITS = 16;

    private Sketches() {
    }

    /** Something like a photograph: smooth light and shade, an edge or two, some grain. Alpha fades out around an ellipse. */
    static PixelPlanes scene(int width, int height, PixelFormat format, int seed) {
        PixelPlanes picture = PixelPlanes.blank(width, height, format);
        int[] light = clouds(width, height, 24, seed);
        int[] detail = clouds(width, height, 5, seed + 1);
        Random grain = new Random(seed);
        int most = format.bitDepth() > 8 ? 24 : 1200;
        for (int p = 0; p < format.colourPlanes(); p++) {
            int[] hue = clouds(width, height, 32, seed + 2 + p);
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    int i = y * width + x;
                    int edge = 3 * x + 2 * y > 2 * width + height && 5 * y > x ? 13000 : 0;
                    int value = light[i] * 5 / 8 + detail[i] / 8 + hue[i] * (p + 1) / 16 + edge + grain.nextInt(most);
                    picture.samples()[p][i] = sample(value, format);
                }
            }
        }
        if (format.hasAlpha()) {
            fade(picture);
        }
        return picture;
    }

    /** Something like a screen: bars, a frame, and letters that repeat, in few colours. Alpha is none in some places, half in others. */
    static PixelPlanes screen(int width, int height, PixelFormat format, int seed) {
        PixelPlanes picture = PixelPlanes.blank(width, height, format);
        Random random = new Random(seed);
        int[] glyphs = random.ints(6, 0, 1 << 25).toArray();
        int[][] palette = new int[6][4];
        for (int[] colour : palette) {
            for (int p = 0; p < colour.length; p++) {
                colour[p] = random.nextInt(1 << BITS);
            }
        }
        int[] text = random.ints(64, 0, glyphs.length).toArray();
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int glyph = glyphs[text[(y / 8 * 7 + x / 6) % text.length]];
                boolean ink = x % 6 < 5 && y % 8 < 5 && (glyph >> (y % 8 * 5 + x % 6) & 1) != 0;
                int colour = y < height / 8 ? 0 : x < width / 6 ? 1 + y / 16 % 2 : ink ? 3 : 4;
                for (int p = 0; p < format.planes(); p++) {
                    boolean alpha = format.hasAlpha() && p == format.planes() - 1;
                    int value = !alpha ? palette[colour][p] : colour == 1 ? 0 : colour == 0 ? 1 << BITS - 1 : (1 << BITS) - 1;
                    picture.samples()[p][y * width + x] = sample(value, format);
                }
            }
        }
        return picture;
    }

    /** Noise that nothing predicts, in all planes. */
    static PixelPlanes noise(int width, int height, PixelFormat format, int seed) {
        PixelPlanes picture = PixelPlanes.blank(width, height, format);
        Random random = new Random(seed);
        for (short[] plane : picture.samples()) {
            for (int i = 0; i < plane.length; i++) {
                plane[i] = sample(random.nextInt(1 << BITS), format);
            }
        }
        return picture;
    }

    /** Black and white in stripes one sample wide that bend: as much contrast as there is. */
    static PixelPlanes stripes(int width, int height, PixelFormat format) {
        PixelPlanes picture = PixelPlanes.blank(width, height, format);
        for (int p = 0; p < format.planes(); p++) {
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    int bend = (x * x + y * y * (p + 1)) / 64;
                    picture.samples()[p][y * width + x] = sample((bend & 1) * ((1 << BITS) - 1), format);
                }
            }
        }
        return picture;
    }

    private static void fade(PixelPlanes picture) {
        int width = picture.width();
        int height = picture.height();
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                long dx = (2L * x - width) * 1000 / width;
                long dy = (2L * y - height) * 1000 / height;
                long far = (dx * dx + dy * dy) / 1000;
                int value = (int) Math.max(0, Math.min((1 << BITS) - 1, (1000 - far) * 250));
                picture.alpha()[y * width + x] = sample(value, picture.format());
            }
        }
    }

    /** Random values 0..65535 on a lattice, and between them bilinearly. */
    private static int[] clouds(int width, int height, int period, int seed) {
        int columns = width / period + 2;
        Random random = new Random(seed);
        int[] lattice = random.ints((long) columns * (height / period + 2), 0, 1 << BITS).toArray();
        int[] values = new int[width * height];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int at = y / period * columns + x / period;
                int fx = x % period;
                int fy = y % period;
                long top = (long) lattice[at] * (period - fx) + (long) lattice[at + 1] * fx;
                long bottom = (long) lattice[at + columns] * (period - fx) + (long) lattice[at + columns + 1] * fx;
                values[y * width + x] = (int) ((top * (period - fy) + bottom * fy) / (period * period));
            }
        }
        return values;
    }

    private static short sample(int value, PixelFormat format) {
        int clamped = Math.max(0, Math.min((1 << BITS) - 1, value));
        return (short) (clamped >> BITS - format.bitDepth());
    }
}
