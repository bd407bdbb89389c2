// SPDX-License-Identifier: Apache-2.0
package org.semimage.spark.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The source's options.
 *
 * @param paths          folders, files or globs; at least one
 * @param glob           which names of files count ({@code pathGlobFilter})
 * @param recursive      whether folders within are gone through ({@code recursiveFileLookup})
 * @param mode           what becomes of damaged files ({@code mode})
 * @param partitionBytes the most bytes of a task of several files, about ({@code maxPartitionBytes})
 * @param given          all options as they were given, settings of file systems among them
 */
record SourceOptions(List<String> paths, String glob, boolean recursive, ErrorMode mode, long partitionBytes, Map<String, String> given) {

    private static final String DEFAULT_GLOB = "*.sem";
    private static final long DEFAULT_PARTITION_BYTES = 1 << 24;

    /**
     * Reads the options.
     *
     * @throws IllegalArgumentException if there is no path, or a value makes no sense
     */
    static SourceOptions of(CaseInsensitiveStringMap options) {
        List<String> paths = new ArrayList<>();
        if (options.containsKey("paths")) {
            try {
                paths.addAll(Arrays.asList(new ObjectMapper().readValue(options.get("paths"), String[].class)));
            } catch (JsonProcessingException e) {
                throw new IllegalArgumentException("paths is no JSON array: " + options.get("paths"), e);
            }
        }
        if (options.containsKey("path")) {
            paths.add(options.get("path"));
        }
        if (paths.isEmpty()) {
            throw new IllegalArgumentException("the source sem has no path: load(DIR)");
        }
        return new SourceOptions(List.copyOf(paths), options.getOrDefault("pathGlobFilter", DEFAULT_GLOB),
                options.getBoolean("recursiveFileLookup", true), ErrorMode.of(options.getOrDefault("mode", ErrorMode.PERMISSIVE.name())),
                Math.max(1, options.getLong("maxPartitionBytes", DEFAULT_PARTITION_BYTES)), Map.copyOf(options.asCaseSensitiveMap()));
    }
}
