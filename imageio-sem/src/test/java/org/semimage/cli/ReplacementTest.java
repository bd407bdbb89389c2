// SPDX-License-Identifier: Apache-2.0
package org.semimage.cli;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class ReplacementTest {

    @TempDir
    private Path folder;

    private static void write(Path target, String text) throws IOException {
        try (Replacement replacement = new Replacement(target)) {
            Files.writeString(replacement.part(), text);
            assertEquals(text.length(), replacement.commit());
        }
    }

    private void assertNothingElse(long files) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            assertEquals(files, all.count());
        }
    }

    @Test
    void aNameMayBeAsLongAsTheFileSystemTakes() throws IOException {
        Path target = folder.resolve("n".repeat(251) + ".sem");
        write(target, "new");
        assertEquals("new", Files.readString(target));
        assertNothingElse(1);
    }

    @Test
    void aNewFileHasTheModeOfAnyNewFile() throws IOException {
        assumeTrue(folder.getFileSystem().supportedFileAttributeViews().contains("posix"));
        Path any = Files.createFile(folder.resolve("any"));
        write(folder.resolve("new"), "new");
        assertEquals(Files.getPosixFilePermissions(any), Files.getPosixFilePermissions(folder.resolve("new")));
    }

    @Test
    void aReplacedFileKeepsItsMode() throws IOException {
        assumeTrue(folder.getFileSystem().supportedFileAttributeViews().contains("posix"));
        for (String mode : new String[] {"rw-------", "rw-rw-rw-", "rwxr-x---"}) {
            Path target = Files.writeString(folder.resolve("old"), "old");
            Files.setPosixFilePermissions(target, PosixFilePermissions.fromString(mode));
            write(target, "new " + mode);
            assertEquals("new " + mode, Files.readString(target));
            assertEquals(mode, PosixFilePermissions.toString(Files.getPosixFilePermissions(target)));
        }
        assertNothingElse(1);
    }

    @Test
    void linksAreFollowed() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "old");
        Path inner = link(folder.resolve("inner"), Path.of("file"));
        Path outer = link(folder.resolve("outer"), inner);
        write(outer, "new");
        assertEquals("new", Files.readString(file));
        assertTrue(Files.isSymbolicLink(inner) && Files.isSymbolicLink(outer));
        Path toNowhere = link(folder.resolve("to nowhere"), Path.of("not yet"));
        write(toNowhere, "there");
        assertEquals("there", Files.readString(folder.resolve("not yet")));
        assertTrue(Files.isSymbolicLink(toNowhere));
        Path round = link(folder.resolve("round"), Path.of("round"));
        assertThrows(IOException.class, () -> new Replacement(round));
        assertNothingElse(6);
    }

    private static Path link(Path link, Path to) throws IOException {
        try {
            return Files.createSymbolicLink(link, to);
        } catch (IOException | UnsupportedOperationException noLinks) {
            assumeTrue(false, "no links here");
            return link;
        }
    }

    @Test
    void theOtherNamesOfAFileNameItStill() throws IOException {
        assumeTrue(folder.getFileSystem().supportedFileAttributeViews().contains("unix"));
        Path file = Files.writeString(folder.resolve("file"), "a longer old text");
        Path other = Files.createLink(folder.resolve("other"), file);
        write(file, "new");
        assertEquals("new", Files.readString(other));
        assertTrue(Files.isSameFile(file, other));
        assertNothingElse(2);
    }

    @Test
    void whatIsNotPutInPlaceLeavesNothing() throws IOException {
        Path target = Files.writeString(folder.resolve("old"), "old");
        try (Replacement replacement = new Replacement(target)) {
            Files.writeString(replacement.part(), "half");
        }
        assertEquals("old", Files.readString(target));
        assertNothingElse(1);
    }

    @Test
    void aFolderIsNoTarget() {
        for (Path target : new Path[] {folder, folder.getRoot(), Path.of("")}) {
            String message = assertThrows(IOException.class, () -> new Replacement(target)).getMessage();
            assertTrue(message.endsWith("is a folder"), message);
        }
        assertThrows(IOException.class, () -> new Replacement(folder.resolve("none").resolve("file")));
    }
}
