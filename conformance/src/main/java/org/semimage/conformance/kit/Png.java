// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.kit;

import org.semimage.container.PixelFormat;
import org.semimage.picture.Images;
import org.semimage.picture.PixelPlanes;

import javax.imageio.ImageIO;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** Pictures as PNG files, sample by sample: no colour is converted. */
final class Png {

    private static final int WIDE = 257;

    private Png() {
    }

    /**
     * Reads a file.
     *
     * @throws IOException if it is no PNG that Java reads
     */
    static PixelPlanes read(byte[] file) throws IOException {
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(file));
        if (image == null) {
            throw new IOException("is no picture that Java reads");
        }
        if (image.getColorModel() instanceof IndexColorModel) {
            return Images.toPlanes(image);
        }
        Raster raster = image.getRaster();
        int bits = raster.getSampleModel().getSampleSize(0) > 8 ? 16 : 8;
        int bands = raster.getNumBands();
        PixelPlanes planes = PixelPlanes.blank(image.getWidth(), image.getHeight(), PixelFormat.of(bands < 3, bands % 2 == 0, bits));
        for (int band = 0; band < bands; band++) {
            int[] samples = raster.getSamples(0, 0, image.getWidth(), image.getHeight(), band, (int[]) null);
            for (int i = 0; i < samples.length; i++) {
                planes.samples()[band][i] = (short) samples[i];
            }
        }
        return planes;
    }

    /** Writes a picture. */
    static byte[] write(PixelPlanes planes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(Images.toImage(planes), "png", out);
        return out.toByteArray();
    }

    /**
     * The same samples in another format.
     *
     * @return the picture, or null if the format would lose something: colour, transparency or bits
     */
    static PixelPlanes as(PixelFormat format, PixelPlanes planes) {
        PixelPlanes other = PixelPlanes.blank(planes.width(), planes.height(), format);
        for (int i = 0; i < other.samples()[0].length; i++) {
            for (int p = 0; p < planes.samples().length; p++) {
                int sample = planes.samples()[p][i] & 0xFFFF;
                boolean alpha = planes.format().hasAlpha() && p == planes.samples().length - 1;
                if (alpha && !format.hasAlpha()) {
                    if (sample != planes.format().maxSample()) {
                        return null;
                    }
                    continue;
                }
                int depth = planes.format().bitDepth();
                if (depth < format.bitDepth() || depth > format.bitDepth() && sample % WIDE != 0) {
                    return null;
                }
                short value = (short) (depth > format.bitDepth() ? sample / WIDE : sample);
                int last = alpha ? other.samples().length - 1 : planes.format().isGray() ? format.colourPlanes() - 1
                        : Math.min(p, format.colourPlanes() - 1);
                int first = alpha ? last : planes.format().isGray() ? 0 : last;
                for (int to = first; to <= last; to++) {
                    if (format.isGray() && p > 0 && !alpha && other.samples()[to][i] != value) {
                        return null;
                    }
                    other.samples()[to][i] = value;
                }
            }
            if (format.hasAlpha() && !planes.format().hasAlpha()) {
                other.alpha()[i] = (short) format.maxSample();
            }
        }
        return other;
    }
}
