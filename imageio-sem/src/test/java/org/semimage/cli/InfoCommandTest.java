package org.semimage.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.semimage.container.Chunk;
import org.semimage.container.ModelRef;
import org.semimage.container.SemFile;
import org.semimage.container.SemHeader;
import org.semimage.container.SemSerializer;
import org.semimage.profile.PixelPlanes;
import org.semimage.profile.ProfileId;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class InfoCommandTest {

    @TempDir
    private Path folder;

    private byte[] bytes;
    private Path file;

    @BeforeEach
    void writeFile() throws Exception {
        SemHeader header = new SemHeader(ProfileId.TRANSFORM, 640, 480, PixelPlanes.Format.RGB, ModelRef.ofDigest(0x0123456789ABCDEFL));
        bytes = SemSerializer.toBytes(SemFile.of(header, List.of(
                new Chunk(Chunk.XMP, new byte[300]), new Chunk('z', new byte[0]), new Chunk(Chunk.TRANSFORM, new byte[2000]))));
        file = Files.write(folder.resolve("a file.sem"), bytes);
    }

    @Test
    void saysWhatTheContainerHolds() {
        Run run = Run.of("info", file);
        assertEquals(0, run.status(), run.err());
        for (String expected : new String[] {"version " + SemHeader.VERSION, "profile transform", "640x480", "rgb, 3 planes of 8 bits",
                "sha256:0123456789abcdef", bytes.length + ", ", "x at offset", "payload of 2000 bytes"}) {
            assertTrue(run.out().contains(expected), expected + " in " + run.out());
        }
    }

    @Test
    void givesChunksByTagAndOffsetAsJson() {
        JsonObject info = json();
        assertEquals("transform", info.get("profile").getAsString());
        assertEquals(8.0 * bytes.length / (640 * 480), info.get("bpp").getAsDouble(), 1e-12);
        assertFalse(info.get("truncated").getAsBoolean());
        JsonArray chunks = info.getAsJsonArray("chunks");
        assertEquals(3, chunks.size());
        chunks.forEach(chunk -> {
            JsonObject entry = chunk.getAsJsonObject();
            byte[] tag = entry.get("tag").getAsString().getBytes(StandardCharsets.US_ASCII);
            assertEquals(tag[0], bytes[entry.get("offset").getAsInt()]);
        });
        assertEquals(300, chunks.get(0).getAsJsonObject().get("length").getAsInt());
    }

    @Test
    void saysWhenAFileIsCutOff() throws Exception {
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 1500));
        assertTrue(json().get("truncated").getAsBoolean());
    }

    @Test
    void failsInOneLineOnAnythingElse() throws Exception {
        Files.writeString(file, "no picture");
        Run run = Run.of("info", file);
        assertEquals(1, run.status());
        assertEquals(1, run.err().lines().count(), run.err());
    }

    private JsonObject json() {
        Run run = Run.of("info", "--json", file);
        assertEquals(0, run.status(), run.err());
        return JsonParser.parseString(run.out()).getAsJsonObject();
    }
}
