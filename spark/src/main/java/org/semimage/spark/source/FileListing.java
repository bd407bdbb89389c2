// SPDX-License-Identifier: Apache-2.0
package org.semimage.spark.source;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.GlobFilter;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The files that options name. Names below a path that begin with a dot, and an archive's tables, are passed over. Names that begin with
 * an underscore count, unlike in Spark's sources: those of many cameras do.
 */
final class FileListing {

    private FileListing() {
    }

    /**
     * Lists the files.
     *
     * @throws FileNotFoundException if a path names nothing
     * @throws IOException           if a folder cannot be listed
     */
    static List<ListedFile> of(SourceOptions options, Configuration hadoop) throws IOException {
        GlobFilter names = new GlobFilter(options.glob());
        List<ListedFile> files = new ArrayList<>();
        for (String text : options.paths()) {
            Path path = new Path(text);
            FileSystem fileSystem = path.getFileSystem(hadoop);
            FileStatus[] found = fileSystem.globStatus(path);
            if (found == null || found.length == 0) {
                throw new FileNotFoundException(path + " does not exist");
            }
            for (FileStatus status : found) {
                if (status.isDirectory()) {
                    addAll(fileSystem, status.getPath(), names, options, files);
                } else if (names.accept(status.getPath())) {
                    files.add(listed(status));
                }
            }
        }
        return files;
    }

    private static void addAll(FileSystem fileSystem, Path folder, GlobFilter names, SourceOptions options, List<ListedFile> files)
            throws IOException {
        Deque<Path> folders = new ArrayDeque<>(List.of(folder));
        while (!folders.isEmpty()) {
            RemoteIterator<FileStatus> entries = fileSystem.listStatusIterator(folders.remove());
            while (entries.hasNext()) {
                FileStatus entry = entries.next();
                String name = entry.getPath().getName();
                boolean hidden = name.startsWith(".") || name.equals(SemSource.TABLES);
                if (entry.isDirectory() && options.recursive() && !hidden) {
                    folders.add(entry.getPath());
                } else if (entry.isFile() && !hidden && names.accept(entry.getPath())) {
                    files.add(listed(entry));
                }
            }
        }
    }

    private static ListedFile listed(FileStatus status) {
        return new ListedFile(status.getPath().toString(), status.getModificationTime(), status.getLen());
    }
}
