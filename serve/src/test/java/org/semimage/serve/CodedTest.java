// SPDX-License-Identifier: Apache-2.0
package org.semimage.serve;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.semimage.imageio.SemImageWriteParam;

import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.semimage.serve.ServedFolder.header;
import static org.semimage.serve.ServedFolder.picture;
import static org.semimage.serve.ServedFolder.text;

/** What clients get to compare, and the page that asks for it. */
class CodedTest {

    private static final int WIDTH = 160;
    private static final int HEIGHT = 96;

    @TempDir
    private static Path folder;
    private static ServedFolder served;
    private static int layers;

    @BeforeAll
    static void serve() throws IOException {
        layers = (int) Files.size(ServedFolder.writeProgressive(folder.resolve("layers.sem"), WIDTH, HEIGHT));
        ServedFolder.write(folder.resolve("photo.png"), WIDTH, HEIGHT);
        writeWords(folder.resolve("words.sem"));
        Files.write(folder.resolve("text.sem"), "not a picture".getBytes(StandardCharsets.US_ASCII));
        served = ServedFolder.of(folder);
    }

    private static void writeWords(Path file) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("sem").next();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(Files.newOutputStream(file))) {
            SemImageWriteParam settings = (SemImageWriteParam) writer.getDefaultWriteParam();
            settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            settings.setCompressionType("descriptor");
            settings.setCaption("A <red> \"half\" and \u00e9");
            settings.setTargetBytes(90);
            writer.setOutput(out);
            writer.write(null, new IIOImage(ServedFolder.draw(WIDTH, HEIGHT), null, null), settings);
        } finally {
            writer.dispose();
        }
    }

    @AfterAll
    static void stop() {
        served.close();
    }

    private static HttpResponse<byte[]> coded(String query) throws Exception {
        HttpResponse<byte[]> response = served.get("coded/" + query);
        assertEquals(200, response.statusCode(), query + ": " + text(response));
        return response;
    }

    @Test
    void thePictureBeforeCodingIsExact() throws Exception {
        BufferedImage source = picture(coded("photo.png?format=png"));
        BufferedImage drawn = ServedFolder.draw(WIDTH, HEIGHT);
        assertEquals(drawn.getRGB(WIDTH - 1, HEIGHT / 3), source.getRGB(WIDTH - 1, HEIGHT / 3));
        assertEquals(64, picture(coded("photo.png?format=png&width=64")).getWidth());
    }

    @ParameterizedTest
    @CsvSource({"layers.sem?format=sem&bytes=700, 700", "photo.png?format=sem&bytes=1500, 1500",
        "photo.png?format=transform&bytes=1500, 1500", "photo.png?format=descriptor&bytes=100, 100",
        "photo.png?format=jpeg&bytes=3000, 3000", "layers.sem?format=jpeg&bytes=3000, 3000",
        "words.sem?format=sem, 90"})
    void aFileHasNoMoreBytesThanAskedFor(String query, int most) throws Exception {
        HttpResponse<byte[]> response = coded(query);
        int bytes = Integer.parseInt(header(response, "Sem-Bytes"));
        assertTrue(bytes <= most && bytes > most / 32, bytes + " bytes");
        assertEquals(WIDTH + "x" + HEIGHT, header(response, "Sem-Pixels"));
        assertTrue(header(response, "Server-Timing").matches("encode;dur=[0-9.]+, decode;dur=[0-9.]+"), header(response, "Server-Timing"));
        BufferedImage picture = picture(response);
        assertEquals(WIDTH + "x" + HEIGHT, picture.getWidth() + "x" + picture.getHeight());
    }

    @Test
    void jpegIsTheFileItself() throws Exception {
        HttpResponse<byte[]> response = coded("photo.png?format=jpeg&bytes=3000");
        assertEquals("image/jpeg", header(response, "Content-Type"));
        assertEquals(response.body().length, Integer.parseInt(header(response, "Sem-Bytes")));
        assertEquals("image/png", header(coded("layers.sem?format=sem&bytes=700"), "Content-Type"));
    }

    @Test
    void losslessIsWhatItWas() throws Exception {
        BufferedImage there = picture(coded("photo.png?format=lossless"));
        BufferedImage drawn = ServedFolder.draw(WIDTH, HEIGHT);
        assertArrayEquals(drawn.getRGB(0, 0, WIDTH, HEIGHT, null, 0, WIDTH), there.getRGB(0, 0, WIDTH, HEIGHT, null, 0, WIDTH));
    }

    @Test
    void fidelityAddsDetailAndTheMaskShowsWhere() throws Exception {
        byte[] plain = coded("words.sem?format=sem&fidelity=0").body();
        byte[] rendered = coded("words.sem?format=sem&fidelity=1").body();
        assertFalse(Arrays.equals(plain, rendered));
        HttpResponse<byte[]> all = coded("words.sem?format=sem&show=mask");
        assertEquals("1.0000", header(all, "Sem-Synthesized"));
        assertEquals(0xFF, picture(all).getRGB(3, 3) >>> 24);
        HttpResponse<byte[]> none = coded("layers.sem?format=sem&bytes=" + layers + "&show=mask");
        assertEquals("0.0000", header(none, "Sem-Synthesized"));
        assertEquals(0, picture(none).getRGB(3, 3) >>> 24);
    }

    @Test
    void aFileSaysItsCaptionAndPalette() throws Exception {
        HttpResponse<byte[]> response = coded("words.sem?format=sem&show=text");
        assertEquals("application/json", header(response, "Content-Type"));
        assertTrue(text(response).startsWith("{\"profile\":\"descriptor\",\"caption\":\"A \\u003cred> \\u0022half\\u0022 and \\u00e9\","
                + "\"synthesized\":\"all\",\"palette\":[\"#"), text(response));
        assertEquals("{\"profile\":\"transform\",\"caption\":null,\"synthesized\":\"none\",\"palette\":[],"
                + "\"layout\":0,\"texture\":0}",
                text(coded("layers.sem?format=sem&show=text")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"photo.png", "photo.png?format=", "photo.png?format=exe", "photo.png?format=jpeg",
        "photo.png?format=jpeg&bytes=0", "photo.png?format=jpeg&bytes=-5", "photo.png?format=jpeg&bytes=99999999999",
        "photo.png?format=jpeg&bytes=1e3", "layers.sem?format=sem&fidelity=NaN", "layers.sem?format=sem&fidelity=2",
        "layers.sem?format=sem&fidelity=-0",
        "layers.sem?format=sem&fidelity=Infinity", "layers.sem?format=sem&fidelity=", "layers.sem?format=sem&fidelity=0.5&fidelity=0.6",
        "layers.sem?format=sem&width=0", "layers.sem?format=sem&width=2001", "layers.sem?format=sem&show=all", "layers.sem?format=sem&x=1",
        "photo.png?format=jpeg&bytes=900&fidelity=1", "photo.png?format=jpeg&bytes=900&show=mask", "photo.png?format=tiff&bytes=900"})
    void parametersThatMeanNothingAreRefused(String query) throws Exception {
        HttpResponse<byte[]> response = served.get("coded/" + query);
        assertEquals(400, response.statusCode(), query + ": " + text(response));
        assertEquals("no-store", header(response, "Cache-Control"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "photo.png?format=jpeg&bytes=20 | photo.png cannot be shown as jpeg: jpeg takes at least ",
        "photo.png?format=sem | photo.png cannot be shown as sem: a picture that is not a SEM file is coded to a number of bytes",
        "photo.png?format=transform&bytes=10 | photo.png cannot be shown as transform: ",
        "layers.sem?format=sem&bytes=9 | layers.sem cannot be shown as sem: the picture cannot be cut to 9 bytes",
        "text.sem?format=sem | text.sem cannot be shown as sem: "})
    void whatCannotBeCodedSaysWhy(String query, String start) throws Exception {
        HttpResponse<byte[]> response = served.get("coded/" + query);
        assertEquals(422, response.statusCode(), text(response));
        assertTrue(text(response).startsWith(start), text(response));
        assertEquals(1, text(response).lines().count());
        assertEquals("", header(response, "ETag"));
    }

    @Test
    void aFormatWithoutAWriterIsNotThere() throws Exception {
        assumeFalse(CodedFormat.AVIF.isWritable());
        HttpResponse<byte[]> response = served.get("coded/photo.png?format=avif&bytes=900");
        assertEquals(400, response.statusCode());
        assertTrue(text(response).startsWith("formats are png, sem, transform, "), text(response));
        assertFalse(text(served.get("view/photo.png")).contains("avif\""));
    }

    @Test
    void whatTheClientHasIsNotCodedAgain() throws Exception {
        HttpResponse<byte[]> first = coded("layers.sem?format=sem&bytes=700");
        assertEquals(304, served.get("coded/layers.sem?format=sem&bytes=700", "If-None-Match", header(first, "ETag")).statusCode());
        assertEquals("public, max-age=300", header(first, "Cache-Control"));
        HttpResponse<byte[]> head = served.send("HEAD", "coded/layers.sem?format=jpeg&bytes=700");
        assertEquals("image/jpeg", header(head, "Content-Type"));
    }

    @Test
    void thePageOfAPictureNamesItsNeighboursAndLoadsNothingFromElsewhere() throws Exception {
        HttpResponse<byte[]> response = served.get("view/photo.png");
        assertEquals("text/html; charset=utf-8", header(response, "Content-Type"));
        String policy = header(response, "Content-Security-Policy");
        assertTrue(policy.startsWith("default-src 'none'; img-src 'self' blob: data:; connect-src 'self'"), policy);
        String page = text(response);
        assertTrue(page.contains("data-way=\"coded\"") && page.contains("data-width=\"160\" data-height=\"96\""), page);
        assertTrue(page.contains("<a href=\"layers.sem\" rel=\"prev\">") && page.contains("<a href=\"text.sem\" rel=\"next\">"), page);
        assertFalse(page.contains("https:") || page.contains("http:"), page);
        assertTrue(text(served.get("view/layers.sem")).contains("data-way=\"cut\""));
        assertTrue(text(served.get("view/words.sem")).contains("data-way=\"whole\""));
    }

    @ParameterizedTest
    @CsvSource({"view/text.sem, 422", "view/none.png, 404", "view/, 404", "coded/none.png?format=png, 404", "view/photo.png?x=1, 400",
        "upload, 404", "upload/x?format=png, 404"})
    void pagesThatThereAreNotAreRefused(String path, int status) throws Exception {
        assertEquals(status, served.get(path).statusCode());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/view/../photo.png", "/coded/%2e%2e/photo.png?format=png", "/coded/..%2fphoto.png?format=png",
        "/view/%2e%2e%2fphoto.png", "/view/photo.png;x", "/upload/../../etc/passwd?format=png"})
    void pathsLeadNowhere(String target) throws IOException {
        String status = served.status(target);
        assertTrue(status.startsWith("HTTP/1.1 404") || status.startsWith("HTTP/1.1 400"), target + ": " + status);
    }
}
