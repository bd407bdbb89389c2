// SPDX-License-Identifier: Apache-2.0
package org.semimage.spark.archive;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.semimage.spark.io.AtomicFile;
import org.semimage.spark.source.SemSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * Transcodes the pictures of a folder to SEM files below another, each once: what is done is kept by the next run, and a run that was
 * ended half-way is gone on with by the next one. Below the target stand {@code _sem/results} and {@code _sem/quarantine}, tables in
 * Parquet of the last run, and {@code _sem/summary.json}.
 *
 * @param sources        a folder, file or glob of any of Hadoop's file systems
 * @param glob           which names of files count, in Hadoop's syntax; null for all
 * @param recursive      whether folders within are gone through
 * @param target         the target folder, made if it is not there; for one job at a time
 * @param settings       how pictures are encoded
 * @param limits         what is put into quarantine
 * @param anew           whether targets are made again that fit their source
 * @param partitionBytes bytes of sources that a task takes, about; at least 1
 */
public record ArchiveJob(String sources, String glob, boolean recursive, String target, TranscodeSettings settings, ArchiveLimits limits,
                         boolean anew, long partitionBytes) {

    /**
     * Checks what was asked for.
     *
     * @throws IllegalArgumentException if {@code partitionBytes} is not positive
     */
    public ArchiveJob {
        Objects.requireNonNull(sources, "sources");
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(settings, "settings");
        Objects.requireNonNull(limits, "limits");
        if (partitionBytes < 1) {
            throw new IllegalArgumentException("partitions of " + partitionBytes + " bytes");
        }
    }

    /** A job with default settings and limits, through all folders, in tasks of 16 MiB. */
    public static ArchiveJob of(String sources, String target) {
        return new ArchiveJob(sources, null, true, target, TranscodeSettings.DEFAULT, ArchiveLimits.DEFAULT, false, 1 << 24);
    }

    /**
     * Does the job.
     *
     * @return what was done, as the file {@code summary.json} says it
     * @throws IOException              if sources cannot be listed or the target cannot be written
     * @throws IllegalArgumentException if the target lies among the sources
     */
    public Summary run(SparkSession spark) throws IOException {
        long start = System.nanoTime();
        Configuration hadoop = spark.sparkContext().hadoopConfiguration();
        Mirror mirror = Mirror.of(sources, target, hadoop);
        Path tables = mirror.tables();
        // What runs that were ended have left; no other job writes here.
        tables.getFileSystem(hadoop).delete(mirror.temporary(), true);
        Broadcast<SerializableConfiguration> configuration = SerializableConfiguration.broadcast(spark.sparkContext(), hadoop);
        String results = new Path(tables, "results").toString();
        try {
            list(spark).map(new PictureTask(mirror, settings, limits, anew, configuration), Encoders.row(Outcome.SCHEMA))
                    .write().mode(SaveMode.Overwrite).parquet(results);
        } finally {
            configuration.destroy();
        }
        tables.getFileSystem(hadoop).delete(mirror.temporary(), true);
        Dataset<Row> outcomes = spark.read().schema(Outcome.SCHEMA).parquet(results);
        outcomes.where(outcomes.col("state").equalTo(Outcome.QUARANTINED))
                .select("path", "reason", "detail", "length", "modificationTime").coalesce(1)
                .write().mode(SaveMode.Overwrite).parquet(new Path(tables, "quarantine").toString());
        Summary summary = Summary.of(outcomes, (System.nanoTime() - start) / 1e9);
        AtomicFile.write(new Path(tables, "summary.json"), summary.json().getBytes(StandardCharsets.UTF_8), tables, hadoop);
        return summary;
    }

    /**
     * Path, modification time and length of all sources, packed into partitions by their lengths; none is opened. Spark's own source
     * {@code binaryFile} would pass over empty files, and over names that begin with an underscore, as those of many cameras do.
     */
    private Dataset<Row> list(SparkSession spark) {
        return spark.read().format(SemSource.class.getName()).option("pathGlobFilter", glob == null ? "*" : glob)
                .option("recursiveFileLookup", recursive).option("maxPartitionBytes", partitionBytes)
                .load(sources).select("path", "modificationTime", "length");
    }
}
