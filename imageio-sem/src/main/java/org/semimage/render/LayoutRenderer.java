// SPDX-License-Identifier: Apache-2.0
package org.semimage.render;

import org.semimage.compute.Cancellation;
import org.semimage.compute.network.CoefficientNet;
import org.semimage.compute.network.PackedCoefficients;
import org.semimage.compute.wavelet.Pyramid;
import org.semimage.compute.wavelet.Wavelet97;
import org.semimage.container.PixelFormat;
import org.semimage.picture.ColourTransform;
import org.semimage.picture.PixelPlanes;
import org.semimage.picture.PixelSink;

import javax.imageio.IIOException;
import java.awt.Rectangle;

/**
 * Renders a picture of which only a layout is known, from small to large: a picture of a few dozen samples, then one of eight times its
 * size whose low band it is, until the size is reached. Each size has its own noise.
 */
public final class LayoutRenderer {

    /** The longer side of the smallest picture, at most. */
    private static final int SMALLEST = 128;

    private static final int LEVELS = PackedCoefficients.LEVELS;
    private static final int FACTOR = 1 << LEVELS;

    private final CoefficientNet network;
    private final long seed;
    private final float strength;

    /** @see Renderer#Renderer */
    public LayoutRenderer(CoefficientNet network, long seed, float strength) {
        this.network = network;
        this.seed = seed;
        this.strength = strength;
    }

    /**
     * The picture with detail.
     *
     * @param plain an RGB picture of the layout, and of the grain whose energies are known
     * @return a picture of the same size
     * @throws java.util.concurrent.CancellationException if the request is made before all is done
     */
    public PixelPlanes render(PixelPlanes plain, Cancellation cancellation) throws IIOException {
        return render(plain, 0, cancellation);
    }

    private PixelPlanes render(PixelPlanes plain, int pass, Cancellation cancellation) throws IIOException {
        if (Math.max(plain.width(), plain.height()) <= SMALLEST) {
            return rendered(plain, pass, Coarse.LAYOUT, cancellation);
        }
        int height = Renderer.padded(plain.height());
        int width = Renderer.padded(plain.width());
        Pyramid details = Pyramid.zero(height, width, LEVELS, 1);
        float[][] low = Wavelet97.analyse(ColourTransform.forward(plain, height, width), 0, LEVELS, details, cancellation);
        PixelPlanes small = picture(low, width / FACTOR, new Rectangle(width / FACTOR, height / FACTOR), 1f / FACTOR, plain.format());
        float[][] better = lowBand(render(small, pass + 1, cancellation));
        PixelPlanes known = picture(Wavelet97.synthesise(details, LEVELS, 0, better, cancellation), width,
                new Rectangle(plain.width(), plain.height()), 1, plain.format());
        return rendered(known, pass, Coarse.THUMBNAIL, cancellation);
    }

    private PixelPlanes rendered(PixelPlanes plain, int pass, Coarse coarse, Cancellation cancellation) throws IIOException {
        Rectangle all = new Rectangle(plain.width(), plain.height());
        PixelPlanes out = PixelPlanes.blank(plain.width(), plain.height(), plain.format());
        new Renderer(network, seed + pass, strength).render(plain, all, all, coarse, cancellation, PixelSink.into(out, 0, 0));
        return out;
    }

    /** The low band that a small picture is: a level of the wavelet doubles the mean. */
    private static float[][] lowBand(PixelPlanes small) {
        float[][] low = ColourTransform.forward(small, small.height(), small.width());
        for (float[] plane : low) {
            for (int i = 0; i < plane.length; i++) {
                plane[i] *= FACTOR;
            }
        }
        return low;
    }

    private static PixelPlanes picture(float[][] components, int stride, Rectangle size, float factor, PixelFormat format) {
        PixelPlanes picture = PixelPlanes.blank(size.width, size.height, format);
        ColourTransform.inverse(components, stride, size, factor, picture);
        return picture;
    }
}
