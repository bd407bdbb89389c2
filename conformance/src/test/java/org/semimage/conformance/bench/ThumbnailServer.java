// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import net.coobird.thumbnailator.Thumbnails;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Executors;

/**
 * The plainest server of thumbnails that there is, for a comparison with {@code sem serve}: Thumbnailator behind the JDK's server, as many
 * at once as there are processors. A file that cannot be read gets 422.
 *
 * <p>Arguments: a folder of pictures, a port of 127.0.0.1.
 */
public final class ThumbnailServer {

    private static final int WIDTH = 128;
    private static final String ROUTE = "/pictures/";

    private ThumbnailServer() {
    }

    /** Serves until the process is ended. */
    public static void main(String[] arguments) throws IOException {
        Arguments.require(2, arguments, "ThumbnailServer FOLDER PORT");
        Path folder = Path.of(arguments[0]);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[1])), 0);
        server.setExecutor(Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors()));
        server.createContext(ROUTE, exchange -> answer(exchange, folder));
        server.start();
    }

    private static void answer(HttpExchange exchange, Path folder) throws IOException {
        String name = Path.of(exchange.getRequestURI().getPath()).getFileName().toString();
        ByteArrayOutputStream thumbnail = new ByteArrayOutputStream();
        try {
            Thumbnails.of(folder.resolve(name).toFile()).width(WIDTH).outputFormat("jpg").toOutputStream(thumbnail);
            exchange.getResponseHeaders().set("Content-Type", "image/jpeg");
            send(exchange, 200, thumbnail.toByteArray());
        } catch (IOException e) {
            send(exchange, 422, e.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void send(HttpExchange exchange, int status, byte[] content) throws IOException {
        try (OutputStream out = exchange.getResponseBody()) {
            exchange.sendResponseHeaders(status, content.length);
            out.write(content);
        }
    }
}
