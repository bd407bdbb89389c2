// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.prior;

import org.semimage.compute.wavelet.Pyramid;

import java.util.Random;

/** Items of single levels with any coefficients and contexts. */
final class PriorItems {

    static final byte[] NO_CONTEXT = {};

    private PriorItems() {
    }

    /** Coefficients of any size, more of them small than large. */
    static float[][] bands(Random random, int level, BatchItem item) {
        float[][] bands = new float[item.bands(level)][item.area(level)];
        for (float[] band : bands) {
            double scale = Math.pow(2, random.nextInt(14) - 3);
            for (int i = 0; i < band.length; i++) {
                band[i] = (float) (random.nextGaussian() * (random.nextInt(50) == 0 ? 30 * scale : scale));
            }
        }
        return bands;
    }

    static Target target(int level, BatchItem item, float[][] bands, float lambda) {
        return new Target(item, Pyramid.ofLevel(level, item.height(), item.width(), bands), lambda);
    }

    /** A picture whose bands have a size on a level. */
    static BatchItem item(int level, int height, int width, boolean gray, int qualityIndex, byte[] context) {
        int side = 1 << (level == 0 ? Pyramid.LEVELS : level);
        return new BatchItem(Levels.ALL, side * height, side * width, gray, true, qualityIndex, context);
    }

    /** Any context that a level can hand down: activations, or companded values on the coarsest. */
    static byte[] context(Random random, int level, PriorWeights weights, int height, int width) {
        if (level == 0) {
            return NO_CONTEXT;
        }
        int phases = PriorWeights.phases(level);
        byte[] context = new byte[weights.levels().get(level - 1).context().conv().inputs() * height * width / phases];
        for (int i = 0; i < context.length; i++) {
            context[i] = (byte) (level == Pyramid.LEVELS ? random.nextInt(255) - 127 : random.nextInt(128));
        }
        return context;
    }
}
