// SPDX-License-Identifier: Apache-2.0
package org.semimage.cli;

import org.semimage.container.SemFile;
import org.semimage.container.SemParser;

import javax.imageio.stream.ImageInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A picture of a SEM file, undecoded.
 *
 * @param offset      of its first byte in the file
 * @param headerBytes the length of its header
 * @param bytes       its length
 */
record StoredPicture(SemFile sem, long offset, long headerBytes, long bytes) {

    /**
     * All pictures of a file, and how long it is.
     *
     * @param pictures at least one
     * @param bytes    the file's length: of its pictures, and of what may stand behind them
     */
    record All(List<StoredPicture> pictures, long bytes) {

        /** Bytes behind the last picture, which belong to none. */
        long rest() {
            StoredPicture last = pictures.get(pictures.size() - 1);
            return bytes - last.offset - last.bytes;
        }
    }

    /**
     * Reads a file from its beginning to its end.
     *
     * @throws IOException if it cannot be read, does not begin with a picture, or one of its pictures is malformed
     */
    static All all(Path file) throws IOException {
        try (ImageInputStream in = Inputs.open(file)) {
            return all(in);
        }
    }

    /**
     * Reads a stream from its position to its end.
     *
     * @throws IOException as {@link #all(Path)} does
     */
    static All all(ImageInputStream in) throws IOException {
        List<StoredPicture> pictures = new ArrayList<>();
        boolean more = true;
        while (more) {
            long offset = in.getStreamPosition();
            SemParser.parseHeader(in);
            long headerBytes = in.getStreamPosition() - offset;
            in.seek(offset);
            SemFile sem = SemParser.parse(in);
            pictures.add(new StoredPicture(sem, offset, headerBytes, in.getStreamPosition() - offset));
            more = !sem.truncated() && SemParser.startsPicture(in);
        }
        return new All(pictures, end(in));
    }

    private static long end(ImageInputStream in) throws IOException {
        byte[] passed = new byte[1 << 16];
        while (in.read(passed) > 0) {
            // Streams of unknown length tell where they end when they do.
        }
        return in.getStreamPosition();
    }
}
