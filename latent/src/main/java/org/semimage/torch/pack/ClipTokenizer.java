// SPDX-License-Identifier: Apache-2.0
package org.semimage.torch.pack;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import javax.imageio.IIOException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

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

    /** @throws IIOException if a file is missing or broken, or the library is not there; the message says which */
    static ClipTokenizer open(Path folder) throws IIOException {
        // The library would look for a build for CUDA on the network, and tell its makers of its use, unless these say no.
        for (String[] setting : new String[][] {{"RUST_FLAVOR", "cpu"}, {"OPT_OUT_TRACKING", "true"}}) {
            if (System.getenv(setting[0]) == null && System.getProperty(setting[0]) == null) {
                System.setProperty(setting[0], setting[1]);
            }
        }
        JsonObject json = Files.exists(folder.resolve("tokenizer.json")) ? PackJson.read(folder.resolve("tokenizer.json"))
                : assembled(folder);
        int padding = padding(folder, json);
        try {
            byte[] bytes = json.toString().getBytes(StandardCharsets.UTF_8);
            Map<String, String> options = Map.of("addSpecialTokens", "true", "truncation", "false", "padding", "false");
            return new ClipTokenizer(HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(bytes), options), padding);
        } catch (LinkageError e) {
            throw new IIOException("texts need the library ai.djl.huggingface:tokenizers, which is not there: " + e, e);
        } catch (IOException | RuntimeException e) {
            throw new IIOException(folder + " is no tokenizer: " + e.getMessage(), e);
        }
    }

    /** What tokenizer.json would say: the pipeline of CLIP around a vocabulary and its merges. */
    private static JsonObject assembled(Path folder) throws IIOException {
        JsonObject vocabulary = PackJson.read(folder.resolve("vocab.json"));
        JsonArray merges = new JsonArray();
        new String(PackJson.bytes(folder.resolve("merges.txt")), StandardCharsets.UTF_8).lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#version")).forEach(merges::add);
        JsonObject model = new JsonObject();
        model.addProperty("type", "BPE");
        model.addProperty("unk_token", END);
        model.addProperty("continuing_subword_prefix", "");
        model.addProperty("end_of_word_suffix", "</w>");
        model.addProperty("fuse_unk", false);
        model.add("vocab", vocabulary);
        model.add("merges", merges);
        JsonObject json = new JsonObject();
        json.addProperty("version", "1.0");
        JsonArray added = new JsonArray();
        added.add(special(folder, vocabulary, START));
        added.add(special(folder, vocabulary, END));
        json.add("added_tokens", added);
        json.add("normalizer", sequence("normalizers", object("type", "NFC"), replaceSpaces(), object("type", "Lowercase")));
        json.add("pre_tokenizer", sequence("pretokenizers", split(), byteLevel()));
        JsonObject post = object("type", "RobertaProcessing");
        post.add("sep", pair(END, vocabulary));
        post.add("cls", pair(START, vocabulary));
        post.addProperty("trim_offsets", false);
        post.addProperty("add_prefix_space", false);
        json.add("post_processor", post);
        json.add("model", model);
        return json;
    }

    private static JsonObject object(String key, String value) {
        JsonObject object = new JsonObject();
        object.addProperty(key, value);
        return object;
    }

    private static JsonObject pattern(String regex) {
        return object("Regex", regex);
    }

    private static JsonObject replaceSpaces() {
        JsonObject replace = object("type", "Replace");
        replace.add("pattern", pattern("\\s+"));
        replace.addProperty("content", " ");
        return replace;
    }

    private static JsonObject split() {
        JsonObject split = object("type", "Split");
        split.add("pattern", pattern(WORDS));
        split.addProperty("behavior", "Removed");
        split.addProperty("invert", true);
        return split;
    }

    private static JsonObject byteLevel() {
        JsonObject level = object("type", "ByteLevel");
        level.addProperty("add_prefix_space", false);
        level.addProperty("trim_offsets", true);
        level.addProperty("use_regex", true);
        return level;
    }

    private static JsonObject sequence(String key, JsonObject... steps) {
        JsonObject sequence = object("type", "Sequence");
        JsonArray array = new JsonArray();
        for (JsonObject step : steps) {
            array.add(step);
        }
        sequence.add(key, array);
        return sequence;
    }

    private static JsonArray pair(String token, JsonObject vocabulary) {
        JsonArray pair = new JsonArray();
        pair.add(token);
        pair.add(vocabulary.get(token));
        return pair;
    }

    private static JsonObject special(Path folder, JsonObject vocabulary, String token) throws IIOException {
        JsonElement number = vocabulary.get(token);
        if (number == null) {
            throw new IIOException(folder.resolve("vocab.json") + " has no " + token);
        }
        JsonObject special = object("content", token);
        special.add("id", number);
        special.addProperty("single_word", false);
        special.addProperty("lstrip", false);
        special.addProperty("rstrip", false);
        special.addProperty("normalized", false);
        special.addProperty("special", true);
        return special;
    }

    /** The number of the padding token: the end token unless the folder says otherwise (SD 2.x pads with "!"). */
    private static int padding(Path folder, JsonObject json) throws IIOException {
        String token = END;
        for (String file : new String[] {"tokenizer_config.json", "special_tokens_map.json"}) {
            if (Files.exists(folder.resolve(file))) {
                JsonElement said = PackJson.read(folder.resolve(file)).get("pad_token");
                String text = said instanceof JsonObject object ? PackJson.string(object, "content")
                        : said != null && said.isJsonPrimitive() ? said.getAsString() : null;
                token = text == null ? token : text;
            }
        }
        JsonElement vocabulary = json.get("model") instanceof JsonObject model ? model.get("vocab") : null;
        JsonElement number = vocabulary instanceof JsonObject words ? words.get(token) : null;
        if (number == null && json.get("added_tokens") instanceof JsonArray added) {
            for (JsonElement element : added) {
                if (element instanceof JsonObject special && token.equals(PackJson.string(special, "content"))) {
                    number = special.get("id");
                }
            }
        }
        try {
            return number.getAsInt();
        } catch (RuntimeException e) {
            throw new IIOException(folder + " has no number for the padding token '" + token + "'", e);
        }
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
