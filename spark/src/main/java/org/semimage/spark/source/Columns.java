// SPDX-License-Identifier: Apache-2.0
package org.semimage.spark.source;

import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The columns of the source, by name. */
final class Columns {

    static final String PATH = "path";
    static final String MODIFICATION_TIME = "modificationTime";
    static final String LENGTH = "length";
    static final String WIDTH = "width";
    static final String HEIGHT = "height";
    static final String PROFILE = "profile";
    static final String CAPTION = "caption";
    static final String THUMBNAIL = "thumbnail";
    static final String PIXELS = "pixels";
    static final String ERROR = "error";

    /** Pixels as Spark's own image source gives them: rows of B, G, R or B, G, R, A or gray, and OpenCV's number for that. */
    static final StructType PIXELS_TYPE = new StructType()
            .add("height", DataTypes.IntegerType, false)
            .add("width", DataTypes.IntegerType, false)
            .add("nChannels", DataTypes.IntegerType, false)
            .add("mode", DataTypes.IntegerType, false)
            .add("data", DataTypes.BinaryType, false);

    /** All columns; those of damaged files are null. */
    static final StructType ALL = new StructType()
            .add(PATH, DataTypes.StringType, false)
            .add(MODIFICATION_TIME, DataTypes.TimestampType, false)
            .add(LENGTH, DataTypes.LongType, false)
            .add(WIDTH, DataTypes.IntegerType)
            .add(HEIGHT, DataTypes.IntegerType)
            .add(PROFILE, DataTypes.StringType)
            .add(CAPTION, DataTypes.StringType)
            .add(THUMBNAIL, DataTypes.BinaryType)
            .add(PIXELS, PIXELS_TYPE)
            .add(ERROR, DataTypes.StringType);

    private Columns() {
    }
}
