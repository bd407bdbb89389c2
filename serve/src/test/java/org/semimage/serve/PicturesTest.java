// SPDX-License-Identifier: Apache-2.0
package org.semimage.serve;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.semimage.serve.ServedFolder.header;
import static org.semimage.serve.ServedFolder.picture;
import static org.semimage.serve.ServedFolder.text;

/** What clients get of pictures. */
class PicturesTest {

    @TempDir
    private static Path folder;
    private static ServedFolder served;
    private static byte[] file;

    @BeforeAll
    static void serve() throws IOException {
        file = Files.readAllBytes(ServedFolder.writeProgressive(folder.resolve("a.sem"), 640, 400));
        ServedFolder.write(folder.resolve("b.jpg"), 640, 400);
        ServedFolder.write(folder.resolve("c.png"), 64, 40);
        served = ServedFolder.of(folder);
    }

    @AfterAll
    static void stop() {
        served.close();
    }

    @Test
    void withoutParametersTheFileIsServedAsItIs() throws Exception {
        HttpResponse<byte[]> sem = served.get("pictures/a.sem");
        assertEquals(200, sem.statusCode());
        assertEquals("image/sem", header(sem, "Content-Type"));
        assertEquals("nosniff", header(sem, "X-Content-Type-Options"));
        assertEquals("public, max-age=300", header(sem, "Cache-Control"));
        assertArrayEquals(file, sem.body());
        assertEquals("image/jpeg", header(served.get("pictures/b.jpg"), "Content-Type"));
    }

    @ParameterizedTest
    @CsvSource({"a.sem, 128, 128, 80", "a.sem, 8, 8, 5", "a.sem, 300, 300, 188",
        "b.jpg, 128, 128, 80", "b.jpg, 2000, 640, 400", "c.png, 16, 16, 10"})
    void aThumbnailHasTheWidthOrThePicturesOwn(String name, int asked, int width, int height) throws Exception {
        HttpResponse<byte[]> response = served.get("pictures/" + name + "?width=" + asked);
        assertEquals(200, response.statusCode(), text(response));
        assertEquals("image/jpeg", header(response, "Content-Type"));
        assertEquals("Accept", header(response, "Vary"));
        BufferedImage thumbnail = picture(response);
        assertEquals(width + "x" + height, thumbnail.getWidth() + "x" + thumbnail.getHeight());
        Color left = new Color(thumbnail.getRGB(width / 4, height / 2));
        assertTrue(left.getRed() > 200 && left.getGreen() < 60 && left.getBlue() < 60, left.toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "image/png | image/png",
        "image/sem | image/sem",
        "image/sem, image/png;q=0.5 | image/sem",
        "image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5 | image/jpeg",
        "image/jpeg;q=0.1, image/png | image/png",
        "*/* | image/jpeg",
        "IMAGE/* | image/jpeg"})
    void theFormatIsTheOneThatTheClientLikesBest(String accept, String type) throws Exception {
        HttpResponse<byte[]> response = served.get("pictures/a.sem?width=64", "Accept", accept);
        assertEquals(200, response.statusCode(), text(response));
        assertEquals(type, header(response, "Content-Type"));
        assertEquals(64, picture(response).getWidth());
    }

    @Test
    void aClientThatTakesNoPictureGetsNone() throws Exception {
        assertEquals(406, served.get("pictures/a.sem?width=64", "Accept", "text/html").statusCode());
        assertEquals(406, served.get("pictures/a.sem?width=64", "Accept", "image/jpeg;q=0, image/gif").statusCode());
    }

    @Test
    void tagsAreStrongAndDifferByFileAndParameters() throws Exception {
        String whole = header(served.get("pictures/a.sem"), "ETag");
        String small = header(served.get("pictures/a.sem?width=64"), "ETag");
        String png = header(served.get("pictures/a.sem?width=64", "Accept", "image/png"), "ETag");
        assertTrue(whole.matches("\"[A-Za-z0-9_-]{20}\""), whole);
        assertEquals(4, Arrays.stream(new String[] {whole, small, png, header(served.get("pictures/b.jpg"), "ETag")}).distinct().count());
        assertEquals(small, header(served.get("pictures/a.sem?width=64"), "ETag"));
    }

    @Test
    void aChangedFileHasAnotherTag() throws Exception {
        Path changing = ServedFolder.write(folder.resolve("changing.png"), 20, 20);
        String before = header(served.get("pictures/changing.png"), "ETag");
        ServedFolder.write(changing, 21, 20);
        assertNotEquals(before, header(served.get("pictures/changing.png"), "ETag"));
    }

    @Test
    void whatTheClientHasIsNotSentAgain() throws Exception {
        for (String path : new String[] {"pictures/a.sem", "pictures/a.sem?width=64", "pictures/a.sem?bytes=2000"}) {
            HttpResponse<byte[]> first = served.get(path);
            String tag = header(first, "ETag");
            for (String known : new String[] {tag, "\"other\", W/" + tag, "*"}) {
                HttpResponse<byte[]> again = served.get(path, "If-None-Match", known);
                assertEquals(304, again.statusCode());
                assertEquals(0, again.body().length);
                assertEquals(tag, header(again, "ETag"));
            }
            assertEquals(304, served.get(path, "If-Modified-Since", header(first, "Last-Modified")).statusCode());
            assertEquals(200, served.get(path, "If-Modified-Since", "Mon, 01 Jan 2001 00:00:00 GMT").statusCode());
            assertEquals(200, served.get(path, "If-None-Match", "\"other\"",
                    "If-Modified-Since", header(first, "Last-Modified")).statusCode());
        }
    }

    @Test
    void headGetsTheHeadersAlone() throws Exception {
        HttpResponse<byte[]> head = served.send("HEAD", "pictures/a.sem");
        assertEquals(200, head.statusCode());
        assertEquals(0, head.body().length);
        assertEquals(Integer.toString(file.length), header(head, "Content-Length"));
        HttpResponse<byte[]> small = served.send("HEAD", "pictures/a.sem?width=64");
        assertEquals(header(served.get("pictures/a.sem?width=64"), "ETag"), header(small, "ETag"));
        assertEquals("image/jpeg", header(small, "Content-Type"));
        assertEquals("", header(small, "Content-Length"));
    }

    @Test
    void otherMethodsAreRefused() throws Exception {
        HttpResponse<byte[]> response = served.send("POST", "pictures/a.sem");
        assertEquals(405, response.statusCode());
        assertEquals("GET, HEAD", header(response, "Allow"));
    }

    @ParameterizedTest
    @CsvSource({"bytes=0-99, 0, 99", "bytes=100-, 100, -1", "bytes=-50, -50, -1", "bytes=10-99999999, 10, -1"})
    void aRangeOfAFileIsServed(String range, int first, int last) throws Exception {
        int from = first < 0 ? file.length + first : first;
        int to = last < 0 ? file.length - 1 : last;
        HttpResponse<byte[]> response = served.get("pictures/a.sem", "Range", range);
        assertEquals(206, response.statusCode());
        assertEquals("bytes " + from + "-" + to + "/" + file.length, header(response, "Content-Range"));
        assertArrayEquals(Arrays.copyOfRange(file, from, to + 1), response.body());
    }

    @Test
    void aRangeThatThereIsNotIsRefused() throws Exception {
        HttpResponse<byte[]> response = served.get("pictures/a.sem", "Range", "bytes=" + file.length + "-");
        assertEquals(416, response.statusCode());
        assertEquals("bytes */" + file.length, header(response, "Content-Range"));
    }

    @Test
    void rangesOfAnotherFileAndSeveralAtOnceGetTheWhole() throws Exception {
        String tag = header(served.get("pictures/a.sem"), "ETag");
        assertEquals(206, served.get("pictures/a.sem", "Range", "bytes=0-9", "If-Range", tag).statusCode());
        assertEquals(200, served.get("pictures/a.sem", "Range", "bytes=0-9", "If-Range", "\"other\"").statusCode());
        assertEquals(200, served.get("pictures/a.sem", "Range", "bytes=0-9,20-29").statusCode());
        assertEquals(200, served.get("pictures/a.sem", "Range", "rows=0-9").statusCode());
    }

    @Test
    void aFileIsCutToAWholePicture() throws Exception {
        int bytes = file.length / 2;
        HttpResponse<byte[]> response = served.get("pictures/a.sem?bytes=" + bytes);
        assertEquals(200, response.statusCode(), text(response));
        assertEquals("image/sem", header(response, "Content-Type"));
        assertTrue(response.body().length <= bytes && response.body().length > bytes / 2, response.body().length + " bytes");
        assertEquals(640, picture(response).getWidth());
        assertArrayEquals(file, served.get("pictures/a.sem?bytes=" + file.length).body());
        assertEquals(64, picture(served.get("pictures/a.sem?width=64&bytes=" + bytes)).getWidth());
    }

    @Test
    void aFileThatCannotBeCutSoSmallSaysSo() throws Exception {
        HttpResponse<byte[]> response = served.get("pictures/a.sem?bytes=10");
        assertEquals(422, response.statusCode());
        assertTrue(text(response).contains("cannot be cut to 10 bytes"), text(response));
        assertEquals(400, served.get("pictures/b.jpg?bytes=100").statusCode());
    }

    @ParameterizedTest
    @CsvSource({"width=0", "width=-1", "width=2001", "width=1.5", "width=", "width=99999999999999999999",
        "width=8&width=9", "bytes=0", "size=8", "8"})
    void parametersThatMeanNothingAreRefused(String query) throws Exception {
        HttpResponse<byte[]> response = served.get("pictures/a.sem?" + query);
        assertEquals(400, response.statusCode(), text(response));
        assertEquals("no-store", header(response, "Cache-Control"));
    }

    @Test
    void corruptFilesAreToldInALine() throws Exception {
        byte[] damaged = file.clone();
        Arrays.fill(damaged, damaged.length / 3, damaged.length / 2, (byte) 0x55);
        Files.write(folder.resolve("damaged.sem"), damaged);
        Files.write(folder.resolve("text.sem"), "not a picture".getBytes(StandardCharsets.US_ASCII));
        Files.write(folder.resolve("half.png"), Arrays.copyOf(Files.readAllBytes(folder.resolve("c.png")), 60));
        Files.write(folder.resolve("empty.jpg"), new byte[0]);
        Files.write(folder.resolve("short.bmp"), new byte[] {'B', 'M', 1, 2, 3});
        for (String name : new String[] {"damaged.sem", "text.sem", "half.png", "empty.jpg", "short.bmp"}) {
            HttpResponse<byte[]> response = served.get("pictures/" + name + "?width=64");
            assertEquals(422, response.statusCode(), name + ": " + text(response));
            assertEquals("text/plain; charset=utf-8", header(response, "Content-Type"));
            assertEquals("", header(response, "ETag"));
            assertEquals("no-store", header(response, "Cache-Control"));
            assertEquals(1, text(response).lines().count(), text(response));
            assertTrue(text(response).startsWith(name + " cannot be decoded: "), text(response));
            assertFalse(text(response).contains("Exception") || text(response).contains(folder.toString()), text(response));
        }
    }

    @Test
    void picturesOfTooManyPixelsAreRefused() throws Exception {
        // 65535 x 65535, by the header alone.
        try (RandomAccessFile png = new RandomAccessFile(folder.resolve("huge.png").toFile(), "rw")) {
            png.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n', 0, 0, 0, 13, 'I', 'H', 'D', 'R'});
            png.writeInt(0xFFFF);
            png.writeInt(0xFFFF);
            png.write(new byte[] {8, 2, 0, 0, 0, 0, 0, 0, 0});
        }
        HttpResponse<byte[]> response = served.get("pictures/huge.png?width=64");
        assertEquals(422, response.statusCode());
        assertTrue(text(response).contains("more than 268435456 pixels"), text(response));
    }

    @ParameterizedTest
    @CsvSource({"1, 128, 80, 16, 40", "3, 128, 80, 112, 40", "6, 128, 205, 64, 20", "8, 128, 205, 64, 185"})
    void thumbnailsAreUpright(int orientation, int width, int height, int redX, int redY) throws Exception {
        ByteArrayOutputStream turned = new ByteArrayOutputStream();
        byte[] jpeg = Files.readAllBytes(folder.resolve("b.jpg"));
        byte[] exif = {'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1,
            0, (byte) orientation, 0, 0, 0, 0, 0, 0};
        turned.write(jpeg, 0, 20);
        turned.write(new byte[] {(byte) 0xFF, (byte) 0xE1, 0, (byte) (exif.length + 2)});
        turned.write(exif);
        turned.write(jpeg, 20, jpeg.length - 20);
        Files.write(folder.resolve("turned" + orientation + ".jpg"), turned.toByteArray());
        BufferedImage thumbnail = picture(served.get("pictures/turned" + orientation + ".jpg?width=128"));
        assertEquals(width + "x" + height, thumbnail.getWidth() + "x" + thumbnail.getHeight());
        Color there = new Color(thumbnail.getRGB(redX, redY));
        assertTrue(there.getRed() > 200 && there.getBlue() < 60, there.toString());
    }
}
