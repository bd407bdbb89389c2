// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance;

import org.apache.tika.mime.MimeTypes;
import org.apache.tika.mime.MimeTypesFactory;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.TikaCoreProperties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.semimage.cli.Sem;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Programs that learn the type of SEM files from docs/types. */
class MediaTypeTest {

    private static final Path TYPES = types();

    @TempDir
    private Path folder;

    private static Path types() {
        Path here = Path.of("").toAbsolutePath();
        while (Files.notExists(here.resolve("docs/types"))) {
            here = here.getParent();
        }
        return here.resolve("docs/types");
    }

    private Path picture(String name, String... options) {
        Path drawn = folder.resolve("drawn.png");
        assertEquals(0, Sem.commandLine().execute("draw", drawn.toString(), "--size", "40x30"));
        Path coded = folder.resolve(name);
        assertEquals(0, Sem.commandLine().execute(Stream.concat(Stream.of("encode", drawn.toString(), coded.toString()), Stream.of(options))
                .toArray(String[]::new)));
        return coded;
    }

    /** What a program says, or nothing where it is not installed. */
    private static String said(List<String> command) throws Exception {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException notInstalled) {
            assumeTrue(false, command.get(0) + " is not installed");
            return "";
        }
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertEquals(0, process.waitFor(), said);
        return said;
    }

    private static String file(Path file, String... options) throws Exception {
        return said(Stream.concat(Stream.of("file", "-b", "-m", TYPES.resolve("sem.magic").toString()),
                Stream.concat(Stream.of(options), Stream.of(file.toString()))).toList());
    }

    @Test
    void fileTellsTypeVersionAndProfile() throws Exception {
        Path transform = picture("a.sem");
        assertEquals("image/x-sem", file(transform, "--mime-type"));
        assertEquals("SEM image, version 12, transform", file(transform));
        assertTrue(file(picture("b.sem", "--profile", "lossless")).endsWith("lossless"));
        assertTrue(file(picture("c.sem", "--profile", "caption", "--caption", "a boat")).endsWith("caption"));
        assertTrue(file(picture("d.sem", "--profile", "descriptor")).endsWith("descriptors"));
        assertTrue(!file(Files.writeString(folder.resolve("text.sem"), "SEMANTICS of a text")).contains("SEM image"));
    }

    @Test
    void desktopsKnowTheType() throws Exception {
        Path mime = Files.createDirectories(folder.resolve("data/mime/packages")).getParent();
        Files.copy(TYPES.resolve("sem.xml"), mime.resolve("packages/sem.xml"));
        said(List.of("update-mime-database", mime.toString()));
        assertTrue(Files.readString(mime.resolve("globs2")).contains("60:image/x-sem:*.sem"));
        assertTrue(Files.readString(mime.resolve("magic"), StandardCharsets.ISO_8859_1).contains("image/x-sem"));
        assertTrue(Files.readString(mime.resolve("aliases")).contains("image/sem image/x-sem"));
    }

    @Test
    void tikaKnowsTheType() throws Exception {
        MimeTypes types;
        try (InputStream known = MimeTypes.class.getResourceAsStream("tika-mimetypes.xml");
             InputStream more = Files.newInputStream(TYPES.resolve("custom-mimetypes.xml"))) {
            types = MimeTypesFactory.create(known, more);
        }
        byte[] bytes = Files.readAllBytes(picture("a.sem"));
        assertEquals("image/x-sem", types.detect(new ByteArrayInputStream(bytes), new Metadata()).toString());
        Metadata named = new Metadata();
        named.set(TikaCoreProperties.RESOURCE_NAME_KEY, "a.sem");
        assertEquals("image/x-sem", types.detect(new ByteArrayInputStream(bytes), named).toString());
        assertEquals("text/plain", types.detect(new ByteArrayInputStream("SEMANTICS of a text".getBytes(StandardCharsets.US_ASCII)),
                new Metadata()).toString());
    }
}
