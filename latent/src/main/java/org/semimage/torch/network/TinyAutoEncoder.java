// SPDX-License-Identifier: Apache-2.0
package org.semimage.torch.network;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.semimage.compute.diffusion.AutoEncoder;
import org.semimage.compute.diffusion.Planes;
import org.semimage.compute.tensor.NamedTensors;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The tiny autoencoders of Ollin Boer Bohan's TAESD family, on libtorch: convolutions and residual blocks in a row, named by their place
 * in it.
 *
 * <p>Names and shapes alone tell the layout: latent channels, stride, number of blocks, and which blocks have a branch of global context.
 */
public final class TinyAutoEncoder implements AutoEncoder {

    private static final int MAX_POSITIONS = 256;
    private static final int CONTEXT_GROUPS = 4;
    private static final double CONTEXT_EPSILON = 1e-5;
    private static final double CLAMP = 3;

    /** 1x1 to four times the channels, norm, ReLU, 1x1 back. */
    record Context(Layers.Conv widen, Layers.GroupNorm norm, Layers.Conv narrow) {
        Tensor apply(Tensor x) {
            return narrow.apply(Layers.relu(norm.apply(widen.apply(x))));
        }
    }

    /** One stop of the row. */
    interface Stop {
        Tensor apply(Tensor x);
    }

    /** conv-ReLU-conv-ReLU-conv plus its input, then ReLU; with context, that is added to the input first. */
    record Block(Context context, Layers.Conv conv0, Layers.Conv conv2, Layers.Conv conv4) implements Stop {
        @Override
        public Tensor apply(Tensor in) {
            return Layers.scoped(() -> {
                Tensor x = context == null ? in : Layers.add(context.apply(in), in);
                Tensor h = Layers.scoped(() -> Layers.relu(conv2.apply(Layers.relu(conv0.apply(x)))));
                return Layers.relu(Layers.add(conv4.apply(h), x));
            });
        }
    }

    /** A convolution, after twofold enlargement or before ReLU if so said. */
    record Resampling(boolean enlarge, Layers.Conv conv, boolean relu) implements Stop {
        @Override
        public Tensor apply(Tensor in) {
            return Layers.scoped(() -> {
                Tensor y = conv.apply(enlarge ? Layers.doubled(in) : in);
                return relu ? Layers.relu(y) : y;
            });
        }
    }

    /** The row of one half. */
    static final class Row extends TorchNetwork<Stop[]> {

        private final int latentChannels;
        private final int stride;

        Row(Layout layout, Weights weights, Placement placement) {
            super(weights, placement, w -> build(layout, w));
            latentChannels = layout.latentChannels;
            stride = layout.stride;
        }
    }

    /**
     * What the names tell.
     *
     * @param stops one letter for each: c first or last convolution, s a convolution of stride 2, u one after enlargement, b a block, p a
     *              block with context
     * @param names of each stop's tensors
     */
    record Layout(boolean encoder, String stops, List<String> names, int width, int latentChannels, int stride) {
    }

    private final Optional<Row> encoder;
    private final Row decoder;
    private final float scalingFactor;

    /**
     * @param encoder       names as {@code 0.weight}, or {@code encoder.layers.0.weight} as diffusers has them; empty for a pack that
     *                      only decodes
     * @param decoder       names as {@code 1.weight}, or {@code decoder.layers.0.weight}
     * @param scalingFactor what latents are multiplied by for the denoiser, 1 for all published ones
     * @throws IllegalArgumentException if a tensor is missing, surplus or misshapen, the message names it; or if the halves do not fit
     *     each other
     * @throws IllegalStateException    if libtorch is not there
     */
    public TinyAutoEncoder(Optional<NamedTensors> encoder, NamedTensors decoder, float scalingFactor, Placement placement) {
        check(encoder, decoder);
        this.scalingFactor = scalingFactor;
        this.decoder = new Row(layout(decoder, false), new Weights.Loaded(decoder, placement), placement);
        try {
            this.encoder = encoder.map(e -> new Row(layout(e, true), new Weights.Loaded(e, placement), placement));
        } catch (RuntimeException e) {
            this.decoder.close();
            throw e;
        }
    }

    /**
     * Checks that these are the weights of a tiny autoencoder.
     *
     * @throws IllegalArgumentException as the constructor does
     */
    public static void check(Optional<NamedTensors> encoder, NamedTensors decoder) {
        Layout back = layout(decoder, false);
        encoder.map(e -> layout(e, true)).ifPresent(l -> {
            if (l.latentChannels != back.latentChannels || l.stride != back.stride) {
                throw new IllegalArgumentException("the encoder has " + l.latentChannels + " channels at 1/" + l.stride + ", the decoder "
                        + back.latentChannels + " at 1/" + back.stride);
            }
        });
    }

    /**
     * Reads the layout of one half from its names and shapes, and checks that nothing is missing or surplus.
     *
     * @throws IllegalArgumentException if it is none that this version knows; the message names a tensor
     */
    static Layout layout(NamedTensors tensors, boolean encoder) {
        String prefix = (encoder ? "encoder" : "decoder") + ".layers.";
        boolean diffusers = tensors.names().stream().anyMatch(name -> name.startsWith(prefix));
        String root = diffusers ? prefix : "";
        int first = encoder || diffusers ? 0 : 1;
        long[] shape = tensors.get(root + first + ".weight").shape();
        if (shape.length != 4 || shape[0] < 1 || shape[0] > NetworkConfig.MAX_CHANNELS || shape[1] < 1
                || shape[1] > NetworkConfig.MAX_CHANNELS) {
            throw new IllegalArgumentException("tensor '" + root + first + ".weight' is no first convolution");
        }
        int width = (int) shape[0];
        StringBuilder stops = new StringBuilder("c");
        List<String> names = new ArrayList<>(List.of(root + first));
        int stride = 1;
        int last = last(tensors, root);
        int latents = encoder ? 0 : (int) shape[1];
        for (int p = encoder ? first + 1 : first + 2; p <= last; p++) {
            String name = root + p;
            if (tensors.has(name + ".conv.0.weight")) {
                stops.append(tensors.has(name + ".pool.0.weight") ? 'p' : 'b');
            } else if (p == last) {
                stops.append('c');
                latents = encoder ? (int) Math.min(NetworkConfig.MAX_CHANNELS, first(tensors.get(name + ".weight").shape())) : latents;
            } else if (stride < 1 << NetworkConfig.MAX_BLOCKS) {
                stops.append(encoder ? 's' : 'u');
                stride *= 2;
                if (!encoder) {
                    name = root + ++p;
                }
            } else {
                throw new IllegalArgumentException("tensor '" + name + ".weight' is one halving too many");
            }
            names.add(name);
        }
        if (stops.length() < 2 || stops.charAt(stops.length() - 1) != 'c') {
            throw new IllegalArgumentException("tensor '" + root + last + "...' is not followed by a last convolution");
        }
        Layout layout = new Layout(encoder, stops.toString(), names, width, latents, stride);
        Weights.Shapes shapes = new Weights.Shapes();
        build(layout, shapes);
        tensors.require(shapes.asMap());
        return layout;
    }

    private static long first(long[] shape) {
        return shape.length == 0 ? 0 : shape[0];
    }

    private static int last(NamedTensors tensors, String root) {
        int last = -1;
        for (int p = 0; p < MAX_POSITIONS; p++) {
            if (tensors.has(root + p + ".weight") || tensors.has(root + p + ".conv.0.weight")) {
                last = p;
            }
        }
        return last;
    }

    private static Stop[] build(Layout l, Weights w) {
        Stop[] stops = new Stop[l.stops.length()];
        for (int i = 0; i < stops.length; i++) {
            String name = l.names.get(i);
            boolean start = i == 0;
            stops[i] = switch (l.stops.charAt(i)) {
                case 'c' -> new Resampling(false, w.conv(name, start ? l.encoder ? 3 : l.latentChannels : l.width,
                        start ? l.width : l.encoder ? l.latentChannels : 3, 3), start && !l.encoder);
                case 's' -> new Resampling(false, w.conv(name, l.width, l.width, 3, 2, 1, false), false);
                case 'u' -> new Resampling(true, w.conv(name, l.width, l.width, 3, 1, 1, false), false);
                default -> new Block(l.stops.charAt(i) == 'p' ? context(w, name + ".pool", l.width) : null,
                        w.conv(name + ".conv.0", l.width, l.width, 3),
                        w.conv(name + ".conv.2", l.width, l.width, 3), w.conv(name + ".conv.4", l.width, l.width, 3));
            };
        }
        return stops;
    }

    private static Context context(Weights w, String name, int width) {
        return new Context(w.conv(name + ".0", width, 4L * width, 1, 1, 0, false),
                w.groupNorm(name + ".1", 4L * width, CONTEXT_GROUPS, CONTEXT_EPSILON),
                w.conv(name + ".3", 4L * width, width, 1, 1, 0, false));
    }

    @Override
    public int channels() {
        return decoder.latentChannels;
    }

    @Override
    public int stride() {
        return decoder.stride;
    }

    @Override
    public float scalingFactor() {
        return scalingFactor;
    }

    @Override
    public float shift() {
        return 0;
    }

    @Override
    public boolean canEncode() {
        return encoder.isPresent();
    }

    @Override
    public Planes encode(Planes rgb) {
        return encode(rgb, Layers.Tap.NONE);
    }

    Planes encode(Planes rgb, Layers.Tap tap) {
        Row row = encoder.orElseThrow(() -> new UnsupportedOperationException("the pack holds a decoder alone"));
        rgb.require("a picture", 3, stride());
        return TorchNetwork.call(() -> {
            Tensor x = Layers.tensor(rgb.data(), row.placement, 1, 3, rgb.height(), rgb.width());
            Tensor y = Layers.chain(x, row.layers, Stop::apply, tap, "encoder.");
            return new Planes(channels(), rgb.height() / stride(), rgb.width() / stride(),
                    Layers.floats(Layers.affine(y, scalingFactor, 0)));
        });
    }

    @Override
    public Planes decode(Planes latents) {
        return decode(latents, Layers.Tap.NONE);
    }

    Planes decode(Planes latents, Layers.Tap tap) {
        latents.require("latents", channels(), 1);
        return TorchNetwork.call(() -> {
            Tensor x = Layers.tensor(latents.data(), decoder.placement, 1, channels(), latents.height(), latents.width());
            x = Layers.affine(torch.tanh(Layers.affine(x, 1 / (scalingFactor * CLAMP), 0)), CLAMP, 0);
            Tensor y = Layers.chain(x, decoder.layers, Stop::apply, tap, "decoder.");
            return new Planes(3, latents.height() * stride(), latents.width() * stride(), Layers.floats(y));
        });
    }

    @Override
    public void close() {
        decoder.close();
        encoder.ifPresent(Row::close);
    }
}
