// SPDX-License-Identifier: Apache-2.0
package org.semimage.imageio;

import org.semimage.compute.Cancellation;
import org.semimage.container.ProfileId;
import org.semimage.container.SemHeader;
import org.semimage.picture.Images;
import org.semimage.picture.PixelPlanes;
import org.semimage.metadata.ThumbnailFile;
import org.semimage.profile.DecodeRequest;

import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import java.awt.Dimension;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** Thumbnails: small pictures in a format that every Java reads without a model, JPEG or, with alpha, PNG. */
final class Thumbnails {

    /** The longest side that a thumbnail may have. */
    static final int MAX_SIDE = ThumbnailFile.MAX_SIDE;

    /** The longer side of pictures that have a thumbnail even if none is stored. */
    static final int MADE_FROM = 512;

    /** One over the size of a thumbnail that is made. */
    static final int MADE_SCALE = 8;

    private Thumbnails() {
    }

    /** Whether a picture has a thumbnail without one being stored: only where it costs no decoding of the whole, and is not tiny. */
    static boolean isMade(SemHeader header) {
        return header.profile() == ProfileId.TRANSFORM && Math.max(header.width(), header.height()) >= MADE_FROM;
    }

    /** The size of the thumbnail that is made of a picture. */
    static Dimension made(int width, int height) {
        return new DecodeRequest(new Rectangle(width, height), MADE_SCALE).scaledRegion().getSize();
    }

    /**
     * The size of a stored thumbnail.
     *
     * @throws IIOException if it is no {@link ThumbnailFile}
     */
    static Dimension size(byte[] file) throws IIOException {
        ThumbnailFile header = ThumbnailFile.of(file);
        return new Dimension(header.width(), header.height());
    }

    /**
     * The pixels of a stored thumbnail.
     *
     * @throws IIOException if it is no {@link ThumbnailFile}, or broken
     */
    static BufferedImage read(byte[] file) throws IIOException {
        ImageReader reader = ImageIO.getImageReadersByFormatName(ThumbnailFile.of(file).isPng() ? "png" : "jpeg").next();
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
            reader.setInput(in, true, true);
            return reader.read(0);
        } catch (IOException | RuntimeException e) {
            throw new IIOException("chunk 'p' is a broken thumbnail: " + e.getMessage(), e);
        } finally {
            reader.dispose();
        }
    }

    /**
     * The file to store for a thumbnail in sRGB.
     *
     * @throws IIOException if it is too large
     */
    static byte[] write(BufferedImage thumbnail) throws IOException {
        if (Math.max(thumbnail.getWidth(), thumbnail.getHeight()) > MAX_SIDE) {
            throw new IIOException("thumbnail of " + thumbnail.getWidth() + "x" + thumbnail.getHeight() + ", at most " + MAX_SIDE
                    + " to the side allowed");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            BufferedImage plain = Images.toImage(Images.toPlanes(thumbnail));
            ImageIO.write(plain, thumbnail.getColorModel().hasAlpha() ? "png" : "jpeg", out);
        }
        return bytes.toByteArray();
    }

    /** A picture scaled down by averaging so that its longer side has at most so many pixels; colour counts as much as its alpha. */
    static PixelPlanes scaled(PixelPlanes picture, int maxSide, Cancellation cancellation) {
        double scale = Math.min(1, maxSide / (double) Math.max(picture.width(), picture.height()));
        int width = Math.max(1, (int) Math.round(picture.width() * scale));
        int height = Math.max(1, (int) Math.round(picture.height() * scale));
        PixelPlanes small = PixelPlanes.blank(width, height, picture.format());
        for (int y = 0; y < height; y++) {
            cancellation.check();
            int top = (int) ((long) y * picture.height() / height);
            int bottom = Math.max(top + 1, (int) ((y + 1L) * picture.height() / height));
            for (int x = 0; x < width; x++) {
                int left = (int) ((long) x * picture.width() / width);
                int right = Math.max(left + 1, (int) ((x + 1L) * picture.width() / width));
                average(picture, left, top, right, bottom, small, y * width + x);
            }
        }
        return small;
    }

    private static void average(PixelPlanes picture, int left, int top, int right, int bottom, PixelPlanes small, int at) {
        int colours = picture.format().colourPlanes();
        long[] sums = new long[colours];
        long weights = 0;
        for (int y = top; y < bottom; y++) {
            for (int i = y * picture.width() + left; i < y * picture.width() + right; i++) {
                int weight = picture.format().hasAlpha() ? picture.alpha()[i] & 0xFFFF : 1;
                weights += weight;
                for (int c = 0; c < colours; c++) {
                    sums[c] += (long) weight * (picture.samples()[c][i] & 0xFFFF);
                }
            }
        }
        for (int c = 0; c < colours; c++) {
            small.samples()[c][at] = (short) (weights == 0 ? 0 : (sums[c] + weights / 2) / weights);
        }
        if (picture.format().hasAlpha()) {
            long pixels = (long) (bottom - top) * (right - left);
            small.alpha()[at] = (short) ((weights + pixels / 2) / pixels);
        }
    }
}
