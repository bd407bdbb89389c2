// SPDX-License-Identifier: Apache-2.0
package org.semimage.torch.network;

import org.semimage.compute.tensor.Json;

/**
 * The shape of a CLIP text model (Radford et al. 2021), as {@code text_encoder/config.json} says.
 *
 * @param vocabulary   number of tokens
 * @param maxTokens    length of a text, padding included
 * @param features     of each token
 * @param intermediate features between the two layers of each feed-forward network
 * @param layers       number of transformer layers
 * @param heads        attention heads of each
 * @param quickGelu    whether the activation is {@code x * sigmoid(1.702 x)}; otherwise it is the exact GELU
 * @param epsilon      of the layer normalizations
 */
public record ClipConfig(int vocabulary, int maxTokens, int features, int intermediate, int layers, int heads,
        boolean quickGelu, double epsilon) {

    /**
     * @param source where it comes from, for messages
     * @throws IllegalArgumentException if a value is out of bounds or not supported; the message names the key
     */
    public static ClipConfig parse(String source, Json json) {
        NetworkConfig c = new NetworkConfig(source, json);
        String type = c.text("model_type", "clip_text_model");
        if (!type.equals("clip_text_model")) {
            throw c.wrong("model_type", "is '" + type + "', expected 'clip_text_model'");
        }
        String activation = c.text("hidden_act", "quick_gelu");
        if (!activation.equals("quick_gelu") && !activation.equals("gelu")) {
            throw c.wrong("hidden_act", "is '" + activation + "', expected 'quick_gelu' or 'gelu'");
        }
        int features = c.integer("hidden_size", 512, 1, NetworkConfig.MAX_CHANNELS);
        int heads = c.integer("num_attention_heads", 8, 1, NetworkConfig.MAX_CHANNELS);
        if (features % heads != 0) {
            throw c.wrong("hidden_size", "is " + features + ", which " + heads + " heads do not divide");
        }
        return new ClipConfig(c.integer("vocab_size", 49408, 1, NetworkConfig.MAX_SIZE), c.integer("max_position_embeddings", 77, 2, 4096),
                features, c.integer("intermediate_size", 2048, 1, 4 * NetworkConfig.MAX_CHANNELS),
                c.integer("num_hidden_layers", 12, 1, NetworkConfig.MAX_LAYERS), heads, activation.equals("quick_gelu"),
                c.number("layer_norm_eps", 1e-5, 0, 1));
    }
}
