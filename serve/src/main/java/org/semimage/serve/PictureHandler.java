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

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** Answers all requests of a server. */
final class PictureHandler extends Handler.Abstract implements AutoCloseable {

    private static final System.Logger LOGGER = System.getLogger(PictureHandler.class.getName());

    private static final String PICTURES = "/pictures/";
    private static final String VIEW = "/view/";
    private static final String CODED = "/coded/";
    private static final String UPLOAD = "/upload";
    private static final String UPLOADED = UPLOAD + "/";

    /** Makes a rendition; what a test replaces. */
    interface Rendering {

        /** As {@link Renditions#render}. */
        byte[] render(PictureFile file, Rendition rendition, AbortSwitch abort) throws IOException;
    }

    private final PictureFolder folder;
    private final ServeOptions options;
    private final Decodings decodings;
    private final ServerMetrics metrics;
    private final Coder coder;
    private final UploadRoute uploads;
    private final Rendering rendering;

    PictureHandler(ServeOptions options, DecodingQueue queue, ServerMetrics metrics, Rendering rendering) throws IOException {
        this.folder = new PictureFolder(options.folder());
        this.options = options;
        this.decodings = new Decodings(queue, metrics);
        this.metrics = metrics;
        this.coder = new Coder();
        this.uploads = new UploadRoute(options, decodings);
        this.rendering = rendering;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Answer answer = new Answer(request, response, callback);
        response.getHeaders().put("X-Content-Type-Options", "nosniff");
        String path = request.getHttpURI().getPath();
        count(request, response, route(path, request.getHttpURI().getQuery() != null));
        try {
            requireMethod(answer, path);
            switch (path) {
                case "/" -> send(answer, GalleryPage.of(folder.list(), Request.extractQueryParameters(request), uploads.isOpen()));
                case "/health" -> answer.text(200, "ok");
                case "/metrics" -> metrics(answer);
                case UPLOAD -> upload(answer);
                default -> named(answer, path);
            }
        } catch (Refusal refusal) {
            answer.text(refusal.status(), refusal.getMessage());
        } catch (IOException | RuntimeException e) {
            failed(answer, e);
        }
        return true;
    }

    private void requireMethod(Answer answer, String path) throws Refusal {
        boolean takes = path.equals(UPLOAD) && uploads.isOpen();
        String method = answer.request().getMethod();
        if (!HttpMethod.GET.is(method) && !answer.isHead() && !(takes && HttpMethod.POST.is(method))) {
            answer.response().getHeaders().put(HttpHeader.ALLOW, takes ? "GET, HEAD, POST" : "GET, HEAD");
            throw new Refusal(405, takes ? "methods are GET, HEAD and POST" : "methods are GET and HEAD");
        }
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
            case UPLOAD -> "upload";
            default -> path.startsWith(VIEW) ? "page" : path.startsWith(CODED) || path.startsWith(UPLOADED) ? "coded"
                    : !path.startsWith(PICTURES) ? "other" : parameters ? "rendition" : "original";
        };
    }

    private void count(Request request, Response response, String route) {
        Request.addCompletionListener(request, failure -> metrics.answered(route, response.getStatus(),
                Response.getContentBytesWritten(response), Duration.ofNanos(System.nanoTime() - request.getBeginNanoTime())));
    }

    private static void send(Answer answer, Page page) {
        page.headers().forEach(answer.response().getHeaders()::put);
        answer.content(200, Page.TYPE, page.bytes());
    }

    private void metrics(Answer answer) {
        answer.response().getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        answer.content(200, ServerMetrics.TYPE, metrics.text().getBytes(StandardCharsets.UTF_8));
    }

    private void upload(Answer answer) throws IOException, Refusal {
        if (!uploads.isOpen()) {
            throw new Refusal(404, "this server takes no pictures");
        }
        if (HttpMethod.POST.is(answer.request().getMethod())) {
            uploads.take(answer);
        } else {
            send(answer, PicturePage.ofUploads(options.uploads()));
        }
    }

    private void named(Answer answer, String path) throws IOException, Refusal {
        if (path.startsWith(UPLOADED)) {
            coded(answer, uploads.find(path.substring(UPLOADED.length())));
        } else if (path.startsWith(CODED)) {
            coded(answer, file(path, CODED));
        } else if (path.startsWith(VIEW)) {
            view(answer, file(path, VIEW));
        } else {
            picture(answer, file(path, PICTURES));
        }
    }

    private void view(Answer answer, PictureFile file) throws IOException, Refusal {
        Parameters.of(answer.request(), List.of());
        List<PictureFile> all = folder.list();
        int width = CodedRequest.source().width();
        decodings.answer(answer, file.name() + " cannot be decoded", abort -> {
            Page page = PicturePage.of(file, all, Subject.of(file, Math.min(width, options.limits().maxWidth()), abort));
            return new Made(200, Page.TYPE, page.bytes(), page.headers());
        });
    }

    private void coded(Answer answer, Picture picture) throws Refusal {
        CodedRequest wanted = CodedRequest.of(answer.request(), options.limits().maxWidth());
        String tag = picture.tag(wanted.parameters());
        answer.describe(picture, tag, options.maxAge());
        if (answer.isKnown(picture, tag)) {
            answer.known();
        } else if (answer.isHead()) {
            answer.unmade(wanted.mediaType());
        } else {
            decodings.answer(answer, picture.title() + " cannot be shown as " + wanted.format().label(),
                    abort -> coder.show(picture, wanted, abort));
        }
    }

    private void picture(Answer answer, PictureFile file) throws Refusal {
        Rendition rendition = Rendition.of(answer.request(), file, options.limits().maxWidth());
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
            decodings.answer(answer, file.name() + " cannot be decoded",
                    abort -> new Made(rendition.type().mediaType(), rendering.render(file, rendition, abort)));
        }
    }

    /** The file whose name stands behind a route, decoded once. */
    private PictureFile file(String path, String route) throws IOException, Refusal {
        if (!path.startsWith(route) || path.indexOf(';') >= 0) {
            throw new Refusal(404, "no such page");
        }
        try {
            return folder.find(URIUtil.decodePath(path.substring(route.length()))).orElseThrow(() -> new Refusal(404, "no such picture"));
        } catch (IllegalArgumentException e) {
            LOGGER.log(Level.DEBUG, "not a path", e);
            throw new Refusal(400, "the path is not in UTF-8");
        }
    }

    @Override
    public void close() {
        coder.close();
        uploads.close();
    }
}
