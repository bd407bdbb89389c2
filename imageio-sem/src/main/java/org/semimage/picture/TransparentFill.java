// SPDX-License-Identifier: Apache-2.0
package org.semimage.picture;

import org.semimage.compute.Cancellation;

import java.util.Arrays;

/**
 * Smooth colour for samples that nobody sees: what stands under alpha 0 would cost bits and bleed over edges.
 *
 * <p>Gaps in a row are interpolated between the visible samples at their ends, then rows without any between the rows above and
 * below.
 */
public final class TransparentFill {

    private static final short MIDDLE = 128;

    private TransparentFill() {
    }

    /**
     * The picture with its invisible colours replaced, or the picture itself if it has none.
     *
     * @throws java.util.concurrent.CancellationException if the request is made before all is done
     */
    public static PixelPlanes apply(PixelPlanes image, Cancellation cancellation) {
        if (!image.format().hasAlpha()) {
            return image;
        }
        int width = image.width();
        boolean[] visible = new boolean[width * image.height()];
        boolean[] rowVisible = new boolean[image.height()];
        boolean all = true;
        for (int y = 0; y < image.height(); y++) {
            cancellation.check();
            for (int i = y * width; i < (y + 1) * width; i++) {
                visible[i] = image.alpha()[i] != 0;
                rowVisible[y] |= visible[i];
            }
        }
        for (int i = 0; i < visible.length && all; i++) {
            all = visible[i];
        }
        if (all) {
            return image;
        }
        short[][] samples = image.samples().clone();
        for (int c = 0; c < image.format().colourPlanes(); c++) {
            short[] plane = samples[c].clone();
            for (int y = 0; y < image.height(); y++) {
                cancellation.check();
                fill(plane, y * width, 1, Arrays.copyOfRange(visible, y * width, (y + 1) * width));
            }
            for (int x = 0; x < width; x++) {
                cancellation.check();
                fill(plane, x, width, rowVisible);
            }
            samples[c] = plane;
        }
        return new PixelPlanes(width, image.height(), image.format(), samples);
    }

    /** Fills the gaps of a line of samples {@code from, from + stride, ...} that is known where {@code known} says so. */
    private static void fill(short[] plane, int from, int stride, boolean[] known) {
        int before = -1;
        for (int i = 0; i <= known.length; i++) {
            if (i < known.length && !known[i]) {
                continue;
            }
            for (int gap = before + 1; gap < i; gap++) {
                float left = before < 0 ? Float.NaN : plane[from + before * stride];
                float right = i == known.length ? Float.NaN : plane[from + i * stride];
                plane[from + gap * stride] = between(left, right, (float) (gap - before) / (i - before));
            }
            before = i;
        }
    }

    private static short between(float left, float right, float position) {
        if (Float.isNaN(left)) {
            return Float.isNaN(right) ? MIDDLE : (short) right;
        }
        return (short) (Float.isNaN(right) ? left : Math.round(left + (right - left) * position));
    }
}
