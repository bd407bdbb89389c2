// SPDX-License-Identifier: Apache-2.0
package org.semimage.serve;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import javax.imageio.ImageIO;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.semimage.serve.ServedFolder.header;
import static org.semimage.serve.ServedFolder.text;

/** Pictures that clients send. */
@Timeout(120)
class UploadTest {

    private static final ServeOptions.Uploads TWO = new ServeOptions.Uploads(2, 20_000, 30_000, Duration.ofMinutes(5));

    @TempDir
    private Path folder;
    private static byte[] png;

    @BeforeAll
    static void draw() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(ServedFolder.draw(96, 64), "png", bytes);
        png = bytes.toByteArray();
    }

    private static HttpResponse<byte[]> post(ServedFolder served, String query, String type, HttpRequest.BodyPublisher content)
            throws Exception {
        return served.client().send(served.request("upload" + query).header("Content-Type", type).POST(content).build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    private static HttpResponse<byte[]> post(ServedFolder served, byte[] content) throws Exception {
        return post(served, "", "image/png", HttpRequest.BodyPublishers.ofByteArray(content));
    }

    private static String name(HttpResponse<byte[]> response) {
        assertEquals(201, response.statusCode(), text(response));
        Matcher name = Pattern.compile("\\{\"name\":\"([A-Za-z0-9_-]{22})\",\"width\":96,\"height\":64,\"bytes\":[0-9]+}")
                .matcher(text(response));
        assertTrue(name.matches(), text(response));
        assertEquals("/upload/" + name.group(1), header(response, "Location"));
        return name.group(1);
    }

    @Test
    void withoutTheOptionNothingIsTaken() throws Exception {
        try (ServedFolder served = ServedFolder.of(folder)) {
            HttpResponse<byte[]> response = post(served, png);
            assertEquals(405, response.statusCode());
            assertEquals("GET, HEAD", header(response, "Allow"));
            assertFalse(text(served.get("")).contains("upload"));
        }
    }

    @Test
    void aPictureIsShownInAllProfilesAndNotWritten() throws Exception {
        try (ServedFolder served = ServedFolder.of(folder, TWO)) {
            assertTrue(text(served.get("")).contains("<a href=\"upload\">"));
            assertTrue(text(served.get("upload")).contains("5 minutes"));
            String name = name(post(served, "?caption=Red%20%26%20blue", "image/png", HttpRequest.BodyPublishers.ofByteArray(png)));
            for (String query : new String[] {"png", "caption", "descriptor&bytes=60", "descriptor&bytes=300", "transform&bytes=900",
                "lossless"}) {
                HttpResponse<byte[]> response = served.get("upload/" + name + "?format=" + query);
                assertEquals(200, response.statusCode(), query + ": " + text(response));
                assertEquals(96, ServedFolder.picture(response).getWidth());
                assertEquals("no-store", header(response, "Cache-Control"));
            }
            String said = text(served.get("upload/" + name + "?format=caption&show=text"));
            assertTrue(said.contains("\"profile\":\"caption\",\"caption\":\"Red & blue\""), said);
            assertEquals(404, served.get("pictures/" + name).statusCode());
            try (Stream<Path> files = Files.list(folder)) {
                assertEquals(0, files.count());
            }
        }
    }

    @Test
    void tooManyAreRefusedUntilTheirTimeIsOver() throws Exception {
        ServeOptions.Uploads brief = new ServeOptions.Uploads(1, 20_000, 20_000, Duration.ofSeconds(2));
        try (ServedFolder served = ServedFolder.of(folder, brief)) {
            String name = name(post(served, png));
            HttpResponse<byte[]> second = post(served, png);
            assertEquals(429, second.statusCode(), text(second));
            assertEquals("1", header(second, "Retry-After"));
            Thread.sleep(2100);
            assertEquals(404, served.get("upload/" + name + "?format=png").statusCode());
            name(post(served, png));
        }
    }

    @Test
    void tooManyBytesAreRefused() throws Exception {
        try (ServedFolder served = ServedFolder.of(folder, TWO)) {
            HttpResponse<byte[]> response = post(served, new byte[20_001]);
            assertEquals(413, response.statusCode());
            assertEquals("a picture has 20000 bytes at most\n", text(response));
            HttpResponse<byte[]> unknown = post(served, "", "image/png",
                    HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(png)));
            assertEquals(411, unknown.statusCode(), text(unknown));
        }
    }

    @Test
    void aRefusalOfWhatHasNotComeEndsTheConnection() throws Exception {
        try (ServedFolder served = ServedFolder.of(folder, TWO); Socket client = new Socket("127.0.0.1", served.port())) {
            client.setSoTimeout(60_000);
            client.getOutputStream().write(("POST /upload HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\n"
                    + "Content-Length: 30000\r\n\r\nxyz").getBytes(StandardCharsets.US_ASCII));
            String answer = new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertTrue(answer.startsWith("HTTP/1.1 413") && answer.contains("\r\nConnection: close\r\n"), answer);
        }
    }

    @ParameterizedTest
    @CsvSource({"image/png, not a picture, 415", "text/html, <html>, 415", "multipart/form-data; boundary=x, --x, 415",
        "image/png, '', 415", "image/svg+xml, <svg xmlns=''/>, 415"})
    void whatIsNoPictureIsRefusedAndTakesNoPlace(String type, String content, int status) throws Exception {
        try (ServedFolder served = ServedFolder.of(folder, new ServeOptions.Uploads(1, 20_000, 20_000, Duration.ofMinutes(5)))) {
            HttpResponse<byte[]> response = post(served, "", type, HttpRequest.BodyPublishers.ofString(content));
            assertEquals(status, response.statusCode(), text(response));
            name(post(served, png));
        }
    }

    @Test
    void damagedPicturesAndBombsAreRefused() throws Exception {
        try (ServedFolder served = ServedFolder.of(folder, TWO)) {
            HttpResponse<byte[]> half = post(served, Arrays.copyOf(png, png.length / 2));
            assertEquals(422, half.statusCode());
            assertTrue(text(half).startsWith("the picture cannot be decoded: "), text(half));
            byte[] bomb = png.clone();
            // 30000 x 30000, by the header alone, whose checksum the reader does not look at.
            bomb[18] = 0x75;
            bomb[19] = 0x30;
            bomb[22] = 0x75;
            bomb[23] = 0x30;
            HttpResponse<byte[]> large = post(served, bomb);
            assertEquals(422, large.statusCode());
            assertEquals("the picture cannot be decoded: more than 50000000 pixels\n", text(large));
            HttpResponse<byte[]> caption = post(served, "?caption=" + "x".repeat(200) + "&other=1", "image/png",
                    HttpRequest.BodyPublishers.ofByteArray(png));
            assertEquals(400, caption.statusCode());
        }
    }

    @Test
    void aClientThatLeavesInTheMiddleGivesUpItsPlace() throws Exception {
        try (ServedFolder served = ServedFolder.of(folder, new ServeOptions.Uploads(1, 20_000, 20_000, Duration.ofMinutes(5)))) {
            try (Socket client = new Socket("127.0.0.1", served.port())) {
                client.setSoTimeout(60_000);
                client.getOutputStream().write(("POST /upload HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\n"
                        + "Content-Length: 9000\r\n"
                        + "Expect: 100-continue\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
                // The server says so once it has made room.
                assertEquals("HTTP/1.1 100", new String(client.getInputStream().readNBytes(12), StandardCharsets.US_ASCII));
                assertEquals(429, post(served, png).statusCode());
            }
            // What is no picture takes no place.
            while (post(served, new byte[10]).statusCode() == 429) {
                Thread.sleep(10);
            }
            name(post(served, png));
        }
    }

    @Test
    void aPictureThatDoesNotComeIsGivenUp() throws Exception {
        ServeOptions.Limits hasty = new ServeOptions.Limits(1, 1, Duration.ofMillis(300), Duration.ofSeconds(10), 2000);
        try (ServedFolder served = ServedFolder.of(folder, hasty, TWO); Socket client = new Socket("127.0.0.1", served.port())) {
            client.setSoTimeout(60_000);
            client.getOutputStream().write(("POST /upload HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\n"
                    + "Content-Length: 9000\r\n\r\nxyz")
                    .getBytes(StandardCharsets.US_ASCII));
            InputStream in = client.getInputStream();
            assertEquals("HTTP/1.1 408", new String(in.readNBytes(12), StandardCharsets.US_ASCII));
        }
    }
}
