// SPDX-License-Identifier: Apache-2.0
package org.semimage.serve;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Promise;
import org.semimage.text.TextCodec;

import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Takes pictures of clients, and keeps them in memory for a short time. */
final class UploadRoute implements AutoCloseable {

    private static final System.Logger LOGGER = System.getLogger(UploadRoute.class.getName());

    private static final int NAME_BYTES = 16;
    private static final int REQUEST_TIMEOUT = 408;

    /** Formats whose readers are made for files of strangers; ImageIO's names. */
    private static final List<String> FORMATS = List.of("jpeg", "png", "webp", "gif", "bmp", "sem");

    private final ServeOptions.Uploads limits;
    private final Duration timeout;
    private final Decodings decodings;
    private final Shelf<Upload> shelf;
    private final SecureRandom random = new SecureRandom();

    UploadRoute(ServeOptions options, Decodings decodings) {
        this.limits = options.uploads();
        this.timeout = options.limits().timeout();
        this.decodings = decodings;
        this.shelf = new Shelf<>(limits.pictures(), limits.total(), limits.life());
    }

    boolean isOpen() {
        return limits.pictures() > 0;
    }

    /** A picture that is still there. */
    Upload find(String name) throws Refusal {
        return shelf.find(name).orElseThrow(() -> new Refusal(404, "no such picture, or its time is over"));
    }

    /**
     * Takes a picture, and answers with its name and size.
     *
     * @throws Refusal for everything that can be told before the picture is there
     */
    void take(Answer answer) throws Refusal {
        Request request = answer.request();
        Optional<String> caption = caption(request);
        String type = Optional.ofNullable(request.getHeaders().get(HttpHeader.CONTENT_TYPE)).orElse("");
        // A form of another site cannot have such a type.
        if (!type.toLowerCase(Locale.ROOT).startsWith("image/")) {
            throw new Refusal(415, "a picture has a type image/...");
        }
        long length = request.getLength();
        if (length < 0) {
            throw new Refusal(411, "the length of the picture is missing");
        }
        if (length > limits.bytes()) {
            throw new Refusal(413, "a picture has " + limits.bytes() + " bytes at most");
        }
        String name = name();
        if (!shelf.reserve(name, length)) {
            answer.response().getHeaders().put(HttpHeader.RETRY_AFTER, Math.max(1, limits.life().toSeconds() / 4));
            throw new Refusal(429, "there are too many pictures already: each is kept for " + limits.life().toSeconds() + " seconds");
        }
        Promise.Completable.<ByteBuffer>with(content -> Content.Source.asByteBuffer(request, content))
                .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS).whenComplete((content, failure) -> {
                    if (failure != null) {
                        LOGGER.log(Level.DEBUG, "a picture has not come", failure);
                        refuse(answer, name, REQUEST_TIMEOUT, "the picture has not come");
                    } else {
                        keep(answer, name, BufferUtil.toArray(content), caption);
                    }
                });
    }

    private static Optional<String> caption(Request request) throws Refusal {
        Optional<String> caption = Parameters.of(request, List.of("caption")).text("caption").map(String::strip)
                .filter(text -> !text.isEmpty());
        if (caption.isPresent() && caption.get().length() > TextCodec.MAX_LENGTH) {
            throw new Refusal(400, "a caption has " + TextCodec.MAX_LENGTH + " characters at most");
        }
        return caption;
    }

    private String name() {
        byte[] bytes = new byte[NAME_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private void refuse(Answer answer, String name, int status, String text) {
        shelf.remove(name);
        answer.text(status, text);
    }

    private void keep(Answer answer, String name, byte[] bytes, Optional<String> caption) {
        Optional<String> type = type(bytes);
        if (type.isEmpty()) {
            refuse(answer, name, 415, "no picture of a format that is taken: " + String.join(", ", FORMATS));
            return;
        }
        Upload upload = new Upload(name, type.get(), bytes, caption, Instant.now());
        decodings.answer(answer, upload.title() + " cannot be decoded", abort -> look(upload, abort), taken -> {
            if (taken) {
                shelf.fill(name, upload);
            } else {
                shelf.remove(name);
            }
        });
    }

    /** The media type, by the first bytes. */
    private static Optional<String> type(byte[] bytes) {
        try (ImageInputStream in = new Renditions.BytesInput(bytes)) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                return Optional.empty();
            }
            String format = readers.next().getFormatName().toLowerCase(Locale.ROOT);
            return FORMATS.stream().filter(format::equals).findFirst().map(known -> "image/" + known);
        } catch (IOException e) {
            LOGGER.log(Level.DEBUG, "no picture", e);
            return Optional.empty();
        }
    }

    /** Decodes the picture once, so that one that is damaged is refused at once. */
    private static Made look(Upload upload, AbortSwitch abort) throws IOException {
        CodedRequest source = CodedRequest.source();
        Subject subject = Subject.of(upload, source.width(), abort);
        try (ImageInputStream in = upload.open()) {
            Renditions.read(in, source.width(), upload.maxPixels(), abort);
        }
        String json = String.format(Locale.ROOT, "{\"name\":\"%s\",\"width\":%d,\"height\":%d,\"bytes\":%d}",
                upload.name(), subject.size().width, subject.size().height, upload.bytes());
        return new Made(201, "application/json", json.getBytes(StandardCharsets.UTF_8),
                Map.of("Location", "/upload/" + upload.name(), "Cache-Control", "no-store"));
    }

    @Override
    public void close() {
        shelf.close();
    }
}
