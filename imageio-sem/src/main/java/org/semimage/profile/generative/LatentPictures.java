// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.generative;

import org.semimage.compute.Cancellation;
import org.semimage.compute.diffusion.Planes;
import org.semimage.picture.Downscale;
import org.semimage.picture.PixelPlanes;

import java.awt.Rectangle;

/**
 * Pictures as networks see them: RGB planes of 0..1, of sides that a stride divides, perhaps at a smaller size; and back (FORMAT.md,
 * "Generative payload").
 */
public final class LatentPictures {

    private LatentPictures() {
    }

    /** A picture at one over 2^reduction of its size, its last column and row repeated until the stride divides the sides. */
    public static Planes toPlanes(PixelPlanes picture, int reduction, int stride, Cancellation cancellation) {
        PixelPlanes small = reduction == 0 ? picture
                : Downscale.box(picture, new Rectangle(reduced(picture.width(), reduction), reduced(picture.height(), reduction)),
                        1 << reduction, cancellation);
        int width = (small.width() + stride - 1) / stride * stride;
        int height = (small.height() + stride - 1) / stride * stride;
        Planes planes = Planes.of(3, height, width);
        for (int c = 0; c < 3; c++) {
            short[] samples = small.samples()[small.format().isGray() ? 0 : c];
            for (int y = 0; y < height; y++) {
                int row = Math.min(y, small.height() - 1) * small.width();
                for (int x = 0; x < width; x++) {
                    planes.data()[(c * height + y) * width + x] = (samples[row + Math.min(x, small.width() - 1)] & 0xFF) / 255f;
                }
            }
        }
        return planes;
    }

    /** A side of the reduced picture. */
    static int reduced(int side, int reduction) {
        return (side - 1 >> reduction) + 1;
    }

    /** Puts planes into a picture's colours; a gray one gets the mean of the three. */
    public static void toPicture(Planes planes, int reduction, PixelPlanes picture) {
        int width = picture.width();
        int height = picture.height();
        float[][] full = new float[3][];
        for (int c = 0; c < 3; c++) {
            full[c] = enlarged(planes, c, reduction, width, height);
        }
        for (int i = 0; i < width * height; i++) {
            if (picture.format().isGray()) {
                picture.samples()[0][i] = sample((full[0][i] + full[1][i] + full[2][i]) / 3);
            } else {
                for (int c = 0; c < 3; c++) {
                    picture.samples()[c][i] = sample(full[c][i]);
                }
            }
        }
    }

    /** The nearest sample; 0 for what is no number. */
    private static short sample(float value) {
        return (short) Math.max(0, Math.min(255, Math.round(value * 255)));
    }

    /** A plane's upper left part, at 2^reduction times its size. */
    private static float[] enlarged(Planes planes, int plane, int reduction, int width, int height) {
        int fromWidth = reduced(width, reduction);
        int fromHeight = reduced(height, reduction);
        float[] part = new float[fromWidth * fromHeight];
        for (int y = 0; y < fromHeight; y++) {
            System.arraycopy(planes.data(), (plane * planes.height() + y) * planes.width(), part, y * fromWidth, fromWidth);
        }
        if (reduction == 0) {
            return part;
        }
        float[] wide = new float[width * fromHeight];
        for (int y = 0; y < fromHeight; y++) {
            enlarge(part, y * fromWidth, 1, fromWidth, reduction, wide, y * width, 1, width);
        }
        float[] full = new float[width * height];
        for (int x = 0; x < width; x++) {
            enlarge(wide, x, width, fromHeight, reduction, full, x, width, height);
        }
        return full;
    }

    /**
     * Catmull and Rom's cubic through the samples of a line, which lie in the middle of what they stand for; the line's ends are
     * repeated.
     */
    private static void enlarge(float[] from, int fromStart, int fromStride, int fromLength, int reduction, float[] to, int toStart,
            int toStride, int toLength) {
        for (int i = 0; i < toLength; i++) {
            double place = (i + 0.5) / (1 << reduction) - 0.5;
            int left = (int) Math.floor(place);
            double t = place - left;
            double[] weights = {((-0.5 * t + 1) * t - 0.5) * t, (1.5 * t - 2.5) * t * t + 1, ((-1.5 * t + 2) * t + 0.5) * t,
                    (0.5 * t - 0.5) * t * t};
            double sum = 0;
            for (int tap = 0; tap < weights.length; tap++) {
                sum += weights[tap] * from[fromStart + fromStride * Math.max(0, Math.min(fromLength - 1, left + tap - 1))];
            }
            to[toStart + i * toStride] = (float) sum;
        }
    }
}
