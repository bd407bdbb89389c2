// SPDX-License-Identifier: Apache-2.0
package org.semimage.serve;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Nothing is served but visible pictures of the folder. */
class TraversalTest {

    @TempDir
    private static Path parent;
    private static ServedFolder served;

    @BeforeAll
    static void serve() throws IOException {
        Path folder = Files.createDirectories(parent.resolve("folder"));
        Files.createDirectories(folder.resolve("below"));
        ServedFolder.write(parent.resolve("outside.png"), 8, 8);
        ServedFolder.write(folder.resolve("inside.png"), 8, 8);
        ServedFolder.write(folder.resolve(".hidden.png"), 8, 8);
        ServedFolder.write(folder.resolve("below/deep.png"), 8, 8);
        ServedFolder.write(folder.resolve("50% off; a & b <i>.png"), 8, 8);
        Files.writeString(folder.resolve("notes.txt"), "not for others");
        Files.createDirectories(folder.resolve("folder.png"));
        Files.createSymbolicLink(folder.resolve("link.png"), parent.resolve("outside.png"));
        Files.createSymbolicLink(folder.resolve("linkhidden.png"), folder.resolve(".hidden.png"));
        Files.createSymbolicLink(folder.resolve("linkinside.png"), folder.resolve("inside.png"));
        Files.createSymbolicLink(folder.resolve("loop.png"), folder.resolve("loop.png"));
        Files.createSymbolicLink(folder.resolve("nowhere.png"), folder.resolve("none.png"));
        served = ServedFolder.of(folder);
    }

    @AfterAll
    static void stop() {
        served.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "/pictures/../outside.png", "/pictures/%2e%2e/outside.png", "/pictures/..%2foutside.png", "/pictures/%2e%2e%2foutside.png",
        "/pictures/%252e%252e%252foutside.png", "/pictures/..%5coutside.png", "/pictures/..\\outside.png", "/pictures/..%c0%afoutside.png",
        "/pictures/inside.png%00", "/pictures/inside.png%00.png", "/pictures/%00", "/pictures/inside.png%0a", "/pictures/inside.png/",
        "/pictures/./inside.png", "/pictures//inside.png", "/pictures/.hidden.png", "/pictures/%2ehidden.png", "/pictures/below/deep.png",
        "/pictures/below%2fdeep.png", "/pictures/link.png", "/pictures/linkhidden.png", "/pictures/loop.png", "/pictures/nowhere.png",
        "/pictures/folder.png", "/pictures/notes.txt", "/pictures/none.png", "/pictures/%C3%A9.png", "/pictures/", "/pictures",
        "/pictures/inside.png;x=1",
        "/pictures/..;/outside.png", "/pictures/%",
        "/pictures/%ff%fe.png", "/pictures/inside.png::$DATA", "/folder/inside.png", "/etc/passwd",
        "//etc/passwd", "/../../etc/passwd"})
    void isRefused(String target) throws IOException {
        String status = served.status(target);
        assertTrue(status.startsWith("HTTP/1.1 404") || status.startsWith("HTTP/1.1 400"), target + ": " + status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/pictures/inside.png", "/pictures/%69nside.png", "/pictures/linkinside.png",
        "/pictures/50%25%20off%3B%20a%20%26%20b%20%3Ci%3E.png"})
    void isServed(String target) throws IOException {
        assertEquals("HTTP/1.1 200 OK", served.status(target));
    }

    @Test
    void aNameBeyondAsciiIsServedWhereFileNamesCanHaveIt() throws Exception {
        assumeTrue(Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8")).newEncoder().canEncode('\u00e9'));
        Path folder = Files.createDirectories(parent.resolve("accents"));
        ServedFolder.write(folder.resolve("\u00e9.png"), 8, 8);
        try (ServedFolder accents = ServedFolder.of(folder)) {
            assertEquals("HTTP/1.1 200 OK", accents.status("/pictures/%C3%A9.png"));
            assertTrue(ServedFolder.text(accents.get("")).contains("href=\"view/%C3%A9.png"));
        }
    }

    @Test
    void thePageShowsWhatIsServedAndLoadsNothingFromElsewhere() throws Exception {
        String page = ServedFolder.text(served.get(""));
        assertTrue(page.contains("href=\"view/50%25%20off%3B%20a%20%26%20b%20%3Ci%3E.png\""), page);
        assertTrue(page.contains("50% off; a &amp; b &lt;i&gt;.png"), page);
        assertTrue(page.contains("<h1>3 pictures</h1>") && page.contains("inside.png"), page);
        assertTrue(page.contains("prefers-color-scheme: dark"), page);
        assertFalse(page.contains("hidden") || page.contains("notes") || page.contains("//"), page);
        assertTrue(page.length() < 5000, page.length() + " characters");
    }

    @Test
    void thePageSaysWhatABrowserMayLoad() throws Exception {
        String policy = ServedFolder.header(served.get(""), "Content-Security-Policy");
        assertTrue(policy.startsWith("default-src 'none'; img-src 'self'") && policy.contains("script-src 'sha256-"), policy);
        assertEquals(200, served.get("?page=1").statusCode());
        assertEquals(404, served.get("?page=2").statusCode());
        assertEquals(404, served.get("?other=1").statusCode());
    }

    @Test
    void errorsOfTheServerItselfShowNoStack() throws Exception {
        HttpResponse<byte[]> response = served.get("pictures/%2e%2e/outside.png");
        assertEquals(400, response.statusCode());
        assertFalse(ServedFolder.text(response).contains("at org."), ServedFolder.text(response));
    }
}
