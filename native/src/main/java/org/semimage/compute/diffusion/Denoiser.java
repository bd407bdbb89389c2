// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.diffusion;

/**
 * Predicts what a diffusion step needs: noise, sample or velocity, as {@link NoiseSchedule#prediction} says. Implementations are safe for
 * use by many threads.
 */
public interface Denoiser extends AutoCloseable {

    /** Channels of the latents. */
    int channels();

    /** Height and width of latents are to be multiples of this: the network halves them so often. */
    int multiple();

    /** Features of each token of the text embedding. */
    int textFeatures();

    /**
     * One evaluation of the network.
     *
     * @param latents  noisy latents in the autoencoder's units, already scaled for the network's input (DDIM needs no scaling)
     * @param timestep 0 to {@link NoiseSchedule#steps} - 1, may lie between whole steps
     * @param text     what the picture shows
     * @return the prediction, shaped as the latents
     * @throws IllegalArgumentException if a shape does not fit
     */
    Planes predict(Planes latents, float timestep, TextEmbedding text);

    /** Frees native memory; must not be used afterwards. */
    @Override
    void close();
}
