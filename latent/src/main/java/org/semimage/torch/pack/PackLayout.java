// SPDX-License-Identifier: Apache-2.0
package org.semimage.torch.pack;

import org.semimage.compute.tensor.Json;

import javax.imageio.IIOException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which files of a folder make a pack of latent networks (docs/MODELS.md, "Latent packs"). Paths are below the folder, with slashes.
 *
 * @param folder      the pack's
 * @param autoEncoder AutoencoderKL or AutoencoderTiny of diffusers, with a configuration; or empty if the next two are there
 * @param tinyEncoder one file of a tiny autoencoder without a configuration
 * @param tinyDecoder the other
 * @param denoiser    the U-Net
 * @param textEncoder the text encoder
 * @param scheduler   scheduler_config.json
 * @param tokenizer   files of the tokenizer
 */
record PackLayout(Path folder, Optional<Part> autoEncoder, Optional<String> tinyEncoder, Optional<String> tinyDecoder,
                  Optional<Part> denoiser, Optional<Part> textEncoder, Optional<String> scheduler, List<String> tokenizer) {

    private static final String CONFIG = "config.json";
    private static final String SUFFIX = ".safetensors";
    private static final String INDEX = ".safetensors.index.json";
    private static final Set<String> CODE = Set.of("bin", "ckpt", "pt", "pth", "pkl", "pickle");
    private static final List<String> TOKENIZER = List.of("tokenizer.json", "vocab.json", "merges.txt", "tokenizer_config.json",
            "special_tokens_map.json");
    private static final int MAX_SHARDS = 1024;

    /**
     * A network's files.
     *
     * @param config  its configuration
     * @param index   where the tensors of shards are, if there are several
     * @param weights safetensors files
     */
    record Part(String config, Optional<String> index, List<String> weights) {
    }

    /**
     * Finds the files of a pack.
     *
     * @throws IIOException if the folder is no pack; the message says what is missing
     */
    static PackLayout scan(Path folder) throws IIOException {
        if (!Files.isDirectory(folder)) {
            throw new IIOException(folder + " is no folder");
        }
        if (!Files.isReadable(folder) || !Files.isExecutable(folder)) {
            throw new IIOException(folder + " cannot be read: permission denied");
        }
        Optional<Part> denoiser = part(folder, "unet/", "diffusion_pytorch_model");
        Optional<Part> textEncoder = denoiser.isEmpty() ? Optional.empty() : part(folder, "text_encoder/", "model");
        Optional<String> scheduler = Optional.of("scheduler/scheduler_config.json")
                .filter(f -> denoiser.isPresent() && Files.isRegularFile(folder.resolve(f)));
        List<String> tokenizer = denoiser.isEmpty() ? List.of()
                : TOKENIZER.stream().map(f -> "tokenizer/" + f).filter(f -> Files.isRegularFile(folder.resolve(f))).toList();
        Optional<Part> autoEncoder = part(folder, "vae/", "diffusion_pytorch_model");
        if (autoEncoder.isEmpty()) {
            autoEncoder = part(folder, "", "diffusion_pytorch_model");
        }
        Optional<String> tinyEncoder = Optional.empty();
        Optional<String> tinyDecoder = Optional.empty();
        if (autoEncoder.isEmpty()) {
            tinyEncoder = single(folder, "encoder" + SUFFIX);
            tinyDecoder = single(folder, "decoder" + SUFFIX);
            if (tinyDecoder.isEmpty()) {
                throw new IIOException(folder + " has no autoencoder: neither vae/" + CONFIG + " nor " + CONFIG + " nor a file *decoder"
                        + SUFFIX + code(folder, ""));
            }
        }
        return new PackLayout(folder, autoEncoder, tinyEncoder, tinyDecoder, denoiser, textEncoder, scheduler, tokenizer);
    }

    /** All files of the pack, sorted. */
    Set<String> files() {
        Set<String> files = new TreeSet<>(tokenizer);
        Stream.of(autoEncoder, denoiser, textEncoder).flatMap(Optional::stream).forEach(part -> {
            files.add(part.config);
            part.index.ifPresent(files::add);
            files.addAll(part.weights);
        });
        Stream.of(tinyEncoder, tinyDecoder, scheduler).flatMap(Optional::stream).forEach(files::add);
        return files;
    }

    private static Optional<Part> part(Path folder, String prefix, String name) throws IIOException {
        String config = prefix + CONFIG;
        if (!Files.isRegularFile(folder.resolve(config))) {
            return Optional.empty();
        }
        for (String variant : List.of("", ".fp16")) {
            String file = prefix + name + variant + SUFFIX;
            if (Files.isRegularFile(folder.resolve(file))) {
                return Optional.of(new Part(config, Optional.empty(), List.of(file)));
            }
            for (String index : List.of(prefix + name + INDEX + variant, prefix + name + SUFFIX + ".index" + variant + ".json")) {
                if (Files.isRegularFile(folder.resolve(index))) {
                    return Optional.of(new Part(config, Optional.of(index), shards(folder, prefix, index)));
                }
            }
        }
        throw new IIOException(folder + " has " + config + " but no " + prefix + name + SUFFIX + code(folder, prefix));
    }

    private static List<String> shards(Path folder, String prefix, String index) throws IIOException {
        Optional<Json> map = PackJson.read(folder.resolve(index)).find("weight_map").filter(m -> m.kind() == Json.Kind.OBJECT);
        if (map.isEmpty() || map.get().members().isEmpty()) {
            throw new IIOException(folder.resolve(index) + " has no weight_map");
        }
        Set<String> shards = new TreeSet<>();
        for (Map.Entry<String, Json> tensor : map.get().members().entrySet()) {
            String shard = PackJson.string(map.get(), tensor.getKey()).orElse("");
            if (!shard.matches("[A-Za-z0-9_][A-Za-z0-9._-]*\\.safetensors")) {
                throw new IIOException(folder.resolve(index) + " puts tensor '" + tensor.getKey() + "' into the file " + tensor.getValue()
                        + ", which is no safetensors file beside it");
            }
            shards.add(prefix + shard);
        }
        if (shards.size() > MAX_SHARDS) {
            throw new IIOException(folder.resolve(index) + " names " + shards.size() + " files, more than " + MAX_SHARDS);
        }
        for (String shard : shards) {
            if (!Files.isRegularFile(folder.resolve(shard))) {
                throw new IIOException(folder + " has no " + shard + ", which " + index + " names");
            }
        }
        return new ArrayList<>(shards);
    }

    /** The one file of the folder itself whose name ends so. */
    private static Optional<String> single(Path folder, String end) throws IIOException {
        List<String> found = names(folder).stream().filter(name -> name.endsWith(end)).toList();
        if (found.size() > 1) {
            throw new IIOException(folder + " has several files *" + end + ": " + String.join(", ", found));
        }
        return found.stream().findFirst();
    }

    /** Why pickled weights do not help, if that is what is there. */
    private static String code(Path folder, String prefix) throws IIOException {
        List<String> pickled = names(folder.resolve(prefix)).stream()
                .filter(name -> CODE.contains(name.substring(name.lastIndexOf('.') + 1))).toList();
        return pickled.isEmpty() ? "" : " (" + prefix + pickled.get(0) + " may hold code and is not read: convert it to safetensors)";
    }

    private static List<String> names(Path folder) throws IIOException {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.filter(Files::isRegularFile).map(p -> p.getFileName().toString()).sorted().collect(Collectors.toList());
        } catch (IOException e) {
            throw new IIOException(folder + " cannot be read: " + e, e);
        }
    }
}
