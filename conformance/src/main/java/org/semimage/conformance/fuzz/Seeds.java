// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.fuzz;

import org.semimage.container.Chunk;
import org.semimage.container.SemFile;
import org.semimage.container.SemParser;

import javax.imageio.IIOException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** First inputs of fuzzers, from the conformance vectors. */
final class Seeds {

    private Seeds() {
    }

    /** The files of a folder of vectors. */
    static List<byte[]> files(Path vectors) throws IOException {
        List<byte[]> files = new ArrayList<>();
        try (Stream<Path> all = Files.list(vectors)) {
            for (Path file : all.filter(f -> f.toString().endsWith(".sem")).sorted().toList()) {
                files.add(Files.readAllBytes(file));
            }
        }
        return files;
    }

    /** The first pictures of those files that can be parsed. */
    static List<SemFile> parsed(List<byte[]> files) throws IOException {
        List<SemFile> parsed = new ArrayList<>();
        for (byte[] file : files) {
            try {
                parsed.add(SemParser.parse(file));
            } catch (IIOException e) {
                continue; // a vector that is to be refused
            }
        }
        return parsed;
    }

    /**
     * The payloads of a chunk, each behind the same bytes.
     *
     * @param prefix what a target takes first, 0..255
     */
    static List<byte[]> payloads(List<byte[]> files, char tag, int... prefix) throws IOException {
        return parsed(files).stream().flatMap(file -> file.chunk(tag).stream()).map(chunk -> behind(chunk.payload(), prefix)).toList();
    }

    /** Bytes behind others, 0..255. */
    static byte[] behind(byte[] bytes, int... prefix) {
        byte[] joined = new byte[prefix.length + bytes.length];
        for (int i = 0; i < prefix.length; i++) {
            joined[i] = (byte) prefix[i];
        }
        System.arraycopy(bytes, 0, joined, prefix.length, bytes.length);
        return joined;
    }

    /** The bytes of all chunks of a picture that are ancillary: tag, length in two bytes, payload. */
    static byte[] ancillary(SemFile file) {
        List<Chunk> chunks = file.chunks().stream().filter(chunk -> !chunk.critical() && chunk.payload().length < 1 << 16).toList();
        byte[] joined = new byte[0];
        for (int i = chunks.size() - 1; i >= 0; i--) {
            byte[] payload = chunks.get(i).payload();
            byte[] with = Arrays.copyOf(payload, payload.length + joined.length);
            System.arraycopy(joined, 0, with, payload.length, joined.length);
            joined = behind(with, chunks.get(i).tag(), payload.length >> 8, payload.length & 0xFF);
        }
        return joined;
    }
}
