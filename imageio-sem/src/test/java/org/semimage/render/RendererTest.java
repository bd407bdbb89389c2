// SPDX-License-Identifier: Apache-2.0
package org.semimage.render;

import org.junit.jupiter.api.Test;
import org.semimage.compute.Cancellation;
import org.semimage.compute.network.CoefficientNet;
import org.semimage.compute.network.CoefficientWeights;
import org.semimage.compute.network.JavaCoefficientNet;
import org.semimage.container.PixelFormat;
import org.semimage.picture.PixelPlanes;
import org.semimage.picture.PixelSink;

import javax.imageio.IIOException;
import java.awt.Rectangle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RendererTest {

    private static final Coarse COARSE = new Coarse(10);

    private final CoefficientNet network = network(0.02f);

    @Test
    void addsDetailThatItsSeedChooses() throws IIOException {
        PixelPlanes plain = picture(70, 50, PixelFormat.RGB);
        PixelPlanes one = render(plain, 1, 1, COARSE);
        assertTrue(difference(plain, one) > 0.2, "nothing was added");
        assertEquals(0, difference(one, render(plain, 1, 1, COARSE)));
        assertTrue(difference(one, render(plain, 2, 1, COARSE)) > 0.2, "another seed gives the same");
    }

    @Test
    void keepsThePlainPictureAtNoStrengthAndWhereFilesSayEnough() throws IIOException {
        PixelPlanes plain = picture(70, 50, PixelFormat.RGB);
        assertTrue(difference(plain, render(plain, 1, 0, COARSE)) < 0.01);
        assertTrue(difference(plain, render(plain, 1, 1, new Coarse(Coarse.MOST_INDEX))) < 0.01);
        double half = difference(plain, render(plain, 1, 0.5f, COARSE)) / difference(plain, render(plain, 1, 1, COARSE));
        assertEquals(0.5, half, 0.1);
    }

    @Test
    void keepsTheMeansOfBlocks() throws IIOException {
        PixelPlanes plain = picture(128, 96, PixelFormat.RGB);
        PixelPlanes rendered = render(plain, 1, 1, COARSE);
        for (int y = 32; y < 64; y += 16) {
            for (int x = 32; x < 96; x += 16) {
                // The low band's filter reaches beyond a block.
                assertEquals(mean(plain, x, y), mean(rendered, x, y), 3, "block at " + x + ", " + y);
            }
        }
    }

    @Test
    void rendersARegionLikeTheWholePicture() throws IIOException {
        PixelPlanes plain = picture(700, 90, PixelFormat.RGB);
        PixelPlanes whole = render(plain, 5, 1, COARSE);
        Rectangle region = new Rectangle(331, 17, 150, 60);
        Rectangle around = Renderer.around(region, 700, 90);
        assertTrue(around.width < 700 && around.x % 16 == 0);
        PixelPlanes part = PixelPlanes.blank(region.width, region.height, PixelFormat.RGB);
        new Renderer(network, 5, 1).render(plain.crop(around), around, region, COARSE, Cancellation.NEVER,
                PixelSink.into(part, region.x, region.y));
        assertEquals(0, largest(whole.crop(region), part), 1);
    }

    @Test
    void rendersGrayAndLeavesAlphaAlone() throws IIOException {
        PixelPlanes gray = picture(40, 33, PixelFormat.GRAY);
        assertTrue(difference(gray, render(gray, 1, 1, COARSE)) > 0.1);
        PixelPlanes transparent = picture(40, 33, PixelFormat.RGB_ALPHA);
        assertArrayEquals(transparent.alpha(), render(transparent, 1, 1, COARSE).alpha());
    }

    @Test
    void rendersLayoutsOfAllSizes() throws IIOException {
        for (int[] size : new int[][] {{1, 1}, {16, 9}, {130, 40}, {1100, 20}}) {
            PixelPlanes plain = picture(size[0], size[1], PixelFormat.RGB);
            PixelPlanes rendered = new LayoutRenderer(network, 3, 1).render(plain, Cancellation.NEVER);
            assertEquals(size[0], rendered.width());
            assertEquals(size[1], rendered.height());
            assertEquals(0, difference(rendered, new LayoutRenderer(network, 3, 1).render(plain, Cancellation.NEVER)));
        }
    }

    @Test
    void stopsOnRequest() {
        Cancellation cancellation = new Cancellation();
        cancellation.request();
        PixelPlanes plain = picture(70, 50, PixelFormat.RGB);
        assertThrows(CancellationException.class, () -> new LayoutRenderer(network, 3, 1).render(plain, cancellation));
    }

    private PixelPlanes render(PixelPlanes plain, long seed, float strength, Coarse coarse) throws IIOException {
        Rectangle all = new Rectangle(plain.width(), plain.height());
        PixelPlanes out = PixelPlanes.blank(plain.width(), plain.height(), plain.format());
        new Renderer(network, seed, strength).render(plain, all, all, coarse, Cancellation.NEVER, PixelSink.into(out, 0, 0));
        return out;
    }

    /** A smooth picture away from black and white. */
    private static PixelPlanes picture(int width, int height, PixelFormat format) {
        PixelPlanes picture = PixelPlanes.blank(width, height, format);
        for (int p = 0; p < picture.samples().length; p++) {
            for (int i = 0; i < width * height; i++) {
                picture.samples()[p][i] = (short) (120 + 40 * Math.sin(0.07 * (i % width) + p) + 20 * Math.cos(0.05 * (i / width)));
            }
        }
        return picture;
    }

    private static double difference(PixelPlanes a, PixelPlanes b) {
        double sum = 0;
        int colours = a.format().isGray() ? 1 : 3;
        for (int p = 0; p < colours; p++) {
            for (int i = 0; i < a.samples()[p].length; i++) {
                sum += Math.abs(a.samples()[p][i] - b.samples()[p][i]);
            }
        }
        return sum / colours / a.samples()[0].length;
    }

    private static double largest(PixelPlanes a, PixelPlanes b) {
        int largest = 0;
        for (int p = 0; p < 3; p++) {
            for (int i = 0; i < a.samples()[p].length; i++) {
                largest = Math.max(largest, Math.abs(a.samples()[p][i] - b.samples()[p][i]));
            }
        }
        return largest;
    }

    private static double mean(PixelPlanes picture, int left, int top) {
        double sum = 0;
        for (int y = top; y < top + 16; y++) {
            for (int x = left; x < left + 16; x++) {
                sum += picture.samples()[1][y * picture.width() + x];
            }
        }
        return sum / 256;
    }

    private static CoefficientNet network(float spread) {
        Random random = new Random(1);
        int width = 8;
        List<CoefficientWeights.Convolution> convolutions = new ArrayList<>();
        convolutions.add(convolution(random, CoefficientNet.CHANNELS + Renderer.NOISE, width, spread));
        convolutions.add(convolution(random, width, width, spread));
        convolutions.add(convolution(random, width, width, spread));
        convolutions.add(convolution(random, width, CoefficientNet.CHANNELS, 2 * spread));
        float[] ones = new float[CoefficientNet.KNOTS * width];
        Arrays.fill(ones, 1);
        return new JavaCoefficientNet(new CoefficientWeights(convolutions, new float[CoefficientNet.KNOTS * width], ones));
    }

    private static CoefficientWeights.Convolution convolution(Random random, int inputs, int outputs, float spread) {
        float[] weights = new float[9 * inputs * outputs];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = spread * (float) random.nextGaussian();
        }
        return new CoefficientWeights.Convolution(inputs, outputs, weights, new float[outputs]);
    }
}
