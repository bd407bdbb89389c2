// SPDX-License-Identifier: Apache-2.0
package org.semimage.cli;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import javax.imageio.ImageIO;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Arrays;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DrawCommandTest {

    @Test
    void writesAPictureOfTheSizeAskedFor(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("drawn picture.png");
        Run run = Run.of("draw", file, "--size", "70x50", "--seed", 3);
        assertEquals(0, run.status(), run.err());
        BufferedImage image = ImageIO.read(file.toFile());
        assertEquals(70, image.getWidth());
        assertEquals(50, image.getHeight());
        assertArrayEquals(pixels(TestPicture.draw(70, 50, 3)), pixels(image));
    }

    @Test
    void drawsTheSamePictureForTheSameSeedOnly() {
        assertArrayEquals(pixels(TestPicture.draw(90, 60, 1)), pixels(TestPicture.draw(90, 60, 1)));
        assertFalse(Arrays.equals(pixels(TestPicture.draw(90, 60, 1)), pixels(TestPicture.draw(90, 60, 2))));
    }

    @Test
    void drawsEveryShape() {
        for (int width : new int[] {1, 2, 5, 300}) {
            for (int height : new int[] {1, 2, 5, 300}) {
                assertEquals(width, TestPicture.draw(width, height, 1).getWidth());
            }
        }
    }

    @Test
    void refusesSizesAndSuffixesItCannotServe(@TempDir Path folder) {
        assertEquals(2, Run.of("draw", folder.resolve("a.png"), "--size", "0x5").status());
        assertEquals(2, Run.of("draw", folder.resolve("a.png"), "--size", "70").status());
        Run run = Run.of("draw", folder.resolve("a.xyz"));
        assertEquals(2, run.status());
        assertTrue(run.err().contains("a.xyz"), run.err());
    }

    @Test
    void failsWithoutTheFolder(@TempDir Path folder) {
        Run run = Run.of("draw", folder.resolve("missing").resolve("a.png"));
        assertEquals(1, run.status());
        assertTrue(run.err().startsWith("sem: no such folder: "), run.err());
    }

    private static int[] pixels(BufferedImage image) {
        return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    }
}
