// SPDX-License-Identifier: Apache-2.0
package org.semimage.picture;

import org.semimage.container.PixelFormat;

import javax.imageio.IIOException;
import java.awt.Rectangle;
import java.awt.image.RenderedImage;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What a writer is to write of an image, converted to planes part by part.
 *
 * @param region      in the image's coordinates
 * @param stepX       take every so many-th column of the region, beginning with its first
 * @param stepY       take every so many-th row of the region, beginning with its first
 * @param bands       the image's bands to take; null for all, which all bands in their order are too
 * @param maxBitDepth 8, or 16 to keep more than 8 bits where the image has them
 * @param format      of the planes that {@link #read} gives
 */
public record ImageSource(RenderedImage image, Rectangle region, int stepX, int stepY, int[] bands, int maxBitDepth, PixelFormat format)
        implements PixelSource {

    /**
     * What a writer is to write of an image.
     *
     * @throws IIOException if the image or its bands make no picture
     */
    public static ImageSource of(RenderedImage image, Rectangle region, int stepX, int stepY, int[] bands, int maxBitDepth)
            throws IIOException {
        boolean all = bands == null || Arrays.equals(bands, IntStream.range(0, image.getSampleModel().getNumBands()).toArray());
        int[] chosen = all ? null : bands;
        ImageSource untold = new ImageSource(image, region, stepX, stepY, chosen, maxBitDepth, null);
        return new ImageSource(image, region, stepX, stepY, chosen, maxBitDepth, untold.read(new Rectangle(1, 1)).format());
    }

    @Override
    public int width() {
        return (region.width - 1) / stepX + 1;
    }

    @Override
    public int height() {
        return (region.height - 1) / stepY + 1;
    }

    @Override
    public PixelPlanes read(Rectangle part) throws IIOException {
        Rectangle inImage = new Rectangle(region.x + part.x * stepX, region.y + part.y * stepY, (part.width - 1) * stepX + 1,
                (part.height - 1) * stepY + 1);
        PixelPlanes all = Images.toPlanes(image, inImage, stepX, stepY, maxBitDepth);
        return bands == null ? all : chosen(all);
    }

    /** Chosen bands as gray, gray with alpha, RGB, or RGB with alpha, as their number says. */
    private PixelPlanes chosen(PixelPlanes all) throws IIOException {
        int bandsOfImage = image.getSampleModel().getNumBands();
        Optional<PixelFormat> chosen = Arrays.stream(PixelFormat.values())
                .filter(f -> f.planes() == bands.length && f.bitDepth() == all.format().bitDepth()).findFirst();
        if (chosen.isEmpty() || bandsOfImage != all.samples().length || Arrays.stream(bands).anyMatch(band -> band >= bandsOfImage)) {
            throw new IIOException("cannot write the source bands " + Arrays.toString(bands) + " of an image of "
                    + bandsOfImage + " bands");
        }
        short[][] samples = Arrays.stream(bands).mapToObj(band -> all.samples()[band]).toArray(short[][]::new);
        return new PixelPlanes(all.width(), all.height(), chosen.get(), samples);
    }
}
