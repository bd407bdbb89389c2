// SPDX-License-Identifier: Apache-2.0
package org.semimage.spark.io;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;

import java.io.IOException;
import java.util.EnumSet;
import java.util.UUID;

/** Writes files of a Hadoop file system that are there whole or not at all. */
public final class AtomicFile {

    private AtomicFile() {
    }

    /**
     * Writes a file under another name, and renames it; one of its name is replaced.
     *
     * @param temporary a folder of the same file system for the file until it is whole; made if it is not there
     * @throws IOException if the file system refuses; the other name is then deleted, as far as it lets itself
     */
    public static void write(Path file, byte[] bytes, Path temporary, Configuration configuration) throws IOException {
        FileContext files = FileContext.getFileContext(file.toUri(), configuration);
        Path part = new Path(temporary, UUID.randomUUID().toString());
        try {
            EnumSet<CreateFlag> flags = EnumSet.of(CreateFlag.CREATE, CreateFlag.OVERWRITE);
            try (FSDataOutputStream out = files.create(part, flags, Options.CreateOpts.createParent())) {
                out.write(bytes);
            }
            file.getFileSystem(configuration).mkdirs(file.getParent());
            files.rename(part, file, Options.Rename.OVERWRITE);
        } catch (IOException | RuntimeException e) {
            try {
                files.delete(part, false);
            } catch (IOException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
    }
}
