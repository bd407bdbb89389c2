// SPDX-License-Identifier: Apache-2.0
package org.semimage.imageio;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.spi.FileTypeDetector;
import java.util.ServiceLoader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SemFileTypeDetectorTest {

    private static final byte[] HEAD = {'S', 'E', 'M', (byte) 0x93, 0, 0};

    @TempDir
    private Path folder;

    private final FileTypeDetector detector = new SemFileTypeDetector();

    @Test
    void isFoundByJava() throws IOException {
        assertTrue(ServiceLoader.load(FileTypeDetector.class).stream().anyMatch(p -> p.type() == SemFileTypeDetector.class));
        assertEquals("image/x-sem", Files.probeContentType(Files.write(folder.resolve("a.sem"), HEAD)));
    }

    @Test
    void theFirstBytesDecideWhateverTheName() throws IOException {
        assertEquals("image/x-sem", detector.probeContentType(Files.write(folder.resolve("a.png"), HEAD)));
        assertEquals("image/x-sem", detector.probeContentType(Files.write(folder.resolve("a"), HEAD)));
        for (String other : new String[] {"", "S", "SEM", "SEMI", "\u0089PNG"}) {
            assertNull(detector.probeContentType(Files.writeString(folder.resolve("b.sem"), other)), other);
        }
    }

    @Test
    void theNameDecidesForAFileThatIsNotThere() throws IOException {
        assertEquals("image/x-sem", detector.probeContentType(folder.resolve("none.SEM")));
        assertNull(detector.probeContentType(folder.resolve("none.png")));
        assertNull(detector.probeContentType(Files.createDirectory(folder.resolve("folder.sem"))));
        assertNull(detector.probeContentType(folder.getRoot()));
    }

    @Test
    void anInterruptedThreadLearnsTheTypeAndStaysInterrupted() throws IOException {
        Path file = Files.write(folder.resolve("a.sem"), HEAD);
        Thread.currentThread().interrupt();
        try {
            assertEquals("image/x-sem", detector.probeContentType(file));
        } finally {
            assertTrue(Thread.interrupted());
        }
    }
}
