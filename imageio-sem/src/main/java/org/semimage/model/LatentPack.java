// SPDX-License-Identifier: Apache-2.0
package org.semimage.model;

import org.semimage.compute.diffusion.AutoEncoder;
import org.semimage.compute.diffusion.Denoiser;
import org.semimage.compute.diffusion.NoiseSchedule;
import org.semimage.compute.diffusion.TextEmbedding;
import org.semimage.container.ModelRef;

import javax.imageio.IIOException;

/**
 * A pack of latent diffusion networks: an autoencoder, and perhaps a denoiser with its text encoder.
 *
 * <p>Networks are loaded on first use and freed by {@link #close}. Safe for use by many threads.
 */
public interface LatentPack extends AutoCloseable {

    /** The pack's name, for messages and the command line. */
    String id();

    /**
     * How a picture's header names the pack: by its manifest's digest. Without a manifest, all files are read for it.
     *
     * @throws IIOException if they cannot be read
     */
    ModelRef ref() throws IIOException;

    /**
     * The autoencoder, which every pack has.
     *
     * @throws IIOException if it cannot be loaded; the message names the file or tensor
     */
    AutoEncoder autoEncoder() throws IIOException;

    /** Whether {@link #denoiser}, {@link #schedule} and {@link #embed} are there. */
    boolean hasDenoiser();

    /**
     * The denoiser, loaded on first use.
     *
     * @throws IIOException if there is none, or it cannot be loaded; the message says why
     */
    Denoiser denoiser() throws IIOException;

    /**
     * The schedule of the denoiser's timesteps.
     *
     * @throws IIOException if there is none, or it cannot be read; the message says why
     */
    NoiseSchedule schedule() throws IIOException;

    /**
     * Tokenizes and encodes a text, cut to what the text encoder takes.
     *
     * @param text a caption, or the empty string for what classifier-free guidance leads away from
     * @throws IIOException if there is no text encoder or tokenizer, or it cannot be loaded; the message says why
     */
    TextEmbedding embed(String text) throws IIOException;

    /** Frees the networks; the pack must not be used afterwards. */
    @Override
    void close();
}
