// SPDX-License-Identifier: Apache-2.0
package org.semimage.serve;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.semimage.serve.ServedFolder.header;
import static org.semimage.serve.ServedFolder.text;

/** What a server does when there is much to do, when clients leave, and when it is to end. */
@Timeout(60)
class LoadTest {

    private static final byte[] MADE = "made".getBytes(StandardCharsets.US_ASCII);
    private static final String THUMBNAIL = "pictures/a.png?width=4";

    @TempDir
    private Path folder;

    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch allowed = new CountDownLatch(1);
    private final CountDownLatch aborted = new CountDownLatch(1);

    @BeforeEach
    void draw() throws IOException {
        ServedFolder.write(folder.resolve("a.png"), 8, 8);
    }

    private ServedFolder serve(int decodings, int waiting, Duration timeout) throws IOException {
        return ServedFolder.of(folder, new ServeOptions.Limits(decodings, waiting, timeout, Duration.ofSeconds(30), 100), this::decode);
    }

    /** Decodes until the test allows it to end, or the server asks for it. */
    private byte[] decode(PictureFile file, Rendition rendition, AbortSwitch abort) {
        begun.countDown();
        try {
            while (!allowed.await(5, TimeUnit.MILLISECONDS)) {
                if (abort.isAborted()) {
                    aborted.countDown();
                }
                abort.check();
            }
            return MADE;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static CompletableFuture<HttpResponse<byte[]>> ask(ServedFolder served, String path) {
        return served.client().sendAsync(served.request(path).build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static void await(ServedFolder served, String line) throws Exception {
        while (!metrics(served).contains(line)) {
            Thread.sleep(10);
        }
    }

    private static String metrics(ServedFolder served) throws Exception {
        return text(served.get("metrics"));
    }

    @Test
    void requestsBeyondTheQueueAreRefusedAndTheOthersServed() throws Exception {
        try (ServedFolder served = serve(1, 1, Duration.ofSeconds(50))) {
            CompletableFuture<HttpResponse<byte[]>> first = ask(served, THUMBNAIL);
            begun.await();
            CompletableFuture<HttpResponse<byte[]>> second = ask(served, THUMBNAIL);
            await(served, "sem_decodings_waiting 1.0");
            HttpResponse<byte[]> third = served.get(THUMBNAIL);
            assertEquals(503, third.statusCode());
            assertEquals("1", header(third, "Retry-After"));
            assertEquals("no-store", header(third, "Cache-Control"));
            assertEquals("", header(third, "ETag"));
            assertEquals(200, served.get("pictures/a.png").statusCode());
            assertEquals("ok\n", text(served.get("health")));
            allowed.countDown();
            assertEquals("made", text(first.get()));
            assertEquals("made", text(second.get()));
            assertTrue(metrics(served).contains("sem_decodings_total{outcome=\"refused\"} 1.0"), metrics(served));
        }
    }

    @Test
    void whatTakesTooLongIsEnded() throws Exception {
        try (ServedFolder served = serve(1, 2, Duration.ofMillis(200))) {
            CompletableFuture<HttpResponse<byte[]>> running = ask(served, THUMBNAIL);
            CompletableFuture<HttpResponse<byte[]>> waiting = ask(served, THUMBNAIL);
            assertEquals(503, running.get().statusCode());
            assertEquals(503, waiting.get().statusCode());
            assertEquals("1", header(waiting.get(), "Retry-After"));
            aborted.await();
            await(served, "sem_decodings_running 0.0");
            await(served, "sem_decodings_total{outcome=\"late\"} 2.0");
        }
    }

    @Test
    void aClientThatLeavesEndsItsDecoding() throws Exception {
        try (ServedFolder served = serve(1, 2, Duration.ofSeconds(50))) {
            try (Socket client = served.connect("GET /" + THUMBNAIL + " HTTP/1.1")) {
                begun.await();
                assertTrue(client.isConnected());
            }
            aborted.await();
            await(served, "sem_decodings_running 0.0");
            await(served, "sem_decodings_total{outcome=\"left\"} 1.0");
        }
    }

    @Test
    void aClientThatLeavesGivesUpItsPlace() throws Exception {
        try (ServedFolder served = serve(1, 2, Duration.ofSeconds(50))) {
            CompletableFuture<HttpResponse<byte[]>> first = ask(served, THUMBNAIL);
            begun.await();
            Socket client = served.connect("GET /" + THUMBNAIL + " HTTP/1.1");
            await(served, "sem_decodings_waiting 1.0");
            client.close();
            await(served, "sem_decodings_waiting 0.0");
            allowed.countDown();
            assertEquals("made", text(first.get()));
        }
    }

    @Test
    void aClientThatAsksAgainBeforeItsAnswerIsThereGetsBoth() throws Exception {
        try (ServedFolder served = serve(1, 2, Duration.ofSeconds(50)); Socket client = served.connect("GET /" + THUMBNAIL + " HTTP/1.1")) {
            begun.await();
            client.getOutputStream().write(("GET /health HTTP/1.1\r\nHost: x\r\n"
                    + "Connection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            // Long enough for the server to look at the connection.
            Thread.sleep(200);
            allowed.countDown();
            String answers = new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertTrue(answers.contains("made") && answers.endsWith("ok\n"), answers);
        }
    }

    @Test
    void aServerThatEndsFinishesWhatRuns() throws Exception {
        ServedFolder served = serve(1, 2, Duration.ofSeconds(50));
        CompletableFuture<HttpResponse<byte[]>> running = ask(served, THUMBNAIL);
        begun.await();
        CompletableFuture<Void> end = CompletableFuture.runAsync(served::close);
        while (!refusesConnections(served)) {
            Thread.sleep(10);
        }
        allowed.countDown();
        assertEquals("made", text(running.get()));
        end.get();
    }

    private static boolean refusesConnections(ServedFolder served) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", served.port())) {
            return !socket.isConnected();
        } catch (ConnectException e) {
            return true;
        }
    }

    @Test
    void aDecodingThatFailsIsToldWithoutAStack() throws Exception {
        try (ServedFolder served = ServedFolder.of(folder, ServedFolder.LIMITS, (file, rendition, abort) -> {
            throw new OutOfMemoryError("as a test");
        })) {
            HttpResponse<byte[]> response = served.get(THUMBNAIL);
            assertEquals(500, response.statusCode());
            assertEquals("the server has failed\n", text(response));
        }
    }

    @Test
    void metricsCountAnswersByRoute() throws Exception {
        try (ServedFolder served = ServedFolder.of(folder)) {
            served.get(THUMBNAIL);
            await(served, "sem_requests_seconds_count{route=\"rendition\",status=\"200\"} 1");
            HttpResponse<byte[]> response = served.get("metrics");
            assertEquals("text/plain; version=0.0.4; charset=utf-8", header(response, "Content-Type"));
            String lines = text(response);
            assertTrue(lines.contains("jvm_memory_used_bytes") && lines.contains("sem_requests_seconds_bucket"), lines);
        }
    }

    @Test
    void aFolderThatIsNotThereIsNotServed() {
        assertThrows(IOException.class, () -> ServedFolder.of(folder.resolve("none")));
        assertThrows(IOException.class, () -> ServedFolder.of(folder.resolve("a.png")));
    }
}
