// SPDX-License-Identifier: Apache-2.0
package org.semimage.imageio;

import org.semimage.container.PixelFormat;
import org.semimage.picture.Images;

import javax.imageio.IIOException;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageTypeSpecifier;
import java.awt.Rectangle;
import java.awt.color.ICC_ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.SampleModel;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The images that a reader decodes into: their types, and the one that it is given, or a new one of the type that it is asked for. */
final class Destinations {

    private Destinations() {
    }

    /**
     * The type that holds a picture's samples as they are.
     *
     * @param space that of its ICC profile, if it has one
     */
    static ImageTypeSpecifier rawType(PixelFormat format, Optional<ICC_ColorSpace> space) {
        return space.isPresent() ? SourceColours.type(format, space.get()) : Images.plainType(format);
    }

    /** The types that a picture can be read as: those in sRGB (or gray), the plainest first, and the raw type. */
    static List<ImageTypeSpecifier> types(PixelFormat format, Optional<ICC_ColorSpace> space) {
        int[] others = switch (format) {
            case GRAY, GRAY_ALPHA, GRAY_16, GRAY_ALPHA_16, RGB_16, RGB_ALPHA_16 -> new int[0];
            case RGB -> new int[] {BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_INT_BGR};
            case RGB_ALPHA -> new int[] {BufferedImage.TYPE_INT_ARGB, BufferedImage.TYPE_4BYTE_ABGR_PRE, BufferedImage.TYPE_INT_ARGB_PRE};
        };
        Set<ImageTypeSpecifier> types = new LinkedHashSet<>(List.of(Images.plainType(format)));
        types.add(rawType(format, space));
        for (int other : others) {
            types.add(ImageTypeSpecifier.createFromBufferedImageType(other));
        }
        return List.copyOf(types);
    }

    /**
     * The image to decode into.
     *
     * @param param  may name an image or a type
     * @param types  those that the reader has, the default first
     * @param target what the pixels that are asked for take in the image, its offset included
     * @throws IIOException if the image or type is none that the reader has, or so large a one cannot be made
     */
    static BufferedImage of(ImageReadParam param, List<ImageTypeSpecifier> types, Rectangle target) throws IIOException {
        BufferedImage given = param.getDestination();
        if (given != null) {
            if (types.stream().noneMatch(type -> fits(given, type))) {
                throw new IIOException("the destination " + given + " is of none of the types that getImageTypes gives");
            }
            return given;
        }
        ImageTypeSpecifier wanted = param.getDestinationType();
        ImageTypeSpecifier type = wanted == null ? types.get(0)
                : types.stream().filter(one -> areSame(one, wanted)).findFirst().orElseThrow(() ->
                        new IIOException("the destination type " + wanted + " is none of those that getImageTypes gives"));
        long pixels = (target.x + (long) target.width) * (target.y + (long) target.height);
        if (pixels * type.getSampleModel().getNumDataElements() > Integer.MAX_VALUE) {
            throw new IIOException("a destination of " + (target.x + (long) target.width) + "x" + (target.y + (long) target.height)
                    + " pixels is too large for one image");
        }
        return type.createBufferedImage(target.x + target.width, target.y + target.height);
    }

    /** Whether an image is of a type, or has samples of the same size, whatever their order and colour model. */
    private static boolean fits(BufferedImage image, ImageTypeSpecifier type) {
        SampleModel samples = image.getSampleModel();
        SampleModel expected = type.getSampleModel();
        return type.getBufferedImageType() != BufferedImage.TYPE_CUSTOM && type.getBufferedImageType() == image.getType()
                || samples.getTransferType() == expected.getTransferType()
                && Arrays.equals(samples.getSampleSize(), expected.getSampleSize());
    }

    /** Whether types are equal, but for objects of one colour space that two readers have made. */
    private static boolean areSame(ImageTypeSpecifier a, ImageTypeSpecifier b) {
        ColorModel colours = a.getColorModel();
        ColorModel others = b.getColorModel();
        return a.equals(b) || a.getSampleModel().equals(b.getSampleModel())
                && SourceColours.areSame(colours.getColorSpace(), others.getColorSpace())
                && colours.hasAlpha() == others.hasAlpha() && colours.isAlphaPremultiplied() == others.isAlphaPremultiplied()
                && Arrays.equals(colours.getComponentSize(), others.getComponentSize());
    }
}
