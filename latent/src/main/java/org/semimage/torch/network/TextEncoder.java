// SPDX-License-Identifier: Apache-2.0
package org.semimage.torch.network;

import org.semimage.compute.diffusion.Denoiser;
import org.semimage.compute.diffusion.TextEmbedding;

/** Turns tokens into the embedding that a {@link Denoiser} is conditioned on. Implementations are safe for use by many threads. */
public interface TextEncoder extends AutoCloseable {

    /** Tokens that a text is padded or cut to, 77 for CLIP. */
    int maxTokens();

    /** Features of each token's embedding. */
    int features();

    /**
     * Encodes tokens.
     *
     * @param tokens at least one and at most {@link #maxTokens} token ids, with start, end and padding
     * @throws IllegalArgumentException if there are too many, or an id is outside the vocabulary
     */
    TextEmbedding encode(int[] tokens);

    /** Frees native memory; must not be used afterwards. */
    @Override
    void close();
}
