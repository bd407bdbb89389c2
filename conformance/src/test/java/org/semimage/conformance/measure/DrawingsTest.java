// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.measure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import javax.imageio.ImageIO;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DrawingsTest {

    @TempDir
    private Path folder;

    @Test
    void writesTwentyDifferentPictures() throws Exception {
        Drawings.write(folder);
        Set<Integer> contents = new HashSet<>();
        for (Map.Entry<String, Drawings.Drawing> drawing : Drawings.all().entrySet()) {
            BufferedImage read = ImageIO.read(folder.resolve(drawing.getKey() + ".png").toFile());
            assertEquals(drawing.getValue().width(), read.getWidth());
            assertEquals(drawing.getValue().height(), read.getHeight());
            int[] pixels = pixels(read);
            contents.add(Arrays.hashCode(pixels));
            assertTrue(Arrays.stream(pixels).distinct().limit(2).count() > 1, drawing.getKey());
        }
        assertEquals(20, contents.size());
        try (var files = Files.list(folder)) {
            assertEquals(20, files.count());
        }
    }

    @Test
    void drawsTheSameAgain() {
        Drawings.Drawing drawing = Drawings.all().get("text-code");
        assertArrayEquals(pixels(drawing.draw(3)), pixels(drawing.draw(3)));
    }

    private static int[] pixels(BufferedImage image) {
        return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    }
}
