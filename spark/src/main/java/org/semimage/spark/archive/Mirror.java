// SPDX-License-Identifier: Apache-2.0
package org.semimage.spark.archive;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.semimage.spark.source.SemSource;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;

/**
 * Where the SEM file of a source belongs: at the same place below the target folder, under the source's name and {@code .sem}.
 *
 * @param root   of the sources, with its file system and a slash at its end
 * @param target the target folder, with its file system
 */
record Mirror(String root, String target) implements Serializable {

    private static final String SUFFIX = ".sem";
    private static final String GLOB = "*?[{\\";

    /**
     * The mirror of a folder, of a file's folder, or of those that a glob names: then from its last part without a wildcard on.
     *
     * @throws IOException              if there is no such folder or file
     * @throws IllegalArgumentException if the target lies among the sources
     */
    static Mirror of(String sources, String target, Configuration configuration) throws IOException {
        Path root = new Path(sources);
        boolean glob = false;
        for (Path part = root; part != null; part = part.getParent()) {
            if (part.getName().chars().anyMatch(c -> GLOB.indexOf(c) >= 0)) {
                root = part.getParent();
                glob = true;
            }
        }
        FileSystem files = root.getFileSystem(configuration);
        root = files.makeQualified(root);
        if (!files.exists(root)) {
            throw new FileNotFoundException(root + " does not exist");
        }
        if (!glob && files.getFileStatus(root).isFile()) {
            root = root.getParent();
        }
        Path folder = new Path(target);
        folder = folder.getFileSystem(configuration).makeQualified(folder);
        Mirror mirror = new Mirror(slashed(root), folder.toString());
        if (slashed(folder).startsWith(mirror.root)) {
            throw new IllegalArgumentException("the target " + folder + " lies among the sources in " + root);
        }
        return mirror;
    }

    private static String slashed(Path folder) {
        String text = folder.toString();
        return text.endsWith(Path.SEPARATOR) ? text : text + Path.SEPARATOR;
    }

    /**
     * The SEM file of a source.
     *
     * @throws IllegalArgumentException if the source is not below the root
     */
    Path of(String source) {
        if (!source.startsWith(root)) {
            throw new IllegalArgumentException(source + " is not in " + root);
        }
        return new Path(target + Path.SEPARATOR + source.substring(root.length()) + SUFFIX);
    }

    /** The folder of tables about the target; the source {@code sem} passes over it. */
    Path tables() {
        return new Path(target, SemSource.TABLES);
    }

    /** Where files stand until they are whole. */
    Path temporary() {
        return new Path(tables(), "temporary");
    }
}
