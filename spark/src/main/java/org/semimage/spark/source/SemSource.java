// SPDX-License-Identifier: Apache-2.0
package org.semimage.spark.source;

import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.catalog.TableProvider;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.sources.DataSourceRegister;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

import java.util.Map;
import java.util.Set;

/** {@code spark.read().format("sem").load(DIR)}: SEM files as rows. Spark finds it by {@link java.util.ServiceLoader}. */
public final class SemSource implements TableProvider, DataSourceRegister {

    /** The folder of an archive's tables, which is passed over. */
    public static final String TABLES = "_sem";

    @Override
    public String shortName() {
        return "sem";
    }

    @Override
    public StructType inferSchema(CaseInsensitiveStringMap options) {
        return Columns.ALL;
    }

    @Override
    public Table getTable(StructType schema, Transform[] partitioning, Map<String, String> properties) {
        SourceOptions options = SourceOptions.of(new CaseInsensitiveStringMap(properties));
        return new SemTable(options);
    }

    /** The files of a query. */
    private record SemTable(SourceOptions options) implements Table, SupportsRead {

        @Override
        public String name() {
            return "sem " + String.join(",", options.paths());
        }

        @Override
        @SuppressWarnings("deprecation")
        public StructType schema() {
            return Columns.ALL;
        }

        @Override
        public Set<TableCapability> capabilities() {
            return Set.of(TableCapability.BATCH_READ);
        }

        /** What stands in the table's options stands in {@code ignored} too. */
        @Override
        public ScanBuilder newScanBuilder(CaseInsensitiveStringMap ignored) {
            return new SemScan.Builder(options);
        }
    }
}
