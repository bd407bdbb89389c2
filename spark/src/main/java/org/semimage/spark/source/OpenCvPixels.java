// SPDX-License-Identifier: Apache-2.0
package org.semimage.spark.source;

import java.awt.image.BufferedImage;
import java.io.IOException;

/**
 * Samples of 8 bits in sRGB as OpenCV and Spark's image source lay them out: rows from the top, of gray, B G R, or B G R A.
 *
 * @param channels 1, 3 or 4
 * @param mode     OpenCV's number: 0, 16 or 24
 * @param data     the bytes
 */
record OpenCvPixels(int channels, int mode, byte[] data) {

    private static final int[] MODES = {0, 0, 0, 16, 24};

    /**
     * Those of any picture.
     *
     * @throws IOException if they do not fit into one array
     */
    static OpenCvPixels of(BufferedImage image) throws IOException {
        boolean alpha = image.getColorModel().hasAlpha();
        boolean gray = image.getColorModel().getNumColorComponents() == 1 && !alpha;
        int channels = gray ? 1 : alpha ? 4 : 3;
        int width = image.getWidth();
        if ((long) width * image.getHeight() * channels > Integer.MAX_VALUE - 8) {
            throw new IOException("too many pixels for one column: " + width + "x" + image.getHeight());
        }
        byte[] data = new byte[width * image.getHeight() * channels];
        int shift = image.getColorModel().getComponentSize(0) - Byte.SIZE;
        int[] row = new int[width];
        int at = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            if (gray) {
                image.getRaster().getSamples(0, y, width, 1, 0, row);
            } else {
                image.getRGB(0, y, width, 1, row, 0, width);
            }
            for (int pixel : row) {
                data[at++] = (byte) (gray && shift > 0 ? pixel >> shift : pixel);
                if (!gray) {
                    data[at++] = (byte) (pixel >> 8);
                    data[at++] = (byte) (pixel >> 16);
                }
                if (alpha) {
                    data[at++] = (byte) (pixel >>> 24);
                }
            }
        }
        return new OpenCvPixels(channels, MODES[channels], data);
    }
}
