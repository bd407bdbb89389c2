// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.fuzz;

import org.semimage.compute.tensor.Json;
import org.semimage.compute.tensor.NamedTensors;
import org.semimage.compute.tensor.Safetensors;
import org.semimage.conformance.bench.Arguments;
import org.semimage.model.LatentPack;
import org.semimage.torch.network.ClipConfig;
import org.semimage.torch.network.ClipTextEncoder;
import org.semimage.torch.network.KlAutoEncoder;
import org.semimage.torch.network.KlConfig;
import org.semimage.torch.network.Placement;
import org.semimage.torch.network.ScheduleConfig;
import org.semimage.torch.network.TinyAutoEncoder;
import org.semimage.torch.network.UNet;
import org.semimage.torch.network.UNetConfig;
import org.semimage.torch.pack.DirectoryPack;
import org.semimage.torch.pack.PackFolder;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Feeds Jazzer's inputs to the loader of latent packs. The first byte says what the rest is: a safetensors file, a configuration, an
 * index of shards, a manifest or a tokenizer. Anything but a refusal (IOException, IllegalArgumentException) is a finding.
 *
 * <p>{@code ./mvnw -Pfuzz -pl conformance -am test -DskipTests -Dfuzz.seconds=600}; a folder in memory for {@code java.io.tmpdir} makes
 * it faster.
 */
public final class PackFuzzer {

    private static final String[] KINDS = {"safetensors", "vae", "unet", "text_encoder", "scheduler", "decoder", "index", "manifest",
            "vocab", "merges", "tokenizer"};
    private static final Path FOLDER = folder();

    private PackFuzzer() {
    }

    private static Path folder() {
        try {
            Path folder = Files.createTempDirectory("pack-fuzzer");
            Files.write(Files.createDirectories(folder.resolve("tiny/pack")).resolve("x_decoder.safetensors"), decoder());
            Path sharded = Files.createDirectories(folder.resolve("sharded/pack"));
            Files.writeString(sharded.resolve("config.json"), "{\"_class_name\":\"AutoencoderTiny\"}");
            Files.write(sharded.resolve("a.safetensors"), decoder());
            Path words = Files.createDirectories(folder.resolve("words"));
            Files.write(words.resolve("x_decoder.safetensors"), decoder());
            for (String part : new String[] {"unet/", "text_encoder/"}) {
                Files.createDirectories(words.resolve(part));
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Called by Jazzer first: loads the native libraries, which takes longer than any input should. */
    public static void fuzzerInitialize() throws IOException {
        words("merges", "a b</w>".getBytes(StandardCharsets.UTF_8));
    }

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        byte[] rest = Arrays.copyOfRange(input, 1, input.length);
        try {
            feed(KINDS[(input[0] & 0xFF) % KINDS.length], rest);
        } catch (IOException | IllegalArgumentException refused) {
            if (refused.getMessage() == null) {
                throw new IllegalStateException("a refusal that does not say why", refused);
            }
        }
    }

    private static void feed(String kind, byte[] bytes) throws IOException {
        switch (kind) {
            case "safetensors" -> tensors(Safetensors.parse("fuzzed", ByteBuffer.wrap(bytes)));
            case "vae" -> count(KlAutoEncoder.shapes(KlConfig.parse("fuzzed", json(bytes))));
            case "unet" -> count(UNet.shapes(UNetConfig.parse("fuzzed", json(bytes))));
            case "text_encoder" -> count(ClipTextEncoder.shapes(ClipConfig.parse("fuzzed", json(bytes))));
            case "scheduler" -> ScheduleConfig.parse("fuzzed", json(bytes));
            case "decoder" -> installed("tiny", "x_decoder.safetensors", bytes);
            case "index" -> installed("sharded", "diffusion_pytorch_model.safetensors.index.json", bytes);
            case "manifest" -> installed("tiny", "manifest.json", bytes);
            default -> words(kind, bytes);
        }
    }

    private static void tensors(NamedTensors tensors) {
        tensors.parameters();
        TinyAutoEncoder.check(Optional.empty(), tensors);
    }

    private static void count(Map<String, long[]> shapes) {
        if (shapes.size() > 1 << 20) {
            throw new IllegalStateException(shapes.size() + " tensors");
        }
    }

    private static Json json(byte[] bytes) {
        return Json.parse(new String(bytes, StandardCharsets.UTF_8));
    }

    /** One file of an otherwise good pack: opened, listed, described, and loaded if it can be. */
    private static void installed(String which, String file, byte[] bytes) throws IOException {
        Path pack = FOLDER.resolve(which).resolve("pack");
        byte[] before = Files.exists(pack.resolve(file)) ? Files.readAllBytes(pack.resolve(file)) : null;
        Files.write(pack.resolve(file), bytes);
        try {
            PackFolder packs = new PackFolder(FOLDER.resolve(which));
            for (PackFolder.Installed installed : packs.list()) {
                if (installed.problem().isEmpty()) {
                    packs.summary(installed);
                    packs.verify(installed);
                }
            }
            try (LatentPack opened = DirectoryPack.open(pack, Placement.CPU)) {
                opened.autoEncoder();
            }
        } finally {
            if (before == null) {
                Files.delete(pack.resolve(file));
            } else {
                Files.write(pack.resolve(file), before);
            }
        }
    }

    private static void words(String kind, byte[] bytes) throws IOException {
        Path pack = FOLDER.resolve("words");
        Path tokenizer = Files.createDirectories(pack.resolve("tokenizer"));
        if (Files.notExists(pack.resolve("text_encoder/config.json"))) {
            networks(pack);
        }
        Files.writeString(tokenizer.resolve("vocab.json"),
                "{\"a\":0,\"b\":1,\"a</w>\":2,\"b</w>\":3,\"ab</w>\":4,\"<|startoftext|>\":5,\"<|endoftext|>\":6}");
        Files.writeString(tokenizer.resolve("merges.txt"), "a b</w>\n");
        Files.deleteIfExists(tokenizer.resolve("tokenizer.json"));
        Files.write(tokenizer.resolve(kind.equals("merges") ? "merges.txt" : kind + ".json"), bytes);
        try (LatentPack opened = DirectoryPack.open(pack, Placement.CPU)) {
            opened.embed("ab a b \u00e9");
        }
    }

    /** A denoiser's configuration, never loaded, and a text encoder of one layer. */
    private static void networks(Path pack) throws IOException {
        Files.writeString(pack.resolve("unet/config.json"), "{}");
        Files.write(pack.resolve("unet/diffusion_pytorch_model.safetensors"), decoder());
        Json config = json(("{\"vocab_size\":7,\"max_position_embeddings\":8,\"hidden_size\":4,\"intermediate_size\":4,"
                + "\"num_hidden_layers\":1,\"num_attention_heads\":1}").getBytes(StandardCharsets.UTF_8));
        Files.write(pack.resolve("text_encoder/model.safetensors"), zeros(ClipTextEncoder.shapes(ClipConfig.parse("words", config))));
        Files.writeString(pack.resolve("text_encoder/config.json"), config.toString());
    }

    private static byte[] decoder() {
        Map<String, long[]> shapes = new TreeMap<>();
        String[] names = {"1", "3.conv.0", "3.conv.2", "3.conv.4", "6"};
        for (String name : names) {
            shapes.put(name + ".weight", new long[] {name.equals("6") ? 3 : 2, 2, 3, 3});
            shapes.put(name + ".bias", new long[] {name.equals("6") ? 3 : 2});
        }
        shapes.put("5.weight", new long[] {2, 2, 3, 3});
        return zeros(shapes);
    }

    private static byte[] zeros(Map<String, long[]> shapes) {
        StringBuilder header = new StringBuilder("{");
        long at = 0;
        for (Map.Entry<String, long[]> tensor : shapes.entrySet()) {
            long bytes = 2 * Arrays.stream(tensor.getValue()).reduce(1, (a, b) -> a * b);
            header.append(at == 0 ? "" : ",")
                    .append(String.format("\"%s\":{\"dtype\":\"F16\",\"shape\":%s,\"data_offsets\":[%d,%d]}", tensor.getKey(),
                    Arrays.toString(tensor.getValue()), at, at + bytes));
            at += bytes;
        }
        byte[] json = header.append('}').toString().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate((int) (8 + json.length + at)).order(ByteOrder.LITTLE_ENDIAN).putLong(json.length).put(json).array();
    }

    /** Writes one good input of each kind to a folder, for Jazzer to start from. */
    public static void main(String[] arguments) throws IOException {
        Arguments.require(1, arguments, "PackFuzzer CORPUS");
        Path corpus = Files.createDirectories(Path.of(arguments[0]));
        String[] texts = {
            "", "{\"_class_name\":\"AutoencoderKL\",\"block_out_channels\":[32,64],\"layers_per_block\":1,\"latent_channels\":4,"
                + "\"norm_num_groups\":32,\"scaling_factor\":0.18215,\"shift_factor\":0.1,\"use_quant_conv\":false,\"act_fn\":\"silu\"}",
            "{\"attention_head_dim\":[5,10],\"block_out_channels\":[320,640],\"cross_attention_dim\":768,"
                + "\"down_block_types\":[\"CrossAttnDownBlock2D\",\"DownBlock2D\"],\"up_block_types\":[\"UpBlock2D\","
                + "\"CrossAttnUpBlock2D\"],\"layers_per_block\":2,\"use_linear_projection\":true,\"norm_eps\":1e-05}",
            "{\"vocab_size\":49408,\"hidden_size\":768,\"num_hidden_layers\":12,\"num_attention_heads\":12,\"hidden_act\":\"quick_gelu\"}",
            "{\"beta_start\":0.00085,\"beta_end\":0.012,\"beta_schedule\":\"scaled_linear\",\"num_train_timesteps\":1000,"
                + "\"prediction_type\":\"v_prediction\"}",
            "", "{\"weight_map\":{\"1.weight\":\"a.safetensors\",\"1.bias\":\"a.safetensors\"}}",
            "{\"format\":1,\"files\":{\"x_decoder.safetensors\":{\"bytes\":10,\"sha256\":\"" + "0".repeat(64) + "\"}}}",
            "{\"a\":0,\"b\":1,\"a</w>\":2,\"b</w>\":3,\"ab</w>\":4,\"<|startoftext|>\":5,\"<|endoftext|>\":6}", "#version: 0.2\na b</w>\n",
            "{\"version\":\"1.0\",\"added_tokens\":[{\"id\":1,\"content\":\"<|endoftext|>\",\"single_word\":false,\"lstrip\":false,"
                + "\"rstrip\":false,\"normalized\":false,\"special\":true}],"
                + "\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0,\"<|endoftext|>\":1},\"merges\":[]}}"};
        for (int kind = 0; kind < texts.length; kind++) {
            byte[] rest = texts[kind].isEmpty() ? decoder() : texts[kind].getBytes(StandardCharsets.UTF_8);
            Files.write(corpus.resolve("seed-" + KINDS[kind]), ByteBuffer.allocate(1 + rest.length).put((byte) kind).put(rest).array());
        }
    }
}
