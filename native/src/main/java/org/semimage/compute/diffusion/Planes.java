// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.diffusion;

/**
 * Planes of equal size, CHW: a picture (3 planes of RGB, 0..1) or its latents.
 *
 * @param channels number of planes
 * @param height   rows of each
 * @param width    columns of each
 * @param data     {@code data[(c * height + y) * width + x]}; not copied
 */
public record Planes(int channels, int height, int width, float[] data) {

    /**
     * Checks the size of the array, which is not copied.
     *
     * @throws IllegalArgumentException if a size is not positive or the array has another length
     */
    public Planes {
        if (channels <= 0 || height <= 0 || width <= 0 || (long) channels * height * width != data.length) {
            throw new IllegalArgumentException(channels + "x" + height + "x" + width + " planes of " + data.length + " values");
        }
    }

    /** Planes of zeros. */
    public static Planes of(int channels, int height, int width) {
        return new Planes(channels, height, width, new float[Math.multiplyExact(Math.multiplyExact(channels, height), width)]);
    }

    /**
     * Checks what a network is given.
     *
     * @param what     its name, for the message
     * @param multiple of which both sides are multiples
     * @throws IllegalArgumentException if the shape is another
     */
    public void require(String what, int wantedChannels, int multiple) {
        if (channels != wantedChannels || height % multiple != 0 || width % multiple != 0) {
            throw new IllegalArgumentException(what + " of " + channels + "x" + height + "x" + width + ": expected " + wantedChannels
                    + " channels and sides that are multiples of " + multiple);
        }
    }
}
