package org.semimage.cli;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;

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
        assertEquals(0, Run.of("encode", picture, file, "--profile", "descriptor", "--bytes", 100, "--caption", "a drawn picture").status());
        assertEquals(100, Files.size(file));
        JsonObject meaning = JsonParser.parseString(Run.of("info", "--json", file).out()).getAsJsonObject().getAsJsonObject("meaning");
        assertEquals("a drawn picture", meaning.get("caption").getAsString());
        assertTrue(meaning.get("digitalSourceType").getAsString().endsWith("compositeSynthetic"));
        JsonObject look = meaning.getAsJsonObject("descriptors");
        assertTrue(look.get("layoutCount").getAsInt() > 30);
        assertEquals(9, look.getAsJsonArray("palette").size());
        String text = Run.of("info", file).out();
        assertTrue(text.contains("caption a drawn picture") && text.contains("palette #"), text);
    }

    @Test
    void saysWhenThereIsNone() {
        Path picture = Run.draw(folder, "picture.png", "20x20");
        Path file = folder.resolve("picture.sem");
        assertEquals(0, Run.of("encode", picture, file).status());
        assertEquals("sem: " + file + " has no caption: its profile is 'transform'", Run.of("caption", file).err().strip());
        assertEquals(0, Run.of("encode", picture, file, "--profile", "descriptor", "--bytes", 50).status());
        assertEquals("sem: " + file + " has no caption", Run.of("caption", file).err().strip());
        assertEquals(1, Run.of("caption", folder.resolve("none.sem")).status());
        assertEquals(2, Run.of("encode", picture, file, "--caption", "x").status());
    }
}
