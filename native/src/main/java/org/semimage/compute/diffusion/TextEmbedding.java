// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.diffusion;

/**
 * A text as a denoiser sees it.
 *
 * @param tokens   number of tokens, padding included
 * @param features of each token
 * @param data     {@code data[token * features + feature]}; not copied
 */
public record TextEmbedding(int tokens, int features, float[] data) {

    /**
     * Checks the size of the array, which is not copied.
     *
     * @throws IllegalArgumentException if a size is not positive or the array has another length
     */
    public TextEmbedding {
        if (tokens <= 0 || features <= 0 || (long) tokens * features != data.length) {
            throw new IllegalArgumentException(tokens + "x" + features + " embedding of " + data.length + " values");
        }
    }
}
