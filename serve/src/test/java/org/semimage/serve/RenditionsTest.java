// SPDX-License-Identifier: Apache-2.0
package org.semimage.serve;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;

import static org.junit.jupiter.api.Assertions.assertThrows;

/** How a decoding ends early. */
class RenditionsTest {

    @TempDir
    private Path folder;

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
