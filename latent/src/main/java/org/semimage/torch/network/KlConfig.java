// SPDX-License-Identifier: Apache-2.0
package org.semimage.torch.network;

import org.semimage.compute.tensor.Json;

import java.util.Arrays;
import java.util.Set;

/**
 * The shape of an AutoencoderKL (Rombach et al. 2022), as {@code vae/config.json} of diffusers says.
 *
 * @param channels       of each block, finest first
 * @param layers         residual blocks to a block of the encoder; the decoder has one more
 * @param latentChannels of the latents
 * @param groups         of the group normalizations
 * @param scalingFactor  what latents are multiplied by for the denoiser
 * @param shift          what is subtracted before that
 * @param quant          whether a 1x1 convolution follows the encoder
 * @param postQuant      whether one precedes the decoder
 * @param attention      whether the middle blocks attend
 */
public record KlConfig(int[] channels, int layers, int latentChannels, int groups, float scalingFactor, float shift,
                       boolean quant, boolean postQuant, boolean attention) {

    /**
     * @param source where it comes from, for messages
     * @throws IllegalArgumentException if a value is out of bounds or not supported; the message names the key
     */
    public static KlConfig parse(String source, Json json) {
        NetworkConfig c = new NetworkConfig(source, json);
        int[] channels = c.channels("block_out_channels", 64);
        c.names("down_block_types", channels.length, Set.of("DownEncoderBlock2D"), repeat("DownEncoderBlock2D", channels.length));
        c.names("up_block_types", channels.length, Set.of("UpDecoderBlock2D"), repeat("UpDecoderBlock2D", channels.length));
        c.only("silu", "act_fn");
        c.only(3.0, "in_channels", "out_channels");
        int groups = c.integer("norm_num_groups", 32, 1, NetworkConfig.MAX_CHANNELS);
        for (int n : channels) {
            if (n % groups != 0) {
                throw c.wrong("block_out_channels", "has " + n + ", which " + groups + " groups do not divide");
            }
        }
        return new KlConfig(channels, c.integer("layers_per_block", 1, 1, NetworkConfig.MAX_LAYERS),
                c.integer("latent_channels", 4, 1, 1024),
                groups, scalingFactor(source, json, 0.18215f), (float) c.number("shift_factor", 0, -1e6, 1e6),
                c.flag("use_quant_conv", true), c.flag("use_post_quant_conv", true), c.flag("mid_block_add_attention", true));
    }

    /**
     * What an autoencoder's latents are multiplied by, of whatever kind it is.
     *
     * @throws IllegalArgumentException if it is no positive number
     */
    public static float scalingFactor(String source, Json json, float fallback) {
        return (float) new NetworkConfig(source, json).number("scaling_factor", fallback, 1e-6, 1e6);
    }

    /** Pixels to a latent. */
    int stride() {
        return 1 << channels.length - 1;
    }

    private static String[] repeat(String name, int count) {
        String[] names = new String[count];
        Arrays.fill(names, name);
        return names;
    }
}
