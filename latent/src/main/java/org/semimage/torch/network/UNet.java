// SPDX-License-Identifier: Apache-2.0
package org.semimage.torch.network;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.semimage.compute.diffusion.Denoiser;
import org.semimage.compute.diffusion.Planes;
import org.semimage.compute.diffusion.TextEmbedding;
import org.semimage.compute.tensor.NamedTensors;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;

/** The denoiser of Stable Diffusion (Rombach et al. 2022), UNet2DConditionModel of diffusers, on libtorch. */
public final class UNet extends TorchNetwork<UNet.Net> implements Denoiser {

    private static final double ATTENTION_EPSILON = 1e-6;
    private static final double LAYER_EPSILON = 1e-5;
    private static final double MAX_PERIOD = 10000;

    /** Self-attention, attention to the text, a gated feed-forward network (GEGLU, Shazeer 2020); each after a norm, each added. */
    record Transformer(Layers.LayerNorm norm1, Layers.Attention self, Layers.LayerNorm norm2, Layers.Attention cross,
                       Layers.LayerNorm norm3, Layers.Linear gated, Layers.Linear out) {
        Tensor apply(Tensor in, Tensor text) {
            return Layers.scoped(() -> {
                Tensor normed = norm1.apply(in);
                Tensor x = Layers.add(self.apply(normed, normed, false), in);
                Layers.add(x, cross.apply(norm2.apply(x), text, false));
                Tensor both = gated.apply(norm3.apply(x));
                long half = both.size(2) / 2;
                Tensor value = both.narrow(2, 0, half).mul(torch.gelu(both.narrow(2, half, half)));
                return Layers.add(x, out.apply(value));
            });
        }
    }

    /** Transformers over the positions of an image. One of {@code convIn}, {@code linearIn} is null, and so is its counterpart. */
    record Attending(Layers.GroupNorm norm, Layers.Conv convIn, Layers.Linear linearIn, Transformer[] transformers, Layers.Conv convOut,
                     Layers.Linear linearOut) {
        Tensor apply(Tensor in, Tensor text) {
            return Layers.scoped(() -> {
                Tensor x = norm.apply(in);
                x = convIn != null ? Layers.tokens(convIn.apply(x)) : linearIn.apply(Layers.tokens(x));
                x = Layers.chain(x, transformers, (t, y) -> t.apply(y, text), Layers.Tap.NONE, "");
                x = convOut != null ? convOut.apply(Layers.planes(x, in.size(2), in.size(3)))
                        : Layers.planes(linearOut.apply(x), in.size(2), in.size(3));
                return x.add(in);
            });
        }
    }

    /** A residual block and, if not null, what attends after it. */
    record Layer(Layers.Residual residual, Attending attending) {
        Tensor apply(Tensor in, Tensor timestep, Tensor text) {
            Tensor x = residual.apply(in, timestep);
            return attending == null ? x : attending.apply(x, text);
        }
    }

    /** Layers, then a convolution that halves or doubles; null in the last block. */
    record Block(Layer[] layers, Layers.Conv resample) {
    }

    record Net(Layers.Conv first, Layers.Linear time1, Layers.Linear time2, Block[] down, Layer middle, Layers.Residual middleEnd,
               Block[] up, Layers.GroupNorm norm, Layers.Conv last) {
    }

    private final UNetConfig config;

    /**
     * @throws IllegalArgumentException if a tensor is missing, surplus or misshapen; the message names it
     * @throws IllegalStateException    if libtorch is not there
     */
    public UNet(UNetConfig config, NamedTensors weights, Placement placement) {
        this(config, new Weights.Loaded(checked(config, weights), placement), placement);
    }

    /**
     * A denoiser in native memory, until it is closed.
     *
     * @throws IllegalArgumentException if a tensor is missing or misshapen; the message names it
     */
    public UNet(UNetConfig config, Weights weights, Placement placement) {
        super(weights, placement, w -> build(config, w));
        this.config = config;
    }

    /**
     * The weights that a network of this configuration uses, by today's names.
     *
     * @throws IllegalArgumentException if a tensor is missing, surplus or misshapen; the message names it
     */
    public static NamedTensors checked(UNetConfig config, NamedTensors weights) {
        weights.require(shapes(config));
        return weights;
    }

    /** Names and shapes of all tensors. */
    public static Map<String, long[]> shapes(UNetConfig config) {
        Weights.Shapes shapes = new Weights.Shapes();
        build(config, shapes);
        return shapes.asMap();
    }

    private static Net build(UNetConfig c, Weights w) {
        int n = c.channels().length;
        int first = c.channels()[0];
        Layers.Conv convIn = w.conv("conv_in", c.latentChannels(), first, 3);
        Layers.Linear time1 = w.linear("time_embedding.linear_1", first, 4L * first, true);
        Layers.Linear time2 = w.linear("time_embedding.linear_2", 4L * first, 4L * first, true);
        Deque<Integer> skipped = new ArrayDeque<>();
        skipped.push(first);
        Block[] down = new Block[n];
        int inputs = first;
        for (int i = 0; i < n; i++) {
            int outputs = c.channels()[i];
            Layer[] layers = new Layer[c.layers()[i]];
            for (int j = 0; j < layers.length; j++) {
                layers[j] = layer(w, "down_blocks." + i, j, c, inputs, outputs, i, c.downAttention()[i]);
                inputs = outputs;
                skipped.push(outputs);
            }
            down[i] = new Block(layers, i == n - 1 ? null
                    : w.conv("down_blocks." + i + ".downsamplers.0.conv", outputs, outputs, 3, 2, 1, true));
            if (i < n - 1) {
                skipped.push(outputs);
            }
        }
        Layer middle = c.mid() ? layer(w, "mid_block", 0, c, inputs, inputs, n - 1, true) : null;
        Layers.Residual middleEnd = c.mid() ? residual(w, "mid_block", 1, c, inputs, inputs) : null;
        Block[] up = new Block[n];
        for (int i = 0; i < n; i++) {
            int level = n - 1 - i;
            int outputs = c.channels()[level];
            Layer[] layers = new Layer[c.layers()[level] + 1];
            for (int j = 0; j < layers.length; j++) {
                layers[j] = layer(w, "up_blocks." + i, j, c, inputs + skipped.pop(), outputs, level, c.upAttention()[i]);
                inputs = outputs;
            }
            up[i] = new Block(layers, i == n - 1 ? null : w.conv("up_blocks." + i + ".upsamplers.0.conv", outputs, outputs, 3));
        }
        return new Net(convIn, time1, time2, down, middle, middleEnd, up, w.groupNorm("conv_norm_out", first, c.groups(), c.epsilon()),
                w.conv("conv_out", first, c.latentChannels(), 3));
    }

    private static Layer layer(Weights w, String block, int j, UNetConfig c, int inputs, int outputs, int level, boolean attends) {
        Layers.Residual residual = residual(w, block, j, c, inputs, outputs);
        return new Layer(residual, attends ? attending(w, block + ".attentions." + j, c, outputs, level) : null);
    }

    private static Layers.Residual residual(Weights w, String block, int j, UNetConfig c, int inputs, int outputs) {
        return w.residual(block + ".resnets." + j, inputs, outputs, 4L * c.channels()[0], c.groups(), c.epsilon());
    }

    private static Attending attending(Weights w, String name, UNetConfig c, int features, int level) {
        Transformer[] transformers = new Transformer[c.transformers()[level]];
        Layers.GroupNorm norm = w.groupNorm(name + ".norm", features, c.groups(), ATTENTION_EPSILON);
        boolean linear = c.linearProjection();
        Layers.Conv convIn = linear ? null : w.conv(name + ".proj_in", features, features, 1);
        Layers.Linear linearIn = linear ? w.linear(name + ".proj_in", features, features, true) : null;
        for (int k = 0; k < transformers.length; k++) {
            String t = name + ".transformer_blocks." + k;
            int heads = c.heads()[level];
            transformers[k] = new Transformer(w.layerNorm(t + ".norm1", features, LAYER_EPSILON),
                    w.attention(t + ".attn1", features, features, heads, false),
                    w.layerNorm(t + ".norm2", features, LAYER_EPSILON), w.attention(t + ".attn2", features, c.textFeatures(), heads, false),
                    w.layerNorm(t + ".norm3", features, LAYER_EPSILON), w.linear(t + ".ff.net.0.proj", features, 8L * features, true),
                    w.linear(t + ".ff.net.2", 4L * features, features, true));
        }
        return new Attending(norm, convIn, linearIn, transformers, linear ? null : w.conv(name + ".proj_out", features, features, 1),
                linear ? w.linear(name + ".proj_out", features, features, true) : null);
    }

    @Override
    public int channels() {
        return config.latentChannels();
    }

    @Override
    public int multiple() {
        return 1 << config.channels().length - 1;
    }

    @Override
    public int textFeatures() {
        return config.textFeatures();
    }

    @Override
    public Planes predict(Planes latents, float timestep, TextEmbedding text) {
        return predict(latents, timestep, text, Layers.Tap.NONE);
    }

    Planes predict(Planes latents, float timestep, TextEmbedding text, Layers.Tap tap) {
        latents.require("latents", channels(), multiple());
        if (text.features() != textFeatures()) {
            throw new IllegalArgumentException("text of " + text.features() + " features a token: expected " + textFeatures());
        }
        return call(() -> {
            Tensor context = Layers.tensor(text.data(), placement, 1, text.tokens(), text.features());
            Tensor time = Layers.scoped(() -> {
                float[] waves = waves(timestep);
                Tensor embedding = Layers.tensor(waves, placement, 1, waves.length);
                return Layers.silu(layers.time2.apply(Layers.silu(layers.time1.apply(embedding))));
            });
            Tensor x = layers.first.apply(Layers.tensor(latents.data(), placement, 1, channels(), latents.height(), latents.width()));
            Deque<Tensor> skipped = new ArrayDeque<>();
            skipped.push(x);
            for (int i = 0; i < layers.down.length; i++) {
                for (Layer layer : layers.down[i].layers) {
                    Tensor in = x;
                    x = Layers.scoped(() -> layer.apply(in, time, context));
                    skipped.push(x);
                }
                if (layers.down[i].resample != null) {
                    x = layers.down[i].resample.apply(x);
                    skipped.push(x);
                }
                tap.at("down_blocks." + i, x);
            }
            if (layers.middle != null) {
                Tensor in = x;
                x = Layers.scoped(() -> layers.middleEnd.apply(layers.middle.apply(in, time, context), time));
                tap.at("mid_block", x);
            }
            for (int i = 0; i < layers.up.length; i++) {
                Block block = layers.up[i];
                Tensor in = x;
                x = Layers.scoped(() -> up(block, in, skipped, time, context));
                tap.at("up_blocks." + i, x);
            }
            x = layers.last.apply(Layers.silu(layers.norm.apply(x)));
            return new Planes(channels(), latents.height(), latents.width(), Layers.floats(x));
        });
    }

    private static Tensor up(Block block, Tensor in, Deque<Tensor> skipped, Tensor time, Tensor context) {
        Tensor x = in;
        for (Layer layer : block.layers) {
            Tensor joined = Layers.concat(x, skipped.pop());
            x = Layers.scoped(() -> layer.apply(joined, time, context));
        }
        return block.resample == null ? x : block.resample.apply(Layers.doubled(x));
    }

    /** Sines and cosines of the timestep (Vaswani et al. 2017, in the order of the configuration). */
    private float[] waves(float timestep) {
        int half = config.channels()[0] / 2;
        float[] waves = new float[2 * half];
        for (int i = 0; i < half; i++) {
            double angle = timestep * Math.exp(-Math.log(MAX_PERIOD) * i / (half - config.frequencyShift()));
            waves[config.cosineFirst() ? half + i : i] = (float) Math.sin(angle);
            waves[config.cosineFirst() ? i : half + i] = (float) Math.cos(angle);
        }
        return waves;
    }
}
