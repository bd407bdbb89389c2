// SPDX-License-Identifier: Apache-2.0
package org.semimage.caption;

import org.semimage.compute.tensor.NamedTensors;
import org.semimage.generate.Descriptors;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * Imagines how a picture of which only words are known may be laid out: numbers that say the layout's cosines and the texture, drawn by a
 * network that learned their flow from noise (Lipman et al., "Flow matching for generative modeling", 2022), with words that count more
 * than once (Ho and Salimans, "Classifier-free diffusion guidance", 2022). Immutable and safe for use by many threads at once.
 */
public final class Imagination {

    private static final int STEPS = 16;

    /** How often what words add to no words counts. */
    private static final float GUIDANCE = 2;

    /** Deviation of the noise that a layout is drawn from: less than that of training gives calmer, likelier layouts. */
    private static final float CALM = 0.8f;

    /** Sines and as many cosines that say the time. */
    private static final int ANGLES = 8;

    private static final int ORIENTATIONS = 3;
    private static final int REGIONS = Descriptors.REGIONS * Descriptors.REGIONS;

    private final Map<String, Integer> tags = new HashMap<>();
    private final int tagCount;
    private final float[] tagFeatures;
    private final Layer start;
    private final Layer[][] blocks;
    private final Layer end;
    private final float[] mean;
    private final float[] axes;
    private final int[] places;

    /** A layer of a perceptron; weights {@code [out][in]}, stored in bytes with a scale for each row. */
    private record Layer(float[] weights, float[] bias) {

        static Layer of(NamedTensors tensors, String name) {
            float[] scale = tensors.floats(name + ".scale", -1);
            byte[] stored = tensors.bytes(name + ".weight", scale.length, -1);
            float[] weights = new float[stored.length];
            for (int i = 0; i < weights.length; i++) {
                weights[i] = stored[i] * scale[i / (stored.length / scale.length)];
            }
            return new Layer(weights, tensors.floats(name + ".bias", scale.length));
        }

        /** The product with the numbers of several arrays, one behind the other. */
        float[] apply(float[]... parts) {
            int width = weights.length / bias.length;
            float[] out = bias.clone();
            for (int o = 0; o < out.length; o++) {
                int at = o * width;
                for (float[] part : parts) {
                    float sum = 0;
                    for (int i = 0; i < part.length; i++) {
                        sum += weights[at + i] * part[i];
                    }
                    out[o] += sum;
                    at += part.length;
                }
            }
            return out;
        }
    }

    /**
     * A network with a pack's weights, which are copied.
     *
     * @throws IllegalArgumentException if a tensor is missing or does not fit
     */
    public Imagination(NamedTensors tensors) {
        List<List<String>> words = TagList.of(tensors);
        tagCount = words.size();
        for (int i = 0; i < tagCount; i++) {
            for (String word : words.get(i)) {
                tags.put(word, i);
            }
        }
        tagFeatures = tensors.halves("words.weight", tagCount, -1);
        start = Layer.of(tensors, "start");
        blocks = new Layer[tensors.ints("blocks", 1)[0]][];
        for (int i = 0; i < blocks.length; i++) {
            blocks[i] = new Layer[] {Layer.of(tensors, "blocks." + i + ".0"), Layer.of(tensors, "blocks." + i + ".1")};
        }
        end = Layer.of(tensors, "end");
        mean = tensors.floats("mean", -1);
        axes = tensors.halves("axes", mean.length, end.bias.length);
        places = tensors.ints("places", -1, 3);
    }

    /**
     * Descriptors that a picture of a caption may have.
     *
     * @param caption words; those that no picture taught are ignored
     * @param columns cells of the layout's grid along a row, 1..48
     * @param rows    and along a column
     * @param levels  of texture, finest first, at most
     * @param seed    the only source of chance
     */
    public Descriptors descriptors(String caption, int columns, int rows, int levels, long seed) {
        float[] numbers = numbers(features(caption), seed);
        float[][] layout = new float[3][rows * columns];
        int count = places.length / 3;
        for (int i = 0; i < count; i++) {
            int row = places[3 * i + 1];
            int column = places[3 * i + 2];
            if (row < rows && column < columns) {
                layout[places[3 * i]][row * columns + column] = numbers[i];
            }
        }
        int known = Math.min(levels, (numbers.length - count) / (ORIENTATIONS * REGIONS));
        float[][][] texture = new float[known][ORIENTATIONS][REGIONS];
        for (int i = 0; i < known * ORIENTATIONS * REGIONS; i++) {
            texture[i / (ORIENTATIONS * REGIONS)][i / REGIONS % ORIENTATIONS][i % REGIONS] = numbers[count + i];
        }
        return new Descriptors(columns, rows, layout, 3 * columns * rows, texture, known * ORIENTATIONS * REGIONS);
    }

    /** The sum of the features of a caption's tags. */
    private float[] features(String caption) {
        float[] features = new float[tagFeatures.length / tagCount];
        boolean[] said = new boolean[tagCount];
        for (String word : caption.toLowerCase(Locale.ROOT).split("[^a-z-]+")) {
            Integer tag = tags.get(word);
            if (tag != null && !said[tag]) {
                said[tag] = true;
                for (int i = 0; i < features.length; i++) {
                    features[i] += tagFeatures[tag * features.length + i];
                }
            }
        }
        return features;
    }

    private float[] numbers(float[] features, long seed) {
        Random random = new Random(seed);
        float[] point = new float[end.bias.length];
        for (int i = 0; i < point.length; i++) {
            point[i] = CALM * (float) random.nextGaussian();
        }
        float[] nothing = new float[features.length];
        for (int step = 0; step < STEPS; step++) {
            float[] time = time((float) step / STEPS);
            float[] told = velocity(point, features, time);
            float[] free = velocity(point, nothing, time);
            for (int i = 0; i < point.length; i++) {
                point[i] += (free[i] + GUIDANCE * (told[i] - free[i])) / STEPS;
            }
        }
        float[] numbers = mean.clone();
        for (int n = 0; n < numbers.length; n++) {
            for (int i = 0; i < point.length; i++) {
                numbers[n] += axes[n * point.length + i] * point[i];
            }
        }
        return numbers;
    }

    private static float[] time(float time) {
        float[] angles = new float[2 * ANGLES];
        for (int i = 0; i < ANGLES; i++) {
            angles[i] = (float) Math.sin(Math.PI * (i + 1) * time);
            angles[ANGLES + i] = (float) Math.cos(Math.PI * (i + 1) * time);
        }
        return angles;
    }

    private float[] velocity(float[] point, float[] features, float[] time) {
        float[] h = start.apply(point, features, time);
        for (Layer[] block : blocks) {
            float[] between = block[0].apply(h, features, time);
            for (int i = 0; i < between.length; i++) {
                between[i] /= 1 + (float) Math.exp(-between[i]);
            }
            float[] change = block[1].apply(between);
            for (int i = 0; i < h.length; i++) {
                h[i] += change[i];
            }
        }
        return end.apply(h);
    }
}
