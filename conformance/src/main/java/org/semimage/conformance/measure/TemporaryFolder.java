package org.semimage.conformance.measure;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A folder for files that are needed for a while, without folders inside. */
final class TemporaryFolder implements Closeable {

    private final Path path;

    TemporaryFolder() throws IOException {
        this.path = Files.createTempDirectory("sem-bench");
    }

    Path path() {
        return path;
    }

    /** Removes the folder and its files. */
    @Override
    public void close() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(path)) {
            files = all.toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
        Files.delete(path);
    }
}
