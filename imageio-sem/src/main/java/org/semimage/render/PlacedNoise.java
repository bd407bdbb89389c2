// SPDX-License-Identifier: Apache-2.0
package org.semimage.render;

import org.semimage.compute.diffusion.Philox;

import java.awt.Rectangle;
import java.util.stream.IntStream;

/**
 * Normal deviates that depend on a seed and on their place in the picture alone: a region of a picture has the noise that the whole one
 * has there.
 */
final class PlacedNoise {

    private static final int[] PER_BLOCK = {0, 1, 2, 3};

    private PlacedNoise() {
    }

    /**
     * Writes channels of noise behind each other.
     *
     * @param seed     picks the noise
     * @param place    in positions of the packed coefficients, not negative
     * @param channels a multiple of 4
     * @param to       gets {@code channels * place.height * place.width} values
     * @param at       where the first of them goes
     */
    static void fill(long seed, Rectangle place, int channels, float[] to, int at) {
        int[] key = {(int) seed, (int) (seed >>> 32)};
        int area = place.width * place.height;
        IntStream.range(0, place.height).parallel().forEach(y -> {
            float[] four = new float[PER_BLOCK.length];
            for (int x = 0; x < place.width; x++) {
                for (int c = 0; c < channels; c += PER_BLOCK.length) {
                    Philox.normal(key, place.x + x, place.y + y, c, four);
                    for (int i : PER_BLOCK) {
                        to[at + (c + i) * area + y * place.width + x] = four[i];
                    }
                }
            }
        });
    }
}
