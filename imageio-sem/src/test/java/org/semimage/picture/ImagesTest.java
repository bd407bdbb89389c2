// SPDX-License-Identifier: Apache-2.0
package org.semimage.picture;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.semimage.container.PixelFormat;

import javax.imageio.IIOException;
import javax.imageio.ImageTypeSpecifier;
import java.awt.Rectangle;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.util.Arrays;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class ImagesTest {

    private static final int WIDTH = 37;
    private static final int HEIGHT = 23;

    private static BufferedImage noise(BufferedImage image, long seed) {
        Random random = new Random(seed);
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                image.setRGB(x, y, random.nextInt());
            }
        }
        return image;
    }

    private static BufferedImage noise(int type) {
        return noise(new BufferedImage(WIDTH, HEIGHT, type), type);
    }

    private static BufferedImage interleaved(ColorSpace space, int dataType, boolean alpha, boolean premultiplied) {
        ColorModel colors = new ComponentColorModel(space, alpha, premultiplied,
                alpha ? Transparency.TRANSLUCENT : Transparency.OPAQUE, dataType);
        WritableRaster raster = colors.createCompatibleWritableRaster(WIDTH, HEIGHT);
        return new BufferedImage(colors, raster, premultiplied, null);
    }

    /** The pixel as ARGB, as the planes have it. */
    private static int argb(PixelPlanes planes, int x, int y) {
        int i = y * planes.width() + x;
        boolean gray = planes.format().isGray();
        int alpha = planes.format().hasAlpha() ? planes.alpha()[i] : 255;
        return alpha << 24 | planes.samples()[0][i] << 16 | planes.samples()[gray ? 0 : 1][i] << 8 | planes.samples()[gray ? 0 : 2][i];
    }

    private static void assertShows(BufferedImage expected, PixelPlanes actual, int tolerance) {
        assertEquals(expected.getWidth(), actual.width());
        assertEquals(expected.getHeight(), actual.height());
        for (int y = 0; y < actual.height(); y++) {
            for (int x = 0; x < actual.width(); x++) {
                int e = expected.getRGB(x, y);
                int a = argb(actual, x, y);
                for (int shift = 0; shift < 32; shift += 8) {
                    int difference = Math.abs((e >>> shift & 0xFF) - (a >>> shift & 0xFF));
                    if (difference > tolerance) {
                        assertEquals(Integer.toHexString(e), Integer.toHexString(a), "pixel " + x + "," + y);
                    }
                }
            }
        }
    }

    private static void assertSame(PixelPlanes expected, PixelPlanes actual) {
        assertEquals(expected.format(), actual.format());
        for (int p = 0; p < expected.samples().length; p++) {
            assertArrayEquals(expected.samples()[p], actual.samples()[p]);
        }
    }

    private static PixelPlanes crop(PixelPlanes picture, Rectangle region, int sx, int sy) {
        PixelPlanes out = PixelPlanes.blank((region.width + sx - 1) / sx, (region.height + sy - 1) / sy, picture.format());
        for (int p = 0; p < out.samples().length; p++) {
            for (int y = 0; y < out.height(); y++) {
                for (int x = 0; x < out.width(); x++) {
                    out.samples()[p][y * out.width() + x] =
                            picture.samples()[p][(region.y + y * sy) * picture.width() + region.x + x * sx];
                }
            }
        }
        return out;
    }

    @ParameterizedTest
    @ValueSource(ints = {BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_INT_ARGB, BufferedImage.TYPE_INT_BGR,
            BufferedImage.TYPE_3BYTE_BGR, BufferedImage.TYPE_4BYTE_ABGR, BufferedImage.TYPE_BYTE_BINARY,
            BufferedImage.TYPE_BYTE_INDEXED, BufferedImage.TYPE_USHORT_565_RGB, BufferedImage.TYPE_USHORT_555_RGB})
    void colourTypesShowThePixelsThatJavaShows(int type) throws IIOException {
        assertShows(noise(type), Images.toPlanes(noise(type)), 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {BufferedImage.TYPE_INT_ARGB_PRE, BufferedImage.TYPE_4BYTE_ABGR_PRE})
    void premultipliedTypesAreDividedByAlpha(int type) throws IIOException {
        assertShows(noise(type), Images.toPlanes(noise(type)), 1);
    }

    @Test
    void graySamplesAreTakenAsTheyAre() throws IIOException {
        BufferedImage image = new BufferedImage(256, 1, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < 256; i++) {
            image.getRaster().setSample(i, 0, 0, i);
        }
        PixelPlanes planes = Images.toPlanes(image);
        assertEquals(PixelFormat.GRAY, planes.format());
        for (int i = 0; i < 256; i++) {
            assertEquals(i, planes.samples()[0][i]);
        }
        assertSame(planes, Images.toPlanes(Images.toImage(planes)));
    }

    @Test
    void sixteenBitGrayIsRounded() throws IIOException {
        BufferedImage image = new BufferedImage(4, 1, BufferedImage.TYPE_USHORT_GRAY);
        image.getRaster().setSamples(0, 0, 4, 1, 0, new int[] {0, 128, 129, 65535});
        assertArrayEquals(new short[] {0, 0, 1, 255}, Images.toPlanes(image).samples()[0]);
    }

    @Test
    void blackAndWhiteStaysGrayAndOtherPalettesBecomeColour() throws IIOException {
        assertEquals(PixelFormat.GRAY, Images.toPlanes(noise(BufferedImage.TYPE_BYTE_BINARY)).format());
        assertEquals(PixelFormat.RGB, Images.toPlanes(noise(BufferedImage.TYPE_BYTE_INDEXED)).format());
    }

    @Test
    void transparentPalettesGiveAlpha() throws IIOException {
        IndexColorModel colors = new IndexColorModel(2, 3, new byte[] {1, 2, 3}, new byte[] {4, 5, 6}, new byte[] {7, 8, 9}, 1);
        BufferedImage image = new BufferedImage(8, 2, BufferedImage.TYPE_BYTE_BINARY, colors);
        image.getRaster().setSamples(0, 0, 8, 1, 0, new int[] {0, 1, 2, 3, 0, 1, 2, 0});
        PixelPlanes planes = Images.toPlanes(image);
        assertEquals(PixelFormat.RGB_ALPHA, planes.format());
        assertEquals(0, planes.alpha()[1]);
        assertEquals(0xFF030609, argb(planes, 2, 0));
    }

    @Test
    void sixteenBitColourIsRounded() throws IIOException {
        BufferedImage image = interleaved(ColorSpace.getInstance(ColorSpace.CS_sRGB), DataBuffer.TYPE_USHORT, true, false);
        image.getRaster().setPixel(3, 2, new int[] {65535, 32768, 128, 65535});
        PixelPlanes planes = Images.toPlanes(image);
        assertEquals(PixelFormat.RGB_ALPHA, planes.format());
        assertEquals(0xFFFF8000, argb(planes, 3, 2));
    }

    @Test
    void floatingPointColourIsClampedAndRounded() throws IIOException {
        BufferedImage image = interleaved(ColorSpace.getInstance(ColorSpace.CS_sRGB), DataBuffer.TYPE_FLOAT, false, false);
        image.getRaster().setPixel(3, 2, new float[] {1.5f, 0.5f, -1});
        assertEquals(0xFFFF8000, argb(Images.toPlanes(image), 3, 2));
    }

    @ParameterizedTest
    @ValueSource(ints = {DataBuffer.TYPE_BYTE, DataBuffer.TYPE_USHORT})
    void otherColourSpacesAreConvertedToSrgb(int dataType) throws IIOException {
        BufferedImage image = noise(interleaved(ColorSpace.getInstance(ColorSpace.CS_LINEAR_RGB), dataType, true, false), 5);
        assertShows(image, Images.toPlanes(image), 2);
    }

    @Test
    void grayWithAlphaKeepsBoth() throws IIOException {
        BufferedImage image = interleaved(ColorSpace.getInstance(ColorSpace.CS_GRAY), DataBuffer.TYPE_BYTE, true, false);
        image.getRaster().setPixel(3, 2, new int[] {77, 99});
        PixelPlanes planes = Images.toPlanes(image);
        assertEquals(PixelFormat.GRAY_ALPHA, planes.format());
        assertEquals(77, planes.samples()[0][2 * WIDTH + 3]);
        assertEquals(99, planes.alpha()[2 * WIDTH + 3]);
        assertSame(planes, Images.toPlanes(Images.toImage(planes)));
    }

    @Test
    void bandedRastersAreRead() throws IIOException {
        BufferedImage image = noise(ImageTypeSpecifier.createBanded(ColorSpace.getInstance(ColorSpace.CS_sRGB), new int[] {2, 0, 1},
                new int[] {0, 0, 0}, DataBuffer.TYPE_BYTE, false, false).createBufferedImage(WIDTH, HEIGHT), 3);
        assertShows(image, Images.toPlanes(image), 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {BufferedImage.TYPE_INT_ARGB, BufferedImage.TYPE_3BYTE_BGR, BufferedImage.TYPE_BYTE_BINARY,
            BufferedImage.TYPE_USHORT_565_RGB})
    void subImagesAreReadAtTheirPlace(int type) throws IIOException {
        BufferedImage part = noise(type).getSubimage(5, 7, 20, 11);
        assertShows(part, Images.toPlanes(part), 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {BufferedImage.TYPE_INT_ARGB, BufferedImage.TYPE_3BYTE_BGR, BufferedImage.TYPE_BYTE_INDEXED,
            BufferedImage.TYPE_USHORT_565_RGB})
    void tiledImagesWithAnyOriginAreRead(int type) throws IIOException {
        PixelPlanes whole = Images.toPlanes(noise(type));
        TiledImage tiled = new TiledImage(noise(type), -9, 100, 8);
        assertSame(whole, Images.toPlanes(tiled));
        Rectangle region = new Rectangle(4, 3, 21, 15);
        assertSame(crop(whole, region, 3, 2), Images.toPlanes(tiled, new Rectangle(-5, 103, 21, 15), 3, 2, 8));
    }

    @Test
    void regionsMustLieInsideTheImage() {
        BufferedImage image = noise(BufferedImage.TYPE_INT_RGB);
        assertThrows(IllegalArgumentException.class, () -> Images.toPlanes(image, new Rectangle(30, 0, 8, 1), 1, 1, 8));
        assertThrows(IllegalArgumentException.class, () -> Images.toPlanes(image, new Rectangle(0, 0, 0, 1), 1, 1, 8));
        assertThrows(IllegalArgumentException.class, () -> Images.toPlanes(image, new Rectangle(0, 0, 1, 1), 0, 1, 8));
    }

    @ParameterizedTest
    @EnumSource
    void plainImagesHoldEveryFormatExactly(PixelFormat format) throws IIOException {
        Random random = new Random(1);
        PixelPlanes planes = PixelPlanes.blank(WIDTH, HEIGHT, format);
        for (short[] plane : planes.samples()) {
            for (int i = 0; i < plane.length; i++) {
                plane[i] = (short) random.nextInt(format.maxSample() + 1);
            }
        }
        assertSame(planes, Images.toPlanes(Images.toImage(planes), new Rectangle(WIDTH, HEIGHT), 1, 1, 16));
    }

    @ParameterizedTest
    @ValueSource(ints = {BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_INT_ARGB, BufferedImage.TYPE_INT_ARGB_PRE,
            BufferedImage.TYPE_INT_BGR, BufferedImage.TYPE_3BYTE_BGR, BufferedImage.TYPE_4BYTE_ABGR,
            BufferedImage.TYPE_4BYTE_ABGR_PRE, BufferedImage.TYPE_USHORT_565_RGB})
    void partsLandInDestinationsOfEveryType(int type) throws IIOException {
        PixelPlanes opaque = Images.toPlanes(noise(BufferedImage.TYPE_3BYTE_BGR));
        BufferedImage destination = new BufferedImage(30, 30, type).getSubimage(2, 3, 25, 25);
        Images.copy(opaque, new Rectangle(4, 5, 20, 9), 2, 3, destination, 6, 7);
        int tolerance = type == BufferedImage.TYPE_USHORT_565_RGB ? 5 : 0;
        assertShows(destination.getSubimage(6, 7, 10, 3), crop(opaque, new Rectangle(4, 5, 20, 9), 2, 3), tolerance);
        assertEquals(new BufferedImage(1, 1, type).getRGB(0, 0), destination.getRGB(5, 7));
        assertEquals(new BufferedImage(1, 1, type).getRGB(0, 0), destination.getRGB(16, 9));
    }

    @ParameterizedTest
    @ValueSource(ints = {BufferedImage.TYPE_INT_ARGB_PRE, BufferedImage.TYPE_4BYTE_ABGR_PRE})
    void premultipliedDestinationsAreMultipliedByAlpha(int type) {
        PixelPlanes planes = PixelPlanes.blank(1, 1, PixelFormat.RGB_ALPHA);
        short[] values = {200, 100, 0, 128};
        for (int p = 0; p < 4; p++) {
            planes.samples()[p][0] = values[p];
        }
        BufferedImage destination = new BufferedImage(1, 1, type);
        Images.copy(planes, new Rectangle(1, 1), 1, 1, destination, 0, 0);
        assertArrayEquals(new int[] {100, 50, 0, 128}, destination.getRaster().getPixel(0, 0, (int[]) null));
    }

    @Test
    void sixteenBitDestinationsAreScaled() {
        PixelPlanes planes = PixelPlanes.blank(2, 1, PixelFormat.GRAY);
        planes.samples()[0][1] = 255;
        BufferedImage destination = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_GRAY);
        Images.copy(planes, new Rectangle(2, 1), 1, 1, destination, 0, 0);
        assertArrayEquals(new int[] {0, 65535}, destination.getRaster().getSamples(0, 0, 2, 1, 0, (int[]) null));
    }

    @Test
    void colourDoesNotFitAGrayDestination() throws IIOException {
        PixelPlanes colour = Images.toPlanes(noise(BufferedImage.TYPE_INT_RGB));
        BufferedImage gray = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_GRAY);
        assertThrows(IllegalArgumentException.class, () -> Images.copy(colour, new Rectangle(1, 1), 1, 1, gray, 0, 0));
    }

    @Test
    void chosenPlanesLandInChosenBands() throws IIOException {
        PixelPlanes colour = Images.toPlanes(noise(BufferedImage.TYPE_INT_RGB));
        WritableRaster raster = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 4, 4, 2, null);
        Images.copyBands(colour, new int[] {2}, new Rectangle(3, 3, 6, 6), 3, 3, raster, new int[] {1}, 1, 1);
        assertEquals(colour.samples()[2][6 * WIDTH + 6], raster.getSample(2, 2, 1));
        assertEquals(0, Arrays.stream(raster.getSamples(0, 0, 4, 4, 0, (int[]) null)).sum());
    }

    @Test
    void rastersWithoutAColourModelAreUnderstoodByTheirBands() throws IIOException {
        BufferedImage image = noise(BufferedImage.TYPE_3BYTE_BGR);
        TiledImage tiled = new TiledImage(image, 0, 0, 16);
        java.awt.image.RenderedImage bare = (java.awt.image.RenderedImage) java.lang.reflect.Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {java.awt.image.RenderedImage.class},
                (proxy, method, arguments) -> method.getName().equals("getColorModel") ? null : method.invoke(tiled, arguments));
        assertSame(Images.toPlanes(image), Images.toPlanes(bare));
    }
}
