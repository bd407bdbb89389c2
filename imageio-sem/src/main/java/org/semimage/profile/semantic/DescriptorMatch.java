// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.semantic;

import org.semimage.compute.wavelet.Pyramid;
import org.semimage.compute.wavelet.Wavelet97;
import org.semimage.container.PixelFormat;
import org.semimage.generate.Descriptors;
import org.semimage.picture.ColourTransform;
import org.semimage.picture.PixelPlanes;

import java.awt.Rectangle;

/**
 * Makes a generated picture agree with descriptors: energies of luma's wavelet bands first (histograms of them as in Heeger and Bergen,
 * "Pyramid-based texture analysis/synthesis", 1995, reduced to their deviation), then layout and palette.
 */
public final class DescriptorMatch {

    /** Bands are not amplified or damped by more. */
    private static final float MOST_OCTAVES = 2;

    private DescriptorMatch() {
    }

    /**
     * The picture with what it lacks to agree.
     *
     * @param generated an RGB picture of the size that the descriptors are of
     * @param strength  0..1: how much of the difference to take away
     */
    public static PixelPlanes apply(PixelPlanes generated, Descriptors wanted, float strength) {
        PixelPlanes textured = wanted.textureCount() == 0 ? generated : textured(generated, wanted, strength);
        Descriptors own = DescriptorAnalysis.of(textured);
        int height = Pyramid.padded(generated.height());
        int width = Pyramid.padded(generated.width());
        float[][] components = ColourTransform.forward(textured, height, width);
        for (int c = 0; c < components.length; c++) {
            float[] missing = new float[wanted.layout()[c].length];
            for (int i = 0; i < missing.length; i++) {
                // Amplitudes that are not known are 0; one that is known to be 0 is left alone too.
                missing[i] = wanted.layout()[c][i] == 0 ? 0 : strength * (wanted.layout()[c][i] - own.layout()[c][i]);
            }
            float[] correction = Rendition.smooth(wanted, missing, generated.width(), generated.height(), width, height);
            for (int i = 0; i < correction.length; i++) {
                components[c][i] += correction[i];
            }
        }
        return picture(components, width, generated);
    }

    private static PixelPlanes textured(PixelPlanes generated, Descriptors wanted, float strength) {
        float[][][] own = DescriptorAnalysis.of(generated).texture();
        int height = Pyramid.padded(generated.height());
        int width = Pyramid.padded(generated.width());
        float[][] components = ColourTransform.forward(generated, height, width);
        Pyramid pyramid = Wavelet97.analyse(components, height, width);
        for (int level = 1; level <= Math.min(own.length, wanted.texture().length); level++) {
            for (int orientation = 0; orientation < 3; orientation++) {
                float[] octaves = new float[own[level - 1][orientation].length];
                for (int region = 0; region < octaves.length; region++) {
                    float difference = wanted.texture()[level - 1][orientation][region] - own[level - 1][orientation][region];
                    octaves[region] = strength * Math.max(-MOST_OCTAVES, Math.min(MOST_OCTAVES, difference));
                }
                float[] band = pyramid.detail()[level - 1][orientation];
                int columns = width >> level;
                for (int i = 0; i < band.length; i++) {
                    float x = (i % columns + 0.5f) * (1 << level) / generated.width();
                    float y = (i / columns + 0.5f) * (1 << level) / generated.height();
                    band[i] *= (float) Math.pow(2, Rendition.between(octaves, x, y));
                }
            }
        }
        // Colours keep their finest details, which the pyramid does not have.
        components[0] = Wavelet97.synthesise(pyramid)[0];
        return picture(components, width, generated);
    }

    private static PixelPlanes picture(float[][] components, int stride, PixelPlanes size) {
        PixelPlanes picture = PixelPlanes.blank(size.width(), size.height(), PixelFormat.RGB);
        ColourTransform.inverse(components, stride, new Rectangle(size.width(), size.height()), 1, picture);
        return picture;
    }
}
