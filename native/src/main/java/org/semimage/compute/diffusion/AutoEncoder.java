// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.diffusion;

/**
 * Turns pictures into latents and back.
 *
 * <p>Latents are in the denoiser's units, that is, scaled and shifted as the pack's configuration says, with a standard deviation near 1.
 * Implementations are safe for use by many threads.
 */
public interface AutoEncoder extends AutoCloseable {

    /** Channels of the latents. */
    int channels();

    /** Pixels to a latent, in each direction. */
    int stride();

    /** What the network's own latents are multiplied by, after {@link #shift} is subtracted; 1 if it has no such factor. */
    float scalingFactor();

    /** What is subtracted from the network's own latents; 0 for most. */
    float shift();

    /** Whether {@link #encode} works; packs may hold a decoder alone. */
    boolean canEncode();

    /**
     * Encodes a picture to the mean of its latents; nothing is drawn at random.
     *
     * @param rgb 3 planes, 0..1; height and width multiples of {@link #stride}
     * @return {@link #channels} planes of height / stride x width / stride
     * @throws IllegalArgumentException      if the shape does not fit
     * @throws UnsupportedOperationException if the pack has no encoder
     */
    Planes encode(Planes rgb);

    /**
     * Decodes latents.
     *
     * @param latents {@link #channels} planes of any size
     * @return 3 planes of height * stride x width * stride, nominally 0..1, not clipped
     * @throws IllegalArgumentException if the shape does not fit
     */
    Planes decode(Planes latents);

    /** Frees native memory; must not be used afterwards. */
    @Override
    void close();
}
