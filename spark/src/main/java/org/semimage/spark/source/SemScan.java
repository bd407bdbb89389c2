// SPDX-License-Identifier: Apache-2.0
package org.semimage.spark.source;

import org.apache.hadoop.conf.Configuration;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.connector.read.SupportsPushDownRequiredColumns;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * A query's reading of files: lists them, and gives tasks some each.
 *
 * @param columns those that the query asks for; no others are made
 */
record SemScan(SourceOptions options, StructType columns) implements Scan, Batch {

    /** Makes the scan once Spark has said what it needs. */
    static final class Builder implements ScanBuilder, SupportsPushDownRequiredColumns {

        private final SourceOptions options;
        private StructType columns = Columns.ALL;

        Builder(SourceOptions options) {
            this.options = options;
        }

        @Override
        public void pruneColumns(StructType required) {
            columns = required;
        }

        @Override
        public Scan build() {
            return new SemScan(options, columns);
        }
    }

    @Override
    public StructType readSchema() {
        return columns;
    }

    @Override
    public String description() {
        return "sem " + String.join(",", options.paths()) + " " + String.join(",", columns.fieldNames());
    }

    @Override
    public Batch toBatch() {
        return this;
    }

    @Override
    public InputPartition[] planInputPartitions() {
        SparkSession session = SparkSession.active();
        try {
            List<ListedFile> files = FileListing.of(options, hadoop(session));
            return FilePacking.of(files, session.sparkContext().defaultParallelism(), options.partitionBytes())
                    .toArray(InputPartition[]::new);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public PartitionReaderFactory createReaderFactory() {
        SparkSession session = SparkSession.active();
        return new Factory(columns, options.mode(), SerializableConfiguration.broadcast(session.sparkContext(), hadoop(session)));
    }

    /** The session's settings of file systems, and those among the query's options. */
    private Configuration hadoop(SparkSession session) {
        Configuration hadoop = session.sessionState().newHadoopConf();
        options.given().forEach(hadoop::set);
        return hadoop;
    }

    /** Goes to the executors. */
    private record Factory(StructType columns, ErrorMode mode, Broadcast<SerializableConfiguration> configuration)
            implements PartitionReaderFactory {

        @Override
        public PartitionReader<InternalRow> createReader(InputPartition partition) {
            return new SemRows(((FilePacking) partition).files(), columns.fieldNames(), mode, configuration.value().value());
        }
    }
}
