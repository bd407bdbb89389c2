// SPDX-License-Identifier: Apache-2.0
package org.semimage.torch.network;

import org.semimage.compute.tensor.Json;

import java.util.Set;

/**
 * The shape of a UNet2DConditionModel of Stable Diffusion 1.x and 2.x, as {@code unet/config.json} of diffusers says.
 *
 * @param latentChannels   of input and output
 * @param channels         of each block, finest first
 * @param layers           residual blocks to each block on the way down; one more on the way up
 * @param downAttention    which blocks on the way down attend
 * @param upAttention      which blocks on the way up attend, coarsest first
 * @param mid              whether there is a middle block
 * @param heads            attention heads of each block (diffusers calls the key attention_head_dim)
 * @param transformers     transformer blocks to each attention
 * @param textFeatures     features of a token of the text embedding
 * @param groups           of the group normalizations
 * @param epsilon          of the group normalizations of residual blocks
 * @param linearProjection whether attention is projected by linear layers, not 1x1 convolutions
 * @param cosineFirst      whether the timestep's cosines come before its sines
 * @param frequencyShift   subtracted from the number of frequencies
 */
public record UNetConfig(int latentChannels, int[] channels, int[] layers, boolean[] downAttention, boolean[] upAttention, boolean mid,
                         int[] heads, int[] transformers, int textFeatures, int groups, double epsilon, boolean linearProjection,
                         boolean cosineFirst, double frequencyShift) {

    private static final String DOWN = "DownBlock2D";
    private static final String DOWN_ATTENDING = "CrossAttnDownBlock2D";
    private static final String UP = "UpBlock2D";
    private static final String UP_ATTENDING = "CrossAttnUpBlock2D";
    private static final String MID = "UNetMidBlock2DCrossAttn";

    /**
     * @param source where it comes from, for messages
     * @throws IllegalArgumentException if a value is out of bounds or not supported; the message names the key
     */
    public static UNetConfig parse(String source, Json json) {
        NetworkConfig c = new NetworkConfig(source, json);
        int[] channels = c.channels("block_out_channels", 320, 640, 1280, 1280);
        int n = channels.length;
        c.only(null, "class_embed_type", "addition_embed_type", "encoder_hid_dim", "encoder_hid_dim_type", "num_class_embeds",
                "time_embedding_dim", "time_embedding_act_fn", "timestep_post_act", "time_cond_proj_dim", "num_attention_heads",
                "cross_attention_norm", "reverse_transformer_layers_per_block");
        c.only(false, "dual_cross_attention", "only_cross_attention", "center_input_sample", "resnet_skip_time_act",
                "class_embeddings_concat", "mid_block_only_cross_attention");
        c.only("silu", "act_fn");
        c.only("default", "resnet_time_scale_shift", "attention_type");
        c.only("positional", "time_embedding_type");
        c.only(3.0, "conv_in_kernel", "conv_out_kernel");
        c.only(1.0, "downsample_padding", "mid_block_scale_factor", "resnet_out_scale_factor");
        boolean[] down = attending(c.names("down_block_types", n, Set.of(DOWN, DOWN_ATTENDING),
                DOWN_ATTENDING, DOWN_ATTENDING, DOWN_ATTENDING, DOWN), DOWN_ATTENDING);
        boolean[] up = attending(c.names("up_block_types", n, Set.of(UP, UP_ATTENDING), UP, UP_ATTENDING, UP_ATTENDING, UP_ATTENDING),
                UP_ATTENDING);
        boolean mid = json.find("mid_block_type").isEmpty() || c.has("mid_block_type");
        c.only(MID, "mid_block_type");
        int groups = c.integer("norm_num_groups", 32, 1, NetworkConfig.MAX_CHANNELS);
        int[] heads = c.perBlock("attention_head_dim", 8, n, 1, NetworkConfig.MAX_CHANNELS);
        for (int i = 0; i < n; i++) {
            boolean attends = down[i] || up[n - 1 - i] || mid && i == n - 1;
            if (channels[i] % groups != 0 || attends && channels[i] % heads[i] != 0 || channels[0] % 2 != 0) {
                throw c.wrong("block_out_channels", "has " + channels[i] + " channels, which " + groups + " groups or " + heads[i]
                        + " heads do not divide, or an odd number first");
            }
        }
        int inputs = c.integer("in_channels", 4, 1, 1024);
        if (c.integer("out_channels", 4, 1, 1024) != inputs) {
            throw c.wrong("out_channels", "differs from in_channels, which is for inpainting and the like");
        }
        return new UNetConfig(inputs, channels, c.perBlock("layers_per_block", 2, n, 1, NetworkConfig.MAX_LAYERS), down, up, mid, heads,
                c.perBlock("transformer_layers_per_block", 1, n, 1, NetworkConfig.MAX_LAYERS),
                c.integer("cross_attention_dim", 1280, 1, NetworkConfig.MAX_CHANNELS), groups, c.number("norm_eps", 1e-5, 0, 1),
                c.flag("use_linear_projection", false), c.flag("flip_sin_to_cos", true), c.number("freq_shift", 0, 0, 1));
    }

    private static boolean[] attending(String[] types, String attending) {
        boolean[] attend = new boolean[types.length];
        for (int i = 0; i < attend.length; i++) {
            attend[i] = types[i].equals(attending);
        }
        return attend;
    }
}
