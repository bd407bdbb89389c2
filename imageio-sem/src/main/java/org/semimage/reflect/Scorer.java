// SPDX-License-Identifier: Apache-2.0
package org.semimage.reflect;

import org.semimage.compute.Cancellation;
import org.semimage.compute.wavelet.Pyramid;
import org.semimage.compute.wavelet.Wavelet97;
import org.semimage.picture.ColourTransform;
import org.semimage.picture.PixelPlanes;
import org.semimage.picture.TransparentFill;

import java.util.Arrays;
import java.util.Random;

/**
 * Scores decoded pictures against an original.
 *
 * <p>Colour and texture are sliced Wasserstein distances (Rabin et al., "Wasserstein barycenter and its application to texture mixing",
 * 2011): values at the same random places of both pictures, projected onto random directions, are sorted, and their mean difference is
 * taken. For colour a value is a pixel, for texture 3 x 3 coefficients of luma's three bands of a level.
 */
public final class Scorer {

    private static final int BLOCK = 16;
    private static final int PLACES = 2048;
    private static final int DIRECTIONS = 16;
    private static final int LEVELS = 4;
    private static final int PATCH = 3;
    private static final int ORIENTATIONS = 3;
    private static final int SEED = 7;

    private final int width;
    private final int height;
    private final Cancellation cancellation;
    private final Look original;

    /** What is measured of a picture: block means, and sorted projections of its colours and of each level's details. */
    private record Look(float[][] means, float[][] colours, float[][][] details) {
    }

    /**
     * A scorer.
     *
     * @param original     of any format; alpha is left out as descriptors leave it out
     * @param cancellation asked between parts of the work
     */
    public Scorer(PixelPlanes original, Cancellation cancellation) {
        this.width = original.width();
        this.height = original.height();
        this.cancellation = cancellation;
        this.original = look(original);
    }

    /**
     * The score of a decoded picture.
     *
     * @param decoded of the original's size
     * @throws IllegalArgumentException if it has another size
     * @throws java.util.concurrent.CancellationException if the request to stop is made
     */
    public Score of(PixelPlanes decoded) {
        if (decoded.width() != width || decoded.height() != height) {
            throw new IllegalArgumentException("picture of " + decoded.width() + "x" + decoded.height() + ", not " + width + "x" + height);
        }
        Look look = look(decoded);
        double squares = 0;
        for (int c = 0; c < look.means.length; c++) {
            for (int i = 0; i < look.means[c].length; i++) {
                double error = look.means[c][i] - original.means[c][i];
                squares += error * error;
            }
        }
        double mean = squares / (look.means.length * (double) look.means[0].length);
        double texture = 0;
        for (int level = 0; level < LEVELS; level++) {
            // Coefficients of a detail of given height double from level to level.
            texture += distance(look.details[level], original.details[level]) / (2 << level);
        }
        return new Score(10 * Math.log10(255 * 255 / Math.max(mean, 1e-4)), distance(look.colours, original.colours), texture / LEVELS);
    }

    private Look look(PixelPlanes picture) {
        int paddedWidth = Pyramid.padded(width);
        int paddedHeight = Pyramid.padded(height);
        float[][] components = ColourTransform.forward(TransparentFill.apply(picture, cancellation), paddedHeight, paddedWidth);
        cancellation.check();
        Random random = new Random(SEED);
        float[][] means = new float[components.length][];
        for (int c = 0; c < means.length; c++) {
            means[c] = means(components[c], paddedWidth);
        }
        float[][] colours = projected(components, paddedWidth, width, height, 1, random);
        cancellation.check();
        Pyramid pyramid = Wavelet97.analyse(components, paddedHeight, paddedWidth);
        float[][][] details = new float[LEVELS][][];
        for (int level = 1; level <= LEVELS; level++) {
            cancellation.check();
            float[][] bands = Arrays.copyOf(pyramid.detail()[level - 1], ORIENTATIONS);
            details[level - 1] = projected(bands, paddedWidth >> level, Math.max(PATCH, width >> level), Math.max(PATCH, height >> level),
                    PATCH, random);
        }
        return new Look(means, colours, details);
    }

    private float[] means(float[] plane, int stride) {
        int columns = (width - 1) / BLOCK + 1;
        int rows = (height - 1) / BLOCK + 1;
        float[] means = new float[columns * rows];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                float sum = 0;
                for (int y = row * BLOCK; y < (row + 1) * BLOCK; y++) {
                    for (int x = column * BLOCK; x < (column + 1) * BLOCK; x++) {
                        sum += plane[y * stride + x];
                    }
                }
                means[row * columns + column] = sum / (BLOCK * BLOCK);
            }
        }
        return means;
    }

    /** Sorted projections of patches of planes, one array for each direction. */
    private static float[][] projected(float[][] planes, int stride, int columns, int rows, int patch, Random random) {
        int[] corners = new int[PLACES];
        for (int i = 0; i < PLACES; i++) {
            corners[i] = random.nextInt(rows - patch + 1) * stride + random.nextInt(columns - patch + 1);
        }
        float[][] projected = new float[DIRECTIONS][PLACES];
        for (float[] values : projected) {
            float[] weights = direction(planes.length * patch * patch, random);
            for (int i = 0; i < PLACES; i++) {
                int at = 0;
                for (float[] plane : planes) {
                    for (int y = 0; y < patch; y++) {
                        for (int x = 0; x < patch; x++) {
                            values[i] += weights[at++] * plane[corners[i] + y * stride + x];
                        }
                    }
                }
            }
            Arrays.sort(values);
        }
        return projected;
    }

    /** A direction of length 1, evenly distributed. */
    private static float[] direction(int dimensions, Random random) {
        float[] direction = new float[dimensions];
        double square = 0;
        for (int i = 0; i < dimensions; i++) {
            direction[i] = (float) random.nextGaussian();
            square += direction[i] * direction[i];
        }
        for (int i = 0; i < dimensions; i++) {
            direction[i] /= (float) Math.sqrt(square);
        }
        return direction;
    }

    private static double distance(float[][] a, float[][] b) {
        double sum = 0;
        for (int d = 0; d < a.length; d++) {
            for (int i = 0; i < a[d].length; i++) {
                sum += Math.abs(a[d][i] - b[d][i]);
            }
        }
        return sum / a.length / a[0].length;
    }
}
