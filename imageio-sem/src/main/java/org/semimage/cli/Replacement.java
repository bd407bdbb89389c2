package org.semimage.cli;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/** A file written beside another and put in its place in one step, so that nobody ever sees half of it. */
public final class Replacement implements Closeable {

    private final Path target;
    private final Path part;

    /** @throws IOException if the target's folder does not exist or the target is a folder */
    public Replacement(Path target) throws IOException {
        Path absolute = target.toAbsolutePath();
        if (!Files.isDirectory(absolute.getParent())) {
            throw new IOException("no such folder: " + absolute.getParent());
        }
        if (Files.isDirectory(absolute)) {
            throw new IOException(target + " is a folder");
        }
        this.target = absolute;
        this.part = absolute.resolveSibling("." + absolute.getFileName() + "." + UUID.randomUUID() + ".part");
    }

    /** Where to write; does not exist yet. */
    public Path part() {
        return part;
    }

    /** Puts the written file in the target's place. */
    public void commit() throws IOException {
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Removes what was written and not put in place. */
    @Override
    public void close() throws IOException {
        Files.deleteIfExists(part);
    }
}
