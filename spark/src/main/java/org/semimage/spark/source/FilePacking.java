// SPDX-License-Identifier: Apache-2.0
package org.semimage.spark.source;

import org.apache.spark.sql.connector.read.InputPartition;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The files of a task.
 *
 * @param files at least one
 */
record FilePacking(List<ListedFile> files) implements InputPartition {

    /** What a file costs beside its bytes, in bytes. */
    private static final long FILE_COST = 1 << 16;

    /** At least so many where files suffice, so that no core waits long for the last. */
    private static final int TASKS_PER_CORE = 8;

    /**
     * Packs files into tasks of about the same size, the largest first, as Spark's own sources do.
     *
     * @param taskBytes the most bytes, costs among them, of a task of several files
     */
    static List<FilePacking> of(List<ListedFile> files, int cores, long taskBytes) {
        long all = files.stream().mapToLong(FilePacking::cost).sum();
        long most = Math.max(FILE_COST, Math.min(taskBytes, all / ((long) TASKS_PER_CORE * cores)));
        List<FilePacking> packed = new ArrayList<>();
        List<ListedFile> open = new ArrayList<>();
        long cost = 0;
        for (ListedFile file : files.stream().sorted(Comparator.comparingLong(ListedFile::length).reversed()).toList()) {
            if (!open.isEmpty() && cost + cost(file) > most) {
                packed.add(new FilePacking(List.copyOf(open)));
                open.clear();
                cost = 0;
            }
            open.add(file);
            cost += cost(file);
        }
        if (!open.isEmpty()) {
            packed.add(new FilePacking(List.copyOf(open)));
        }
        return packed;
    }

    private static long cost(ListedFile file) {
        return file.length() + FILE_COST;
    }
}
