// SPDX-License-Identifier: Apache-2.0
package org.semimage.imageio;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import javax.imageio.IIOImage;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriteParam;
import javax.imageio.event.IIOReadUpdateListener;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Passes of files in layers. */
class ProgressiveReadTest {

    private static final BufferedImage PICTURE = Samples.picture(150, 100, BufferedImage.TYPE_INT_RGB);
    private static byte[] layers;

    @BeforeAll
    static void encode() throws IOException {
        SemImageWriteParam param = new SemImageWriteParam();
        param.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
        layers = Samples.write(new IIOImage(PICTURE, null, null), param);
    }

    /** Writes down what is reported, and how good the picture is after each pass. */
    private static final class Recorder implements IIOReadUpdateListener {

        private final List<String> passes = new ArrayList<>();
        private final List<Double> psnr = new ArrayList<>();
        private Rectangle updated = new Rectangle();

        @Override
        public void passStarted(ImageReader source, BufferedImage image, int pass, int minPass, int maxPass, int minX, int minY,
                int periodX, int periodY, int[] bands) {
            passes.add(pass + " of " + minPass + ".." + maxPass);
            assertEquals(1, periodX * periodY);
            assertArrayEquals(new int[] {0, 1, 2}, bands);
            updated = new Rectangle();
        }

        @Override
        public void imageUpdate(ImageReader source, BufferedImage image, int minX, int minY, int width, int height, int periodX,
                int periodY, int[] bands) {
            updated = updated.union(new Rectangle(minX, minY, width, height));
        }

        @Override
        public void passComplete(ImageReader source, BufferedImage image) {
            assertEquals(new Rectangle(PICTURE.getWidth(), PICTURE.getHeight()), updated);
            psnr.add(Samples.psnr(PICTURE, image));
        }

        @Override
        public void thumbnailPassStarted(ImageReader source, BufferedImage image, int pass, int minPass, int maxPass, int minX, int minY,
                int periodX, int periodY, int[] bands) {
        }

        @Override
        public void thumbnailUpdate(ImageReader source, BufferedImage image, int minX, int minY, int width, int height, int periodX,
                int periodY, int[] bands) {
        }

        @Override
        public void thumbnailPassComplete(ImageReader source, BufferedImage image) {
        }
    }

    private static BufferedImage read(byte[] file, int minPass, int passes, Recorder recorder) throws IOException {
        ImageReader reader = Samples.reader(file);
        ImageReadParam param = reader.getDefaultReadParam();
        param.setSourceProgressivePasses(minPass, passes);
        if (recorder != null) {
            reader.addIIOReadUpdateListener(recorder);
        }
        return reader.read(0, param);
    }

    @Test
    void aListenerSeesThePictureGetBetterLayerByLayer() throws IOException {
        Recorder recorder = new Recorder();
        BufferedImage image = read(layers, 0, Integer.MAX_VALUE, recorder);
        assertEquals(List.of("0 of 0..3", "1 of 0..3", "2 of 0..3", "3 of 0..3"), recorder.passes);
        for (int pass = 1; pass <= 3; pass++) {
            assertTrue(recorder.psnr.get(pass) > recorder.psnr.get(pass - 1), recorder.psnr::toString);
        }
        assertEquals(Double.POSITIVE_INFINITY, Samples.psnr(image, read(layers, 0, Integer.MAX_VALUE, null)));
    }

    @Test
    void passesThatAreNotAskedForAreLeftOut() throws IOException {
        Recorder recorder = new Recorder();
        BufferedImage image = read(layers, 1, 2, recorder);
        assertEquals(List.of("1 of 1..2", "2 of 1..2"), recorder.passes);
        assertEquals(recorder.psnr.get(1), Samples.psnr(PICTURE, read(layers, 1, 2, null)));
        Recorder beyond = new Recorder();
        read(layers, 9, 5, beyond);
        assertEquals(List.of("3 of 3..3"), beyond.passes);
        assertTrue(Samples.psnr(PICTURE, image) < beyond.psnr.get(0));
    }

    @Test
    void aPictureInOneLayerIsUpdatedWithoutPasses() throws IOException {
        Recorder recorder = new Recorder();
        read(Samples.write(PICTURE), 0, 1, recorder);
        assertEquals(List.of(), recorder.passes);
        assertEquals(new Rectangle(150, 100), recorder.updated);
    }
}
