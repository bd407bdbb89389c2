// SPDX-License-Identifier: Apache-2.0
package org.semimage.torch.network;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.semimage.compute.diffusion.AutoEncoder;
import org.semimage.compute.diffusion.Planes;
import org.semimage.compute.tensor.NamedTensors;

import java.util.Map;

/** The autoencoder of latent diffusion (Rombach et al. 2022), AutoencoderKL of diffusers, on libtorch. */
public final class KlAutoEncoder extends TorchNetwork<KlAutoEncoder.Net> implements AutoEncoder {

    private static final double EPSILON = 1e-6;

    record Middle(Layers.Residual first, Layers.GroupNorm norm, Layers.Attention attention, Layers.Residual second) {
        Tensor apply(Tensor x) {
            Tensor h = first.apply(x, null);
            if (attention != null) {
                Tensor in = h;
                h = Layers.scoped(() -> {
                    Tensor t = Layers.tokens(norm.apply(in));
                    return Layers.planes(attention.apply(t, t, false), in.size(2), in.size(3)).add(in);
                });
            }
            return second.apply(h, null);
        }
    }

    /** Residual blocks, then a convolution that halves or doubles; null in the last block. */
    record Block(Layers.Residual[] residuals, Layers.Conv resample) {
    }

    record Half(Layers.Conv first, Block[] blocks, Middle middle, Layers.GroupNorm norm, Layers.Conv last) {
    }

    record Net(Half encoder, Layers.Conv quant, Layers.Conv postQuant, Half decoder) {
    }

    private final KlConfig config;

    /**
     * @throws IllegalArgumentException if a tensor is missing, surplus or misshapen; the message names it
     * @throws IllegalStateException    if libtorch is not there
     */
    public KlAutoEncoder(KlConfig config, NamedTensors weights, Placement placement) {
        this(config, new Weights.Loaded(checked(config, weights), placement), placement);
    }

    /**
     * An autoencoder in native memory, until it is closed.
     *
     * @throws IllegalArgumentException if a tensor is missing or misshapen; the message names it
     */
    public KlAutoEncoder(KlConfig config, Weights weights, Placement placement) {
        super(weights, placement, w -> build(config, w));
        this.config = config;
    }

    /** Names and shapes of all tensors. */
    public static Map<String, long[]> shapes(KlConfig config) {
        Weights.Shapes shapes = new Weights.Shapes();
        build(config, shapes);
        return shapes.asMap();
    }

    /**
     * The weights that a network of this configuration uses, by today's names.
     *
     * @throws IllegalArgumentException if a tensor is missing, surplus or misshapen; the message names it
     */
    public static NamedTensors checked(KlConfig config, NamedTensors weights) {
        NamedTensors named = weights.renamed(KlAutoEncoder::todaysName);
        named.require(shapes(config));
        return named;
    }

    /** Attention layers had other names before diffusers 0.15. */
    private static String todaysName(String name) {
        if (!name.contains(".attentions.")) {
            return name;
        }
        return name.replace(".query.", ".to_q.").replace(".key.", ".to_k.").replace(".value.", ".to_v.")
                .replace(".proj_attn.", ".to_out.0.");
    }

    private static Net build(KlConfig c, Weights w) {
        int n = c.channels().length;
        Block[] down = new Block[n];
        int inputs = c.channels()[0];
        Layers.Conv first = w.conv("encoder.conv_in", 3, inputs, 3);
        for (int i = 0; i < n; i++) {
            String name = "encoder.down_blocks." + i;
            Layers.Residual[] residuals = residuals(w, name, c, c.layers(), inputs, c.channels()[i]);
            inputs = c.channels()[i];
            down[i] = new Block(residuals, i == n - 1 ? null : w.conv(name + ".downsamplers.0.conv", inputs, inputs, 3, 2, 0, true));
        }
        Half encoder = new Half(first, down, middle(w, "encoder.mid_block", c, inputs),
                w.groupNorm("encoder.conv_norm_out", inputs, c.groups(), EPSILON),
                w.conv("encoder.conv_out", inputs, 2L * c.latentChannels(), 3));
        Layers.Conv quant = c.quant() ? w.conv("quant_conv", 2L * c.latentChannels(), 2L * c.latentChannels(), 1) : null;
        Layers.Conv postQuant = c.postQuant() ? w.conv("post_quant_conv", c.latentChannels(), c.latentChannels(), 1) : null;
        first = w.conv("decoder.conv_in", c.latentChannels(), inputs, 3);
        Middle middle = middle(w, "decoder.mid_block", c, inputs);
        Block[] up = new Block[n];
        for (int i = 0; i < n; i++) {
            String name = "decoder.up_blocks." + i;
            int outputs = c.channels()[n - 1 - i];
            Layers.Residual[] residuals = residuals(w, name, c, c.layers() + 1, inputs, outputs);
            inputs = outputs;
            up[i] = new Block(residuals, i == n - 1 ? null : w.conv(name + ".upsamplers.0.conv", inputs, inputs, 3));
        }
        return new Net(encoder, quant, postQuant,
                new Half(first, up, middle, w.groupNorm("decoder.conv_norm_out", inputs, c.groups(), EPSILON),
                w.conv("decoder.conv_out", inputs, 3, 3)));
    }

    private static Layers.Residual[] residuals(Weights w, String name, KlConfig c, int count, int inputs, int outputs) {
        Layers.Residual[] residuals = new Layers.Residual[count];
        for (int j = 0; j < count; j++) {
            residuals[j] = w.residual(name + ".resnets." + j, j == 0 ? inputs : outputs, outputs, 0, c.groups(), EPSILON);
        }
        return residuals;
    }

    private static Middle middle(Weights w, String name, KlConfig c, int channels) {
        Layers.Residual first = w.residual(name + ".resnets.0", channels, channels, 0, c.groups(), EPSILON);
        Layers.GroupNorm norm = c.attention() ? w.groupNorm(name + ".attentions.0.group_norm", channels, c.groups(), EPSILON) : null;
        Layers.Attention attention = c.attention() ? w.attention(name + ".attentions.0", channels, channels, 1, true) : null;
        return new Middle(first, norm, attention, w.residual(name + ".resnets.1", channels, channels, 0, c.groups(), EPSILON));
    }

    @Override
    public int channels() {
        return config.latentChannels();
    }

    @Override
    public int stride() {
        return config.stride();
    }

    @Override
    public float scalingFactor() {
        return config.scalingFactor();
    }

    @Override
    public float shift() {
        return config.shift();
    }

    @Override
    public boolean canEncode() {
        return true;
    }

    @Override
    public Planes encode(Planes rgb) {
        return encode(rgb, Layers.Tap.NONE);
    }

    Planes encode(Planes rgb, Layers.Tap tap) {
        rgb.require("a picture", 3, stride());
        return call(() -> {
            Tensor x = Layers.affine(Layers.tensor(rgb.data(), placement, 1, 3, rgb.height(), rgb.width()), 2, -1);
            x = Layers.chain(layers.encoder.first.apply(x), layers.encoder.blocks, KlAutoEncoder::down, tap, "encoder.down_blocks.");
            x = layers.encoder.middle.apply(x);
            tap.at("encoder.mid_block", x);
            x = layers.encoder.last.apply(Layers.silu(layers.encoder.norm.apply(x)));
            if (layers.quant != null) {
                x = layers.quant.apply(x);
            }
            Tensor mean = x.narrow(1, 0, channels()).contiguous();
            mean = Layers.affine(mean, scalingFactor(), -shift() * (double) scalingFactor());
            return new Planes(channels(), rgb.height() / stride(), rgb.width() / stride(), Layers.floats(mean));
        });
    }

    private static Tensor down(Block block, Tensor in) {
        return Layers.scoped(() -> {
            Tensor x = residuals(block, in);
            return block.resample == null ? x : block.resample.apply(torch.constant_pad_nd(x, 0, 1, 0, 1));
        });
    }

    private static Tensor up(Block block, Tensor in) {
        return Layers.scoped(() -> {
            Tensor x = residuals(block, in);
            return block.resample == null ? x : block.resample.apply(Layers.doubled(x));
        });
    }

    private static Tensor residuals(Block block, Tensor in) {
        return Layers.chain(in, block.residuals, (residual, x) -> residual.apply(x, null), Layers.Tap.NONE, "");
    }

    @Override
    public Planes decode(Planes latents) {
        return decode(latents, Layers.Tap.NONE);
    }

    Planes decode(Planes latents, Layers.Tap tap) {
        latents.require("latents", channels(), 1);
        return call(() -> {
            Tensor x = Layers.tensor(latents.data(), placement, 1, channels(), latents.height(), latents.width());
            x = Layers.affine(x, 1 / (double) scalingFactor(), shift());
            if (layers.postQuant != null) {
                x = layers.postQuant.apply(x);
            }
            x = layers.decoder.middle.apply(layers.decoder.first.apply(x));
            tap.at("decoder.mid_block", x);
            x = Layers.chain(x, layers.decoder.blocks, KlAutoEncoder::up, tap, "decoder.up_blocks.");
            x = layers.decoder.last.apply(Layers.silu(layers.decoder.norm.apply(x)));
            return new Planes(3, latents.height() * stride(), latents.width() * stride(), Layers.floats(Layers.affine(x, 0.5, 0.5)));
        });
    }
}
