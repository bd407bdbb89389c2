// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.bench;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.Random;

/**
 * The sliced Wasserstein distance between the patches of two pictures' Laplacian pyramids: how differently they look, wherever things
 * stand (Rabin et al., 2011; Karras et al., "Progressive growing of GANs", ICLR 2018). Unlike Karras et al., patches are not normalized, so
 * that missing texture counts. In sample values, 0 for equal sets of patches.
 */
final class SlicedWasserstein {

    private static final int LEVELS = 4;
    private static final int PATCH = 7;
    private static final int PATCHES = 2048;
    private static final int DIRECTIONS = 64;

    private SlicedWasserstein() {
    }

    /** The distance, mean over four octaves from the finest on; both pictures must have the same size, at least 64 to a side. */
    static double of(BufferedImage a, BufferedImage b) {
        Random random = new Random(7);
        float[][] planesA = planes(a);
        float[][] planesB = planes(b);
        int width = a.getWidth();
        int height = a.getHeight();
        double sum = 0;
        for (int level = 0; level < LEVELS; level++) {
            float[][] halfA = halve(planesA, width, height);
            float[][] halfB = halve(planesB, width, height);
            sum += distance(details(planesA, halfA, width, height), details(planesB, halfB, width, height), width, height, random);
            planesA = halfA;
            planesB = halfB;
            width /= 2;
            height /= 2;
        }
        return sum / LEVELS;
    }

    private static double distance(float[][] a, float[][] b, int width, int height, Random random) {
        int[] corners = new int[PATCHES];
        for (int i = 0; i < PATCHES; i++) {
            corners[i] = random.nextInt(height - PATCH + 1) * width + random.nextInt(width - PATCH + 1);
        }
        double sum = 0;
        for (int direction = 0; direction < DIRECTIONS; direction++) {
            float[] weights = direction(random);
            float[] projectedA = project(a, corners, weights, width);
            float[] projectedB = project(b, corners, weights, width);
            for (int i = 0; i < PATCHES; i++) {
                sum += Math.abs(projectedA[i] - projectedB[i]);
            }
        }
        return sum / DIRECTIONS / PATCHES;
    }

    private static float[] direction(Random random) {
        float[] weights = new float[3 * PATCH * PATCH];
        double square = 0;
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) random.nextGaussian();
            square += weights[i] * weights[i];
        }
        for (int i = 0; i < weights.length; i++) {
            weights[i] /= (float) Math.sqrt(square);
        }
        return weights;
    }

    private static float[] project(float[][] planes, int[] corners, float[] weights, int width) {
        float[] projected = new float[corners.length];
        for (int p = 0; p < corners.length; p++) {
            int w = 0;
            for (float[] plane : planes) {
                for (int y = 0; y < PATCH; y++) {
                    for (int x = 0; x < PATCH; x++) {
                        projected[p] += weights[w++] * plane[corners[p] + y * width + x];
                    }
                }
            }
        }
        Arrays.sort(projected);
        return projected;
    }

    private static float[][] planes(BufferedImage image) {
        int[] rgb = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        float[][] planes = new float[3][rgb.length];
        for (int i = 0; i < rgb.length; i++) {
            for (int c = 0; c < 3; c++) {
                planes[c][i] = rgb[i] >> 16 - 8 * c & 0xFF;
            }
        }
        return planes;
    }

    /** Means of 2x2 samples. */
    private static float[][] halve(float[][] planes, int width, int height) {
        int w = width / 2;
        int h = height / 2;
        float[][] half = new float[3][w * h];
        for (int c = 0; c < 3; c++) {
            for (int y = 0; y < h; y++) {
                for (int x = 0; x < w; x++) {
                    int at = 2 * y * width + 2 * x;
                    half[c][y * w + x] = (planes[c][at] + planes[c][at + 1] + planes[c][at + width] + planes[c][at + width + 1]) / 4;
                }
            }
        }
        return half;
    }

    /** What the half-size picture lacks, bilinearly enlarged. */
    private static float[][] details(float[][] planes, float[][] half, int width, int height) {
        int w = width / 2;
        int h = height / 2;
        float[][] details = new float[3][width * height];
        for (int c = 0; c < 3; c++) {
            for (int y = 0; y < height; y++) {
                int y0 = Math.max(0, Math.min(h - 1, (y - 1) >> 1));
                int y1 = Math.min(h - 1, (y + 1) >> 1);
                float fy = (y & 1) == 0 ? 0.75f : 0.25f;
                for (int x = 0; x < width; x++) {
                    int x0 = Math.max(0, Math.min(w - 1, (x - 1) >> 1));
                    int x1 = Math.min(w - 1, (x + 1) >> 1);
                    float fx = (x & 1) == 0 ? 0.75f : 0.25f;
                    float upper = (1 - fx) * half[c][y0 * w + x0] + fx * half[c][y0 * w + x1];
                    float lower = (1 - fx) * half[c][y1 * w + x0] + fx * half[c][y1 * w + x1];
                    details[c][y * width + x] = planes[c][y * width + x] - (1 - fy) * upper - fy * lower;
                }
            }
        }
        return details;
    }
}
