// SPDX-License-Identifier: Apache-2.0
package org.semimage.torch.pack;

import org.semimage.compute.diffusion.AutoEncoder;
import org.semimage.compute.diffusion.Denoiser;
import org.semimage.compute.diffusion.NoiseSchedule;
import org.semimage.compute.diffusion.TextEmbedding;
import org.semimage.compute.tensor.Json;
import org.semimage.compute.tensor.NamedTensors;
import org.semimage.compute.tensor.Safetensors;
import org.semimage.container.ModelRef;
import org.semimage.model.LatentPack;
import org.semimage.model.PackManifest;
import org.semimage.torch.network.ClipConfig;
import org.semimage.torch.network.ClipTextEncoder;
import org.semimage.torch.network.KlAutoEncoder;
import org.semimage.torch.network.KlConfig;
import org.semimage.torch.network.Placement;
import org.semimage.torch.network.ScheduleConfig;
import org.semimage.torch.network.TextEncoder;
import org.semimage.torch.network.TinyAutoEncoder;
import org.semimage.torch.network.UNet;
import org.semimage.torch.network.UNetConfig;

import javax.imageio.IIOException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A pack of latent networks in a folder, as diffusers writes it or as the files of a tiny autoencoder. */
public final class DirectoryPack implements LatentPack {

    private static final float TINY_SCALE = 1;

    private final String id;
    private final PackLayout layout;
    private final Placement placement;
    private final Optional<PackManifest> manifest;
    private ModelRef ref;
    private AutoEncoder autoEncoder;
    private Denoiser denoiser;
    private TextEncoder textEncoder;
    private ClipTokenizer tokenizer;

    /**
     * Opens a folder; weights are not read yet.
     *
     * @throws IIOException if the folder is no pack, or not what its manifest vouches for; weights are not read yet
     */
    DirectoryPack(String id, Path folder, Placement placement) throws IIOException {
        this.id = id;
        this.placement = placement;
        layout = PackLayout.scan(folder);
        manifest = ManifestFiles.find(folder);
        if (manifest.isPresent()) {
            ref = manifest.get().ref();
            checkSizes(manifest.get());
        }
    }

    /**
     * Opens a pack where it is, installed or not, to compute as the system properties of {@link Placement} say.
     *
     * @param folder as diffusers writes it, or with the files of a tiny autoencoder (docs/MODELS.md)
     * @throws IIOException if it is no pack; the message says what is missing
     */
    public static LatentPack open(Path folder) throws IIOException {
        return open(folder, configured());
    }

    /** As {@link #open(Path)}, with the device and precision to compute in. */
    public static LatentPack open(Path folder, Placement placement) throws IIOException {
        Path name = folder.toAbsolutePath().normalize().getFileName();
        return new DirectoryPack(String.valueOf(name), folder, placement);
    }

    /**
     * The placement that the system properties name.
     *
     * @throws IIOException if the system properties name no placement
     */
    static Placement configured() throws IIOException {
        try {
            return Placement.configured();
        } catch (IllegalArgumentException e) {
            throw new IIOException(e.getMessage(), e);
        }
    }

    private void checkSizes(PackManifest vouched) throws IIOException {
        for (String file : layout.files()) {
            PackManifest.Entry entry = vouched.files().get(file);
            long size = size(layout.folder().resolve(file));
            if (entry == null || entry.bytes() != size) {
                throw wrong(file + " has " + size + " bytes, the manifest says " + (entry == null ? "nothing of it" : entry.bytes()), null);
            }
        }
    }

    private static long size(Path file) throws IIOException {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new IIOException(file + " cannot be read: " + e, e);
        }
    }

    private IIOException wrong(String why, Throwable cause) {
        return new IIOException("model pack '" + id + "': " + why, cause);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public synchronized ModelRef ref() throws IIOException {
        if (ref == null) {
            try {
                ref = ManifestFiles.of(layout.folder(), layout.files()).ref();
            } catch (IOException e) {
                throw wrong(e.getMessage(), e);
            }
        }
        return ref;
    }

    PackLayout layout() {
        return layout;
    }

    Optional<PackManifest> manifest() {
        return manifest;
    }

    /** What may fail while a network is read or built, with this pack's name put in front. */
    private interface Step<T> {
        T run() throws IOException;
    }

    private <T> T named(Step<T> step) throws IIOException {
        try {
            return step.run();
        } catch (IOException | RuntimeException e) {
            throw wrong(e.getMessage() == null ? e.toString() : e.getMessage(), e);
        }
    }

    @Override
    public synchronized AutoEncoder autoEncoder() throws IIOException {
        if (autoEncoder == null) {
            autoEncoder = named(() -> {
                if (layout.autoEncoder().isEmpty()) {
                    return new TinyAutoEncoder(optional(layout.tinyEncoder()), map(layout.tinyDecoder().orElseThrow()), TINY_SCALE,
                            placement);
                }
                PackLayout.Part part = layout.autoEncoder().get();
                Json config = config(part);
                NamedTensors weights = weights(part);
                return isTiny(part, config)
                        ? new TinyAutoEncoder(Optional.of(weights.startingWith("encoder.")), weights.startingWith("decoder."),
                                tinyScale(part, config), placement)
                        : new KlAutoEncoder(KlConfig.parse(part.config(), config), weights, placement);
            });
        }
        return autoEncoder;
    }

    /** Whether an autoencoder is a tiny one; an IOException says that it is neither kind. */
    private static boolean isTiny(PackLayout.Part part, Json config) throws IOException {
        String kind = PackJson.string(config, "_class_name").orElse("");
        if (!kind.equals("AutoencoderTiny") && !kind.equals("AutoencoderKL")) {
            throw new IIOException(part.config() + ": _class_name is " + config.find("_class_name").map(Json::toString).orElse("null")
                    + ", expected AutoencoderKL or AutoencoderTiny");
        }
        return kind.equals("AutoencoderTiny");
    }

    private static float tinyScale(PackLayout.Part part, Json config) {
        return KlConfig.scalingFactor(part.config(), config, TINY_SCALE);
    }

    @Override
    public boolean hasDenoiser() {
        return layout.denoiser().isPresent() && layout.textEncoder().isPresent() && layout.scheduler().isPresent()
                && !layout.tokenizer().isEmpty();
    }

    private <T> T present(Optional<T> part, String what) throws IIOException {
        return part.orElseThrow(() -> wrong("it has no " + what, null));
    }

    @Override
    public synchronized Denoiser denoiser() throws IIOException {
        PackLayout.Part part = present(layout.denoiser(), "unet/config.json");
        if (denoiser == null) {
            denoiser = named(() -> new UNet(UNetConfig.parse(part.config(), config(part)), weights(part), placement));
        }
        return denoiser;
    }

    @Override
    public NoiseSchedule schedule() throws IIOException {
        String file = present(layout.scheduler(), "scheduler/scheduler_config.json");
        return named(() -> ScheduleConfig.parse(file, PackJson.read(layout.folder().resolve(file))));
    }

    private synchronized TextEncoder textEncoder() throws IIOException {
        PackLayout.Part part = present(layout.textEncoder(), "text_encoder/config.json");
        if (textEncoder == null) {
            textEncoder = named(() -> new ClipTextEncoder(ClipConfig.parse(part.config(), config(part)), weights(part), placement));
        }
        return textEncoder;
    }

    private synchronized ClipTokenizer tokenizer() throws IIOException {
        if (tokenizer == null) {
            tokenizer = named(() -> ClipTokenizer.open(layout.folder().resolve("tokenizer")));
        }
        return tokenizer;
    }

    @Override
    public TextEmbedding embed(String text) throws IIOException {
        TextEncoder encoder = textEncoder();
        ClipTokenizer words = tokenizer();
        return named(() -> encoder.encode(words.encode(text, encoder.maxTokens())));
    }

    /**
     * Checks configurations, names and shapes of all networks without loading them.
     *
     * @return each network's weights, by a description of it
     * @throws IIOException if something is wrong; the message names it
     */
    Map<String, NamedTensors> check() throws IIOException {
        Map<String, NamedTensors> networks = new LinkedHashMap<>();
        named(() -> {
            if (layout.autoEncoder().isEmpty()) {
                Optional<NamedTensors> encoder = optional(layout.tinyEncoder());
                NamedTensors decoder = map(layout.tinyDecoder().orElseThrow());
                TinyAutoEncoder.check(encoder, decoder);
                encoder.ifPresent(e -> networks.put("tiny encoder", e));
                networks.put("tiny decoder", decoder);
            } else {
                PackLayout.Part part = layout.autoEncoder().get();
                Json config = config(part);
                NamedTensors weights = weights(part);
                if (isTiny(part, config)) {
                    tinyScale(part, config);
                    TinyAutoEncoder.check(Optional.of(weights.startingWith("encoder.")), weights.startingWith("decoder."));
                    networks.put("AutoencoderTiny", weights);
                } else {
                    networks.put("AutoencoderKL", KlAutoEncoder.checked(KlConfig.parse(part.config(), config), weights));
                }
            }
            if (layout.denoiser().isPresent()) {
                PackLayout.Part part = layout.denoiser().get();
                networks.put("UNet2DConditionModel", UNet.checked(UNetConfig.parse(part.config(), config(part)), weights(part)));
            }
            if (layout.textEncoder().isPresent()) {
                PackLayout.Part part = layout.textEncoder().get();
                networks.put("CLIPTextModel", ClipTextEncoder.checked(ClipConfig.parse(part.config(), config(part)), weights(part)));
            }
            return null;
        });
        if (layout.scheduler().isPresent()) {
            schedule();
        }
        return networks;
    }

    PackSummary summary() throws IIOException {
        List<PackSummary.Network> networks = new ArrayList<>();
        check().forEach((kind, weights) -> networks.add(new PackSummary.Network(kind, weights.parameters(),
                weights.types().stream().map(Enum::name).collect(Collectors.joining(", ")))));
        Optional<String> schedule = Optional.empty();
        if (layout.scheduler().isPresent()) {
            NoiseSchedule s = schedule();
            schedule = Optional.of(s.steps() + " timesteps, predicts " + s.prediction().name().toLowerCase(Locale.ROOT));
        }
        return new PackSummary(networks, schedule, !layout.tokenizer().isEmpty());
    }

    private Json config(PackLayout.Part part) throws IIOException {
        return PackJson.read(layout.folder().resolve(part.config()));
    }

    private NamedTensors weights(PackLayout.Part part) throws IOException {
        NamedTensors all = null;
        for (String file : part.weights()) {
            NamedTensors shard = map(file);
            all = all == null ? shard : all.and(shard);
        }
        return all;
    }

    private Optional<NamedTensors> optional(Optional<String> file) throws IOException {
        return file.isPresent() ? Optional.of(map(file.get())) : Optional.empty();
    }

    private NamedTensors map(String file) throws IOException {
        try (FileChannel channel = FileChannel.open(layout.folder().resolve(file))) {
            return Safetensors.map(file, channel);
        }
    }

    @Override
    public synchronized void close() {
        for (AutoCloseable network : new AutoCloseable[] {autoEncoder, denoiser, textEncoder, tokenizer}) {
            close(network);
        }
        autoEncoder = null;
        denoiser = null;
        textEncoder = null;
        tokenizer = null;
    }

    private static void close(AutoCloseable network) {
        try {
            if (network != null) {
                network.close();
            }
        } catch (Exception e) {
            throw new IllegalStateException("closing a network does not fail", e);
        }
    }
}
