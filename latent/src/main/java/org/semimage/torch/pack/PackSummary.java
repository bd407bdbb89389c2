// SPDX-License-Identifier: Apache-2.0
package org.semimage.torch.pack;

import java.util.List;
import java.util.Optional;

/**
 * What a pack of latent networks holds.
 *
 * @param networks  each with its size
 * @param schedule  timesteps and prediction of the denoiser's schedule, for people
 * @param tokenizer whether there is one
 */
public record PackSummary(List<Network> networks, Optional<String> schedule, boolean tokenizer) {

    /**
     * A network.
     *
     * @param kind       its class in diffusers, or which half of a tiny autoencoder
     * @param parameters numbers in all its tensors
     * @param types      their element types
     */
    public record Network(String kind, long parameters, String types) {
    }
}
