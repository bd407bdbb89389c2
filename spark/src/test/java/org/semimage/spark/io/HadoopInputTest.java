// SPDX-License-Identifier: Apache-2.0
package org.semimage.spark.io;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.EOFException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class HadoopInputTest {

    @TempDir
    private Path folder;

    @Test
    void bytesAreThoseOfTheFileWhereverItIsRead() throws IOException {
        byte[] bytes = new byte[200_000];
        new Random(1).nextBytes(bytes);
        Path file = Files.write(folder.resolve("bytes"), bytes);
        FileSystem files = FileSystem.get(URI.create("file:///"), new Configuration());
        try (HadoopInput in = HadoopInput.open(files, new org.apache.hadoop.fs.Path(file.toString()), bytes.length)) {
            assertEquals(bytes.length, in.length());
            byte[] read = new byte[bytes.length];
            in.readFully(read);
            assertArrayEquals(bytes, read);
            assertEquals(-1, in.read());
            for (int at : new int[] {0, 65535, 65536, 5, 199_999, 131_072}) {
                in.seek(at);
                assertEquals(bytes[at] & 0xFF, in.read());
            }
            in.seek(bytes.length + 10);
            assertEquals(-1, in.read());
            in.seek(199_990);
            assertThrows(EOFException.class, () -> in.readFully(new byte[11]));
            in.seek(3);
            assertEquals(bytes[3] >> 7 & 1, in.readBit());
        }
    }

    @Test
    void aFileIsReplacedWholeAndLeavesNothingBeside() throws IOException {
        org.apache.hadoop.fs.Path file = new org.apache.hadoop.fs.Path(folder + "/a/b.sem");
        org.apache.hadoop.fs.Path temporary = new org.apache.hadoop.fs.Path(folder + "/temporary");
        AtomicFile.write(file, new byte[] {1}, temporary, new Configuration());
        AtomicFile.write(file, new byte[] {2, 3}, temporary, new Configuration());
        assertArrayEquals(new byte[] {2, 3}, Files.readAllBytes(folder.resolve("a/b.sem")));
        try (var left = Files.list(folder.resolve("temporary"))) {
            assertEquals(0, left.count());
        }
        Files.writeString(folder.resolve("c"), "a file");
        assertThrows(IOException.class,
                () -> AtomicFile.write(new org.apache.hadoop.fs.Path(folder + "/c/d"), new byte[1], temporary, new Configuration()));
    }
}
