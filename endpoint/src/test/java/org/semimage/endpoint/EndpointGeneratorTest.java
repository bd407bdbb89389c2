// SPDX-License-Identifier: Apache-2.0
package org.semimage.endpoint;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.semimage.compute.Watcher;
import org.semimage.container.PixelFormat;
import org.semimage.generate.Generator;
import org.semimage.generate.SynthesisPolicy;
import org.semimage.imageio.SemImageWriteParam;
import org.semimage.picture.PixelPlanes;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

import javax.imageio.IIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(30)
class EndpointGeneratorTest {

    private static final int RED = 0xC02010;

    private static EndpointGenerator generator(String url, String... more) {
        return new EndpointGenerator(FakeEndpoint.source(EndpointGenerator.PREFIX, EndpointGenerator.KEY_VARIABLE, url, more));
    }

    private static Generator.Request request(int width, int height, String caption) {
        return new Generator.Request(width, height, 0x1_8000_0007L, Optional.ofNullable(caption), Optional.empty(),
                PixelPlanes.blank(width, height, PixelFormat.RGB), 0.5f);
    }

    private static byte[] file(String format, int width, int height) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < width * height; i++) {
            image.setRGB(i % width, i / width, RED);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, format, out);
        return out.toByteArray();
    }

    private static String inline(byte[] file) {
        return "{\"created\":1,\"data\":[{\"b64_json\":\"" + Base64.getEncoder().encodeToString(file) + "\"}]}";
    }

    private static String failure(EndpointGenerator generator) {
        IIOException failure = assertThrows(IIOException.class, () -> generator.generate(request(64, 48, "a dog"), Watcher.NONE));
        assertFalse(FakeEndpoint.told(failure).contains(FakeEndpoint.KEY), FakeEndpoint.told(failure));
        assertTrue(failure.getMessage().startsWith("endpoint http://"), failure.getMessage());
        return failure.getMessage();
    }

    private static String failureOf(String body) {
        try (FakeEndpoint endpoint = FakeEndpoint.saying(200, body)) {
            return failure(generator(endpoint.url()));
        }
    }

    private static void assertRed(PixelPlanes picture, int width, int height) {
        assertEquals(width, picture.width());
        assertEquals(height, picture.height());
        assertEquals(PixelFormat.RGB, picture.format());
        for (int c = 0; c < 3; c++) {
            assertEquals(RED >> 16 - 8 * c & 0xFF, picture.samples()[c][width * height / 2], 4);
        }
    }

    @AfterEach
    void forget() {
        for (String name : new String[] {"url", "model"}) {
            System.clearProperty(EndpointGenerator.PREFIX + name);
        }
        System.clearProperty(SynthesisPolicy.PROPERTY);
    }

    @Test
    void takesPicturesOfAnySizeAndFormat() throws IOException {
        for (byte[] file : new byte[][] {file("png", 512, 512), file("jpeg", 300, 800), file("png", 1, 1)}) {
            try (FakeEndpoint endpoint = FakeEndpoint.saying(200, inline(file))) {
                assertRed(generator(endpoint.url()).generate(request(768, 512, "a \"red\" dog"), Watcher.NONE), 768, 512);
                FakeEndpoint.Asked asked = endpoint.asked().get(0);
                assertEquals("/v1/images/generations", asked.path());
                assertEquals("Bearer " + FakeEndpoint.KEY, asked.authorization());
                JsonElement question = JsonParser.parseString(asked.body());
                assertEquals("a \"red\" dog", Answers.text(question, "prompt").orElseThrow());
                assertEquals("768x512", Answers.text(question, "size").orElseThrow());
                assertEquals("b64_json", Answers.text(question, "response_format").orElseThrow());
                assertEquals(7, Answers.at(question, "seed").orElseThrow().getAsLong());
            }
        }
    }

    @Test
    void speaksTheDialectOfOpenAi() throws IOException {
        try (FakeEndpoint endpoint = FakeEndpoint.saying(200, inline(file("png", 15, 10)))) {
            EndpointGenerator generator = generator(endpoint.url(), "dialect", "openai");
            generator.generate(request(300, 200, "a dog"), Watcher.NONE);
            generator.generate(request(200, 300, "a dog"), Watcher.NONE);
            generator.generate(request(200, 200, "a dog"), Watcher.NONE);
            List<String> sizes = endpoint.asked().stream().map(asked -> Answers.text(JsonParser.parseString(asked.body()), "size")
                    .orElseThrow()).toList();
            assertEquals(List.of("1536x1024", "1024x1536", "1024x1024"), sizes);
            assertFalse(endpoint.asked().get(0).body().contains("seed"));
        }
        EndpointGenerator other = generator("http://127.0.0.1:9/v1", "dialect", "x");
        assertTrue(assertThrows(IIOException.class, () -> other.generate(request(64, 48, "a dog"), Watcher.NONE)).getMessage()
                .contains("neither local nor openai"));
    }

    @Test
    void fetchesAPictureFromTheSameHostAlone() throws IOException {
        byte[] file = file("png", 64, 48);
        try (FakeEndpoint endpoint = new FakeEndpoint((exchange, number) -> {
            if (number == 1) {
                FakeEndpoint.send(exchange, 200, "{\"data\":[{\"url\":\"/files/1.png\"}]}");
            } else {
                exchange.sendResponseHeaders(200, file.length);
                exchange.getResponseBody().write(file);
            }
        })) {
            assertRed(generator(endpoint.url()).generate(request(64, 48, "a dog"), Watcher.NONE), 64, 48);
            assertEquals("/files/1.png", endpoint.asked().get(1).path());
        }
        try (FakeEndpoint other = FakeEndpoint.saying(200, "x")) {
            for (String url : new String[] {other.url() + "/1.png", "file:///etc/passwd", "https://127.0.0.1/1.png", "http://[",
                "mailto:x"}) {
                String message = failureOf("{\"data\":[{\"url\":\"" + url + "\"}]}");
                assertTrue(message.contains("another host") || message.contains("no address"), message);
            }
            assertEquals(List.of(), other.asked());
        }
    }

    @Test
    void answersWithoutAPictureAreTold() throws IOException {
        for (String body : new String[] {"", "{}", "{\"data\":[]}", "{\"data\":[{\"b64_json\":\"***\"}]}",
                "{\"data\":[{\"b64_json\":\"\"}]}", "{\"data\":[{\"b64_json\":7}]}", inline(new byte[] {1, 2, 3}),
                inline("<svg/>".getBytes(StandardCharsets.UTF_8)),
                inline(file("gif", 8, 8))}) {
            failureOf(body);
        }
        byte[] broken = file("png", 64, 64);
        broken[45] ^= 1;
        assertTrue(failureOf(inline(Arrays.copyOf(broken, 50))).contains("picture"));
    }

    /** A picture of captions would ask the endpoint again, and for ever. */
    @Test
    void aSemFileIsNoAnswer() throws IOException {
        assertTrue(failureOf(inline(captionFile())).contains("neither PNG nor JPEG"));
    }

    @Test
    void aBombIsNotDecoded() throws IOException {
        ByteBuffer png = ByteBuffer.wrap(file("png", 8, 8));
        png.putInt(16, 60_000).putInt(20, 60_000);
        CRC32 crc = new CRC32();
        crc.update(png.array(), 12, 17);
        png.putInt(29, (int) crc.getValue());
        assertTrue(failureOf(inline(png.array())).contains("60000x60000 pixels"));
    }

    @Test
    void tooLongAnAnswerIsCutOff() {
        try (FakeEndpoint endpoint = new FakeEndpoint((exchange, number) -> {
            exchange.sendResponseHeaders(200, 0);
            while (true) {
                exchange.getResponseBody().write(new byte[1 << 20]);
            }
        })) {
            String message = failure(generator(endpoint.url(), "timeout", "25"));
            assertTrue(message.contains("more than 33554432 bytes"), message);
        }
    }

    @Test
    void takesTheMiddleOfAPictureInAnotherShape() {
        assertEquals(new Rectangle(50, 0, 100, 100), ReceivedPicture.middle(200, 100, 32, 32));
        assertEquals(new Rectangle(0, 25, 100, 50), ReceivedPicture.middle(100, 100, 64, 32));
        assertEquals(new Rectangle(0, 0, 1, 1), ReceivedPicture.middle(1, 1, 4000, 3));
    }

    private static byte[] captionFile() throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("sem").next();
        SemImageWriteParam param = (SemImageWriteParam) writer.getDefaultWriteParam();
        param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        param.setCompressionType("caption");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
            writer.setOutput(stream);
            param.setCaption("a red dog");
            writer.write(null, new IIOImage(new BufferedImage(96, 64, BufferedImage.TYPE_INT_RGB), null, null), param);
        } finally {
            writer.dispose();
        }
        return out.toByteArray();
    }

    @Test
    void imageIoReadsCaptionsWithItAndSaysSo() throws IOException {
        byte[] sem = captionFile();
        try (FakeEndpoint endpoint = FakeEndpoint.saying(200, inline(file("png", 64, 64)))) {
            System.setProperty(EndpointGenerator.PREFIX + "url", endpoint.url());
            System.setProperty(EndpointGenerator.PREFIX + "model", "m");
            ImageReader reader = ImageIO.getImageReadersByFormatName("sem").next();
            try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(sem))) {
                reader.setInput(in);
                assertEquals(RED, reader.read(0).getRGB(48, 32) & 0xFFFFFF);
                assertTrue(sourceType(reader).endsWith("/trainedAlgorithmicMedia"), sourceType(reader));
                System.setProperty(SynthesisPolicy.PROPERTY, "plain");
                int asked = endpoint.asked().size();
                reader.read(0);
                assertTrue(sourceType(reader).endsWith("/algorithmicMedia"), sourceType(reader));
                System.setProperty(SynthesisPolicy.PROPERTY, "deny");
                assertThrows(IIOException.class, () -> reader.read(0));
                assertEquals(asked, endpoint.asked().size());
            } finally {
                reader.dispose();
            }
        }
    }

    private static String sourceType(ImageReader reader) throws IOException {
        NodeList texts = ((Element) reader.getImageMetadata(0).getAsTree("javax_imageio_1.0"))
                .getElementsByTagName("TextEntry");
        for (int i = 0; i < texts.getLength(); i++) {
            Element text = (Element) texts.item(i);
            if (text.getAttribute("keyword").equals("DigitalSourceType")) {
                return text.getAttribute("value");
            }
        }
        return "";
    }
}
