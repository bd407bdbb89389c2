// SPDX-License-Identifier: Apache-2.0
package org.semimage.cli;

import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;

/**
 * What a command writes. It is written to a part file and put in the target's place in one step. Nobody ever sees half of it. A failure
 * or a signal leaves nothing behind.
 *
 * <p>As with programs that write into the file itself, links are followed, and a file that is replaced keeps its mode, owner and group.
 * Where that cannot be, as with hard links, pipes, devices and folders that take no new file, the finished part is copied into the
 * target. The target {@code -} is standard output.
 */
public final class Replacement implements Closeable {

    /** As many as Linux follows. */
    private static final int MAX_LINKS = 40;

    private static final int RESERVE_STEP = 1 << 16;

    private final Path target;
    private final boolean exists;
    private final boolean copied;
    private final Path part;
    private final Thread onExit = new Thread(this::discard, "sem-part-file");

    /**
     * Begins to replace a file, or to make it.
     *
     * @throws IOException if the target's folder does not exist, or the target is a folder or may not be written
     */
    public Replacement(Path target) throws IOException {
        if (Inputs.isStandard(target)) {
            this.target = target;
            this.exists = true;
            this.copied = true;
        } else {
            this.target = followed(target.toAbsolutePath());
            this.exists = Files.exists(this.target);
            check(target);
            this.copied = exists && !isReplaceable(this.target);
        }
        this.part = copied ? Files.createTempFile("sem-", ".part") : this.target.resolveSibling(".sem-" + UUID.randomUUID() + ".part");
        Runtime.getRuntime().addShutdownHook(onExit);
        if (exists && !copied) {
            createPrivate(part);
        }
    }

    private void check(Path named) throws IOException {
        if (Files.isDirectory(target)) {
            throw new IOException(named + " is a folder");
        }
        if (!Files.isDirectory(target.getParent())) {
            throw new IOException("no such folder: " + target.getParent());
        }
        if (exists && !Files.isWritable(target)) {
            throw new AccessDeniedException(named.toString());
        }
    }

    /** The file that a chain of links leads to, whether it exists or not. */
    private static Path followed(Path path) throws IOException {
        Path file = path;
        for (int links = 0; Files.isSymbolicLink(file); links++) {
            if (links == MAX_LINKS) {
                throw new IOException(path + " is a link without end");
            }
            file = file.resolveSibling(Files.readSymbolicLink(file));
        }
        return file;
    }

    /** Whether a new file in the place of a file would be all that the file was. */
    private static boolean isReplaceable(Path file) throws IOException {
        boolean single = !file.getFileSystem().supportedFileAttributeViews().contains("unix")
                || (int) Files.getAttribute(file, "unix:nlink") == 1;
        return Files.isRegularFile(file) && single && Files.isWritable(file.getParent());
    }

    /** A file that nobody else can read before it has the mode of the one that it replaces. */
    private static void createPrivate(Path file) throws IOException {
        Files.createFile(file);
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (view != null) {
            view.setPermissions(PosixFilePermissions.fromString("rw-------"));
        }
    }

    /** Where to write. */
    public Path part() {
        return part;
    }

    /**
     * Puts the written file in the target's place.
     *
     * @return its size in bytes
     */
    public long commit() throws IOException {
        long bytes = Files.size(part);
        if (copied) {
            copy();
        } else if (!exists || keepsOwner()) {
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } else {
            copy();
        }
        return bytes;
    }

    private void copy() throws IOException {
        boolean standard = Inputs.isStandard(target);
        if (!standard && Files.isRegularFile(target)) {
            reserve(Files.size(part) - Files.size(target));
        }
        try (OutputStream out = standard ? new FileOutputStream(FileDescriptor.out)
                : Files.newOutputStream(target, StandardOpenOption.WRITE)) {
            Files.copy(part, out);
        }
        if (!standard && Files.isRegularFile(target)) {
            try (RandomAccessFile file = new RandomAccessFile(target.toFile(), "rw")) {
                file.setLength(Files.size(part));
            }
        }
    }

    /** Lengthens the target for a moment, so that a full disk is told before what is in it is lost. */
    private void reserve(long more) throws IOException {
        if (more <= 0) {
            return;
        }
        try (RandomAccessFile file = new RandomAccessFile(target.toFile(), "rw")) {
            long size = file.length();
            byte[] zeros = new byte[RESERVE_STEP];
            try {
                file.seek(size);
                for (long left = more; left > 0; left -= zeros.length) {
                    file.write(zeros, 0, (int) Math.min(left, zeros.length));
                }
            } catch (IOException full) {
                file.setLength(size);
                throw full;
            }
        }
    }

    /** Gives the part the mode, owner and group of the target; false if this user may not. */
    private boolean keepsOwner() throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(part, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (view == null) {
            return true;
        }
        PosixFileAttributes replaced = Files.readAttributes(target, PosixFileAttributes.class);
        PosixFileAttributes own = view.readAttributes();
        if (!own.owner().equals(replaced.owner()) || !own.group().equals(replaced.group())) {
            try {
                view.setGroup(replaced.group());
                view.setOwner(replaced.owner());
            } catch (IOException notAllowed) {
                return false;
            }
        }
        view.setPermissions(replaced.permissions());
        return true;
    }

    /** Removes what was written and not put in place. */
    @Override
    public void close() throws IOException {
        Files.deleteIfExists(part);
        try {
            Runtime.getRuntime().removeShutdownHook(onExit);
        } catch (IllegalStateException ending) {
            // The process ends, and the hook runs by itself.
        }
    }

    private void discard() {
        part.toFile().delete();
    }
}
