// SPDX-License-Identifier: Apache-2.0
package org.semimage.torch.network;

import com.google.gson.JsonObject;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.semimage.compute.diffusion.Planes;
import org.semimage.compute.diffusion.TextEmbedding;
import org.semimage.compute.tensor.Json;
import org.semimage.compute.tensor.NamedTensors;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Networks against the independent implementation in {@code training/latent_reference.py}, stop by stop, and against published sizes. */
class LatentNetworksTest {

    private static final Planes PICTURE = new Planes(3, 16, 24, SeededWeights.input("picture", 3 * 16 * 24, 0));
    private static final TextEmbedding TEXT = new TextEmbedding(7, 12, SeededWeights.input("text", 7 * 12, -1));

    @BeforeAll
    static void needLibtorch() {
        assumeTrue(Torch.unavailable().isEmpty(), "libtorch is not here");
    }

    private static Planes latents(int channels, int height, int width) {
        return new Planes(channels, height, width, SeededWeights.input("latents", channels * height * width, -1));
    }

    private static KlAutoEncoder kl(String name, Placement placement) {
        KlConfig config = KlConfig.parse(name, LatentVectors.config(name + "-encode"));
        return new KlAutoEncoder(config, SeededWeights.tensors(KlAutoEncoder.shapes(config)), placement);
    }

    private static UNet unet(String name, Placement placement) {
        UNetConfig config = UNetConfig.parse(name, LatentVectors.config(name));
        return new UNet(config, SeededWeights.tensors(UNet.shapes(config)), placement);
    }

    private static TinyAutoEncoder tiny() {
        return new TinyAutoEncoder(Optional.of(SeededWeights.tensors(SeededWeights.tinyShapes(true, 8, 5, "b", "bb", "bp"))),
                SeededWeights.tensors(SeededWeights.tinyShapes(false, 8, 5, "pp", "b", "b")), 1, Placement.CPU);
    }

    @ParameterizedTest
    @ValueSource(strings = {"kl", "kl-shifted"})
    void theAutoencoderAgreesWithTheReference(String name) {
        try (KlAutoEncoder kl = kl(name, Placement.CPU)) {
            LatentVectors.Recorder encoder = new LatentVectors.Recorder();
            Planes encoded = kl.encode(PICTURE, encoder);
            encoder.assertFit(name + "-encode", encoded.data());
            assertEquals(8, encoded.height());
            LatentVectors.Recorder decoder = new LatentVectors.Recorder();
            Planes decoded = kl.decode(latents(kl.channels(), 4, 6), decoder);
            decoder.assertFit(name + "-decode", decoded.data());
            assertEquals(12, decoded.width());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"unet", "unet-linear"})
    void theDenoiserAgreesWithTheReference(String name) {
        try (UNet unet = unet(name, Placement.CPU)) {
            LatentVectors.Recorder recorder = new LatentVectors.Recorder();
            recorder.assertFit(name, unet.predict(latents(unet.channels(), 8, 12), 321.5f, TEXT, recorder).data());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"clip", "clip-gelu"})
    void theTextEncoderAgreesWithTheReference(String name) {
        ClipConfig config = ClipConfig.parse(name, LatentVectors.config(name));
        int[] tokens = new int[11];
        Arrays.setAll(tokens, i -> (7 * i * i + 3) % config.vocabulary());
        try (ClipTextEncoder clip = new ClipTextEncoder(config, SeededWeights.tensors(ClipTextEncoder.shapes(config)), Placement.CPU)) {
            LatentVectors.Recorder recorder = new LatentVectors.Recorder();
            recorder.assertFit(name, clip.encode(tokens, recorder).data());
            assertThrows(IllegalArgumentException.class, () -> clip.encode(new int[] {config.vocabulary()}));
            assertThrows(IllegalArgumentException.class, () -> clip.encode(new int[] {-1}));
            assertThrows(IllegalArgumentException.class, () -> clip.encode(new int[config.maxTokens() + 1]));
            assertThrows(IllegalArgumentException.class, () -> clip.encode(new int[0]));
        }
    }

    @Test
    void theTinyAutoencoderAgreesWithTheReference() {
        try (TinyAutoEncoder tiny = tiny()) {
            LatentVectors.Recorder encoder = new LatentVectors.Recorder();
            encoder.assertFit("tiny-encode", tiny.encode(PICTURE, encoder).data());
            Planes latents = latents(5, 4, 6);
            for (int i = 0; i < latents.data().length; i++) {
                latents.data()[i] *= 4;
            }
            LatentVectors.Recorder decoder = new LatentVectors.Recorder();
            decoder.assertFit("tiny-decode", tiny.decode(latents, decoder).data());
            assertEquals(4, tiny.stride());
        }
    }

    @Test
    void aTinyAutoencoderMayHaveNamesAsDiffusersWritesThem() {
        Map<String, long[]> encoder = new HashMap<>();
        SeededWeights.tinyShapes(true, 8, 5, "b", "b").forEach((name, shape) -> encoder.put("encoder.layers." + name, shape));
        Map<String, long[]> decoder = new HashMap<>();
        SeededWeights.tinyShapes(false, 8, 5, "b", "b").forEach((name, shape) -> {
            int dot = name.indexOf('.');
            decoder.put("decoder.layers." + (Integer.parseInt(name.substring(0, dot)) - 1) + name.substring(dot), shape);
        });
        try (TinyAutoEncoder tiny = new TinyAutoEncoder(Optional.of(SeededWeights.tensors(encoder)), SeededWeights.tensors(decoder), 1,
                Placement.CPU)) {
            Planes decoded = tiny.decode(tiny.encode(PICTURE));
            assertEquals(16, decoded.height());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sd15-unet", "sd21-unet", "sd-vae", "sd15-text", "sd21-text"})
    void publishedConfigurationsNeedThePublishedTensors(String name) throws Exception {
        JsonObject published = LatentVectors.published().getAsJsonObject(name);
        Json config = Json.parse(published.getAsJsonObject("config").toString());
        Map<String, long[]> shapes = name.endsWith("unet") ? UNet.shapes(UNetConfig.parse(name, config))
                : name.endsWith("vae") ? KlAutoEncoder.shapes(KlConfig.parse(name, config))
                : ClipTextEncoder.shapes(ClipConfig.parse(name, config));
        StringBuilder lines = new StringBuilder();
        new TreeMap<>(shapes).forEach((tensor, shape) -> lines.append(tensor).append(' ').append(Arrays.toString(shape)).append('\n'));
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(lines.toString().getBytes(StandardCharsets.UTF_8));
        long parameters = shapes.values().stream().mapToLong(shape -> Arrays.stream(shape).reduce(1, (a, b) -> a * b)).sum();
        assertEquals(Map.of("sd15-unet", 859_520_964L, "sd21-unet", 865_910_724L, "sd-vae", 83_653_863L, "sd15-text", 123_060_480L,
                "sd21-text", 340_387_840L).get(name), parameters);
        assertEquals(published.get("tensors").getAsInt(), shapes.size());
        assertEquals(published.get("digest").getAsString(), HexFormat.of().formatHex(digest));
    }

    @Test
    void attentionOfOldAutoencodersIsFoundByItsOldNames() {
        KlConfig config = KlConfig.parse("kl", LatentVectors.config("kl-encode"));
        NamedTensors old = SeededWeights.tensors(KlAutoEncoder.shapes(config)).renamed(name -> name.contains(".attentions.")
                ? name.replace(".to_q.", ".query.").replace(".to_k.", ".key.").replace(".to_v.", ".value.")
                        .replace(".to_out.0.", ".proj_attn.") : name);
        assertTrue(old.has("decoder.mid_block.attentions.0.proj_attn.bias"));
        try (KlAutoEncoder today = kl("kl", Placement.CPU); KlAutoEncoder yesterday = new KlAutoEncoder(config, old, Placement.CPU)) {
            assertArrayEquals(today.encode(PICTURE).data(), yesterday.encode(PICTURE).data());
        }
    }

    @Test
    void halfPrecisionWeightsAreWidened() {
        KlConfig config = KlConfig.parse("kl", LatentVectors.config("kl-encode"));
        NamedTensors whole = SeededWeights.tensors(KlAutoEncoder.shapes(config));
        Map<String, NamedTensors.Tensor> halves = new HashMap<>();
        for (String name : whole.names()) {
            float[] values = SeededWeights.values(name, whole.get(name).shape());
            ByteBuffer data = ByteBuffer.allocateDirect(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
            for (float v : values) {
                data.putShort((short) (Float.floatToIntBits(v) >>> 16));
            }
            halves.put(name, new NamedTensors.Tensor(NamedTensors.Type.BF16, whole.get(name).shape(), data.flip()));
        }
        try (KlAutoEncoder exact = kl("kl", Placement.CPU);
             KlAutoEncoder half = new KlAutoEncoder(config, new NamedTensors("half", halves), Placement.CPU)) {
            float[] a = exact.encode(PICTURE).data();
            float[] b = half.encode(PICTURE).data();
            assertEquals(0, distance(a, b), 0.05);
            assertFalse(Arrays.equals(a, b));
        }
    }

    @Test
    void networksComputeInBfloat16() {
        Placement bfloat16 = new Placement("cpu", Placement.Precision.BFLOAT16);
        Planes latents = latents(4, 8, 12);
        try (UNet exact = unet("unet", Placement.CPU); UNet rough = unet("unet", bfloat16);
             KlAutoEncoder exactKl = kl("kl", Placement.CPU); KlAutoEncoder roughKl = kl("kl", bfloat16)) {
            assertEquals(0, distance(exact.predict(latents, 10, TEXT).data(), rough.predict(latents, 10, TEXT).data()), 0.05);
            assertEquals(0, distance(exactKl.decode(latents).data(), roughKl.decode(latents).data()), 0.05);
        }
    }

    /** Root mean square of the difference over that of a. */
    private static double distance(float[] a, float[] b) {
        double difference = 0;
        double square = 0;
        for (int i = 0; i < a.length; i++) {
            difference += (a[i] - b[i]) * (double) (a[i] - b[i]);
            square += a[i] * (double) a[i];
        }
        return Math.sqrt(difference / square);
    }

    @Test
    void whatDoesNotFitIsRefusedBeforeItRuns() {
        try (KlAutoEncoder kl = kl("kl", Placement.CPU); UNet unet = unet("unet", Placement.CPU); TinyAutoEncoder tiny = tiny()) {
            assertThrows(IllegalArgumentException.class, () -> kl.encode(Planes.of(3, 15, 24)));
            assertThrows(IllegalArgumentException.class, () -> kl.encode(Planes.of(4, 16, 24)));
            assertThrows(IllegalArgumentException.class, () -> kl.decode(Planes.of(3, 4, 4)));
            assertThrows(IllegalArgumentException.class, () -> tiny.encode(Planes.of(3, 16, 22)));
            assertThrows(IllegalArgumentException.class, () -> tiny.decode(Planes.of(4, 4, 4)));
            assertThrows(IllegalArgumentException.class, () -> unet.predict(Planes.of(4, 6, 8), 1, TEXT));
            assertThrows(IllegalArgumentException.class,
                    () -> unet.predict(Planes.of(4, 8, 8), 1, new TextEmbedding(1, 11, new float[11])));
            assertThrows(IllegalArgumentException.class, () -> new Planes(1, 2, 3, new float[5]));
        }
    }

    @Test
    void missingSurplusAndMisshapenTensorsAreNamed() {
        UNetConfig config = UNetConfig.parse("unet", LatentVectors.config("unet"));
        Map<String, long[]> shapes = new HashMap<>(UNet.shapes(config));
        shapes.remove("mid_block.resnets.1.conv2.bias");
        shapes.put("mid_block.resnets.2.conv2.bias", new long[] {16});
        shapes.put("conv_in.weight", new long[] {8, 4, 1, 1});
        String message = assertThrows(IllegalArgumentException.class,
                () -> new UNet(config, SeededWeights.tensors(shapes), Placement.CPU)).getMessage();
        assertTrue(message.contains("'mid_block.resnets.1.conv2.bias' is missing"), message);
        assertTrue(message.contains("'mid_block.resnets.2.conv2.bias' is surplus"), message);
        assertTrue(message.contains("'conv_in.weight' is F32[8, 4, 1, 1], expected [8, 4, 3, 3]"), message);
    }

    @Test
    void aTinyAutoencoderOfNoKnownLayoutIsRefused() {
        Map<String, long[]> good = SeededWeights.tinyShapes(false, 8, 5, "b", "b");
        assertTinyRefused("'1.weight'", Map.of("0.weight", new long[] {8, 3, 3, 3}));
        assertTinyRefused("is no first convolution", Map.of("1.weight", new long[] {8}));
        assertTinyRefused("is no first convolution", Map.of("1.weight", new long[] {1 << 20, 5, 3, 3}));
        assertTinyRefused("last convolution", Map.of("1.weight", new long[] {8, 5, 3, 3}, "1.bias", new long[] {8}));
        Map<String, long[]> surplus = new HashMap<>(good);
        surplus.put("5.bias", new long[] {8});
        assertTinyRefused("'5.bias' is surplus", surplus);
        Map<String, long[]> gap = new HashMap<>(good);
        gap.remove("3.conv.2.weight");
        assertTinyRefused("'3.conv.2.weight' is missing", gap);
        Map<String, long[]> deep = new HashMap<>();
        SeededWeights.tinyShapes(false, 8, 5, "b", "b", "b", "b", "b", "b", "b", "b", "b", "b", "b").forEach(deep::put);
        assertTinyRefused("one halving too many", deep);
    }

    private static void assertTinyRefused(String part, Map<String, long[]> shapes) {
        Map<String, NamedTensors.Tensor> tensors = new HashMap<>();
        shapes.forEach((name, shape) -> tensors.put(name, new NamedTensors.Tensor(NamedTensors.Type.F16, shape, ByteBuffer.allocate(0))));
        String message = assertThrows(IllegalArgumentException.class,
                () -> TinyAutoEncoder.check(Optional.empty(), new NamedTensors("decoder", tensors))).getMessage();
        assertTrue(message.contains(part), message);
    }
}
