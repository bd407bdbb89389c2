// SPDX-License-Identifier: Apache-2.0
package org.semimage.cli;

import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The files that commands read, and standard input where a file is called {@code -}. */
final class Inputs {

    /** Stands for standard input or output; {@code ./-} is a file of that name. */
    private static final String STANDARD = "-";

    private Inputs() {
    }

    /** Whether a file stands for standard input or output. */
    static boolean isStandard(Path file) {
        return file.toString().equals(STANDARD);
    }

    /**
     * Opens a file in which every place can be read again: pipes and standard input are held in memory.
     *
     * @throws NoSuchFileException if there is none
     * @throws IOException         if it is a folder, or cannot be read
     */
    static ImageInputStream open(Path file) throws IOException {
        if (isStandard(file)) {
            return held(System.in);
        }
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        if (Files.isDirectory(file)) {
            throw new IOException(file + " is a folder");
        }
        if (Files.isRegularFile(file)) {
            return new FileImageInputStream(file.toFile());
        }
        try (InputStream pipe = Files.newInputStream(file)) {
            return held(pipe);
        }
    }

    private static ImageInputStream held(InputStream in) throws IOException {
        return new MemoryCacheImageInputStream(new ByteArrayInputStream(in.readAllBytes()));
    }
}
