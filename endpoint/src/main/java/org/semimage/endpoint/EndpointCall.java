// SPDX-License-Identifier: Apache-2.0
package org.semimage.endpoint;

import org.semimage.compute.Watcher;

import javax.imageio.IIOException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One call of an endpoint: a request or a few that belong together, which end within the time that settings allow. Busy servers and broken
 * connections are tried again. Nothing is redirected. Failures tell host and path, and never the key.
 */
final class EndpointCall {

    /** What is read of an answer that says why there is none. */
    private static final int MAX_COMPLAINT = 8192;

    private final EndpointSettings settings;
    private final Watcher watcher;
    private final HttpClient client;
    private final long deadline;

    /** An answer that is no good, and whether the next one may be. */
    private record Trouble(IIOException failure, boolean passing, Optional<Duration> pause) {
    }

    /** Begins a call, whose time runs from now on. */
    EndpointCall(EndpointSettings settings, Watcher watcher) {
        this.settings = settings;
        this.watcher = watcher;
        // Not HTTP/2, as its offer over plain HTTP confuses small servers.
        this.client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(settings.connect()).build();
        this.deadline = System.nanoTime() + settings.whole().toNanos();
    }

    /**
     * Sends JSON.
     *
     * @param limit the most bytes of an answer
     * @return the answer's bytes
     * @throws IIOException if there is no good answer in time, or it is longer
     * @throws java.util.concurrent.CancellationException if the watcher asked to stop
     */
    byte[] post(URI address, String json, int limit) throws IIOException {
        return answer(request(address).header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json, StandardCharsets.UTF_8)).build(), limit);
    }

    /**
     * Fetches what an answer named.
     *
     * @throws IIOException if it is not where the endpoint is, or as {@link #post}
     */
    byte[] get(URI address, int limit) throws IIOException {
        URI base = settings.base();
        if (!base.getScheme().equalsIgnoreCase(address.getScheme()) || !base.getHost().equalsIgnoreCase(address.getHost())
                || base.getPort() != address.getPort() || address.getRawUserInfo() != null) {
            throw new IIOException(place(base) + ": the answer names an address on another host, which is not asked");
        }
        return answer(request(address).GET().build(), limit);
    }

    private HttpRequest.Builder request(URI address) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address);
        settings.key().ifPresent(key -> request.header("Authorization", key.authorization()));
        return request;
    }

    private byte[] answer(HttpRequest request, int limit) throws IIOException {
        String place = place(request.uri());
        for (int attempt = 1; ; attempt++) {
            Trouble trouble;
            try {
                HttpResponse<byte[]> response = exchange(request, limit);
                if (response.statusCode() / 100 == 2) {
                    return response.body();
                }
                trouble = trouble(response, place);
            } catch (IIOException | InterruptedIOException e) {
                throw new IIOException(masked(place + ": " + e.getMessage()), e);
            } catch (IOException e) {
                String why = e.getMessage() == null ? "no connection (" + e.getClass().getSimpleName() + ")" : e.getMessage();
                trouble = new Trouble(new IIOException(masked(place + ": " + why), e), true, Optional.empty());
            }
            if (!trouble.passing || attempt >= settings.attempts()) {
                throw trouble.failure;
            }
            Duration wait = trouble.pause.orElse(Patience.before(attempt));
            if (wait.toNanos() >= deadline - System.nanoTime()) {
                throw new IIOException(trouble.failure.getMessage() + "; there is no time for another attempt in " + wait.toSeconds()
                        + " s", trouble.failure);
            }
            pause(wait, place);
        }
    }

    private void pause(Duration wait, String place) throws IIOException {
        try {
            Patience.pause(wait, watcher.cancellation());
        } catch (InterruptedIOException e) {
            throw new IIOException(place + ": interrupted", e);
        }
    }

    /** One request and its answer; the exchange is given up where this ends otherwise. */
    private HttpResponse<byte[]> exchange(HttpRequest request, int limit) throws IOException {
        watcher.cancellation().check();
        CompletableFuture<HttpResponse<byte[]>> future = client.sendAsync(request, info -> info.statusCode() / 100 == 2
                ? new LimitedBody(limit, false) : new LimitedBody(MAX_COMPLAINT, true));
        try {
            while (true) {
                Optional<HttpResponse<byte[]>> response = look(future);
                if (response.isPresent()) {
                    return response.get();
                }
                watcher.cancellation().check();
                if (System.nanoTime() >= deadline) {
                    throw new IIOException("no answer within " + settings.whole().toSeconds() + " s");
                }
            }
        } finally {
            future.cancel(true);
        }
    }

    private static Optional<HttpResponse<byte[]>> look(CompletableFuture<HttpResponse<byte[]>> future) throws IOException {
        try {
            return Optional.of(future.get(Patience.LOOK_MILLIS, TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            throw Patience.interrupted();
        } catch (ExecutionException e) {
            for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
                if (cause instanceof IIOException limit) {
                    throw limit;
                }
            }
            throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause().toString(), e.getCause());
        }
    }

    private Trouble trouble(HttpResponse<byte[]> response, String place) {
        int status = response.statusCode();
        if (status / 100 == 3) {
            return new Trouble(new IIOException(place + ": status " + status + ", a redirection, which is not followed"), false,
                    Optional.empty());
        }
        boolean passing = status == 429 || status / 100 == 5;
        // What refuses a key may quote it in part.
        String why = status == 401 || status == 403 ? settings.key().isPresent() ? "the key is refused" : "a key is asked for"
                : Answers.complaint(response.body()).map(said -> "'" + masked(said) + "'").orElse("");
        String message = place + ": status " + status + (why.isEmpty() ? "" : ", " + why);
        return new Trouble(new IIOException(message), passing, Patience.asked(response.headers(), ZonedDateTime.now(ZoneOffset.UTC)));
    }

    private String masked(String text) {
        return settings.key().map(key -> key.maskedIn(text)).orElse(text);
    }

    /** An address as messages show it. */
    static String place(URI address) {
        return "endpoint " + address.getScheme() + "://" + address.getHost() + (address.getPort() < 0 ? "" : ":" + address.getPort())
                + address.getRawPath();
    }
}
