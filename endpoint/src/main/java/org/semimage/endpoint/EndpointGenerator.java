// SPDX-License-Identifier: Apache-2.0
package org.semimage.endpoint;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import org.semimage.compute.Watcher;
import org.semimage.generate.Generator;
import org.semimage.generate.Services;
import org.semimage.generate.SynthesisPolicy;
import org.semimage.picture.PixelPlanes;
import org.semimage.profile.semantic.DescriptorMatch;

import javax.imageio.IIOException;
import java.net.URI;
import java.util.Base64;
import java.util.Optional;

/**
 * Asks an image endpoint for the picture of a caption: {@code POST {base}/images/generations}. It is there where the system property
 * {@value #PREFIX}{@code url} is set, and nothing is sent without it. The answer is resized to the request; descriptors then correct its
 * texture, layout and colours ({@link DescriptorMatch}).
 */
public final class EndpointGenerator implements Generator {

    /** What the system properties of the generator begin with (PROPERTIES.md, "Endpoints"). */
    public static final String PREFIX = "org.semimage.endpoint.image.";

    /** The environment variable with the key, unless the property {@code key} names another. */
    public static final String KEY_VARIABLE = "SEM_IMAGE_KEY";

    private static final int MAX_ANSWER = 1 << 25;

    /** Sides are asked for in multiples of this, as latent networks have them. */
    private static final int MULTIPLE = 64;
    private static final int LEAST_SIDE = 256;
    private static final int MOST_SIDE = 1024;

    private final EndpointSettings.Source source;

    /** A generator that system properties and environment configure. */
    public EndpointGenerator() {
        this(EndpointSettings.Source.PROCESS);
    }

    EndpointGenerator(EndpointSettings.Source source) {
        this.source = source;
    }

    /** What an endpoint understands beside model, prompt and number. */
    private enum Dialect {

        /** Sides in multiples of 64, a seed, and a wish for the picture itself in place of its address. */
        LOCAL {
            @Override
            void add(Request request, JsonObject question) {
                question.addProperty("size", side(request.width(), request) + "x" + side(request.height(), request));
                question.addProperty("response_format", "b64_json");
                question.addProperty("seed", request.seed() & Integer.MAX_VALUE);
            }
        },

        /** OpenAI's: three sizes, no seed, and always the picture itself. */
        OPENAI {
            @Override
            void add(Request request, JsonObject question) {
                double shape = (double) request.width() / request.height();
                question.addProperty("size", shape > 1.2 ? "1536x1024" : shape < 1 / 1.2 ? "1024x1536" : "1024x1024");
            }
        };

        abstract void add(Request request, JsonObject question);

        private static int side(int length, Request request) {
            int longer = Math.max(request.width(), request.height());
            double scaled = longer <= MOST_SIDE ? length : (double) length * MOST_SIDE / longer;
            return (int) Math.max(LEAST_SIDE, Math.round(scaled / MULTIPLE) * MULTIPLE);
        }
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
    public boolean needsCaption() {
        return true;
    }

    @Override
    public boolean accepts(Request request) {
        return request.caption().isPresent() && !request.caption().get().isBlank() && isInstalled();
    }

    @Override
    public PixelPlanes generate(Request request, Watcher watcher) throws IIOException {
        if (!accepts(request)) {
            throw new IIOException("no image endpoint is configured (" + PREFIX + "url), " + SynthesisPolicy.PROPERTY
                    + " denies it, or there is no caption");
        }
        EndpointSettings settings = EndpointSettings.of(source, PREFIX, KEY_VARIABLE);
        JsonObject question = new JsonObject();
        question.addProperty("model", settings.model());
        question.addProperty("prompt", request.caption().orElseThrow());
        question.addProperty("n", 1);
        dialect().add(request, question);
        URI address = settings.address("images/generations");
        EndpointCall call = new EndpointCall(settings, watcher);
        byte[] answer = call.post(address, question.toString(), MAX_ANSWER);
        watcher.checkpoint(0.8f);
        PixelPlanes picture = picture(answer, request, address, call);
        watcher.checkpoint(0.9f);
        return request.descriptors().isPresent() ? DescriptorMatch.apply(picture, request.descriptors().get(), request.descriptorWeight())
                : picture;
    }

    private Dialect dialect() throws IIOException {
        String property = PREFIX + "dialect";
        String said = source.property(property).orElse("local");
        return switch (said) {
            case "local" -> Dialect.LOCAL;
            case "openai" -> Dialect.OPENAI;
            default -> throw new IIOException("property " + property + " is '" + said + "', neither local nor openai");
        };
    }

    private static PixelPlanes picture(byte[] answer, Request request, URI address, EndpointCall call) throws IIOException {
        try {
            JsonElement json = Answers.json(answer);
            Optional<String> inline = Answers.text(json, "data", 0, "b64_json");
            byte[] file = inline.isPresent() ? decoded(inline.get()) : call.get(named(json, address), MAX_ANSWER);
            return ReceivedPicture.of(file, request.width(), request.height());
        } catch (IIOException e) {
            String message = e.getMessage().startsWith("endpoint ") ? e.getMessage() : EndpointCall.place(address) + ": " + e.getMessage();
            throw new IIOException(message, e);
        }
    }

    private static byte[] decoded(String text) throws IIOException {
        try {
            return Base64.getDecoder().decode(text.strip());
        } catch (IllegalArgumentException e) {
            throw new IIOException("the answer's picture is not in Base64", e);
        }
    }

    private static URI named(JsonElement json, URI address) throws IIOException {
        String text = Answers.text(json, "data", 0, "url").orElseThrow(() -> new IIOException("the answer has no picture"));
        try {
            return address.resolve(text);
        } catch (IllegalArgumentException e) {
            throw new IIOException("the answer names no address");
        }
    }
}
