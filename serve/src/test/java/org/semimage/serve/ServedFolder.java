// SPDX-License-Identifier: Apache-2.0
package org.semimage.serve;

import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A server of a folder, and a client that asks it. */
final class ServedFolder implements AutoCloseable {

    static final ServeOptions.Limits LIMITS = new ServeOptions.Limits(2, 8, Duration.ofSeconds(60), Duration.ofSeconds(10), 2000);

    private final PictureServer server;
    private final int port;
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private ServedFolder(PictureServer server) {
        this.server = server;
        this.port = server.address().getPort();
    }

    static ServedFolder of(Path folder) throws IOException {
        return new ServedFolder(PictureServer.start(options(folder, LIMITS)));
    }

    static ServedFolder of(Path folder, ServeOptions.Limits limits, PictureHandler.Rendering rendering) throws IOException {
        return new ServedFolder(PictureServer.start(options(folder, limits), rendering));
    }

    private static ServeOptions options(Path folder, ServeOptions.Limits limits) {
        return new ServeOptions(folder, "127.0.0.1", 0, Duration.ofMinutes(5), limits, ServeOptions.Uploads.NONE);
    }

    /** One to which pictures may be sent. */
    static ServedFolder of(Path folder, ServeOptions.Uploads uploads) throws IOException {
        return of(folder, LIMITS, uploads);
    }

    static ServedFolder of(Path folder, ServeOptions.Limits limits, ServeOptions.Uploads uploads) throws IOException {
        return new ServedFolder(PictureServer.start(new ServeOptions(folder, "127.0.0.1", 0, Duration.ofMinutes(5), limits, uploads)));
    }

    /** Where it listens, or did. */
    int port() {
        return port;
    }

    HttpClient client() {
        return client;
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server.address() + path)).timeout(Duration.ofSeconds(60));
    }

    /** The answer to a request with headers, each a name and a value. */
    HttpResponse<byte[]> get(String path, String... headers) throws IOException, InterruptedException {
        return send("GET", path, headers);
    }

    HttpResponse<byte[]> send(String method, String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = request(path).method(method, HttpRequest.BodyPublishers.noBody());
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    /** The status line of a request for a target that HttpClient would not send. */
    String status(String target) throws IOException {
        try (Socket socket = connect("GET " + target + " HTTP/1.1")) {
            InputStream in = socket.getInputStream();
            StringBuilder line = new StringBuilder();
            for (int c = in.read(); c >= 0 && c != '\r'; c = in.read()) {
                line.append((char) c);
            }
            return line.toString();
        }
    }

    /** A connection over which a request has been sent. */
    Socket connect(String line) throws IOException {
        Socket socket = new Socket(server.address().getHost(), server.address().getPort());
        socket.setSoTimeout(60_000);
        socket.getOutputStream().write((line + "\r\nHost: x\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    static BufferedImage picture(HttpResponse<byte[]> response) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(response.body()));
    }

    /** A picture whose left half is red, and whose right half fades from blue to green. */
    static BufferedImage draw(int width, int height) {
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = picture.createGraphics();
        graphics.setColor(Color.RED);
        graphics.fillRect(0, 0, width / 2, height);
        graphics.setPaint(new GradientPaint(0, 0, Color.BLUE, 0, height, Color.GREEN));
        graphics.fillRect(width / 2, 0, width - width / 2, height);
        graphics.dispose();
        return picture;
    }

    static Path write(Path file, int width, int height) throws IOException {
        String name = file.getFileName().toString();
        if (!ImageIO.write(draw(width, height), name.substring(name.lastIndexOf('.') + 1), file.toFile())) {
            throw new IOException("no writer for " + file);
        }
        return file;
    }

    /** A photograph-like SEM file in layers, which can be cut. */
    static Path writeProgressive(Path file, int width, int height) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("sem").next();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(Files.newOutputStream(file))) {
            ImageWriteParam settings = writer.getDefaultWriteParam();
            settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            settings.setCompressionType("transform");
            settings.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
            writer.setOutput(out);
            writer.write(null, new IIOImage(draw(width, height), null, null), settings);
        } finally {
            writer.dispose();
        }
        return file;
    }

    @Override
    public void close() {
        server.close();
    }
}
