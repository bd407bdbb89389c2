// SPDX-License-Identifier: Apache-2.0
package org.semimage.endpoint;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.semimage.compute.Cancellation;
import org.semimage.compute.Watcher;
import org.semimage.container.PixelFormat;
import org.semimage.generate.SynthesisPolicy;
import org.semimage.picture.PixelPlanes;

import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(30)
class EndpointCaptionerTest {

    private static final PixelPlanes PICTURE = picture(40, 30, PixelFormat.RGB);

    static PixelPlanes picture(int width, int height, PixelFormat format) {
        PixelPlanes picture = PixelPlanes.blank(width, height, format);
        for (short[] plane : picture.samples()) {
            Arrays.fill(plane, (short) (format.maxSample() / 2));
        }
        return picture;
    }

    private static String chat(String content) {
        return "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":" + new JsonPrimitive(content) + "}}]}";
    }

    private static EndpointCaptioner captioner(String url, String... more) {
        return new EndpointCaptioner(FakeEndpoint.source(EndpointCaptioner.PREFIX, EndpointCaptioner.KEY_VARIABLE, url, more));
    }

    /** Why there is no caption; everything that a log may hold of it is without the key. */
    private static String failure(EndpointCaptioner captioner) {
        IIOException failure = assertThrows(IIOException.class, () -> captioner.caption(PICTURE, Watcher.NONE));
        assertFalse(FakeEndpoint.told(failure).contains(FakeEndpoint.KEY), FakeEndpoint.told(failure));
        return failure.getMessage();
    }

    private static String failureOf(int status, String body) {
        try (FakeEndpoint endpoint = FakeEndpoint.saying(status, body)) {
            return failure(captioner(endpoint.url(), "attempts", "1"));
        }
    }

    @AfterEach
    void forget() {
        System.clearProperty(SynthesisPolicy.PROPERTY);
        System.clearProperty(EndpointCaptioner.PREFIX + "url");
    }

    @Test
    void asksForACaptionWithASmallPicture() throws IOException {
        try (FakeEndpoint endpoint = FakeEndpoint.saying(200, chat(" \"A dog on a beach.\"\n"))) {
            EndpointCaptioner captioner = captioner(endpoint.url() + "/", "side", "100");
            assertEquals("A dog on a beach", captioner.caption(picture(1000, 301, PixelFormat.RGB_ALPHA_16), Watcher.NONE));
            FakeEndpoint.Asked asked = endpoint.asked().get(0);
            assertEquals("/v1/chat/completions", asked.path());
            assertEquals("Bearer " + FakeEndpoint.KEY, asked.authorization());
            assertFalse(asked.body().contains(FakeEndpoint.KEY));
            JsonElement question = JsonParser.parseString(asked.body());
            assertEquals("m", Answers.text(question, "model").orElseThrow());
            String url = Answers.text(question, "messages", 0, "content", 1, "image_url", "url").orElseThrow();
            assertTrue(url.startsWith("data:image/jpeg;base64,"));
            BufferedImage sent = ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(url.substring(url.indexOf(',') + 1))));
            assertEquals(100, sent.getWidth());
            assertEquals(30, sent.getHeight());
            // Half gray of half opacity on white.
            assertEquals(191, sent.getRGB(50, 15) & 0xFF, 2);
        }
    }

    @Test
    void severalCaptionsComeLineByLine() throws IOException {
        String said = "<think>It is a dog.\nOr two?</think>\n1. a dog on a beach.\n- a dog\n\n* \u201ca wet dog\u201d\na dog\n"
                + "**a fourth one**";
        try (FakeEndpoint endpoint = FakeEndpoint.saying(200, chat(said))) {
            assertEquals(List.of("a dog on a beach", "a dog", "a wet dog"), captioner(endpoint.url()).captions(PICTURE, 3, Watcher.NONE));
            assertTrue(endpoint.asked().get(0).body().contains("3 different"));
        }
        String parts = "{\"choices\":[{\"message\":{\"content\":[{\"type\":\"text\",\"text\":\"a cat\"},{\"type\":\"other\"}]}}]}";
        try (FakeEndpoint endpoint = FakeEndpoint.saying(200, parts)) {
            assertEquals(List.of("a cat"), captioner(endpoint.url()).captions(PICTURE, 5, Watcher.NONE));
        }
    }

    @Test
    void withoutAKeyNoneIsSent() throws IOException {
        try (FakeEndpoint endpoint = FakeEndpoint.saying(200, chat("a dog"))) {
            EndpointSettings.Source source = FakeEndpoint.source(EndpointCaptioner.PREFIX, "X", endpoint.url());
            assertEquals("a dog", new EndpointCaptioner(source).caption(PICTURE, Watcher.NONE));
            assertEquals(null, endpoint.asked().get(0).authorization());
            EndpointSettings.Source other = FakeEndpoint.source(EndpointCaptioner.PREFIX, "X", endpoint.url(), "key", "X");
            new EndpointCaptioner(other).caption(PICTURE, Watcher.NONE);
            assertEquals("Bearer " + FakeEndpoint.KEY, endpoint.asked().get(1).authorization());
        }
    }

    @Test
    void isOffUnlessConfiguredAndWhereInventionIsDenied() {
        assertFalse(new EndpointCaptioner().isInstalled());
        System.setProperty(EndpointCaptioner.PREFIX + "url", "http://127.0.0.1:9/v1");
        assertTrue(new EndpointCaptioner().isInstalled());
        try (FakeEndpoint endpoint = FakeEndpoint.saying(200, chat("a dog"))) {
            System.setProperty(SynthesisPolicy.PROPERTY, "deny");
            assertFalse(new EndpointCaptioner().isInstalled());
            assertTrue(failure(captioner(endpoint.url())).contains("denies"));
            assertEquals(List.of(), endpoint.asked());
        }
    }

    @Test
    void settingsThatMakeNoSenseAreNamedAndNothingIsSent() {
        String[][] wrong = {{"url", "ftp://host/v1", "http"}, {"url", "http:///v1", "http"}, {"url", "ht tp://x", "no address"},
                {"url", "http://user:secret@host/v1", "environment alone"}, {"url", "http://host/v1?key=secret", "environment alone"},
                {"url", "file:/etc/passwd", "http"}, {"timeout", "0", "1..3600"}, {"timeout", "soon", "1..3600"},
                {"attempts", "11", "1..10"}, {"connectTimeout", "-1", "1..3600"}, {"side", "4", "64..2048"},
                {"key", "NOT_THERE", "not set"}, {"model", " ", "not set"}};
        for (String[] setting : wrong) {
            String message = failure(captioner("http://127.0.0.1:9/v1", setting[0], setting[1]));
            assertTrue(message.contains(EndpointCaptioner.PREFIX + setting[0]) && message.contains(setting[2]), message);
            assertFalse(message.contains("secret"), message);
        }
    }

    @Test
    void aKeyThatNoHeaderHoldsIsRefusedWithoutBeingTold() {
        for (String key : new String[] {"top\nsecret", "top secret", "  ", "geheimn\u00e4s-secret"}) {
            EndpointSettings.Source source = FakeEndpoint.source(EndpointCaptioner.PREFIX, "X", "http://127.0.0.1:9/v1");
            EndpointSettings.Source with = new EndpointSettings.Source(source.properties(),
                    name -> name.equals(EndpointCaptioner.KEY_VARIABLE) ? key : null);
            String message = failure(new EndpointCaptioner(with));
            assertTrue(message.contains(EndpointCaptioner.KEY_VARIABLE) && !message.contains("secret"), message);
        }
    }

    @Test
    void settingsDoNotShowTheKey() throws IIOException {
        EndpointSettings settings = EndpointSettings.of(FakeEndpoint.source(EndpointCaptioner.PREFIX, "X", "http://h/v1", "key", "X"),
                EndpointCaptioner.PREFIX, "Y");
        assertFalse(settings.toString().contains("sk-"), settings.toString());
    }

    @Test
    void aServerThatIsDownIsTriedAgainAndThenTold() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        long start = System.nanoTime();
        String message = failure(captioner("http://127.0.0.1:" + port + "/v1"));
        assertTrue(message.startsWith("endpoint http://127.0.0.1:" + port + "/v1/chat/completions: "), message);
        assertTrue(System.nanoTime() - start > 200_000_000L, "no wait before the second attempt");
    }

    @Test
    void aSlowServerIsGivenUp() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (FakeEndpoint endpoint = new FakeEndpoint((exchange, number) -> over.await())) {
            long start = System.nanoTime();
            String message = failure(captioner(endpoint.url(), "timeout", "1", "attempts", "5"));
            assertTrue(message.contains("no answer within 1 s"), message);
            assertTrue(System.nanoTime() - start < 4_000_000_000L);
            assertEquals(1, endpoint.asked().size());
            over.countDown();
        }
    }

    @Test
    void aBusyServerIsAskedAgainWhenItSays() throws IOException {
        try (FakeEndpoint endpoint = new FakeEndpoint((exchange, number) -> {
            exchange.getResponseHeaders().set("Retry-After", "1");
            FakeEndpoint.send(exchange, number == 1 ? 429 : 200, chat("a dog"));
        })) {
            long start = System.nanoTime();
            assertEquals("a dog", captioner(endpoint.url()).caption(PICTURE, Watcher.NONE));
            assertTrue(System.nanoTime() - start > 990_000_000L);
            assertEquals(2, endpoint.asked().size());
        }
    }

    @Test
    void aServerThatAsksForTooMuchPatienceIsGivenUpAtOnce() {
        String later = DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC).plusHours(1));
        for (String wait : new String[] {"600", later}) {
            try (FakeEndpoint endpoint = new FakeEndpoint((exchange, number) -> {
                exchange.getResponseHeaders().set("Retry-After", wait);
                FakeEndpoint.send(exchange, 429, "{\"error\":{\"message\":\"slow down\"}}");
            })) {
                long start = System.nanoTime();
                String message = failure(captioner(endpoint.url()));
                assertTrue(message.contains("status 429, 'slow down'") && message.contains("no time"), message);
                assertTrue(System.nanoTime() - start < 3_000_000_000L);
                assertEquals(1, endpoint.asked().size());
            }
        }
    }

    @Test
    void failuresOfTheServerAreTriedAgainAndOthersAreNot() throws IOException {
        try (FakeEndpoint endpoint = new FakeEndpoint((exchange, number) ->
                FakeEndpoint.send(exchange, number == 1 ? 500 : 200, number == 1 ? "<html>" : chat("a dog")))) {
            assertEquals("a dog", captioner(endpoint.url()).caption(PICTURE, Watcher.NONE));
        }
        for (int status : new int[] {400, 401, 403, 404, 500, 503}) {
            try (FakeEndpoint endpoint = FakeEndpoint.saying(status, "{\"error\":\"it is " + FakeEndpoint.KEY + "\\n\\u001b[31m\"}")) {
                String message = failure(captioner(endpoint.url()));
                assertTrue(message.contains("status " + status), message);
                assertFalse(message.contains("\u001b") || message.contains("\n"), message);
                assertEquals(status >= 500 ? 2 : 1, endpoint.asked().size());
            }
        }
    }

    @Test
    void redirectionsAreNotFollowed() {
        try (FakeEndpoint other = FakeEndpoint.saying(200, chat("a dog"));
             FakeEndpoint endpoint = new FakeEndpoint((exchange, number) -> {
                 exchange.getResponseHeaders().set("Location", other.url() + "/chat/completions");
                 FakeEndpoint.send(exchange, 307, "");
             })) {
            assertTrue(failure(captioner(endpoint.url())).contains("redirection"));
            assertEquals(List.of(), other.asked());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no", "{", "[]", "{\"choices\":[]}", "{\"choices\":[{}]}",
        "{\"choices\":[{\"message\":{\"content\":null}}]}",
        "{\"choices\":[{\"message\":{\"content\":\" \\n \"}}]}", "{\"choices\":[{\"message\":{\"content\":7}}]}",
        "{\"choices\":{\"0\":1}} x", "{\"choices\":[{\"message\":{\"refusal\":\"no\",\"content\":null}}]}", "null", "7"})
    void answersThatAreNoneAreTold(String body) {
        String message = failureOf(200, body);
        assertTrue(message.startsWith("endpoint http://") && !message.contains("null"), message);
    }

    @Test
    void deepAndLongAnswersAreRefused() {
        assertTrue(failureOf(200, "[".repeat(500_000)).contains("no JSON"));
        assertTrue(failureOf(200, chat("a very ".repeat(1000) + "long text")).contains("400 characters"));
        assertTrue(failureOf(200, chat("x".repeat(2 << 20))).contains("more than 1048576 bytes"));
        assertTrue(failureOf(500, "x".repeat(2 << 20)).contains("status 500"));
    }

    @Test
    void anEndlessAnswerIsCutOff() {
        try (FakeEndpoint endpoint = new FakeEndpoint((exchange, number) -> {
            exchange.sendResponseHeaders(200, 0);
            while (true) {
                exchange.getResponseBody().write(new byte[1 << 16]);
            }
        })) {
            assertTrue(failure(captioner(endpoint.url())).contains("more than 1048576 bytes"));
            assertEquals(1, endpoint.asked().size());
        }
    }

    @Test
    void aCancelledCallGoesAway() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch gone = new CountDownLatch(1);
        try (FakeEndpoint endpoint = new FakeEndpoint((exchange, number) -> {
            exchange.sendResponseHeaders(200, 0);
            asked.countDown();
            try {
                while (true) {
                    exchange.getResponseBody().write(' ');
                    exchange.getResponseBody().flush();
                    Thread.sleep(5);
                }
            } finally {
                gone.countDown();
            }
        })) {
            Cancellation cancellation = new Cancellation();
            Thread canceller = new Thread(() -> {
                try {
                    asked.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                cancellation.request();
            });
            canceller.start();
            assertThrows(CancellationException.class,
                    () -> captioner(endpoint.url()).caption(PICTURE, Watcher.silent(cancellation)));
            gone.await();
            canceller.join();
        }
    }

    @Test
    void aCancelledWaitEnds() {
        Cancellation cancellation = new Cancellation();
        try (FakeEndpoint endpoint = new FakeEndpoint((exchange, number) -> {
            exchange.getResponseHeaders().set("Retry-After", "3");
            FakeEndpoint.send(exchange, 503, "");
            cancellation.request();
        })) {
            long start = System.nanoTime();
            assertThrows(CancellationException.class,
                    () -> captioner(endpoint.url()).caption(PICTURE, Watcher.silent(cancellation)));
            assertTrue(System.nanoTime() - start < 2_500_000_000L);
        }
    }

    @Test
    void anInterruptedThreadStaysInterrupted() throws InterruptedException {
        CountDownLatch over = new CountDownLatch(1);
        try (FakeEndpoint endpoint = new FakeEndpoint((exchange, number) -> over.await())) {
            Thread.currentThread().interrupt();
            assertTrue(failure(captioner(endpoint.url())).contains("interrupted"));
            assertTrue(Thread.interrupted());
            over.countDown();
        }
    }
}
