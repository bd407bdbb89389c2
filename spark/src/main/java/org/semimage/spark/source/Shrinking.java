// SPDX-License-Identifier: Apache-2.0
package org.semimage.spark.source;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;

/** Makes pictures smaller. */
final class Shrinking {

    private Shrinking() {
    }

    /** The picture with sides of at most so many pixels, in sRGB of 8 bits; halved as often as that leaves more, then bilinear. */
    static BufferedImage within(BufferedImage picture, int side) {
        double scale = Math.min(1, side / (double) Math.max(picture.getWidth(), picture.getHeight()));
        int width = Math.max(1, (int) Math.round(picture.getWidth() * scale));
        int height = Math.max(1, (int) Math.round(picture.getHeight() * scale));
        BufferedImage small = picture;
        while (small.getWidth() / 2 > width && small.getHeight() / 2 > height) {
            small = scaled(small, small.getWidth() / 2, small.getHeight() / 2);
        }
        return scaled(small, width, height);
    }

    private static BufferedImage scaled(BufferedImage picture, int width, int height) {
        boolean alpha = picture.getColorModel().hasAlpha();
        BufferedImage scaled = new BufferedImage(width, height, alpha ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = scaled.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.drawImage(picture, 0, 0, width, height, null);
        graphics.dispose();
        return scaled;
    }
}
