// SPDX-License-Identifier: Apache-2.0
package org.semimage.endpoint;

import org.semimage.compute.Cancellation;
import org.semimage.container.PixelFormat;
import org.semimage.picture.Downscale;
import org.semimage.picture.Images;
import org.semimage.picture.PixelPlanes;
import org.semimage.picture.Resampling;

import javax.imageio.IIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import java.awt.Rectangle;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;

/** A picture as endpoints get it: a small JPEG in a data URL. */
final class SentPicture {

    private static final float QUALITY = 0.9f;

    private SentPicture() {
    }

    /**
     * The data URL of a picture, shrunk, on white, in 8 bits, without metadata.
     *
     * @param side the longer side's most samples
     * @throws IIOException if it cannot be written
     */
    static String dataUrl(PixelPlanes picture, int side, Cancellation cancellation) throws IIOException {
        PixelPlanes small = onWhite(shrunk(picture, side, cancellation));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            ImageWriteParam param = writer.getDefaultWriteParam();
            param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            param.setCompressionQuality(QUALITY);
            writer.setOutput(out);
            writer.write(null, new IIOImage(Images.toImage(small), null, null), param);
        } catch (IOException e) {
            throw new IIOException("the picture to describe cannot be written: " + e.getMessage(), e);
        } finally {
            writer.dispose();
        }
        return "data:image/jpeg;base64," + Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    private static PixelPlanes shrunk(PixelPlanes picture, int side, Cancellation cancellation) {
        int longer = Math.max(picture.width(), picture.height());
        if (longer <= side) {
            return picture;
        }
        int scale = Math.max(1, longer / side);
        Rectangle whole = new Rectangle((picture.width() - 1) / scale + 1, (picture.height() - 1) / scale + 1);
        PixelPlanes near = scale == 1 ? picture : Downscale.box(picture, whole, scale, cancellation);
        return Resampling.resize(near, part(picture.width(), side, longer), part(picture.height(), side, longer));
    }

    private static int part(int length, int side, int longer) {
        return (int) Math.max(1, Math.round((double) length * side / longer));
    }

    private static PixelPlanes onWhite(PixelPlanes picture) {
        PixelFormat format = picture.format();
        PixelPlanes plain = PixelPlanes.blank(picture.width(), picture.height(), PixelFormat.RGB);
        int most = format.maxSample();
        for (int c = 0; c < 3; c++) {
            short[] from = picture.samples()[format.isGray() ? 0 : c];
            for (int i = 0; i < from.length; i++) {
                int alpha = format.hasAlpha() ? picture.alpha()[i] & 0xFFFF : most;
                double shown = (double) (from[i] & 0xFFFF) / most * alpha / most + 1 - (double) alpha / most;
                plain.samples()[c][i] = (short) Math.round(255 * shown);
            }
        }
        return plain;
    }
}
