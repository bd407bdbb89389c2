package org.semimage.torch.pack;

import com.google.gson.JsonObject;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.semimage.compute.diffusion.AutoEncoder;
import org.semimage.compute.diffusion.Denoiser;
import org.semimage.compute.diffusion.NoiseSchedule;
import org.semimage.compute.diffusion.Planes;
import org.semimage.compute.diffusion.TextEmbedding;
import org.semimage.compute.tensor.NamedTensors;
import org.semimage.model.LatentPack;
import org.semimage.torch.network.KlAutoEncoder;
import org.semimage.torch.network.KlConfig;
import org.semimage.torch.network.LatentVectors;
import org.semimage.torch.network.Placement;
import org.semimage.torch.network.SeededWeights;
import org.semimage.torch.network.Torch;

import javax.imageio.IIOException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class DirectoryPackTest {

    private static final Planes PICTURE = new Planes(3, 16, 24, SeededWeights.input("picture", 3 * 16 * 24, 0));

    @BeforeAll
    static void needLibtorch() {
        assumeTrue(Torch.unavailable().isEmpty(), "libtorch is not here");
    }

    @TempDir
    private Path folder;

    @BeforeEach
    void writePack() throws IOException {
        TinyPack.write(folder);
    }

    private LatentPack open() throws IOException {
        return DirectoryPack.open(folder, Placement.CPU);
    }

    @Test
    void aPackInTheLayoutOfStableDiffusionRunsTheWholeWay() throws IOException {
        try (LatentPack pack = open()) {
            assertTrue(pack.hasDenoiser());
            AutoEncoder autoEncoder = pack.autoEncoder();
            Planes latents = autoEncoder.encode(PICTURE);
            assertEquals(4, latents.channels());
            assertEquals(0.18215f, autoEncoder.scalingFactor());
            TextEmbedding text = pack.embed("a cat on the dog");
            assertEquals(16, text.tokens());
            Denoiser denoiser = pack.denoiser();
            NoiseSchedule schedule = pack.schedule();
            Planes noise = denoiser.predict(latents, schedule.steps() - 1, text);
            assertEquals(latents.height(), noise.height());
            assertEquals(24, autoEncoder.decode(noise).width());
        }
    }

    @Test
    void aTextIsTokenizedAsClipDoes() throws IOException {
        JsonObject words = TinyPack.vocabulary();
        try (ClipTokenizer tokenizer = ClipTokenizer.open(folder.resolve("tokenizer"))) {
            int start = words.get("<|startoftext|>").getAsInt();
            int end = words.get("<|endoftext|>").getAsInt();
            int[] expected = {start, words.get("the</w>").getAsInt(), words.get("cat</w>").getAsInt(), words.get("'").getAsInt(), words.get("s</w>").getAsInt(),
                words.get("an").getAsInt(), words.get("y</w>").getAsInt(), words.get("4</w>").getAsInt(), words.get("2</w>").getAsInt(), end, end, end};
            assertArrayEquals(expected, tokenizer.encode("The  CAT's\nany 42", expected.length));
            int[] cut = {start, words.get("the</w>").getAsInt(), end};
            assertArrayEquals(cut, tokenizer.encode("the cat and the dog", cut.length));
            assertArrayEquals(new int[] {start, end, end}, tokenizer.encode("", 3));
            assertEquals(start, tokenizer.encode("\uD83D\uDC08 é \uD800", 16)[0]);
        }
    }

    @Test
    void paddingIsWhatTheTokenizerSays() throws IOException {
        TinyPack.text(folder, "tokenizer/special_tokens_map.json", "{\"pad_token\": {\"content\": \"!\"}}");
        try (ClipTokenizer tokenizer = ClipTokenizer.open(folder.resolve("tokenizer"))) {
            assertEquals(0, tokenizer.encode("", 3)[2]);
        }
        TinyPack.text(folder, "tokenizer/special_tokens_map.json", "{\"pad_token\": \"<none>\"}");
        assertRefused("no number for the padding token '<none>'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"F16", "BF16"})
    void halfPrecisionIsRead(String type) throws IOException {
        KlConfig config = KlConfig.parse("vae", LatentVectors.config("kl-encode"));
        Files.delete(folder.resolve("vae/diffusion_pytorch_model.safetensors"));
        TinyPack.safetensors(folder.resolve("vae/diffusion_pytorch_model.fp16.safetensors"), KlAutoEncoder.shapes(config), NamedTensors.Type.valueOf(type));
        try (LatentPack pack = open(); KlAutoEncoder exact = new KlAutoEncoder(config, SeededWeights.tensors(KlAutoEncoder.shapes(config)), Placement.CPU)) {
            float[] rounded = pack.autoEncoder().encode(PICTURE).data();
            float[] whole = exact.encode(PICTURE).data();
            for (int i = 0; i < whole.length; i++) {
                assertEquals(whole[i], rounded[i], 0.02);
            }
        }
    }

    /** Moves the weights of the autoencoder into two shards. */
    private void shard(String secondName) throws IOException {
        Map<String, long[]> first = new HashMap<>(KlAutoEncoder.shapes(KlConfig.parse("vae", LatentVectors.config("kl-encode"))));
        Map<String, long[]> second = new HashMap<>(first);
        first.keySet().removeIf(name -> name.startsWith("decoder."));
        second.keySet().removeAll(first.keySet());
        Files.delete(folder.resolve("vae/diffusion_pytorch_model.safetensors"));
        JsonObject map = new JsonObject();
        first.keySet().forEach(name -> map.addProperty(name, "part-1.safetensors"));
        second.keySet().forEach(name -> map.addProperty(name, secondName));
        TinyPack.safetensors(folder.resolve("vae/part-1.safetensors"), first, NamedTensors.Type.F32);
        TinyPack.safetensors(folder.resolve("vae/part-2.safetensors"), second, NamedTensors.Type.F32);
        JsonObject index = new JsonObject();
        index.add("weight_map", map);
        TinyPack.text(folder, "vae/diffusion_pytorch_model.safetensors.index.json", index.toString());
    }

    @Test
    void shardsAreReadTogether() throws IOException {
        float[] whole;
        try (LatentPack pack = open()) {
            whole = pack.autoEncoder().encode(PICTURE).data();
        }
        shard("part-2.safetensors");
        try (LatentPack pack = open()) {
            assertArrayEquals(whole, pack.autoEncoder().encode(PICTURE).data());
        }
        Files.copy(folder.resolve("vae/part-1.safetensors"), folder.resolve("vae/part-2.safetensors"), StandardCopyOption.REPLACE_EXISTING);
        assertRefused("stands in vae/part-1.safetensors and in vae/part-2.safetensors");
        Files.delete(folder.resolve("vae/part-2.safetensors"));
        assertRefused("has no vae/part-2.safetensors");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../unet/diffusion_pytorch_model.safetensors", "/etc/passwd", "part-2.bin", ".safetensors"})
    void shardsLieBesideTheirIndex(String name) throws IOException {
        shard(name);
        assertRefused("which is no safetensors file beside it");
    }

    @Test
    void anAutoencoderAloneIsAPack() throws IOException {
        for (String part : new String[] {"vae/config.json", "vae/diffusion_pytorch_model.safetensors"}) {
            Files.move(folder.resolve(part), folder.resolve(part.substring(4)));
        }
        delete("unet/config.json");
        try (LatentPack pack = open()) {
            assertEquals(2, pack.autoEncoder().stride());
            assertFalse(pack.hasDenoiser());
            assertThrows(IIOException.class, pack::denoiser);
            assertThrows(IIOException.class, pack::schedule);
            assertThrows(IIOException.class, () -> pack.embed(""));
        }
    }

    @Test
    void theFilesOfATinyAutoencoderAreAPack(@TempDir Path tiny) throws IOException {
        TinyPack.writeTiny(tiny);
        try (LatentPack pack = DirectoryPack.open(tiny, Placement.CPU)) {
            Planes latents = pack.autoEncoder().encode(PICTURE);
            assertEquals(5, latents.channels());
            assertEquals(16, pack.autoEncoder().decode(latents).height());
        }
        Files.delete(tiny.resolve("small_encoder.safetensors"));
        try (LatentPack pack = DirectoryPack.open(tiny, Placement.CPU)) {
            assertFalse(pack.autoEncoder().canEncode());
            assertThrows(UnsupportedOperationException.class, () -> pack.autoEncoder().encode(PICTURE));
        }
        Files.copy(tiny.resolve("small_decoder.safetensors"), tiny.resolve("other_decoder.safetensors"));
        String message = assertThrows(IIOException.class, () -> DirectoryPack.open(tiny)).getMessage();
        assertTrue(message.contains("several files *decoder.safetensors"), message);
    }

    @Test
    void diffusersTinyAutoencoderIsAPack(@TempDir Path tiny) throws IOException {
        Map<String, long[]> shapes = new HashMap<>();
        SeededWeights.tinyShapes(true, 8, 5, "b", "b").forEach((name, shape) -> shapes.put("encoder.layers." + name, shape));
        SeededWeights.tinyShapes(false, 8, 5, "b", "b").forEach((name, shape) -> {
            int dot = name.indexOf('.');
            shapes.put("decoder.layers." + (Integer.parseInt(name.substring(0, dot)) - 1) + name.substring(dot), shape);
        });
        TinyPack.text(tiny, "config.json", "{\"_class_name\": \"AutoencoderTiny\", \"scaling_factor\": 2.0}");
        TinyPack.safetensors(tiny.resolve("diffusion_pytorch_model.safetensors"), shapes, NamedTensors.Type.F32);
        try (LatentPack pack = DirectoryPack.open(tiny, Placement.CPU)) {
            assertEquals(2, pack.autoEncoder().scalingFactor());
            assertEquals(24, pack.autoEncoder().decode(pack.autoEncoder().encode(PICTURE)).width());
        }
    }

    @Test
    void theNameOfAPackFollowsFromItsFilesAlone(@TempDir Path copy) throws IOException {
        TinyPack.write(copy);
        TinyPack.text(copy, "README.md", "not part of the pack");
        try (LatentPack a = open(); LatentPack b = DirectoryPack.open(copy)) {
            assertEquals(a.ref(), b.ref());
        }
        TinyPack.text(copy, "scheduler/scheduler_config.json", "{}");
        try (LatentPack a = open(); LatentPack b = DirectoryPack.open(copy)) {
            assertNotEquals(a.ref(), b.ref());
        }
    }

    private void delete(String file) throws IOException {
        Files.delete(folder.resolve(file));
    }

    /** Whatever is wrong is an IIOException of opening the pack or of loading one of its networks. */
    private void assertRefused(String part) {
        String message = assertThrows(IIOException.class, () -> {
            try (LatentPack pack = open()) {
                pack.autoEncoder();
                pack.denoiser();
                pack.schedule();
                pack.embed("a cat");
            }
        }).getMessage();
        assertTrue(message.contains(part), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"diffusion_pytorch_model.bin", "model.ckpt", "weights.pth"})
    void pickledWeightsAreNotRead(String name) throws IOException {
        Files.move(folder.resolve("vae/diffusion_pytorch_model.safetensors"), folder.resolve("vae").resolve(name));
        assertRefused("(vae/" + name + " may hold code and is not read: convert it to safetensors)");
        delete("vae/config.json");
        Files.move(folder.resolve("vae").resolve(name), folder.resolve(name));
        assertRefused(name + " may hold code");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', value = {
        "vae/config.json ~ [] ~ holds no JSON object",
        "vae/config.json ~ {\"a\": ~ is not valid JSON",
        "vae/config.json ~ {} ~ _class_name is null, expected AutoencoderKL or AutoencoderTiny",
        "vae/config.json ~ {\"_class_name\": \"AutoencoderKL\", \"block_out_channels\": [8, 24], \"norm_num_groups\": 4} ~ does not fit its configuration",
        "unet/config.json ~ {\"block_out_channels\": [1e9]} ~ unet/config.json: block_out_channels is 1e9",
        "text_encoder/config.json ~ {\"vocab_size\": 49408} ~ text_encoder/model.safetensors does not fit its configuration",
        "scheduler/scheduler_config.json ~ {\"beta_start\": -1} ~ scheduler/scheduler_config.json: beta_start is -1",
        "tokenizer/vocab.json ~ {} ~ has no <|startoftext|>",
        "tokenizer/vocab.json ~ {\"<|startoftext|>\": 1.5, \"<|endoftext|>\": []} ~ tokenizer",
        "tokenizer/merges.txt ~ not a merge of two ~ is no tokenizer",
        "tokenizer/tokenizer.json ~ {\"model\": 1} ~ tokenizer",
        "vae/diffusion_pytorch_model.safetensors ~ x ~ bytes are no safetensors file"})
    void brokenFilesAreNamed(String file, String content, String part) throws IOException {
        TinyPack.text(folder, file, content);
        assertRefused(part);
    }

    @Test
    void aFolderThatIsNoPackIsRefused(@TempDir Path empty) {
        String message = assertThrows(IIOException.class, () -> DirectoryPack.open(empty)).getMessage();
        assertTrue(message.contains("has no autoencoder: neither vae/config.json nor config.json nor a file *decoder.safetensors"), message);
        assertThrows(IIOException.class, () -> DirectoryPack.open(empty.resolve("none")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"vae/diffusion_pytorch_model.safetensors", "unet/diffusion_pytorch_model.safetensors", "text_encoder/model.safetensors"})
    void weightsThatAreCutOffAreRefused(String file) throws IOException {
        byte[] whole = Files.readAllBytes(folder.resolve(file));
        for (int length : new int[] {0, 7, 9, 1000, whole.length - 1}) {
            Files.write(folder.resolve(file), Arrays.copyOf(whole, length));
            assertRefused(file);
        }
    }
}
