package org.semimage.profile;

import java.awt.Rectangle;

/** Smaller pictures by averaging blocks of samples. */
final class Downscale {

    private Downscale() {
    }

    /**
     * @param region in samples of the smaller picture
     * @param scale  side of the blocks; those at the right and lower border are averaged over what there is
     */
    static PixelPlanes box(PixelPlanes picture, Rectangle region, int scale) {
        PixelPlanes small = PixelPlanes.blank(region.width, region.height, picture.format());
        for (int p = 0; p < small.samples().length; p++) {
            for (int y = 0; y < region.height; y++) {
                for (int x = 0; x < region.width; x++) {
                    small.samples()[p][y * region.width + x] = mean(picture, p, (region.x + x) * scale, (region.y + y) * scale, scale);
                }
            }
        }
        return small;
    }

    private static short mean(PixelPlanes picture, int plane, int left, int top, int scale) {
        int right = Math.min(picture.width(), left + scale);
        int bottom = Math.min(picture.height(), top + scale);
        long sum = 0;
        for (int y = top; y < bottom; y++) {
            for (int x = left; x < right; x++) {
                sum += picture.samples()[plane][y * picture.width() + x] & 0xFFFF;
            }
        }
        int count = (right - left) * (bottom - top);
        return (short) ((sum + count / 2) / count);
    }
}
