// SPDX-License-Identifier: Apache-2.0
package org.semimage.torch.pack;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import org.semimage.compute.tensor.Json;

import javax.imageio.IIOException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * CLIP's tokenizer, on Hugging Face's library.
 *
 * <p>Its folder holds either {@code tokenizer.json} or, as older packs do, {@code vocab.json} and {@code merges.txt}.
 */
final class ClipTokenizer implements AutoCloseable {

    private static final String START = "<|startoftext|>";
    private static final String END = "<|endoftext|>";
    private static final String WORDS =
            "<\\|startoftext\\|>|<\\|endoftext\\|>|'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+";

    private final HuggingFaceTokenizer tokenizer;
    private final int padding;

    private ClipTokenizer(HuggingFaceTokenizer tokenizer, int padding) {
        this.tokenizer = tokenizer;
        this.padding = padding;
    }

    /**
     * Opens the tokenizer of a folder.
     *
     * @throws IIOException if a file is missing or broken, or the library is not there; the message says which
     */
    static ClipTokenizer open(Path folder) throws IIOException {
        // The library would look for a build for CUDA on the network, and tell its makers of its use, unless these say no.
        for (String[] setting : new String[][] {{"RUST_FLAVOR", "cpu"}, {"OPT_OUT_TRACKING", "true"}}) {
            if (System.getenv(setting[0]) == null && System.getProperty(setting[0]) == null) {
                System.setProperty(setting[0], setting[1]);
            }
        }
        Path file = folder.resolve("tokenizer.json");
        byte[] bytes = Files.exists(file) ? PackJson.bytes(file) : assembled(folder).getBytes(StandardCharsets.UTF_8);
        int padding = padding(folder, PackJson.parse(file.toString(), bytes));
        try {
            Map<String, String> options = Map.of("addSpecialTokens", "true", "truncation", "false", "padding", "false");
            return new ClipTokenizer(HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(bytes), options), padding);
        } catch (LinkageError e) {
            throw new IIOException("texts need the library ai.djl.huggingface:tokenizers, which is not there: " + e, e);
        } catch (IOException | RuntimeException e) {
            throw new IIOException(folder + " is no tokenizer: " + e.getMessage(), e);
        }
    }

    /** What tokenizer.json would say: the pipeline of CLIP around a vocabulary and its merges. */
    private static String assembled(Path folder) throws IIOException {
        Json vocabulary = PackJson.read(folder.resolve("vocab.json"));
        String merges = new String(PackJson.bytes(folder.resolve("merges.txt")), StandardCharsets.UTF_8).lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#version")).map(Json::quoted).collect(Collectors.joining(","));
        return """
                {"version": "1.0", "added_tokens": [%s, %s],
                "normalizer": {"type": "Sequence", "normalizers": [{"type": "NFC"},
                  {"type": "Replace", "pattern": {"Regex": "\\\\s+"}, "content": " "}, {"type": "Lowercase"}]},
                "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
                  {"type": "Split", "pattern": {"Regex": %s}, "behavior": "Removed", "invert": true},
                  {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true}]},
                "post_processor": {"type": "RobertaProcessing", "sep": %s, "cls": %s, "trim_offsets": false, "add_prefix_space": false},
                "model": {"type": "BPE", "unk_token": %s, "continuing_subword_prefix": "", "end_of_word_suffix": "</w>",
                  "fuse_unk": false, "vocab": %s, "merges": [%s]}}
                """.formatted(special(folder, vocabulary, START), special(folder, vocabulary, END), Json.quoted(WORDS),
                pair(END, vocabulary), pair(START, vocabulary), Json.quoted(END), vocabulary, merges);
    }

    private static String pair(String token, Json vocabulary) {
        return "[" + Json.quoted(token) + ", " + vocabulary.get(token) + "]";
    }

    private static String special(Path folder, Json vocabulary, String token) throws IIOException {
        Json number = vocabulary.find(token).orElseThrow(() -> new IIOException(folder.resolve("vocab.json") + " has no " + token));
        return """
                {"content": %s, "id": %s, "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true}
                """.formatted(Json.quoted(token), number);
    }

    /** The number of the padding token: the end token unless the folder says otherwise (SD 2.x pads with "!"). */
    private static int padding(Path folder, Json json) throws IIOException {
        String token = END;
        for (String file : new String[] {"tokenizer_config.json", "special_tokens_map.json"}) {
            if (Files.exists(folder.resolve(file))) {
                Json settings = PackJson.read(folder.resolve(file));
                Optional<Json> detailed = settings.find("pad_token").filter(said -> said.kind() == Json.Kind.OBJECT);
                token = (detailed.isPresent() ? PackJson.string(detailed.get(), "content") : PackJson.string(settings, "pad_token"))
                        .orElse(token);
            }
        }
        Optional<Json> number = member(member(member(Optional.of(json), "model"), "vocab"), token);
        if (number.isEmpty() && json.find("added_tokens").filter(added -> added.kind() == Json.Kind.ARRAY).isPresent()) {
            for (Json added : json.get("added_tokens").elements()) {
                if (added.kind() == Json.Kind.OBJECT && PackJson.string(added, "content").filter(token::equals).isPresent()) {
                    number = added.find("id");
                }
            }
        }
        try {
            return Math.toIntExact(number.orElseThrow().integer());
        } catch (RuntimeException e) {
            throw new IIOException(folder + " has no number for the padding token '" + token + "'", e);
        }
    }

    private static Optional<Json> member(Optional<Json> of, String name) {
        return of.filter(json -> json.kind() == Json.Kind.OBJECT).flatMap(json -> json.find(name));
    }

    /**
     * Tokens of a text between start and end, padded or cut to a length.
     *
     * @param length at least 2
     */
    int[] encode(String text, int length) {
        long[] ids = tokenizer.encode(text).getIds();
        int[] tokens = new int[length];
        Arrays.fill(tokens, padding);
        int count = Math.min(length, ids.length);
        for (int i = 0; i < count; i++) {
            tokens[i] = Math.toIntExact(ids[i]);
        }
        if (ids.length > length) {
            tokens[length - 1] = Math.toIntExact(ids[ids.length - 1]);
        }
        return tokens;
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
