// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.semantic;

import org.semimage.compute.wavelet.Pyramid;
import org.semimage.compute.wavelet.Wavelet97;
import org.semimage.container.PixelFormat;
import org.semimage.generate.Descriptors;
import org.semimage.picture.ColourTransform;
import org.semimage.picture.PixelPlanes;

import java.awt.Rectangle;
import java.util.stream.IntStream;

/**
 * The plain rendition: a picture from descriptors alone, without any trained model. A smooth layout, with noise in luma's fine wavelet
 * bands of the energies that the texture names, drawn along the layout's {@link Contours}. Equal arguments give equal pictures.
 */
final class Rendition {

    /** The coarsest level with texture: what is coarser would pass for layout, and wrong layout. */
    private static final int COARSEST = 3;

    private Rendition() {
    }

    /** The rendition of descriptors in a size, its grain drawn along contours. */
    static PixelPlanes of(Descriptors d, int width, int height, long seed) {
        return of(d, width, height, seed, true);
    }

    /** The layout with grain of the texture's energies, which does not follow contours: what the renderer begins with. */
    static PixelPlanes grainy(Descriptors d, int width, int height, long seed) {
        return of(d, width, height, seed, false);
    }

    private static PixelPlanes of(Descriptors d, int width, int height, long seed, boolean drawn) {
        int paddedHeight = Pyramid.padded(height);
        int paddedWidth = Pyramid.padded(width);
        float[][] components = new float[3][];
        for (int c = 0; c < 3; c++) {
            components[c] = smooth(d, d.layout()[c], width, height, paddedWidth, paddedHeight);
        }
        if (d.textureCount() > 0) {
            addTexture(d, components[0], paddedWidth, paddedHeight, width, height, seed, drawn);
        }
        PixelPlanes image = PixelPlanes.blank(width, height, PixelFormat.RGB);
        ColourTransform.inverse(components, paddedWidth, new Rectangle(width, height), 1, image);
        return image;
    }

    /** A calm picture for a file that holds words alone: a soft gradient whose hue the seed chooses. */
    static PixelPlanes calm(int width, int height, long seed) {
        float[][] layout = new float[3][4];
        double hue = 2 * Math.PI * (mix(seed) >>> 40) / (1 << 24);
        layout[0][0] = 80;
        layout[0][2] = 22;
        layout[0][1] = 8;
        layout[1][0] = (float) (18 * Math.cos(hue));
        layout[2][0] = (float) (14 * Math.sin(hue));
        layout[1][2] = (float) (-8 * Math.cos(hue));
        return of(new Descriptors(2, 2, layout, 12, new float[0][][], 0), width, height, seed);
    }

    /** The sum of a layout's cosines at every pixel. */
    static float[] smooth(Descriptors d, float[] amplitudes, int width, int height, int stride, int paddedHeight) {
        float[][] alongX = pointwise(d.columns(), width);
        float[][] alongY = pointwise(d.rows(), height);
        float[] plane = new float[stride * paddedHeight];
        float[] row = new float[d.columns()];
        for (int y = 0; y < height; y++) {
            for (int u = 0; u < d.columns(); u++) {
                row[u] = 0;
                for (int v = 0; v < d.rows(); v++) {
                    row[u] += amplitudes[v * d.columns() + u] * alongY[v][y];
                }
            }
            for (int u = 0; u < d.columns(); u++) {
                if (row[u] != 0) {
                    for (int x = 0; x < width; x++) {
                        plane[y * stride + x] += row[u] * alongX[u][x];
                    }
                }
            }
        }
        return plane;
    }

    /** The cosines whose means over as many equal cells are the layout's. */
    private static float[][] pointwise(int cosines, int parts) {
        float[][] basis = DescriptorAnalysis.basis(cosines, parts);
        for (int u = 1; u < cosines; u++) {
            double half = Math.PI * u / (2 * cosines);
            for (int x = 0; x < parts; x++) {
                basis[u][x] *= (float) (half / Math.sin(half));
            }
        }
        return basis;
    }

    private static void addTexture(Descriptors d, float[] luma, int width, int height, int shownWidth, int shownHeight, long seed,
                                   boolean drawn) {
        float[][][] texture = d.texture();
        Pyramid noise = Pyramid.zero(height, width);
        for (int level = 1; level <= Math.min(texture.length, COARSEST); level++) {
            int columns = width >> level;
            for (int orientation = 0; orientation < 3; orientation++) {
                float[] band = noise.detail()[level - 1][orientation];
                float[] energies = texture[level - 1][orientation];
                for (int i = 0; i < band.length; i++) {
                    float x = (i % columns + 0.5f) * (1 << level) / shownWidth;
                    float y = (i / columns + 0.5f) * (1 << level) / shownHeight;
                    float deviation = (float) Math.pow(2, Math.min(7, between(energies, x, y))) - 0.25f;
                    band[i] = Math.max(0, deviation) * laplacian(seed, level, orientation, i);
                }
            }
        }
        float[] grain = Wavelet97.synthesise(noise)[0];
        if (!drawn) {
            for (int i = 0; i < luma.length; i++) {
                luma[i] += grain[i];
            }
            return;
        }
        Contours contours = Contours.of(d, shownWidth, shownHeight);
        IntStream.range(0, shownHeight).parallel().forEach(y -> {
            for (int x = 0; x < shownWidth; x++) {
                luma[y * width + x] += contours.stroke(grain, width, x, y);
            }
        });
    }

    /** Values of 3x3 regions, interpolated between their middles. */
    static float between(float[] regions, float x, float y) {
        int side = Descriptors.REGIONS;
        float fx = Math.max(0, Math.min(side - 1.001f, x * side - 0.5f));
        float fy = Math.max(0, Math.min(side - 1.001f, y * side - 0.5f));
        int at = (int) fy * side + (int) fx;
        float rx = fx - (int) fx;
        float ry = fy - (int) fy;
        return (1 - ry) * ((1 - rx) * regions[at] + rx * regions[at + 1])
                + ry * ((1 - rx) * regions[at + side] + rx * regions[at + side + 1]);
    }

    /** Noise of variance 1 with the long tails that wavelet coefficients of pictures have. */
    private static float laplacian(long seed, int level, int orientation, int at) {
        long bits = mix(mix(seed + 8L * level + orientation) + at);
        double uniform = ((bits >>> 11) + 0.5) * 0x1p-53;
        double magnitude = -Math.log(1 - Math.abs(2 * uniform - 1)) / Math.sqrt(2);
        return (float) (uniform < 0.5 ? -magnitude : magnitude);
    }

    /** The finalizer of SplitMix64 (Steele, Lea and Flood, 2014). */
    private static long mix(long z) {
        z += 0x9E3779B97F4A7C15L;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
