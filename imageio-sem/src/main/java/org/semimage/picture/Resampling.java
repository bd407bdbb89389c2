// SPDX-License-Identifier: Apache-2.0
package org.semimage.picture;

/**
 * Planes of any size from planes of another: a triangle filter as wide as what it stands for, but at least two samples, so that nothing
 * aliases.
 */
public final class Resampling {

    private Resampling() {
    }

    /**
     * @param plane row-major, {@code height * width}
     * @return row-major, {@code toHeight * toWidth}
     */
    public static float[] resize(float[] plane, int height, int width, int toHeight, int toWidth) {
        float[] wide = new float[height * toWidth];
        for (int y = 0; y < height; y++) {
            line(plane, y * width, 1, width, wide, y * toWidth, 1, toWidth);
        }
        float[] resized = new float[toHeight * toWidth];
        for (int x = 0; x < toWidth; x++) {
            line(wide, x, toWidth, height, resized, x, toWidth, toHeight);
        }
        return resized;
    }

    private static void line(float[] from, int start, int stride, int length, float[] to, int toStart, int toStride, int toLength) {
        double scale = (double) length / toLength;
        double reach = Math.max(1, scale);
        for (int i = 0; i < toLength; i++) {
            double middle = (i + 0.5) * scale - 0.5;
            double sum = 0;
            double weights = 0;
            for (int k = (int) Math.ceil(middle - reach); k <= middle + reach; k++) {
                double weight = 1 - Math.abs(k - middle) / reach;
                sum += weight * from[start + stride * Math.max(0, Math.min(length - 1, k))];
                weights += weight;
            }
            to[toStart + i * toStride] = (float) (sum / weights);
        }
    }

    /** A picture at another size. */
    public static PixelPlanes resize(PixelPlanes picture, int width, int height) {
        if (picture.width() == width && picture.height() == height) {
            return picture;
        }
        PixelPlanes resized = PixelPlanes.blank(width, height, picture.format());
        for (int p = 0; p < resized.samples().length; p++) {
            float[] plane = new float[picture.width() * picture.height()];
            for (int i = 0; i < plane.length; i++) {
                plane[i] = picture.samples()[p][i] & 0xFFFF;
            }
            float[] values = resize(plane, picture.height(), picture.width(), height, width);
            for (int i = 0; i < values.length; i++) {
                resized.samples()[p][i] = (short) Math.max(0, Math.min(picture.format().maxSample(), Math.round(values[i])));
            }
        }
        return resized;
    }
}
