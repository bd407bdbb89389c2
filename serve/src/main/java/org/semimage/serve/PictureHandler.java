// SPDX-License-Identifier: Apache-2.0
package org.semimage.serve;

import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.URIUtil;

import javax.imageio.IIOException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;

/** Answers all requests of a server. */
final class PictureHandler extends Handler.Abstract {

    private static final System.Logger LOGGER = System.getLogger(PictureHandler.class.getName());

    private static final String PICTURES = "/pictures/";

    /** The longest text about a file, in characters. */
    private static final int MAX_TEXT = 200;

    /** Makes a rendition; what a test replaces. */
    interface Rendering {

        /** As {@link Renditions#render}. */
        byte[] render(PictureFile file, Rendition rendition, AbortSwitch abort) throws IOException;
    }

    private final PictureFolder folder;
    private final ServeOptions options;
    private final DecodingQueue queue;
    private final ServerMetrics metrics;
    private final Rendering rendering;

    PictureHandler(PictureFolder folder, ServeOptions options, DecodingQueue queue, ServerMetrics metrics, Rendering rendering) {
        this.folder = folder;
        this.options = options;
        this.queue = queue;
        this.metrics = metrics;
        this.rendering = rendering;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Answer answer = new Answer(request, response, callback);
        response.getHeaders().put("X-Content-Type-Options", "nosniff");
        String path = request.getHttpURI().getPath();
        count(request, response, route(path, request.getHttpURI().getQuery() != null));
        try {
            if (!HttpMethod.GET.is(request.getMethod()) && !HttpMethod.HEAD.is(request.getMethod())) {
                response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD");
                throw new Refusal(405, "methods are GET and HEAD");
            }
            switch (path) {
                case "/" -> page(answer);
                case "/health" -> answer.text(200, "ok");
                case "/metrics" -> metrics(answer);
                default -> picture(answer, path);
            }
        } catch (Refusal refusal) {
            answer.text(refusal.status(), refusal.getMessage());
        } catch (IOException | RuntimeException e) {
            failed(answer, e);
        }
        return true;
    }

    private static void failed(Answer answer, Exception failure) {
        if (failure instanceof HttpException told) {
            LOGGER.log(Level.DEBUG, "a request is malformed", failure);
            answer.text(told.getCode(), "the request is malformed");
        } else {
            LOGGER.log(Level.ERROR, "a request has failed", failure);
            answer.text(500, "the server has failed");
        }
    }

    private static String route(String path, boolean parameters) {
        return switch (path) {
            case "/" -> "page";
            case "/health" -> "health";
            case "/metrics" -> "metrics";
            default -> !path.startsWith(PICTURES) ? "other" : parameters ? "rendition" : "original";
        };
    }

    private void count(Request request, Response response, String route) {
        Request.addCompletionListener(request, failure -> metrics.answered(route, response.getStatus(),
                Response.getContentBytesWritten(response), Duration.ofNanos(System.nanoTime() - request.getBeginNanoTime())));
    }

    private void page(Answer answer) throws IOException, Refusal {
        GalleryPage page = GalleryPage.of(folder.list(), Request.extractQueryParameters(answer.request()));
        answer.response().getHeaders().put("Content-Security-Policy", page.policy());
        answer.response().getHeaders().put("Referrer-Policy", "no-referrer");
        answer.response().getHeaders().put(HttpHeader.CACHE_CONTROL, "no-cache");
        answer.content(200, "text/html; charset=utf-8", page.html().getBytes(StandardCharsets.UTF_8));
    }

    private void metrics(Answer answer) {
        answer.response().getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        answer.content(200, ServerMetrics.TYPE, metrics.text().getBytes(StandardCharsets.UTF_8));
    }

    private void picture(Answer answer, String path) throws IOException, Refusal {
        PictureFile file = folder.find(name(path)).orElseThrow(() -> new Refusal(404, "no such picture"));
        Request request = answer.request();
        Rendition rendition = Rendition.of(Request.extractQueryParameters(request),
                request.getHeaders(), file, options.limits().maxWidth());
        String tag = file.tag(rendition.parameters());
        answer.describe(file, tag, options.maxAge());
        if (rendition.width().isPresent()) {
            answer.response().getHeaders().put(HttpHeader.VARY, "Accept");
        }
        if (answer.isKnown(file, tag)) {
            answer.known();
        } else if (rendition.isOriginal()) {
            answer.file(file, tag);
        } else if (answer.isHead()) {
            answer.unmade(rendition.type().mediaType());
        } else {
            decode(answer, file, rendition);
        }
    }

    /** The name behind {@code /pictures/}, decoded once. */
    private static String name(String path) throws Refusal {
        if (!path.startsWith(PICTURES) || path.indexOf(';') >= 0) {
            throw new Refusal(404, "no such page");
        }
        try {
            return URIUtil.decodePath(path.substring(PICTURES.length()));
        } catch (IllegalArgumentException e) {
            LOGGER.log(Level.DEBUG, "not a path", e);
            throw new Refusal(400, "the path is not in UTF-8");
        }
    }

    private void decode(Answer answer, PictureFile file, Rendition rendition) {
        WatchedConnector.Watched connection = WatchedConnector.of(answer.request());
        connection.watch();
        try {
            queue.submit(abort -> rendering.render(file, rendition, abort), connection::clientHasLeft).whenComplete((bytes, failure) -> {
                connection.answer();
                if (failure == null) {
                    metrics.decoded("done");
                    answer.content(200, rendition.type().mediaType(), bytes);
                } else {
                    undecoded(answer, file, failure instanceof CompletionException ? failure.getCause() : failure);
                }
            });
        } catch (RejectedExecutionException e) {
            LOGGER.log(Level.DEBUG, "refused", e);
            connection.answer();
            metrics.decoded("refused");
            without(answer).busy("too many requests wait already");
        }
    }

    private void undecoded(Answer answer, PictureFile file, Throwable failure) {
        without(answer);
        if (failure instanceof TimeoutException) {
            metrics.decoded("late");
            answer.busy("this took too long");
        } else if (failure instanceof CancellationException) {
            metrics.decoded("left");
            answer.busy("ended early");
        } else if (failure instanceof IIOException) {
            LOGGER.log(Level.DEBUG, "not decoded: " + file.path(), failure);
            metrics.decoded("corrupt");
            answer.text(422, shortened(file.name() + " cannot be decoded: " + failure.getMessage()));
        } else {
            LOGGER.log(Level.ERROR, "not decoded: " + file.path(), failure);
            metrics.decoded("failed");
            answer.text(500, "the server has failed");
        }
    }

    /** Takes back what describes a picture that is not there after all. */
    private static Answer without(Answer answer) {
        answer.response().getHeaders().remove(HttpHeader.ETAG);
        answer.response().getHeaders().remove(HttpHeader.LAST_MODIFIED);
        return answer;
    }

    private static String shortened(String text) {
        String line = text.lines().findFirst().orElse("");
        return line.length() <= MAX_TEXT ? line : line.substring(0, MAX_TEXT) + "...";
    }
}
