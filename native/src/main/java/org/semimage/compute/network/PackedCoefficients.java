// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.network;

import org.semimage.compute.wavelet.Pyramid;

/**
 * The networks' view of a pyramid: low band of level 3 and details of levels 3, 2 and 1 as 96 channels at an eighth of the
 * picture's size, in quantizer steps (FORMAT.md, "Coefficient networks").
 *
 * <p>Channels 0..2 are the low band, 3..11 level 3, 12..47 level 2 ({@code 12 + 4 * channel + phase}), 48..95 level 1
 * ({@code 48 + 16 * channel + phase}); phases count row-major within 2x2 and 4x4 blocks.
 */
public final class PackedCoefficients {

    /** Levels whose details are packed. */
    public static final int LEVELS = 3;

    private static final int[] FIRST = {48, 12, 3};

    private PackedCoefficients() {
    }

    /**
     * @param low3   the low band of level 3, {@code [3][height/8 * width/8]}, in quantizer steps
     * @param pyramid details of levels 1..3 in quantizer steps
     */
    public static float[] pack(float[][] low3, Pyramid pyramid) {
        int area = (pyramid.height() >> 3) * (pyramid.width() >> 3);
        float[] packed = new float[CoefficientNet.CHANNELS * area];
        for (int c = 0; c < 3; c++) {
            System.arraycopy(low3[c], 0, packed, c * area, area);
        }
        for (int level = 1; level <= 3; level++) {
            exchange(pyramid, level, packed, true);
        }
        return packed;
    }

    /**
     * Multiplies a correction by how far it is heard.
     *
     * @param heard a factor for each position of a plane; empty if all are 1
     */
    public static void fade(float[] correction, float[] heard) {
        for (int i = 0; i < heard.length; i++) {
            if (heard[i] != 1) {
                for (int at = i; at < correction.length; at += heard.length) {
                    correction[at] *= heard[i];
                }
            }
        }
    }

    /** Adds a correction in the layout of {@link #pack} to the bands it came from. */
    public static void add(float[] correction, float[][] low3, Pyramid pyramid) {
        int area = (pyramid.height() >> 3) * (pyramid.width() >> 3);
        for (int c = 0; c < 3; c++) {
            for (int i = 0; i < area; i++) {
                low3[c][i] += correction[c * area + i];
            }
        }
        for (int level = 1; level <= 3; level++) {
            exchange(pyramid, level, correction, false);
        }
    }

    private static void exchange(Pyramid pyramid, int level, float[] packed, boolean pack) {
        int block = 1 << 3 - level;
        int height = pyramid.height() >> 3;
        int width = pyramid.width() >> 3;
        float[][] bands = pyramid.detail()[level - 1];
        for (int c = 0; c < Pyramid.channels(level, false); c++) {
            float[] band = bands[c];
            for (int phase = 0; phase < block * block; phase++) {
                int plane = (FIRST[level - 1] + c * block * block + phase) * height * width;
                for (int y = 0; y < height; y++) {
                    int at = (y * block + phase / block) * width * block + phase % block;
                    for (int x = 0; x < width; x++, at += block) {
                        if (pack) {
                            packed[plane + y * width + x] = band[at];
                        } else {
                            band[at] += packed[plane + y * width + x];
                        }
                    }
                }
            }
        }
    }
}
