// SPDX-License-Identifier: Apache-2.0
package org.semimage.endpoint;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server on this machine that answers as it is told, and remembers what it was asked. */
final class FakeEndpoint implements AutoCloseable {

    /** A key that must be seen in headers alone. */
    static final String KEY = "sk-test-0123456789abcdef";

    /** What to do with a request, of which this is the so many-th, from 1. */
    interface Answering {
        void answer(HttpExchange exchange, int number) throws Exception;
    }

    /** What was asked. */
    record Asked(String path, String authorization, String body) {
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final List<Throwable> broken = new CopyOnWriteArrayList<>();

    FakeEndpoint(Answering answering) {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                asked.add(new Asked(exchange.getRequestURI().getPath(), exchange.getRequestHeaders().getFirst("Authorization"), body));
                answering.answer(exchange, asked.size());
            } catch (Exception e) {
                broken.add(e);
            }
        });
        server.start();
    }

    /** One that says the same to everybody. */
    static FakeEndpoint saying(int status, String body) {
        return new FakeEndpoint((exchange, number) -> send(exchange, status, body));
    }

    static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    String url() {
        return "http://" + server.getAddress().getAddress().getHostAddress() + ":" + server.getAddress().getPort() + "/v1";
    }

    List<Asked> asked() {
        return List.copyOf(asked);
    }

    /** What went wrong while answers were written: a client that went away. */
    List<Throwable> broken() {
        return List.copyOf(broken);
    }

    /** Settings for an endpoint with a key and little patience. */
    static EndpointSettings.Source source(String prefix, String variable, String url, String... more) {
        Map<String, String> properties = new HashMap<>(Map.of(prefix + "url", url, prefix + "model", "m", prefix + "timeout", "5",
                prefix + "connectTimeout", "1", prefix + "attempts", "2"));
        for (int i = 0; i < more.length; i += 2) {
            properties.put(prefix + more[i], more[i + 1]);
        }
        return new EndpointSettings.Source(properties::get, Map.of(variable, KEY)::get);
    }

    /** All that a log may hold of a failure. */
    static String told(Throwable failure) {
        StringBuilder told = new StringBuilder();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            told.append(cause).append(Arrays.toString(cause.getSuppressed())).append('\n');
        }
        return told.toString();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
