package org.semimage.imageio;

import javax.imageio.IIOException;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageTypeSpecifier;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.SampleModel;
import java.util.Arrays;
import java.util.List;

/** The image that a reader decodes into: the one that it is given, or a new one of the type that it is asked for. */
final class Destinations {

    private Destinations() {
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
                || samples.getTransferType() == expected.getTransferType() && Arrays.equals(samples.getSampleSize(), expected.getSampleSize());
    }

    /** Whether types are equal, but for objects of one colour space that two readers have made. */
    private static boolean areSame(ImageTypeSpecifier a, ImageTypeSpecifier b) {
        ColorModel colours = a.getColorModel();
        ColorModel others = b.getColorModel();
        return a.equals(b) || a.getSampleModel().equals(b.getSampleModel()) && SourceColours.areSame(colours.getColorSpace(), others.getColorSpace())
                && colours.hasAlpha() == others.hasAlpha() && colours.isAlphaPremultiplied() == others.isAlphaPremultiplied()
                && Arrays.equals(colours.getComponentSize(), others.getComponentSize());
    }
}
