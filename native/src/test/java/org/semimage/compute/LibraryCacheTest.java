// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class LibraryCacheTest {

    @TempDir
    private Path folder;

    private final List<String> obstacles = new ArrayList<>();

    private LibraryCache cache(Path home) {
        return new LibraryCache(home, folder, "me", Files::isExecutable);
    }

    private Path unusable() throws IOException {
        return Files.writeString(folder.resolve("a file"), "").resolve("home");
    }

    private Path own(String number) {
        return folder.resolve("sem-natives-me" + number);
    }

    private void assumePosix() {
        assumeTrue(folder.getFileSystem().supportedFileAttributeViews().contains("posix"));
    }

    private static void assertEmpty(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(0, files.count());
        }
    }

    @Test
    void theHomeFolderIsTakenWhereItHoldsLibraries() throws IOException {
        Path usual = cache(folder.resolve("home")).find(obstacles).orElseThrow();
        assertEquals(folder.resolve("home/.javacpp/cache"), usual);
        assertEquals(List.of(), obstacles);
        assertEmpty(usual);
    }

    @Test
    void aFolderOfThisUserAloneTakesItsPlace() throws IOException {
        assertEquals(Optional.of(own("")), cache(unusable()).find(obstacles));
        assertTrue(obstacles.size() == 1 && obstacles.get(0).contains("a file"), obstacles.toString());
        assertEmpty(own(""));
        assertEquals(Optional.of(own("")), cache(unusable()).find(obstacles), "the next process takes it again");
        assumePosix();
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(own(""))));
    }

    @Test
    void aHomeOfNobodyIsPassedOver() {
        assertEquals(Optional.of(own("")), cache(Path.of("?")).find(obstacles));
        assertEquals(List.of("the home folder is '?'"), obstacles);
    }

    @Test
    void aHomeWithoutExecutionIsPassedOver() {
        Path home = folder.resolve("home");
        LibraryCache noexec = new LibraryCache(home, folder, "me", probe -> Files.isExecutable(probe) && !probe.startsWith(home));
        assertEquals(Optional.of(own("")), noexec.find(obstacles));
        assertEquals(List.of(home.resolve(".javacpp/cache") + " is on a file system without execution"), obstacles);
    }

    @Test
    void whatOthersCouldWriteToIsPassedOver() throws IOException {
        assumePosix();
        Files.createDirectory(own(""));
        Files.setPosixFilePermissions(own(""), PosixFilePermissions.fromString("rwxrwxrwx"));
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Files.createSymbolicLink(own("-1"), elsewhere);
        Files.writeString(own("-2"), "");
        assertEquals(Optional.of(own("-3")), cache(unusable()).find(obstacles));
        assertEquals(own("") + " is not this user's alone", obstacles.get(1));
        assertEmpty(elsewhere);
    }

    @Test
    void aFolderOfAnotherUserIsPassedOver() throws IOException {
        assumePosix();
        Files.createDirectory(own(""));
        try {
            Files.setAttribute(own(""), "unix:uid", 12345);
        } catch (IOException | UnsupportedOperationException e) {
            abort("only root gives folders away: " + e);
        }
        assertEquals(Optional.of(own("-1")), cache(unusable()).find(obstacles));
    }

    @Test
    void whatIsInTheWayOfAllIsSaid() throws IOException {
        Path none = unusable();
        assertEquals(Optional.empty(), new LibraryCache(none, none, "me", Files::isExecutable).find(obstacles));
        assertEquals(2, obstacles.size(), obstacles.toString());
    }

    @Test
    void aNameThatIsNoFileNameIsMadeOne() throws IOException {
        LibraryCache odd = new LibraryCache(unusable(), folder, "?/..x y", Files::isExecutable);
        assertEquals(Optional.of(folder.resolve("sem-natives-__..x_y")), odd.find(obstacles));
    }
}
