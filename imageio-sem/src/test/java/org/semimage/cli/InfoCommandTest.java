// SPDX-License-Identifier: Apache-2.0
package org.semimage.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.semimage.container.Chunk;
import org.semimage.container.ModelRef;
import org.semimage.container.PixelFormat;
import org.semimage.container.ProfileId;
import org.semimage.container.SemFile;
import org.semimage.container.SemHeader;
import org.semimage.container.SemSerializer;
import org.semimage.metadata.Ancillary;
import org.semimage.metadata.ExifBuilder;
import org.semimage.metadata.TextEntry;

import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

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
        SemHeader header = new SemHeader(ProfileId.TRANSFORM, 640, 480, PixelFormat.RGB, ModelRef.ofDigest(0x0123456789ABCDEFL));
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
    void saysWhatTheMetadataSays() throws Exception {
        Ancillary ancillary = Ancillary.NONE
                .withIcc(Optional.of(ICC_Profile.getInstance(ColorSpace.CS_LINEAR_RGB).getData()))
                .withExif(new ExifBuilder().orientation(6).pixelSize(25.4 / 300, 25.4 / 300)
                        .text(ExifBuilder.Directory.FIRST, 0x010F, "ACME").build())
                .withTexts(List.of(new TextEntry(TextEntry.CAPTION, "", "Two\nboats"),
                        new TextEntry(TextEntry.DIGITAL_SOURCE_TYPE, "", "http://x/y")));
        SemHeader header = new SemHeader(ProfileId.TRANSFORM, 64, 48, PixelFormat.RGB, ModelRef.embedded(1));
        Files.write(file, SemSerializer.toBytes(SemFile.of(header, List.of(new Chunk(Chunk.TRANSFORM, new byte[9])))
                .withAncillary(ancillary.chunks())));
        Run run = Run.of("info", file);
        for (String expected : new String[] {"icc     ", "orientation 6", "300 x 300", "Make: ACME",
                "caption Two boats", "source  http://x/y"}) {
            assertTrue(run.out().contains(expected), expected + " in " + run.out());
        }
        JsonObject metadata = json().getAsJsonObject("metadata");
        assertEquals(6, metadata.getAsJsonObject("exif").get("orientation").getAsInt());
        assertEquals("Two\nboats", metadata.get("caption").getAsString());
        assertEquals(2, metadata.getAsJsonArray("texts").size());
        assertFalse(metadata.has("xmpBytes"));
    }

    @Test
    void saysHowSmallAPictureIsCoded() throws Exception {
        assertFalse(json().has("shrink"));
        SemHeader header = new SemHeader(ProfileId.TRANSFORM, 601, 400, PixelFormat.RGB, ModelRef.embedded(3));
        Files.write(file, SemSerializer.toBytes(SemFile.of(header, List.of(new Chunk(Chunk.TRANSFORM, new byte[] {9, (byte) 0x80, 0})))));
        assertTrue(Run.of("info", file).out().contains("shrink  2, coded at 151x100"), Run.of("info", file).out());
        assertEquals(2, json().get("shrink").getAsInt());
    }

    @Test
    void everyPictureHasItsOwnBytes() throws Exception {
        ByteArrayOutputStream three = new ByteArrayOutputStream();
        three.writeBytes(bytes);
        SemHeader small = new SemHeader(ProfileId.LOSSLESS, 10, 10, PixelFormat.GRAY, ModelRef.NONE);
        three.writeBytes(SemSerializer.toBytes(SemFile.of(small, List.of(new Chunk(Chunk.LOSSLESS, new byte[40])))));
        int second = three.size() - bytes.length;
        three.writeBytes(bytes);
        three.writeBytes(new byte[7]);
        Files.write(file, three.toByteArray());
        JsonObject info = JsonParser.parseString(Run.of("info", "--json", file).out()).getAsJsonObject();
        assertEquals(three.size(), info.get("bytes").getAsInt());
        assertEquals(7, info.get("rest").getAsInt());
        JsonArray pictures = info.getAsJsonArray("pictures");
        assertEquals(3, pictures.size());
        assertEquals(8.0 * bytes.length / (640 * 480), pictures.get(0).getAsJsonObject().get("bpp").getAsDouble(), 1e-12);
        assertEquals(8.0 * second / 100, pictures.get(1).getAsJsonObject().get("bpp").getAsDouble(), 1e-12);
        JsonObject last = pictures.get(2).getAsJsonObject();
        assertEquals(bytes.length + second, last.get("offset").getAsInt());
        int chunk = last.getAsJsonArray("chunks").get(0).getAsJsonObject().get("offset").getAsInt();
        assertEquals('x', three.toByteArray()[chunk]);

        Run all = Run.of("info", file);
        assertTrue(all.out().contains("picture 2 of 3") && all.out().contains("10x10") && all.out().contains("7 bytes behind"), all.out());
        Run one = Run.of("info", file, "--picture", 2);
        assertTrue(one.out().contains("10x10") && !one.out().contains("640x480"), one.out());
        Run none = Run.of("info", file, "--picture", 4);
        assertTrue(none.status() == 1 && none.err().contains("has no picture 4, only 3"), none.err());
        assertEquals(2, Run.of("info", file, "--picture", 0).status());
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
        return JsonParser.parseString(run.out()).getAsJsonObject().getAsJsonArray("pictures").get(0).getAsJsonObject();
    }
}
