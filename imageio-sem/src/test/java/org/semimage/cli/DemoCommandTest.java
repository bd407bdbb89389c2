// SPDX-License-Identifier: Apache-2.0
package org.semimage.cli;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DemoCommandTest {

    @TempDir
    private Path folder;

    @Test
    void codesAPhotoAndSaysWhatItCost() {
        Path photo = Run.draw(folder, "my photo.bmp", "120x90");
        Run run = Run.of("demo", photo, "--folder", folder);
        assertEquals(0, run.status(), run.err());
        assertTrue(Files.exists(folder.resolve("my photo.sem")));
        assertTrue(Files.exists(folder.resolve("my photo.sem.png")));
        assertTrue(run.out().contains("PSNR ") && run.out().contains("times smaller"), run.out());
    }

    @Test
    void drawsAPictureIfThereIsNone() {
        Run run = Run.of("demo", "--folder", folder);
        assertEquals(0, run.status(), run.err());
        assertTrue(Files.exists(folder.resolve("test-picture.png")));
        assertTrue(Files.exists(folder.resolve("test-picture.sem.png")));
    }

    @Test
    void doesNotWriteOverItsInput() {
        Path photo = Run.draw(folder, "photo.png", "40x30");
        assertEquals(0, Run.of("demo", photo, "--folder", folder).status());
        Run again = Run.of("demo", folder.resolve("photo.sem"), "--folder", folder);
        assertEquals(1, again.status());
        assertTrue(again.err().contains("already a SEM file"), again.err());
    }
}
