// SPDX-License-Identifier: Apache-2.0
package org.semimage.spark.archive;

import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.semimage.container.SemHeader;

import java.sql.Timestamp;
import java.util.List;

/** What became of a source, as a row of the table of results. */
final class Outcome {

    /** Encoded, verified and written by this run. */
    static final String WRITTEN = "written";

    /** Written by an earlier run, and still fitting the source and the settings. */
    static final String KEPT = "kept";

    static final String QUARANTINED = "quarantined";

    /** The columns; those that an outcome has no value for are null. */
    static final StructType SCHEMA = new StructType()
            .add("path", DataTypes.StringType, false)
            .add("modificationTime", DataTypes.TimestampType, false)
            .add("length", DataTypes.LongType, false)
            .add("state", DataTypes.StringType, false)
            .add("target", DataTypes.StringType)
            .add("targetLength", DataTypes.LongType)
            .add("profile", DataTypes.StringType)
            .add("width", DataTypes.IntegerType)
            .add("height", DataTypes.IntegerType)
            .add("sha256", DataTypes.StringType)
            .add("ssimulacra2", DataTypes.DoubleType)
            .add("milliseconds", DataTypes.LongType, false)
            .add("warnings", DataTypes.createArrayType(DataTypes.StringType))
            .add("reason", DataTypes.StringType)
            .add("detail", DataTypes.StringType);

    private Outcome() {
    }

    static Row written(Source source, String target, Transcoder.Transcoded made, long milliseconds) {
        return inTarget(source, WRITTEN, target, made.file().length, made.header(), made.record(), milliseconds, made.warnings());
    }

    static Row kept(Source source, String target, long targetLength, SemHeader header, ArchiveRecord record, long milliseconds) {
        return inTarget(source, KEPT, target, targetLength, header, record, milliseconds, List.of());
    }

    static Row quarantined(Source source, BadPictureException failure, long milliseconds) {
        return RowFactory.create(source.path(), source.modified(), source.length(), QUARANTINED, null, null, null, null, null, null, null,
                milliseconds, null, failure.reason().label(), failure.getMessage());
    }

    private static Row inTarget(Source source, String state, String target, long targetLength, SemHeader header, ArchiveRecord record,
                                long milliseconds, List<String> warnings) {
        Double score = record.score().isPresent() ? record.score().getAsDouble() : null;
        return RowFactory.create(source.path(), source.modified(), source.length(), state, target, targetLength, header.profile().label(),
                header.width(), header.height(), record.sha256(), score, milliseconds, warnings.toArray(String[]::new), null, null);
    }

    /**
     * A file to transcode, as Spark lists it.
     *
     * @param path     with its file system
     * @param modified when it was changed last
     * @param length   in bytes
     */
    record Source(String path, Timestamp modified, long length) {
    }
}
