// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.semantic;

import org.semimage.generate.Descriptors;

/**
 * Where a layout's edges are and how they run, to draw texture as strokes along them: details of pictures are large where coarse structure
 * is, and follow it. Noise is averaged along the directions in which luma changes least (line integral convolution, Cabral and
 * Leedom, SIGGRAPH 1993), found by the structure tensor.
 */
final class Contours {

    /** Points of the structure tensor for each cell of the layout. */
    private static final int DENSITY = 3;

    /** Samples for each direction. */
    private static final int BLOCK = 4;

    /** Steps of a stroke to either side of its middle, a sample each. */
    private static final int REACH = 6;

    /** The part of the energy around it that a flat place keeps. */
    private static final float FLAT = 0.15f;

    /** How much of the texture is drawn: all of it looks busier than the picture that it was measured on. */
    private static final float STRENGTH = 0.8f;

    private final int width;
    private final int height;
    private final Field gain;
    private final int blocks;
    private final float[] alongX;
    private final float[] alongY;

    /** Values at even distances over a picture. */
    private record Field(float[] values, int columns, int rows) {

        /** The value at a place, 0..1 across and down, interpolated. */
        float at(float x, float y) {
            float fx = Math.max(0, Math.min(columns - 1, x * columns - 0.5f));
            float fy = Math.max(0, Math.min(rows - 1, y * rows - 0.5f));
            int ix = Math.min((int) fx, Math.max(0, columns - 2));
            int iy = Math.min((int) fy, Math.max(0, rows - 2));
            int right = columns > 1 ? 1 : 0;
            int below = rows > 1 ? columns : 0;
            int i = iy * columns + ix;
            float rx = fx - ix;
            float ry = fy - iy;
            return (1 - ry) * ((1 - rx) * values[i] + rx * values[i + right])
                    + ry * ((1 - rx) * values[i + below] + rx * values[i + below + right]);
        }

        Field blurred(int radius) {
            return new Field(Contours.blurred(values, columns, rows, radius), columns, rows);
        }
    }

    private Contours(int width, int height, Field gain, Field cosine, Field sine) {
        this.width = width;
        this.height = height;
        this.gain = gain;
        this.blocks = (width + BLOCK - 1) / BLOCK;
        int rows = (height + BLOCK - 1) / BLOCK;
        this.alongX = new float[blocks * rows];
        this.alongY = new float[blocks * rows];
        for (int i = 0; i < alongX.length; i++) {
            float x = (i % blocks + 0.5f) * BLOCK / width;
            float y = (i / blocks + 0.5f) * BLOCK / height;
            double steepest = 0.5 * Math.atan2(sine.at(x, y), cosine.at(x, y));
            alongX[i] = (float) -Math.sin(steepest);
            alongY[i] = (float) Math.cos(steepest);
        }
    }

    /** The contours of a layout for a picture of a size. */
    static Contours of(Descriptors d, int width, int height) {
        int columns = Math.min(width, DENSITY * d.columns());
        int rows = Math.min(height, DENSITY * d.rows());
        float[] luma = Rendition.smooth(d, d.layout()[0], columns, rows, columns, rows);
        float[] energy = new float[luma.length];
        float[] cosine = new float[luma.length];
        float[] sine = new float[luma.length];
        for (int y = 0; y < rows; y++) {
            for (int x = 0; x < columns; x++) {
                float dx = luma[y * columns + Math.min(columns - 1, x + 1)] - luma[y * columns + Math.max(0, x - 1)];
                float dy = luma[Math.min(rows - 1, y + 1) * columns + x] - luma[Math.max(0, y - 1) * columns + x];
                int at = y * columns + x;
                energy[at] = dx * dx + dy * dy;
                // Of twice the angle, so that opposite directions are the same.
                cosine[at] = dx * dx - dy * dy;
                sine[at] = 2 * dx * dy;
            }
        }
        Field near = new Field(energy, columns, rows).blurred(DENSITY);
        Field wide = new Field(energy, columns, rows).blurred(Math.max(1, Math.max(columns, rows) / 6));
        float[] gain = new float[luma.length];
        for (int i = 0; i < gain.length; i++) {
            gain[i] = (float) Math.sqrt((near.values[i] + FLAT * wide.values[i] + 0.1f) / (wide.values[i] * (1 + FLAT) + 0.1f));
        }
        return new Contours(width, height, new Field(gain, columns, rows),
                new Field(cosine, columns, rows).blurred(DENSITY), new Field(sine, columns, rows).blurred(DENSITY));
    }

    /** Means over squares of a radius, twice, so that they come near a bell. */
    private static float[] blurred(float[] plane, int columns, int rows, int radius) {
        float[] result = plane;
        for (int pass = 0; pass < 2; pass++) {
            result = boxes(boxes(result, columns, rows, radius, 1, columns), rows, columns, radius, columns, 1);
        }
        return result;
    }

    private static float[] boxes(float[] plane, int length, int lines, int radius, int step, int stride) {
        float[] result = new float[plane.length];
        for (int line = 0; line < lines; line++) {
            for (int i = 0; i < length; i++) {
                float sum = 0;
                int from = Math.max(0, i - radius);
                int to = Math.min(length - 1, i + radius);
                for (int j = from; j <= to; j++) {
                    sum += plane[line * stride + j * step];
                }
                result[line * stride + i * step] = sum / (to - from + 1);
            }
        }
        return result;
    }

    /** Noise averaged along the contour through a pixel, of the energy that the place should have. */
    float stroke(float[] noise, int stride, int x, int y) {
        float sum = noise[y * stride + x];
        for (int side = -1; side <= 1; side += 2) {
            float px = x + 0.5f;
            float py = y + 0.5f;
            float dx = side * direction(alongX, px, py);
            float dy = side * direction(alongY, px, py);
            for (int i = 0; i < REACH; i++) {
                float nextX = direction(alongX, px, py);
                float nextY = direction(alongY, px, py);
                float sign = nextX * dx + nextY * dy < 0 ? -1 : 1;
                dx = sign * nextX;
                dy = sign * nextY;
                px = Math.max(0.5f, Math.min(width - 0.5f, px + dx));
                py = Math.max(0.5f, Math.min(height - 0.5f, py + dy));
                sum += noise[(int) py * stride + (int) px];
            }
        }
        return STRENGTH * sum / (float) Math.sqrt(2 * REACH + 1) * gain.at((x + 0.5f) / width, (y + 0.5f) / height);
    }

    private float direction(float[] along, float x, float y) {
        return along[(int) y / BLOCK * blocks + (int) x / BLOCK];
    }
}
