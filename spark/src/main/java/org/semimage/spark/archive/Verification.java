// SPDX-License-Identifier: Apache-2.0
package org.semimage.spark.archive;

import org.semimage.compute.Cancellation;
import org.semimage.container.ProfileId;
import org.semimage.generate.SynthesisPolicy;
import org.semimage.imageio.SemImageReadParam;
import org.semimage.imageio.SemImageReader;
import org.semimage.imageio.SemImageReaderSpi;
import org.semimage.measure.Ssimulacra2;
import org.semimage.picture.ImageSource;
import org.semimage.picture.PixelPlanes;
import org.semimage.picture.RgbSamples;

import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorConvertOp;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.OptionalDouble;

/** Decodes what was encoded, and compares it with the source. */
final class Verification {

    /** Pixels of which a score is measured, as its memory grows with them; of larger pictures the middle rows. */
    static final int SCORED_PIXELS = 1 << 24;

    private Verification() {
    }

    /**
     * Compares a file with its source: size, alpha, and all samples of the lossless profile.
     *
     * @return SSIMULACRA 2 of the decoded picture, on white where it has alpha; empty without loss and for pictures too small for it
     * @throws BadPictureException if the file does not decode, or to another picture
     */
    static OptionalDouble of(byte[] file, ProfileId profile, BufferedImage source) throws BadPictureException {
        SemImageReader reader = (SemImageReader) new SemImageReaderSpi().createReaderInstance(null);
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
            reader.setInput(in);
            SemImageReadParam param = reader.getDefaultReadParam();
            param.setGenerative(SynthesisPolicy.PLAIN);
            boolean lossless = profile == ProfileId.LOSSLESS;
            if (lossless) {
                param.setDestinationType(reader.getRawImageType(0));
            }
            BufferedImage decoded = reader.read(0, param);
            if (decoded.getWidth() != source.getWidth() || decoded.getHeight() != source.getHeight()) {
                throw new BadPictureException(Reason.NOT_VERIFIED, "decodes to " + decoded.getWidth() + "x" + decoded.getHeight()
                        + " pixels, the source has " + source.getWidth() + "x" + source.getHeight());
            }
            if (lossless) {
                requireSame(source, decoded);
                return OptionalDouble.empty();
            }
            return Ssimulacra2.of(scored(source), scored(decoded));
        } catch (IOException | RuntimeException e) {
            throw new BadPictureException(Reason.NOT_VERIFIED, e);
        } finally {
            reader.dispose();
        }
    }

    private static void requireSame(BufferedImage source, BufferedImage decoded) throws IOException, BadPictureException {
        PixelPlanes expected = planes(source);
        PixelPlanes found = planes(decoded);
        if (expected.format() != found.format() || !Arrays.deepEquals(expected.samples(), found.samples())) {
            throw new BadPictureException(Reason.NOT_VERIFIED, "decodes to other samples");
        }
    }

    /** The samples as they are, of up to 16 bits. */
    private static PixelPlanes planes(BufferedImage image) throws IOException {
        ColorModel colours = image.getColorModel();
        BufferedImage told = image;
        if (colours instanceof ComponentColorModel && SourcePicture.isOwn(colours.getColorSpace())) {
            told = new BufferedImage(new ComponentColorModel(ColorSpace.getInstance(ColorSpace.CS_sRGB), colours.getComponentSize(),
                    colours.hasAlpha(), colours.isAlphaPremultiplied(), colours.getTransparency(), colours.getTransferType()),
                    image.getRaster(), colours.isAlphaPremultiplied(), null);
        }
        Rectangle whole = new Rectangle(image.getWidth(), image.getHeight());
        return ImageSource.of(told, whole, 1, 1, null, 16).readAll(Cancellation.NEVER);
    }

    private static RgbSamples scored(BufferedImage image) {
        int rows = Math.max(1, Math.min(image.getHeight(), SCORED_PIXELS / image.getWidth()));
        BufferedImage part = image.getSubimage(0, (image.getHeight() - rows) / 2, image.getWidth(), rows);
        if (part.getColorModel().hasAlpha()) {
            BufferedImage onWhite = new BufferedImage(part.getWidth(), part.getHeight(), BufferedImage.TYPE_INT_RGB);
            Graphics2D graphics = onWhite.createGraphics();
            graphics.drawImage(part, 0, 0, Color.WHITE, null);
            graphics.dispose();
            return RgbSamples.of(onWhite);
        }
        if (SourcePicture.isOwn(part.getColorModel().getColorSpace())) {
            BufferedImage converted = new BufferedImage(part.getWidth(), part.getHeight(), BufferedImage.TYPE_INT_RGB);
            return RgbSamples.of(new ColorConvertOp(null).filter(part, converted));
        }
        return RgbSamples.of(part);
    }
}
