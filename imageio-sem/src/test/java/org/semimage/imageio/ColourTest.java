// SPDX-License-Identifier: Apache-2.0
package org.semimage.imageio;

import org.junit.jupiter.api.Test;
import org.semimage.container.Chunk;
import org.semimage.container.PixelFormat;
import org.semimage.container.SemParser;
import org.semimage.metadata.Ancillary;
import org.semimage.picture.TiledImage;

import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import java.awt.Rectangle;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Pictures in other colour spaces than sRGB. */
class ColourTest {

    private static final BufferedImage P3 = WideGamut.picture(WideGamut.DISPLAY_P3, 40, 30);

    private static byte[] profile(BufferedImage image) {
        return ((ICC_ColorSpace) image.getColorModel().getColorSpace()).getProfile().getData();
    }

    private static Optional<byte[]> stored(byte[] file) throws IOException {
        return Ancillary.of(SemParser.parse(file).chunks()).icc();
    }

    /** The mean difference of samples. */
    private static double meanDifference(Raster a, Raster b) {
        double sum = 0;
        for (int y = 0; y < a.getHeight(); y++) {
            for (int x = 0; x < a.getWidth(); x++) {
                for (int c = 0; c < 3; c++) {
                    sum += Math.abs(a.getSample(x, y, c) - b.getSample(x, y, c));
                }
            }
        }
        return sum / (3.0 * a.getWidth() * a.getHeight());
    }

    @Test
    void aWideGamutPictureLooksRightToProgramsThatKnowOnlySrgb() throws IOException {
        for (ICC_ColorSpace space : List.of(WideGamut.DISPLAY_P3, WideGamut.ADOBE_PRIMARIES)) {
            BufferedImage picture = WideGamut.picture(space, 40, 30);
            BufferedImage read = ImageIO.read(new ByteArrayInputStream(Samples.write(picture)));
            assertEquals(BufferedImage.TYPE_3BYTE_BGR, read.getType());
            assertTrue(Samples.psnr(picture, read) > 33, "PSNR " + Samples.psnr(picture, read));
        }
    }

    @Test
    void theRawTypeGivesTheSamplesInTheirOwnSpace() throws IOException {
        ImageReader reader = Samples.reader(Samples.write(P3));
        ImageTypeSpecifier raw = reader.getRawImageType(0);
        assertArrayEquals(profile(P3), ((ICC_ColorSpace) raw.getColorModel().getColorSpace()).getProfile().getData());
        ImageReadParam param = reader.getDefaultReadParam();
        param.setDestinationType(raw);
        BufferedImage read = reader.read(0, param);
        assertEquals(raw.getColorModel(), read.getColorModel());
        assertTrue(meanDifference(P3.getRaster(), read.getRaster()) < 2);
        assertTrue(Samples.psnr(P3, read) > 33);
        assertArrayEquals(read.getRaster().getPixels(0, 0, 40, 30, (int[]) null),
                reader.readRaster(0, null).getPixels(0, 0, 40, 30, (int[]) null));
    }

    @Test
    void everyTypeOfAPictureWithAProfileIsHonoured() throws IOException {
        ImageReader reader = Samples.reader(Samples.write(P3));
        List<ImageTypeSpecifier> types = new ArrayList<>();
        reader.getImageTypes(0).forEachRemaining(types::add);
        assertEquals(4, types.size());
        BufferedImage first = reader.read(0);
        for (ImageTypeSpecifier type : types) {
            ImageReadParam param = reader.getDefaultReadParam();
            param.setDestinationType(type);
            assertTrue(Samples.psnr(first, reader.read(0, param)) > 45);
        }
    }

    @Test
    void regionsAreConvertedLikeTheWhole() throws IOException {
        ImageReader reader = Samples.reader(Samples.write(P3));
        BufferedImage whole = reader.read(0);
        ImageReadParam param = reader.getDefaultReadParam();
        param.setSourceRegion(new Rectangle(7, 5, 20, 20));
        param.setSourceSubsampling(3, 2, 1, 1);
        BufferedImage part = reader.read(0, param);
        for (int y = 0; y < part.getHeight(); y++) {
            for (int x = 0; x < part.getWidth(); x++) {
                assertEquals(whole.getRGB(8 + 3 * x, 6 + 2 * y), part.getRGB(x, y));
            }
        }
    }

    @Test
    void tiledImagesKeepTheirProfile() throws IOException {
        ImageReader reader = Samples.reader(Samples.write(P3));
        byte[] tiled = Samples.write(new IIOImage(new TiledImage(P3, 3, -20, 16), null, null), null);
        assertArrayEquals(Samples.write(P3), tiled);
        assertArrayEquals(profile(P3), stored(tiled).orElseThrow());
        assertEquals(40, reader.getWidth(0));
    }

    @Test
    void profilesAreStoredForSpacesThatAreKeptAlone() throws IOException {
        assertFalse(stored(Samples.write(Samples.picture(8, 8, BufferedImage.TYPE_INT_RGB))).isPresent());
        assertFalse(stored(Samples.write(Samples.picture(8, 8, BufferedImage.TYPE_BYTE_GRAY))).isPresent());
        BufferedImage linear = ImageTypeSpecifier.createInterleaved(ColorSpace.getInstance(ColorSpace.CS_LINEAR_RGB), new int[] {0, 1, 2},
                DataBuffer.TYPE_BYTE, false, false).createBufferedImage(8, 8);
        assertFalse(stored(Samples.write(linear)).isPresent());
    }

    @Test
    void theLosslessProfileKeepsTheSamplesOfEveryRgbSpace() throws IOException {
        SemImageWriteParam lossless = new SemImageWriteParam();
        lossless.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        lossless.setCompressionType("lossless");
        for (ColorSpace space : new ColorSpace[] {WideGamut.DISPLAY_P3, ColorSpace.getInstance(ColorSpace.CS_LINEAR_RGB)}) {
            for (int type : new int[] {DataBuffer.TYPE_BYTE, DataBuffer.TYPE_USHORT}) {
                BufferedImage picture = Samples.picture(40, 30,
                        ImageTypeSpecifier.createInterleaved(space, new int[] {0, 1, 2}, type, false, false));
                picture.getRaster().setSample(3, 4, 1, type == DataBuffer.TYPE_BYTE ? 255 : 54_321);
                byte[] file = Samples.write(new IIOImage(picture, null, null), lossless);
                assertArrayEquals(profile(picture), stored(file).orElseThrow());
                ImageReader reader = Samples.reader(file);
                ImageReadParam param = reader.getDefaultReadParam();
                param.setDestinationType(reader.getRawImageType(0));
                BufferedImage read = reader.read(0, param);
                assertEquals(type, read.getRaster().getDataBuffer().getDataType());
                assertArrayEquals(profile(picture), profile(read));
                assertEquals(0, meanDifference(picture.getRaster(), read.getRaster()));
                BufferedImage shown = reader.read(0);
                assertTrue(shown.getColorModel().getColorSpace().isCS_sRGB());
                assertTrue(Samples.psnr(picture, shown) > 40);
            }
        }
    }

    @Test
    void grayProfilesAreKeptAndGraySamplesStayAsTheyAre() throws IOException {
        byte[] data = ICC_Profile.getInstance(ColorSpace.CS_GRAY).getData();
        data[25] ^= 1;
        ICC_Profile gamma = ICC_Profile.getInstance(data);
        gamma.setData(ICC_Profile.icSigGrayTRCTag, new byte[] {'c', 'u', 'r', 'v', 0, 0, 0, 0, 0, 0, 0, 1, 2, 0x33});
        BufferedImage picture = Samples.picture(40, 30, ImageTypeSpecifier.createInterleaved(new ICC_ColorSpace(gamma), new int[] {0},
                DataBuffer.TYPE_BYTE, false, false));
        byte[] file = Samples.write(picture);
        assertArrayEquals(gamma.getData(), stored(file).orElseThrow());
        BufferedImage read = ImageIO.read(new ByteArrayInputStream(file));
        assertEquals(BufferedImage.TYPE_BYTE_GRAY, read.getType());
        assertEquals(picture.getRaster().getSample(9, 9, 0), read.getRaster().getSample(9, 9, 0), 12);
        assertEquals(ColorSpace.TYPE_GRAY, Samples.reader(file).getRawImageType(0).getColorModel().getColorSpace().getType());
    }

    @Test
    void aProfileOfAnotherKindOrABrokenOneIsIgnoredWithAWarning() throws IOException {
        byte[] gray = ICC_Profile.getInstance(ColorSpace.CS_GRAY).getData();
        for (byte[] wrong : new byte[][] {gray, new byte[200], {1, 2, 3}, {}}) {
            Ancillary ancillary = Ancillary.NONE.withIcc(Optional.of(wrong));
            byte[] picture = Samples.write(Samples.picture(8, 8, BufferedImage.TYPE_INT_RGB));
            ImageReader reader = Samples.reader(Samples.withAncillary(picture, ancillary.chunks().toArray(Chunk[]::new)));
            List<String> warnings = new ArrayList<>();
            reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
            assertEquals(BufferedImage.TYPE_3BYTE_BGR, reader.getRawImageType(0).getBufferedImageType());
            assertEquals(8, reader.read(0).getWidth());
            assertEquals(1, warnings.size());
            assertTrue(warnings.get(0).contains("'i'"), warnings.get(0));
        }
    }

    @Test
    void whatWasReadAsSrgbIsNotWrittenUnderTheOldProfile() throws IOException {
        ImageReader reader = Samples.reader(Samples.write(P3));
        byte[] again = Samples.write(new IIOImage(reader.read(0), null, reader.getImageMetadata(0)), null);
        assertFalse(stored(again).isPresent());
        ImageReadParam param = reader.getDefaultReadParam();
        param.setDestinationType(reader.getRawImageType(0));
        byte[] raw = Samples.write(new IIOImage(reader.read(0, param), null, reader.getImageMetadata(0)), null);
        assertArrayEquals(profile(P3), stored(raw).orElseThrow());
    }

    @Test
    void profilesLikeSrgbCostNoConversion() {
        assertTrue(SourceColours.isNearlySrgb((ICC_ColorSpace) ColorSpace.getInstance(ColorSpace.CS_sRGB)));
        assertFalse(SourceColours.isNearlySrgb(WideGamut.DISPLAY_P3));
        byte[] data = ICC_Profile.getInstance(ColorSpace.CS_sRGB).getData();
        data[25] ^= 1;
        assertTrue(SourceColours.isNearlySrgb(new ICC_ColorSpace(ICC_Profile.getInstance(data))));
        assertEquals(3, SourceColours.type(PixelFormat.RGB, WideGamut.DISPLAY_P3).getNumBands());
    }
}
