// SPDX-License-Identifier: Apache-2.0
package org.semimage.serve;

import org.eclipse.jetty.http.ByteRange;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The answer to one request, which it gives once. HEAD gets the headers alone. */
record Answer(Request request, Response response, Callback callback) {

    /** An entity tag; whether it is weak is of no meaning here (RFC 9110, 13.1.2). */
    private static final Pattern TAG = Pattern.compile("\"[^\"]*\"");

    private static final String TEXT = "text/plain; charset=utf-8";

    /** A short text, which nobody keeps. */
    void text(int status, String text) {
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        if (!request.consumeAvailable()) {
            // A client that is still sending must not ask again on a connection that is about to end.
            response.getHeaders().put(HttpHeader.CONNECTION, "close");
        }
        content(status, TEXT, (text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** A text that says that the server is busy, and when to ask again. */
    void busy(String text) {
        response.getHeaders().put(HttpHeader.RETRY_AFTER, 1);
        text(503, text);
    }

    /** Bytes in memory. */
    void content(int status, String type, byte[] bytes) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes.length);
        response.write(true, isHead() ? BufferUtil.EMPTY_BUFFER : ByteBuffer.wrap(bytes), callback);
    }

    /** Says that the client has the answer. */
    void known() {
        response.setStatus(304);
        response.write(true, BufferUtil.EMPTY_BUFFER, callback);
    }

    /** The headers of what is not made for them. */
    void unmade(String type) {
        response.setStatus(200);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        // An end that follows at once would tell Jetty that the length is 0.
        response.write(false, BufferUtil.EMPTY_BUFFER,
                Callback.from(() -> response.write(true, BufferUtil.EMPTY_BUFFER, callback), callback::failed));
    }

    /** Says what the client may keep, and for how long. */
    void describe(Picture file, String tag, Duration maxAge) {
        HttpFields.Mutable headers = response.getHeaders();
        headers.put(HttpHeader.ETAG, tag);
        headers.putDate(HttpHeader.LAST_MODIFIED, file.modified().toEpochMilli());
        headers.put(HttpHeader.CACHE_CONTROL, file.isPublic() ? "public, max-age=" + maxAge.toSeconds() : "no-store");
    }

    /** The file, or the range of it that the client asks for. Several ranges at once get the file, as RFC 9110, 14.2 allows. */
    void file(PictureFile file, String tag) {
        HttpFields.Mutable headers = response.getHeaders();
        headers.put(HttpHeader.CONTENT_TYPE, file.type());
        headers.put(HttpHeader.ACCEPT_RANGES, "bytes");
        List<String> asked = isHead() || !rangeIsOfThis(tag) ? List.of() : request.getHeaders().getValuesList(HttpHeader.RANGE);
        boolean several = asked.size() > 1 || asked.stream().anyMatch(range -> range.contains(",") || !range.startsWith("bytes="));
        if (asked.isEmpty() || several) {
            send(200, file, new ByteRange(0, file.bytes() - 1));
            return;
        }
        Optional<ByteRange> range = ByteRange.parse(asked, file.bytes()).stream().findFirst();
        if (range.isEmpty()) {
            headers.put(HttpHeader.CONTENT_RANGE, ByteRange.toNonSatisfiableHeaderValue(file.bytes()));
            text(416, "no such range");
            return;
        }
        headers.put(HttpHeader.CONTENT_RANGE, range.get().toHeaderValue(file.bytes()));
        send(206, file, range.get());
    }

    private void send(int status, PictureFile file, ByteRange range) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, range.getLength());
        if (isHead() || range.getLength() == 0) {
            response.write(true, BufferUtil.EMPTY_BUFFER, callback);
            return;
        }
        ByteBufferPool.Sized buffers = new ByteBufferPool.Sized(request.getComponents().getByteBufferPool());
        Content.copy(Content.Source.from(buffers, file.path(), range.first(), range.getLength()), response, callback);
    }

    /** Whether {@code If-Range} is absent or names this file. */
    private boolean rangeIsOfThis(String tag) {
        String condition = request.getHeaders().get(HttpHeader.IF_RANGE);
        return condition == null || condition.strip().equals(tag)
                || condition.strip().equals(response.getHeaders().get(HttpHeader.LAST_MODIFIED));
    }

    /** Whether the client has the answer already ({@code If-None-Match}, else {@code If-Modified-Since}). */
    boolean isKnown(Picture file, String tag) {
        HttpFields headers = request.getHeaders();
        if (headers.contains(HttpHeader.IF_NONE_MATCH)) {
            String known = String.join(",", headers.getValuesList(HttpHeader.IF_NONE_MATCH));
            return known.strip().equals("*") || TAG.matcher(known).results().anyMatch(found -> found.group().equals(tag));
        }
        long since = headers.getDateField(HttpHeader.IF_MODIFIED_SINCE);
        return since >= 0 && file.modified().getEpochSecond() * 1000 <= since;
    }

    boolean isHead() {
        return HttpMethod.HEAD.is(request.getMethod());
    }
}
