// SPDX-License-Identifier: Apache-2.0
package org.semimage.render;

import org.semimage.compute.Cancellation;
import org.semimage.compute.network.CoefficientNet;
import org.semimage.compute.network.PackedCoefficients;
import org.semimage.compute.wavelet.Pyramid;
import org.semimage.compute.wavelet.Wavelet97;
import org.semimage.picture.ColourTransform;
import org.semimage.picture.PixelPlanes;
import org.semimage.picture.PixelSink;

import javax.imageio.IIOException;
import java.awt.Point;
import java.awt.Rectangle;
import java.util.Arrays;

/**
 * Adds detail to the picture that a plain decoder made of a very small file (MODELS.md, "Renderer"): a coefficient network that sees
 * packed wavelet coefficients and noise.
 *
 * <p>What it says of the low band is projected onto what the file says: 16 x 16 samples keep their mean. So no colour shifts and nothing
 * moves. A picture is rendered in windows whose inner parts do not depend on where the windows lie.
 */
public final class Renderer {

    /** Channels of noise behind the packed coefficients. */
    static final int NOISE = 32;

    /** Sample values that the network takes for one. */
    private static final float UNIT = 16;

    private static final int LEVELS = PackedCoefficients.LEVELS;

    /** Samples that windows and regions are multiples of: what is projected lies in blocks of this size. */
    private static final int BLOCK = 1 << LEVELS + 1;

    /** Samples around a place that its pixels depend on: fourteen convolutions at an eighth of the size, and the wavelet. */
    static final int MARGIN = 160;

    /** The inner part of a window. */
    private static final int WINDOW = 1024;

    private final CoefficientNet network;
    private final long seed;
    private final float strength;

    /**
     * A renderer of one picture.
     *
     * @param network  takes packed coefficients and {@link #NOISE} channels
     * @param seed     of the noise: the only source of chance
     * @param strength 0 for the plain picture, 1 for all that the network adds
     */
    public Renderer(CoefficientNet network, long seed, float strength) {
        this.network = network;
        this.seed = seed;
        this.strength = strength;
    }

    /** The part of a picture that the pixels of a region depend on. */
    public static Rectangle around(Rectangle region, int width, int height) {
        int left = Math.max(0, (region.x - MARGIN) / BLOCK * BLOCK);
        int top = Math.max(0, (region.y - MARGIN) / BLOCK * BLOCK);
        int right = (int) Math.min(width, (region.x + (long) region.width + MARGIN + BLOCK - 1) / BLOCK * BLOCK);
        int bottom = (int) Math.min(height, (region.y + (long) region.height + MARGIN + BLOCK - 1) / BLOCK * BLOCK);
        return new Rectangle(left, top, right - left, bottom - top);
    }

    /**
     * Renders a region.
     *
     * @param plain  what {@link #around} says of the region, as the plain decoder gives it
     * @param place  of plain in the picture
     * @param region to render, inside
     * @param coarse what plain is
     * @param sink   takes the region's pixels, window by window; alpha is plain's
     * @throws IIOException if the sink fails
     * @throws java.util.concurrent.CancellationException if the request is made before all is done
     */
    public void render(PixelPlanes plain, Rectangle place, Rectangle region, Coarse coarse, Cancellation cancellation, PixelSink sink)
            throws IIOException {
        for (int y = region.y; y < region.y + region.height; y += WINDOW) {
            for (int x = region.x; x < region.x + region.width; x += WINDOW) {
                Rectangle inner = new Rectangle(x, y, WINDOW, WINDOW).intersection(region);
                Rectangle window = around(inner, place.x + place.width, place.y + place.height).intersection(place);
                sink.write(window(plain, place, window, inner, coarse, cancellation), x, y);
            }
        }
    }

    private PixelPlanes window(PixelPlanes plain, Rectangle place, Rectangle window, Rectangle inner, Coarse coarse,
                               Cancellation cancellation) {
        PixelPlanes around = plain.crop(new Rectangle(window.x - place.x, window.y - place.y, window.width, window.height));
        int height = padded(window.height);
        int width = padded(window.width);
        Pyramid pyramid = Pyramid.zero(height, width, LEVELS, 1, true);
        float[][] low = Wavelet97.analyse(ColourTransform.forward(around, height, width), 0, LEVELS, pyramid, cancellation);
        add(low, pyramid, new Point(window.x >> LEVELS, window.y >> LEVELS), coarse, cancellation);
        Rectangle inside = new Rectangle(inner.x - window.x, inner.y - window.y, inner.width, inner.height);
        PixelPlanes image = around.crop(inside);
        ColourTransform.inverse(Wavelet97.synthesise(pyramid, LEVELS, 0, low, cancellation), width, inside, 1, image);
        return image;
    }

    /** A side rounded up to whole blocks. */
    static int padded(int side) {
        return (side + BLOCK - 1) / BLOCK * BLOCK;
    }

    private void add(float[][] low, Pyramid pyramid, Point at, Coarse coarse, Cancellation cancellation) {
        Rectangle positions = new Rectangle(at.x, at.y, pyramid.width() >> LEVELS, pyramid.height() >> LEVELS);
        int area = positions.width * positions.height;
        float[] packed = PackedCoefficients.pack(low, pyramid);
        float[] inputs = Arrays.copyOf(packed, packed.length + NOISE * area);
        for (int i = 0; i < packed.length; i++) {
            inputs[i] /= UNIT;
        }
        PlacedNoise.fill(seed, positions, NOISE, inputs, packed.length);
        float[] correction = network.correction(inputs, positions.height, positions.width, coarse.qualityIndex(), cancellation);
        project(correction, positions.height, positions.width);
        float factor = UNIT * strength * coarse.share();
        for (int i = 0; i < correction.length; i++) {
            correction[i] *= factor;
        }
        PackedCoefficients.add(correction, low, pyramid);
    }

    /** Takes from the low band's correction what it does to the mean of 2 x 2 coefficients. */
    private static void project(float[] correction, int height, int width) {
        for (int c = 0; c < CoefficientNet.LOW_CHANNELS; c++) {
            for (int y = 0; y < height; y += 2) {
                int at = (c * height + y) * width;
                for (int x = 0; x < width; x += 2, at += 2) {
                    float mean = (correction[at] + correction[at + 1] + correction[at + width] + correction[at + width + 1]) / 4;
                    correction[at] -= mean;
                    correction[at + 1] -= mean;
                    correction[at + width] -= mean;
                    correction[at + width + 1] -= mean;
                }
            }
        }
    }
}
