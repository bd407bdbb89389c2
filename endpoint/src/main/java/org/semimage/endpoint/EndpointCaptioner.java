// SPDX-License-Identifier: Apache-2.0
package org.semimage.endpoint;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import org.semimage.compute.Watcher;
import org.semimage.generate.Captioner;
import org.semimage.generate.Services;
import org.semimage.generate.SynthesisPolicy;
import org.semimage.picture.PixelPlanes;

import javax.imageio.IIOException;
import java.net.URI;
import java.util.List;

/**
 * Asks a chat endpoint that takes pictures what one shows: {@code POST {base}/chat/completions}, as OpenAI, vLLM, Ollama and llama.cpp have
 * it. It is there where the system property {@value #PREFIX}{@code url} is set, and nothing is sent without it.
 */
public final class EndpointCaptioner implements Captioner {

    /** What the system properties of the captioner begin with (PROPERTIES.md, "Endpoints"). */
    public static final String PREFIX = "org.semimage.endpoint.caption.";

    /** The environment variable with the key, unless the property {@code key} names another. */
    public static final String KEY_VARIABLE = "SEM_CAPTION_KEY";

    private static final int MAX_ANSWER = 1 << 20;
    private static final int DEFAULT_SIDE = 512;
    private static final int LEAST_SIDE = 64;
    private static final int MOST_SIDE = 2048;

    /** Enough for the longest captions, and for those who think first. */
    private static final int MAX_TOKENS = 1024;

    /** The style of the captions that the text prior learned from: they cost the fewest bits. */
    private static final String STYLE = "Describe this picture in one plain sentence of 8 to 14 words, in lower case, without a full stop. "
            + "Say what is seen, the main thing first, then what is around it, with colours where they matter. ";
    private static final String ONE = STYLE + "Answer with the sentence alone.";
    private static final String SEVERAL = STYLE + "Give %d different sentences, one a line, the best first, without numbers. "
            + "Answer with the sentences alone.";

    private final EndpointSettings.Source source;

    /** A captioner that system properties and environment configure. */
    public EndpointCaptioner() {
        this(EndpointSettings.Source.PROCESS);
    }

    EndpointCaptioner(EndpointSettings.Source source) {
        this.source = source;
    }

    @Override
    public String name() {
        return source.nameOfModel(PREFIX);
    }

    @Override
    public boolean isInstalled() {
        return source.isSetUp(PREFIX);
    }

    @Override
    public int rank() {
        return Services.CONFIGURED;
    }

    @Override
    public String caption(PixelPlanes image, Watcher watcher) throws IIOException {
        return captions(image, 1, watcher).get(0);
    }

    @Override
    public List<String> captions(PixelPlanes image, int count, Watcher watcher) throws IIOException {
        if (!isInstalled()) {
            throw new IIOException("no captioner endpoint is configured (" + PREFIX + "url), or " + SynthesisPolicy.PROPERTY
                    + " denies it");
        }
        EndpointSettings settings = EndpointSettings.of(source, PREFIX, KEY_VARIABLE);
        int side = source.number(PREFIX + "side", DEFAULT_SIDE, LEAST_SIDE, MOST_SIDE);
        String picture = SentPicture.dataUrl(image, side, watcher.cancellation());
        URI address = settings.address("chat/completions");
        String question = question(settings.model(), picture, count).toString();
        byte[] answer = new EndpointCall(settings, watcher).post(address, question, MAX_ANSWER);
        try {
            return Answers.captions(answer, count);
        } catch (IIOException e) {
            throw new IIOException(EndpointCall.place(address) + ": " + e.getMessage(), e);
        }
    }

    private static JsonObject question(String model, String picture, int count) {
        JsonObject text = new JsonObject();
        text.addProperty("type", "text");
        text.addProperty("text", count == 1 ? ONE : String.format(SEVERAL, count));
        JsonObject url = new JsonObject();
        url.addProperty("url", picture);
        JsonObject image = new JsonObject();
        image.addProperty("type", "image_url");
        image.add("image_url", url);
        JsonArray parts = new JsonArray();
        parts.add(text);
        parts.add(image);
        JsonObject message = new JsonObject();
        message.addProperty("role", "user");
        message.add("content", parts);
        JsonArray messages = new JsonArray();
        messages.add(message);
        JsonObject question = new JsonObject();
        question.addProperty("model", model);
        question.add("messages", messages);
        question.addProperty("max_tokens", MAX_TOKENS);
        question.addProperty("stream", false);
        return question;
    }
}
