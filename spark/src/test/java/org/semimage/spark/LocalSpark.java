// SPDX-License-Identifier: Apache-2.0
package org.semimage.spark;

import org.apache.spark.sql.SparkSession;

/** Spark in this process, with two cores. */
public final class LocalSpark {

    private LocalSpark() {
    }

    /** A session of the running context, or of a new one if none runs. */
    public static SparkSession session() {
        return SparkSession.builder().master("local[2]").appName("test").config("spark.ui.enabled", false)
                .config("spark.sql.shuffle.partitions", 2).config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.hadoop.fs.file.impl", PlainFiles.class.getName())
                .config("spark.hadoop.fs.AbstractFileSystem.file.impl", PlainFiles.InContext.class.getName()).getOrCreate();
    }
}
