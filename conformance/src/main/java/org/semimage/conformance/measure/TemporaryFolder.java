// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.measure;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A folder for files that are needed for a while, without folders inside. A signal that ends the process removes it too. */
final class TemporaryFolder implements Closeable {

    private final Path path;
    private final Thread onExit = new Thread(this::discard, "sem-temporary-folder");

    TemporaryFolder() throws IOException {
        this.path = Files.createTempDirectory("sem-bench");
        Runtime.getRuntime().addShutdownHook(onExit);
    }

    Path path() {
        return path;
    }

    /** Removes the folder and its files. */
    @Override
    public void close() throws IOException {
        delete();
        try {
            Runtime.getRuntime().removeShutdownHook(onExit);
        } catch (IllegalStateException ending) {
            // The process ends, and the hook runs by itself.
        }
    }

    private void delete() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(path)) {
            files = all.toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
        Files.delete(path);
    }

    private void discard() {
        try {
            delete();
        } catch (IOException e) {
            System.getLogger(TemporaryFolder.class.getName()).log(System.Logger.Level.DEBUG, path + " is left", e);
        }
    }
}
