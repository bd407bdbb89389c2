// SPDX-License-Identifier: Apache-2.0
package org.semimage.imageio;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.spi.FileTypeDetector;
import java.util.Arrays;
import java.util.Locale;

/**
 * Tells {@link Files#probeContentType} of SEM files, whose suffix some systems give to another format. A file that can be read is judged
 * by its first bytes (FORMAT.md, section 2), any other by its suffix. Java asks it where it is on the class path of the application
 * itself.
 */
public final class SemFileTypeDetector extends FileTypeDetector {

    /** The media type of SEM files. */
    static final String MEDIA_TYPE = "image/x-sem";

    private static final byte[] MAGIC = {'S', 'E', 'M'};

    /** The highest two bits of the byte behind the magic, which begin the version. */
    private static final int VERSION_MARK = 0b10;

    /** For {@link java.util.ServiceLoader}. */
    public SemFileTypeDetector() {
    }

    /** The media type of SEM files if the file is one or, where it cannot be read, has their suffix; null otherwise. */
    @Override
    public String probeContentType(Path path) {
        return isSem(path) ? MEDIA_TYPE : null;
    }

    private static boolean isSem(Path path) {
        if (Files.isRegularFile(path)) {
            try (InputStream in = open(path)) {
                return startsPicture(in.readNBytes(MAGIC.length + 1));
            } catch (IOException unreadable) {
                // Not this detector's to report: who asks for a type by the name alone gets one.
                return hasSuffix(path);
            }
        }
        return !Files.exists(path) && hasSuffix(path);
    }

    /** A stream that does not close with the thread's interruption, as those of channels do. */
    private static InputStream open(Path path) throws IOException {
        return path.getFileSystem() == FileSystems.getDefault() ? new FileInputStream(path.toFile()) : Files.newInputStream(path);
    }

    private static boolean startsPicture(byte[] head) {
        return head.length == MAGIC.length + 1 && Arrays.equals(head, 0, MAGIC.length, MAGIC, 0, MAGIC.length)
                && (head[MAGIC.length] & 0xFF) >> 6 == VERSION_MARK;
    }

    private static boolean hasSuffix(Path path) {
        return path.getFileName() != null && path.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".sem");
    }
}
