// SPDX-License-Identifier: Apache-2.0
package org.semimage.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
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
import org.semimage.metadata.TextEntry;
import org.semimage.profile.semantic.PictureCaptioner;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class CaptionCommandTest {

    @TempDir
    private Path folder;

    @Test
    void printsTheCaptionAlone() {
        Path picture = Run.draw(folder, "picture.png", "80x60");
        Path file = folder.resolve("picture.sem");
        Run encode = Run.of("encode", picture, file, "--profile", "caption", "--caption", "a red \u2665 on a hill");
        assertEquals(0, encode.status(), encode.err());
        Run caption = Run.of("caption", file);
        assertEquals("a red \u2665 on a hill" + System.lineSeparator(), caption.out());
    }

    @Test
    void infoShowsCaptionAndDescriptors() throws Exception {
        Path picture = Run.draw(folder, "picture.png", "160x120");
        Path file = folder.resolve("picture.sem");
        assertEquals(0, Run.of("encode", picture, file, "--profile", "descriptor", "--bytes", 100, "--caption", "a drawn picture")
                .status());
        assertEquals(100, Files.size(file));
        JsonObject meaning = JsonParser.parseString(Run.of("info", "--json", file).out()).getAsJsonObject()
                .getAsJsonArray("pictures").get(0).getAsJsonObject().getAsJsonObject("meaning");
        assertEquals("a drawn picture", meaning.get("caption").getAsString());
        assertTrue(meaning.get("digitalSourceType").getAsString().endsWith("compositeWithTrainedAlgorithmicMedia"));
        JsonObject look = meaning.getAsJsonObject("descriptors");
        assertTrue(look.get("layoutCount").getAsInt() > 30);
        JsonArray luma = look.getAsJsonArray("layout").get(0).getAsJsonArray();
        JsonArray last = luma.get(luma.size() - 1).getAsJsonArray();
        assertTrue(last.get(last.size() - 1).getAsFloat() != 0, "zeros at the end are not shown");
        assertEquals(9, look.getAsJsonArray("palette").size());
        String text = Run.of("info", file).out();
        assertTrue(text.contains("caption a drawn picture") && text.contains("palette #"), text);
    }

    @Test
    void printsTheCaptionOfMetadata() throws Exception {
        SemHeader header = new SemHeader(ProfileId.TRANSFORM, 64, 48, PixelFormat.RGB, ModelRef.embedded(1));
        Ancillary ancillary = Ancillary.NONE.withTexts(List.of(new TextEntry(TextEntry.CAPTION, "", "two boats")));
        Path file = folder.resolve("picture.sem");
        Files.write(file, SemSerializer.toBytes(SemFile.of(header, List.of(new Chunk(Chunk.TRANSFORM, new byte[9])))
                .withAncillary(ancillary.chunks())));
        assertEquals("two boats" + System.lineSeparator(), Run.of("caption", file).out());
    }

    @Test
    void saysWhenThereIsNone() {
        Path picture = Run.draw(folder, "picture.png", "20x20");
        Path file = folder.resolve("picture.sem");
        assertEquals(0, Run.of("encode", picture, file).status());
        System.setProperty(PictureCaptioner.PROPERTY, "none");
        try {
            assertTrue(Run.of("caption", file).err().startsWith("sem: " + file + " has no caption, and no captioner is at hand"));
        } finally {
            System.clearProperty(PictureCaptioner.PROPERTY);
        }
        assertEquals(0, Run.of("encode", picture, file, "--profile", "descriptor", "--bytes", 50).status());
        assertEquals("sem: " + file + " has no caption", Run.of("caption", file).err().strip());
        assertEquals(1, Run.of("caption", folder.resolve("none.sem")).status());
        assertEquals(2, Run.of("encode", picture, file, "--caption", "x").status());
    }
}
