// SPDX-License-Identifier: Apache-2.0
package org.semimage.picture;

import org.semimage.container.PixelFormat;

import javax.imageio.IIOException;
import javax.imageio.ImageTypeSpecifier;
import java.awt.Rectangle;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.RenderedImage;
import java.awt.image.SampleModel;
import java.awt.image.WritableRaster;

/**
 * Java's images to planes and back.
 *
 * <p>RGB in another colour space than sRGB, and every other kind of colour, is converted to sRGB. Gray keeps its sample values
 * whatever its colour space, as the JDK's own plug-ins do. More bits than the planes have are rounded away. Premultiplied colour is divided
 * by its alpha on the way in and multiplied on the way out.
 */
public final class Images {

    private Images() {
    }

    /**
     * The 8-bit planes of an image of any type.
     *
     * @throws IIOException if the image has no colour model and its bands suggest none
     */
    public static PixelPlanes toPlanes(RenderedImage image) throws IIOException {
        return toPlanes(image, bounds(image), 1, 1, 8);
    }

    /**
     * The planes of part of an image.
     *
     * @param region       in the image's coordinates, not empty, inside its bounds
     * @param subsamplingX take every so many-th column of the region, beginning with its first
     * @param subsamplingY take every so many-th row of the region, beginning with its first
     * @param maxBitDepth  8, or 16 to keep more than 8 bits where the image has them
     * @throws IIOException             if the image has no colour model and its bands suggest none
     * @throws IllegalArgumentException if the region is empty or leaves the image, or a period is not positive
     */
    static PixelPlanes toPlanes(RenderedImage image, Rectangle region, int subsamplingX, int subsamplingY, int maxBitDepth)
            throws IIOException {
        checkRegion(bounds(image), region, subsamplingX, subsamplingY);
        ColorModel colors = colorModel(image);
        PixelFormat format = PixelReader.format(colors, maxBitDepth);
        PixelReader reader = PixelReader.of(colors, image.getSampleModel(), format.bitDepth());
        int width = samplesIn(region.width, subsamplingX);
        int height = samplesIn(region.height, subsamplingY);
        PixelPlanes planes = PixelPlanes.blank(width, height, format);
        short[][] row = subsamplingX == 1 ? planes.samples() : new short[planes.samples().length][region.width];

        Raster strip = null;
        for (int y = 0; y < height; y++) {
            int sourceY = region.y + y * subsamplingY;
            if (strip == null || sourceY >= strip.getMinY() + strip.getHeight()) {
                strip = strip(image, region, sourceY);
            }
            if (subsamplingX == 1) {
                reader.read(strip, region.x, sourceY, width, row, y * width);
                continue;
            }
            reader.read(strip, region.x, sourceY, region.width, row, 0);
            for (int p = 0; p < row.length; p++) {
                for (int x = 0; x < width; x++) {
                    planes.samples()[p][y * width + x] = row[p][x * subsamplingX];
                }
            }
        }
        return planes;
    }

    /**
     * The planes that an image of a colour model becomes.
     *
     * @param maxBitDepth 8, or 16 to keep more than 8 bits where the image has them
     */
    public static PixelFormat formatOf(ColorModel colors, int maxBitDepth) {
        return PixelReader.format(colors, maxBitDepth);
    }

    /**
     * A new image of the plainest type that holds a picture: {@link BufferedImage#TYPE_BYTE_GRAY}, two interleaved bytes for gray
     * with alpha, {@link BufferedImage#TYPE_3BYTE_BGR} or {@link BufferedImage#TYPE_4BYTE_ABGR}; for 16 bits
     * {@link BufferedImage#TYPE_USHORT_GRAY} or interleaved shorts.
     */
    public static BufferedImage toImage(PixelPlanes planes) {
        BufferedImage image = plainType(planes.format()).createBufferedImage(planes.width(), planes.height());
        copy(planes, new Rectangle(planes.width(), planes.height()), 1, 1, image, 0, 0);
        return image;
    }

    /** The type of the images that {@link #toImage} makes. */
    public static ImageTypeSpecifier plainType(PixelFormat format) {
        return switch (format) {
            case GRAY -> ImageTypeSpecifier.createFromBufferedImageType(BufferedImage.TYPE_BYTE_GRAY);
            case GRAY_ALPHA -> ImageTypeSpecifier.createGrayscale(8, DataBuffer.TYPE_BYTE, false, false);
            case RGB -> ImageTypeSpecifier.createFromBufferedImageType(BufferedImage.TYPE_3BYTE_BGR);
            case RGB_ALPHA -> ImageTypeSpecifier.createFromBufferedImageType(BufferedImage.TYPE_4BYTE_ABGR);
            case GRAY_16 -> ImageTypeSpecifier.createFromBufferedImageType(BufferedImage.TYPE_USHORT_GRAY);
            case GRAY_ALPHA_16 -> ImageTypeSpecifier.createGrayscale(16, DataBuffer.TYPE_USHORT, false, false);
            case RGB_16 -> interleavedShorts(false, 0, 1, 2);
            case RGB_ALPHA_16 -> interleavedShorts(true, 0, 1, 2, 3);
        };
    }

    private static ImageTypeSpecifier interleavedShorts(boolean alpha, int... bands) {
        return ImageTypeSpecifier.createInterleaved(ColorSpace.getInstance(ColorSpace.CS_sRGB), bands, DataBuffer.TYPE_USHORT, alpha,
                false);
    }

    /**
     * Puts part of a picture into an image. A destination with alpha becomes opaque where the picture has no alpha; alpha is
     * dropped where the destination has none; gray may go into RGB.
     *
     * @param region       part of the picture, not empty
     * @param subsamplingX take every so many-th column of the region, beginning with its first
     * @param subsamplingY take every so many-th row of the region, beginning with its first
     * @param destination  of gray, or of RGB in sRGB, with integral samples
     * @param x            column of the destination for the region's first column
     * @param y            row of the destination for the region's first row
     * @throws IllegalArgumentException if a rectangle does not fit, or the destination's type is none of the above
     */
    public static void copy(PixelPlanes picture, Rectangle region, int subsamplingX, int subsamplingY,
                            BufferedImage destination, int x, int y) {
        checkRegion(new Rectangle(picture.width(), picture.height()), region, subsamplingX, subsamplingY);
        Rectangle target = new Rectangle(x, y, samplesIn(region.width, subsamplingX), samplesIn(region.height, subsamplingY));
        checkRegion(bounds(destination), target, 1, 1);
        PixelWriter writer = PixelWriter.of(picture, destination.getColorModel(), destination.getRaster());
        for (int row = 0; row < target.height; row++) {
            int from = (region.y + row * subsamplingY) * picture.width() + region.x;
            writer.write(from, subsamplingX, target.width, target.x, target.y + row);
        }
    }

    /**
     * Puts chosen planes of part of a picture into chosen bands of a raster, sample by sample: no colour is converted and none
     * multiplied by alpha.
     *
     * @param planes planes of the picture
     * @param bands  as many bands of the raster
     * @throws IllegalArgumentException if a rectangle does not fit
     */
    public static void copyBands(PixelPlanes picture, int[] planes, Rectangle region, int subsamplingX, int subsamplingY,
                                 WritableRaster destination, int[] bands, int x, int y) {
        checkRegion(new Rectangle(picture.width(), picture.height()), region, subsamplingX, subsamplingY);
        Rectangle target = new Rectangle(x, y, samplesIn(region.width, subsamplingX), samplesIn(region.height, subsamplingY));
        checkRegion(destination.getBounds(), target, 1, 1);
        int[] line = new int[target.width];
        for (int i = 0; i < planes.length; i++) {
            short[] plane = picture.samples()[planes[i]];
            for (int row = 0; row < target.height; row++) {
                int from = (region.y + row * subsamplingY) * picture.width() + region.x;
                for (int column = 0; column < line.length; column++) {
                    line[column] = plane[from + column * subsamplingX] & 0xFFFF;
                }
                destination.setSamples(target.x, target.y + row, target.width, 1, bands[i], line);
            }
        }
    }

    private static Rectangle bounds(RenderedImage image) {
        return new Rectangle(image.getMinX(), image.getMinY(), image.getWidth(), image.getHeight());
    }

    private static void checkRegion(Rectangle bounds, Rectangle region, int subsamplingX, int subsamplingY) {
        if (region.isEmpty() || !bounds.contains(region)) {
            throw new IllegalArgumentException(region + " is not inside " + bounds);
        }
        if (subsamplingX < 1 || subsamplingY < 1) {
            throw new IllegalArgumentException("subsampling by " + subsamplingX + " and " + subsamplingY);
        }
    }

    private static int samplesIn(int length, int subsampling) {
        return (length - 1) / subsampling + 1;
    }

    private static ColorModel colorModel(RenderedImage image) throws IIOException {
        if (image.getColorModel() != null) {
            return image.getColorModel();
        }
        SampleModel samples = image.getSampleModel();
        int bands = samples.getNumBands();
        int type = samples.getDataType();
        if (bands > 4 || type != DataBuffer.TYPE_BYTE && type != DataBuffer.TYPE_USHORT) {
            throw new IIOException("image without a colour model, of " + bands + " bands of data type " + type);
        }
        ColorSpace space = ColorSpace.getInstance(bands < 3 ? ColorSpace.CS_GRAY : ColorSpace.CS_sRGB);
        boolean alpha = bands % 2 == 0;
        return new ComponentColorModel(space, alpha, false, alpha ? ColorModel.TRANSLUCENT : ColorModel.OPAQUE, type);
    }

    /** The region's rows from one row to the end of its row of tiles. */
    private static Raster strip(RenderedImage image, Rectangle region, int fromY) {
        if (image instanceof BufferedImage buffered) {
            return buffered.getRaster();
        }
        int tileEnd = fromY + image.getTileHeight() - Math.floorMod(fromY - image.getTileGridYOffset(), image.getTileHeight());
        int end = Math.min(tileEnd, region.y + region.height);
        return image.getData(new Rectangle(region.x, fromY, region.width, end - fromY));
    }
}
