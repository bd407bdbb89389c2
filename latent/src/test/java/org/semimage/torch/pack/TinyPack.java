// SPDX-License-Identifier: Apache-2.0
package org.semimage.torch.pack;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import org.semimage.compute.tensor.Json;
import org.semimage.compute.tensor.NamedTensors;
import org.semimage.torch.network.ClipConfig;
import org.semimage.torch.network.ClipTextEncoder;
import org.semimage.torch.network.KlAutoEncoder;
import org.semimage.torch.network.KlConfig;
import org.semimage.torch.network.LatentVectors;
import org.semimage.torch.network.SeededWeights;
import org.semimage.torch.network.UNet;
import org.semimage.torch.network.UNetConfig;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes tiny packs of random weights in published layouts, the same as {@code training/latent_reference.py --pack}. */
public final class TinyPack {

    private static final String SCHEDULER = """
            {"_class_name": "DDIMScheduler", "beta_end": 0.012, "beta_schedule": "scaled_linear", "beta_start": 0.00085,
             "num_train_timesteps": 1000, "prediction_type": "epsilon", "set_alpha_to_one": false, "steps_offset": 1}""";

    /** Merges of the vocabulary's last words. */
    static final List<String> MERGES = List.of("t h", "th e</w>", "c a", "ca t</w>", "o n</w>", "d o", "do g</w>", "i n", "in g</w>",
            "e r</w>", "a n", "an d</w>");

    private TinyPack() {
    }

    /** A pack in the layout of Stable Diffusion: 4 channels at half the size. */
    public static void write(Path folder) throws IOException {
        Json kl = LatentVectors.config("kl-encode");
        part(folder, "vae", "diffusion_pytorch_model", kl, KlAutoEncoder.shapes(KlConfig.parse("vae", kl)));
        Json unet = LatentVectors.config("unet");
        part(folder, "unet", "diffusion_pytorch_model", unet, UNet.shapes(UNetConfig.parse("unet", unet)));
        Json clip = LatentVectors.config("clip");
        part(folder, "text_encoder", "model", clip, ClipTextEncoder.shapes(ClipConfig.parse("clip", clip)));
        text(folder, "scheduler/scheduler_config.json", SCHEDULER);
        text(folder, "tokenizer/vocab.json", vocabulary().toString());
        text(folder, "tokenizer/merges.txt", "#version: 0.2\n" + String.join("\n", MERGES) + "\n");
        text(folder, "tokenizer/tokenizer_config.json", "{\"model_max_length\": 16, \"pad_token\": \"<|endoftext|>\"}");
    }

    /** The two files of a tiny autoencoder: 5 channels at half the size. */
    public static void writeTiny(Path folder) throws IOException {
        safetensors(folder.resolve("small_encoder.safetensors"), SeededWeights.tinyShapes(true, 8, 5, "b", "p"), NamedTensors.Type.F32);
        safetensors(folder.resolve("small_decoder.safetensors"), SeededWeights.tinyShapes(false, 8, 5, "p", "b"), NamedTensors.Type.F32);
    }

    private static void part(Path folder, String name, String weights, Json config, Map<String, long[]> shapes) throws IOException {
        text(folder, name + "/config.json", config.toString());
        safetensors(folder.resolve(name).resolve(weights + ".safetensors"), shapes, NamedTensors.Type.F32);
    }

    static void text(Path folder, String file, String text) throws IOException {
        Files.createDirectories(folder.resolve(file).getParent());
        Files.writeString(folder.resolve(file), text);
    }

    /** CLIP's alphabet of bytes, each also at a word's end, what the merges make, and the two marks. */
    static JsonObject vocabulary() {
        List<String> letters = new ArrayList<>();
        for (int b = 33; b < 256; b++) {
            if (b < 127 || b > 160 && b != 173) {
                letters.add(String.valueOf((char) b));
            }
        }
        for (int i = 0; letters.size() < 256; i++) {
            letters.add(String.valueOf((char) (256 + i)));
        }
        List<String> words = new ArrayList<>(letters);
        letters.forEach(letter -> words.add(letter + "</w>"));
        MERGES.forEach(merge -> words.add(merge.replace(" ", "")));
        words.addAll(List.of("<|startoftext|>", "<|endoftext|>"));
        JsonObject vocabulary = new JsonObject();
        words.forEach(word -> vocabulary.addProperty(word, vocabulary.size()));
        return vocabulary;
    }

    /** A safetensors file of seeded weights; F16 and BF16 are rounded towards zero. */
    static void safetensors(Path file, Map<String, long[]> shapes, NamedTensors.Type type) throws IOException {
        JsonObject header = new JsonObject();
        List<ByteBuffer> blobs = new ArrayList<>();
        int at = 0;
        for (Map.Entry<String, long[]> tensor : new TreeMap<>(shapes).entrySet()) {
            ByteBuffer blob = bytes(SeededWeights.values(tensor.getKey(), tensor.getValue()), type);
            JsonObject entry = new JsonObject();
            entry.addProperty("dtype", type.name());
            JsonArray shape = new JsonArray();
            Arrays.stream(tensor.getValue()).forEach(shape::add);
            entry.add("shape", shape);
            JsonArray offsets = new JsonArray();
            offsets.add(at);
            offsets.add(at + blob.remaining());
            entry.add("data_offsets", offsets);
            header.add(tensor.getKey(), entry);
            at += blob.remaining();
            blobs.add(blob);
        }
        byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer whole = ByteBuffer.allocate(8 + json.length + at).order(ByteOrder.LITTLE_ENDIAN).putLong(json.length).put(json);
        blobs.forEach(whole::put);
        Files.createDirectories(file.getParent());
        Files.write(file, whole.array());
    }

    private static ByteBuffer bytes(float[] values, NamedTensors.Type type) {
        ByteBuffer bytes = ByteBuffer.allocate(type.bytes() * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float v : values) {
            int bits = Float.floatToRawIntBits(v);
            switch (type) {
                case F32 -> bytes.putFloat(v);
                case BF16 -> bytes.putShort((short) (bits >>> 16));
                case F16 -> bytes.putShort((short) (Math.abs(v) < 0x1p-14f ? 0
                        : bits >>> 16 & 0x8000 | (bits >>> 23 & 0xFF) - 112 << 10 | bits >>> 13 & 0x3FF));
                default -> throw new IllegalArgumentException(type.name());
            }
        }
        return bytes.flip();
    }
}
