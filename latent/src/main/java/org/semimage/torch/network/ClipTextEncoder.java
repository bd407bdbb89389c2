// SPDX-License-Identifier: Apache-2.0
package org.semimage.torch.network;

import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.bytedeco.pytorch.global.torch;
import org.semimage.compute.diffusion.TextEmbedding;
import org.semimage.compute.tensor.NamedTensors;

import java.util.Map;

/** The text model of CLIP (Radford et al. 2021), on libtorch: its last hidden state after the final norm. */
public final class ClipTextEncoder extends TorchNetwork<ClipTextEncoder.Net> implements TextEncoder {

    /** A table of positions that old files hold beside the weights. */
    private static final String POSITION_IDS = "text_model.embeddings.position_ids";

    record Layer(Layers.LayerNorm norm1, Layers.Attention attention, Layers.LayerNorm norm2, Layers.Linear fc1, Layers.Linear fc2) {
        Tensor apply(Tensor in, boolean quickGelu) {
            return Layers.scoped(() -> {
                Tensor normed = norm1.apply(in);
                Tensor x = Layers.add(attention.apply(normed, normed, true), in);
                Tensor h = fc1.apply(norm2.apply(x));
                h = quickGelu ? h.mul(torch.sigmoid(h.mul(new Scalar(1.702)))) : torch.gelu(h);
                return Layers.add(x, fc2.apply(h));
            });
        }
    }

    record Net(Tensor tokens, Tensor positions, Layer[] layers, Layers.LayerNorm norm) {
    }

    private final ClipConfig config;

    /**
     * @throws IllegalArgumentException if a tensor is missing, surplus or misshapen; the message names it
     * @throws IllegalStateException    if libtorch is not there
     */
    public ClipTextEncoder(ClipConfig config, NamedTensors weights, Placement placement) {
        this(config, new Weights.Loaded(checked(config, weights), placement), placement);
    }

    /**
     * A text encoder in native memory, until it is closed.
     *
     * @throws IllegalArgumentException if a tensor is missing or misshapen; the message names it
     */
    public ClipTextEncoder(ClipConfig config, Weights weights, Placement placement) {
        super(weights, placement, w -> build(config, w));
        this.config = config;
    }

    /**
     * The weights that a network of this configuration uses, by today's names.
     *
     * @throws IllegalArgumentException if a tensor is missing, surplus or misshapen; the message names it
     */
    public static NamedTensors checked(ClipConfig config, NamedTensors weights) {
        NamedTensors used = weights.without(POSITION_IDS);
        used.require(shapes(config));
        return used;
    }

    /** Names and shapes of all tensors. */
    public static Map<String, long[]> shapes(ClipConfig config) {
        Weights.Shapes shapes = new Weights.Shapes();
        build(config, shapes);
        return shapes.asMap();
    }

    private static Net build(ClipConfig c, Weights w) {
        String root = "text_model.";
        Tensor tokens = w.get(root + "embeddings.token_embedding.weight", c.vocabulary(), c.features());
        Tensor positions = w.get(root + "embeddings.position_embedding.weight", c.maxTokens(), c.features());
        Layer[] layers = new Layer[c.layers()];
        int n = c.features();
        for (int i = 0; i < layers.length; i++) {
            String name = root + "encoder.layers." + i;
            String attention = name + ".self_attn.";
            layers[i] = new Layer(w.layerNorm(name + ".layer_norm1", n, c.epsilon()),
                    new Layers.Attention(w.linear(attention + "q_proj", n, n, true), w.linear(attention + "k_proj", n, n, true),
                            w.linear(attention + "v_proj", n, n, true), w.linear(attention + "out_proj", n, n, true), c.heads()),
                    w.layerNorm(name + ".layer_norm2", n, c.epsilon()), w.linear(name + ".mlp.fc1", n, c.intermediate(), true),
                    w.linear(name + ".mlp.fc2", c.intermediate(), n, true));
        }
        return new Net(tokens, positions, layers, w.layerNorm(root + "final_layer_norm", n, c.epsilon()));
    }

    @Override
    public int maxTokens() {
        return config.maxTokens();
    }

    @Override
    public int features() {
        return config.features();
    }

    @Override
    public TextEmbedding encode(int[] tokens) {
        return encode(tokens, Layers.Tap.NONE);
    }

    TextEmbedding encode(int[] tokens, Layers.Tap tap) {
        if (tokens.length == 0 || tokens.length > maxTokens()) {
            throw new IllegalArgumentException(tokens.length + " tokens, expected 1 to " + maxTokens());
        }
        for (int token : tokens) {
            if (token < 0 || token >= config.vocabulary()) {
                throw new IllegalArgumentException("token " + token + " in a vocabulary of " + config.vocabulary());
            }
        }
        return call(() -> {
            Tensor ids = torch.from_blob(new IntPointer(tokens), new long[] {1, tokens.length}, new TensorOptions(ScalarType.Int))
                    .to(new Device(placement.device()), ScalarType.Int, false, true, new MemoryFormatOptional());
            Tensor x = Layers.add(torch.embedding(layers.tokens, ids), layers.positions.narrow(0, 0, tokens.length));
            x = Layers.chain(x, layers.layers, (layer, y) -> layer.apply(y, config.quickGelu()), tap, "layers.");
            return new TextEmbedding(tokens.length, features(), Layers.floats(layers.norm.apply(x)));
        });
    }
}
