// SPDX-License-Identifier: Apache-2.0
package org.semimage.caption;

import org.semimage.compute.Cancellation;
import org.semimage.compute.tensor.NamedTensors;
import org.semimage.picture.PixelPlanes;
import org.semimage.picture.Resampling;
import org.semimage.picture.TransparentFill;

import java.util.ArrayList;
import java.util.List;

/**
 * A small residual network (He et al., 2015) that says which words a picture's caption may have (docs/MODELS.md). Immutable and safe for
 * use by many threads at once.
 */
public final class Tagger {

    /** Samples to a side of what the network sees. */
    static final int SIDE = 224;

    private final Convolution stem;
    private final List<Block> blocks = new ArrayList<>();
    private final List<List<String>> words;
    private final float[] weights;
    private final float[] bias;
    private final float[] usual;

    /**
     * A tag of a picture.
     *
     * @param words       that say it
     * @param probability that a caption has one of them
     * @param usual       the same of any picture
     */
    public record Tag(List<String> words, double probability, double usual) {
    }

    private record Block(Convolution narrow, Convolution middle, Convolution widen, Convolution past) {

        static Block of(NamedTensors tensors, String name, int stride) {
            return new Block(Convolution.of(tensors, name + ".narrow", 1), Convolution.of(tensors, name + ".middle", stride),
                    Convolution.of(tensors, name + ".widen", 1),
                    tensors.has(name + ".past.weight") ? Convolution.of(tensors, name + ".past", 1) : null);
        }

        Convolution.Map apply(Convolution.Map in) {
            Convolution.Map beside = past == null ? in : past.apply(middle.stride() > 1 ? in.shrunk(middle.stride()) : in);
            Convolution.Map detail = widen.apply(middle.apply(narrow.apply(in).rectified()).rectified());
            return beside.plus(detail).rectified();
        }
    }

    /**
     * A tagger with a pack's weights, which are copied.
     *
     * @throws IllegalArgumentException if a tensor is missing or does not fit
     */
    public Tagger(NamedTensors tensors) {
        stem = Convolution.of(tensors, "stem", 4);
        int[] strides = tensors.ints("strides", -1);
        for (int i = 0; i < strides.length; i++) {
            blocks.add(Block.of(tensors, "blocks." + i, strides[i]));
        }
        words = TagList.of(tensors);
        bias = tensors.floats("words.bias", words.size());
        usual = tensors.floats("usual", words.size());
        weights = tensors.halves("words.weight", words.size(), blocks.get(blocks.size() - 1).widen.bias().length);
    }

    /**
     * The tags of a picture, in the pack's order.
     *
     * @throws java.util.concurrent.CancellationException if the request is made before all is done
     */
    public List<Tag> tags(PixelPlanes image, Cancellation cancellation) {
        Convolution.Map map = stem.apply(input(image, cancellation)).rectified();
        for (Block block : blocks) {
            cancellation.check();
            map = block.apply(map);
        }
        float[] features = map.mean();
        List<Tag> tags = new ArrayList<>();
        for (int t = 0; t < bias.length; t++) {
            double odds = bias[t];
            for (int i = 0; i < features.length; i++) {
                odds += weights[t * features.length + i] * features[i];
            }
            tags.add(new Tag(words.get(t), 1 / (1 + Math.exp(-odds)), usual[t]));
        }
        return tags;
    }

    /** The whole picture as a square, from -2 to about 2. */
    private static Convolution.Map input(PixelPlanes image, Cancellation cancellation) {
        PixelPlanes filled = TransparentFill.apply(image, cancellation);
        float scale = 255f / filled.format().maxSample() / 64;
        int planes = filled.samples().length < 3 ? 1 : 3;
        float[] samples = new float[SIDE * SIDE * 3];
        for (int c = 0; c < 3; c++) {
            short[] from = filled.samples()[Math.min(c, planes - 1)];
            float[] plane = new float[from.length];
            for (int i = 0; i < plane.length; i++) {
                plane[i] = from[i] & 0xFFFF;
            }
            float[] resized = Resampling.resize(plane, filled.height(), filled.width(), SIDE, SIDE);
            for (int i = 0; i < resized.length; i++) {
                samples[3 * i + c] = resized[i] * scale - 2;
            }
        }
        return new Convolution.Map(SIDE, SIDE, samples);
    }
}
