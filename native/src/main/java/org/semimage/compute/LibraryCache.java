// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;

/**
 * Where JavaCPP unpacks native libraries: its usual folder in the home folder if they can be loaded from there, else one below the
 * temporary folder that is this user's alone.
 *
 * @param home       the home folder
 * @param temporary  the temporary folder, to which others may have access
 * @param user       the user's name
 * @param executable whether the system loads a library from a file with the right to be executed
 */
record LibraryCache(Path home, Path temporary, String user, Predicate<Path> executable) {

    /** JavaCPP's system property. */
    static final String PROPERTY = "org.bytedeco.javacpp.cachedir";

    private static final Set<PosixFilePermission> OTHERS = EnumSet.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

    /** More than the library of the kernels takes. */
    private static final int ROOM = 1 << 19;
    private static final int PIECE = 1 << 13;

    /** How many names are tried below the temporary folder: somebody else may have taken the first ones. */
    private static final int NAMES = 10;

    /** A file on a file system without execution has no right to be executed, whatever its mode says. */
    static LibraryCache ofProcess() {
        return new LibraryCache(Path.of(System.getProperty("user.home")), Path.of(System.getProperty("java.io.tmpdir")),
                System.getProperty("user.name"), Files::isExecutable);
    }

    /**
     * The folder to take.
     *
     * @param obstacles gets what is in the way of those that come before it
     * @return empty if libraries can be loaded from none
     */
    Optional<Path> find(List<String> obstacles) {
        Path usual = usual();
        if (!home.isAbsolute()) {
            obstacles.add("the home folder is '" + home + "'");
        } else if (holdsLibraries(usual, false, obstacles)) {
            return Optional.of(usual);
        }
        String name = "sem-natives-" + user.replaceAll("[^A-Za-z0-9._-]", "_");
        for (int i = 0; i < NAMES; i++) {
            Path own = temporary.resolve(i == 0 ? name : name + "-" + i).toAbsolutePath();
            List<String> found = new ArrayList<>();
            if (holdsLibraries(own, true, found)) {
                return Optional.of(own);
            }
            if (i == 0) {
                obstacles.addAll(found);
            }
        }
        return Optional.empty();
    }

    /** The folder that JavaCPP takes by itself. */
    Path usual() {
        return home.resolve(".javacpp").resolve("cache");
    }

    private boolean holdsLibraries(Path folder, boolean ownOnly, List<String> obstacles) {
        Path probe = folder.resolve(".probe-" + Long.toHexString(ThreadLocalRandom.current().nextLong()));
        try {
            if (ownOnly) {
                createOwn(folder);
            } else {
                Files.createDirectories(folder);
            }
            Files.createFile(probe);
            try {
                if (!hasRoom(probe)) {
                    obstacles.add(folder + " is full");
                    return false;
                }
                if (ownOnly && !isOwn(folder, probe)) {
                    obstacles.add(folder + " is not this user's alone");
                    return false;
                }
                if (!probe.toFile().setExecutable(true) || !executable.test(probe)) {
                    obstacles.add(folder + " is on a file system without execution");
                    return false;
                }
                return true;
            } finally {
                Files.delete(probe);
            }
        } catch (IOException e) {
            obstacles.add(e.toString());
            return false;
        }
    }

    /** Whether a library fits: a file of its size is written. An interrupt of the thread does not matter, as it would to a channel. */
    private static boolean hasRoom(Path file) {
        try (OutputStream out = new FileOutputStream(file.toFile())) {
            byte[] piece = new byte[PIECE];
            for (int written = 0; written < ROOM; written += PIECE) {
                out.write(piece);
            }
            return true;
        } catch (IOException full) {
            return false;
        }
    }

    private static void createOwn(Path folder) throws IOException {
        boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] mode = posix
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))}
                : new FileAttribute<?>[0];
        try {
            Files.createDirectory(folder, mode);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                throw e;
            }
        }
    }

    /** Whether a folder belongs to whom a file in it belongs to, and nobody else may write to it. */
    private static boolean isOwn(Path folder, Path file) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(folder, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (view == null) {
            return true;
        }
        PosixFileAttributes attributes = view.readAttributes();
        return attributes.owner().equals(Files.getOwner(file)) && Collections.disjoint(attributes.permissions(), OTHERS);
    }
}
