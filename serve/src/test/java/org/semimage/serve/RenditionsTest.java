// SPDX-License-Identifier: Apache-2.0
package org.semimage.serve;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.awt.Dimension;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** How pictures are scaled, and how a decoding ends early. */
class RenditionsTest {

    @TempDir
    private Path folder;

    @Test
    void picturesOfAPaletteKeepTheirColours() throws Exception {
        byte[] red = {101, 0};
        byte[] green = {57, 0};
        byte[] blue = {33, 0};
        for (int transparent : new int[] {-1, 1}) {
            IndexColorModel palette = new IndexColorModel(8, 2, red, green, blue, transparent);
            BufferedImage picture = new BufferedImage(64, 48, BufferedImage.TYPE_BYTE_INDEXED, palette);
            int[] upperHalf = new int[64 * 24];
            Arrays.fill(upperHalf, 1);
            picture.getRaster().setSamples(0, 0, 64, 24, 0, upperHalf);
            BufferedImage small = Renditions.scaled(picture, new Dimension(8, 6));
            assertEquals(0xFF653921, small.getRGB(4, 5));
            assertEquals(transparent < 0 ? 0xFF : 0, small.getRGB(4, 0) >>> 24);
        }
    }

    @Test
    void anAbortedDecodingGivesNoPicture() throws Exception {
        Path path = ServedFolder.writeProgressive(folder.resolve("a.sem"), 640, 400);
        PictureFile file = PictureFile.of("a.sem", path, PictureFile.SEM, Files.readAttributes(path, BasicFileAttributes.class));
        Rendition rendition = new Rendition(OptionalInt.of(640), OptionalLong.empty(), OutputType.JPEG);
        AbortSwitch abort = new AbortSwitch();
        Thread asking = new Thread(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                abort.abort();
                Thread.onSpinWait();
            }
        });
        asking.start();
        try {
            assertThrows(CancellationException.class, () -> Renditions.render(file, rendition, abort));
        } finally {
            asking.interrupt();
            asking.join();
        }
    }
}
