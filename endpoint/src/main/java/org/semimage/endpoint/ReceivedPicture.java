// SPDX-License-Identifier: Apache-2.0
package org.semimage.endpoint;

import org.semimage.container.PixelFormat;
import org.semimage.picture.Images;
import org.semimage.picture.PixelPlanes;
import org.semimage.picture.Resampling;

import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/** A picture that an endpoint sent: PNG or JPEG of a bounded size, in the size that was wanted. */
final class ReceivedPicture {

    /** The most pixels that are decoded, twice those of 2048 x 2048. */
    static final long MAX_PIXELS = 1L << 23;

    private ReceivedPicture() {
    }

    /**
     * The picture of a file: its middle in the wanted shape, resized.
     *
     * @return an RGB picture of the wanted size
     * @throws IIOException if the file is no PNG or JPEG, broken, or of too many pixels
     */
    static PixelPlanes of(byte[] file, int width, int height) throws IIOException {
        PixelPlanes picture = rgb(Images.toPlanes(image(file)));
        return Resampling.resize(picture.crop(middle(picture.width(), picture.height(), width, height)), width, height);
    }

    private static BufferedImage image(byte[] file) throws IIOException {
        ImageReader reader = ImageIO.getImageReadersByFormatName(format(file)).next();
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
            reader.setInput(in, true, true);
            long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
            if (pixels > MAX_PIXELS) {
                throw new IIOException("the picture has " + reader.getWidth(0) + "x" + reader.getHeight(0) + " pixels, more than "
                        + MAX_PIXELS);
            }
            return reader.read(0);
        } catch (IIOException e) {
            throw new IIOException("the answer's picture cannot be read: " + e.getMessage(), e);
        } catch (IOException | RuntimeException e) {
            throw new IIOException("the answer's picture is broken", e);
        } finally {
            reader.dispose();
        }
    }

    /** Two formats alone: another reader might ask this endpoint again, or whatever else it likes. */
    private static String format(byte[] file) throws IIOException {
        if (file.length > 3 && file[0] == (byte) 0x89 && file[1] == 'P' && file[2] == 'N' && file[3] == 'G') {
            return "png";
        }
        if (file.length > 2 && file[0] == (byte) 0xFF && file[1] == (byte) 0xD8 && file[2] == (byte) 0xFF) {
            return "jpeg";
        }
        throw new IIOException("the answer's picture is neither PNG nor JPEG");
    }

    private static PixelPlanes rgb(PixelPlanes picture) {
        short[][] s = picture.samples();
        boolean gray = picture.format().isGray();
        return new PixelPlanes(picture.width(), picture.height(), PixelFormat.RGB,
                new short[][] {s[0], s[gray ? 0 : 1].clone(), s[gray ? 0 : 2].clone()});
    }

    /** The largest rectangle of a shape in the middle of a picture. */
    static Rectangle middle(int columns, int rows, int width, int height) {
        int wide = (int) Math.max(1, Math.min(columns, Math.round((double) rows * width / height)));
        int high = (int) Math.max(1, Math.min(rows, Math.round((double) columns * height / width)));
        return new Rectangle((columns - wide) / 2, (rows - high) / 2, wide, high);
    }
}
