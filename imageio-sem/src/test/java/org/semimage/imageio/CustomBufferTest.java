// SPDX-License-Identifier: Apache-2.0
package org.semimage.imageio;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import javax.imageio.IIOImage;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import java.awt.Point;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.SampleModel;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.nio.IntBuffer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** Images whose samples are kept elsewhere than in Java's arrays: in a mapped file, or in memory of a graphics library. */
class CustomBufferTest {

    private static final int WIDTH = 41;
    private static final int HEIGHT = 30;

    /** Samples behind an interface. */
    private static final class Elsewhere extends DataBuffer {

        private final IntBuffer elements;

        Elsewhere(DataBuffer like) {
            super(like.getDataType(), like.getSize(), like.getNumBanks());
            elements = IntBuffer.allocate(like.getSize() * like.getNumBanks());
        }

        @Override
        public int getElem(int bank, int i) {
            return elements.get(bank * size + i);
        }

        @Override
        public void setElem(int bank, int i, int value) {
            int mask = getDataTypeSize(dataType) == 32 ? -1 : (1 << getDataTypeSize(dataType)) - 1;
            elements.put(bank * size + i, value & mask);
        }
    }

    private static final class OpenRaster extends WritableRaster {

        OpenRaster(SampleModel samples, DataBuffer buffer) {
            super(samples, buffer, new Point());
        }
    }

    private static BufferedImage elsewhere(int type) {
        BufferedImage like = new BufferedImage(WIDTH, HEIGHT, type);
        WritableRaster raster = new OpenRaster(like.getSampleModel(), new Elsewhere(like.getRaster().getDataBuffer()));
        return new BufferedImage(like.getColorModel(), raster, like.isAlphaPremultiplied(), null);
    }

    @ParameterizedTest
    @ValueSource(ints = {BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_INT_ARGB, BufferedImage.TYPE_INT_ARGB_PRE,
            BufferedImage.TYPE_INT_BGR,
        BufferedImage.TYPE_3BYTE_BGR, BufferedImage.TYPE_4BYTE_ABGR, BufferedImage.TYPE_4BYTE_ABGR_PRE, BufferedImage.TYPE_BYTE_GRAY,
        BufferedImage.TYPE_USHORT_GRAY, BufferedImage.TYPE_USHORT_565_RGB, BufferedImage.TYPE_BYTE_INDEXED})
    void theyAreWrittenAsOthers(int type) throws IOException {
        SemImageWriteParam param = new SemImageWriteParam();
        param.setCompressionMode(SemImageWriteParam.MODE_EXPLICIT);
        param.setCompressionType("lossless");
        BufferedImage image = Samples.picture(elsewhere(type));
        BufferedImage plain = new BufferedImage(image.getColorModel(), image.copyData(null), image.isAlphaPremultiplied(), null);
        assertArrayEquals(Samples.write(new IIOImage(plain, null, null), param), Samples.write(new IIOImage(image, null, null), param));
    }

    @ParameterizedTest
    @ValueSource(ints = {BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_INT_ARGB, BufferedImage.TYPE_INT_ARGB_PRE,
            BufferedImage.TYPE_3BYTE_BGR, BufferedImage.TYPE_4BYTE_ABGR, BufferedImage.TYPE_4BYTE_ABGR_PRE})
    void theyAreReadInto(int type) throws IOException {
        BufferedImage image = elsewhere(type);
        boolean alpha = image.getColorModel().hasAlpha();
        int stored = alpha ? BufferedImage.TYPE_4BYTE_ABGR : BufferedImage.TYPE_3BYTE_BGR;
        ImageReader reader = Samples.reader(Samples.write(Samples.picture(WIDTH, HEIGHT, stored)));
        ImageReadParam param = reader.getDefaultReadParam();
        param.setDestination(image);
        reader.read(0, param);
        param.setDestination(new BufferedImage(WIDTH, HEIGHT, type));
        BufferedImage plain = reader.read(0, param);
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                assertEquals(Integer.toHexString(plain.getRGB(x, y)), Integer.toHexString(image.getRGB(x, y)));
            }
        }
    }
}
