// SPDX-License-Identifier: Apache-2.0
package org.semimage.spark.source;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.unsafe.types.UTF8String;
import org.semimage.spark.io.HadoopInput;

import java.io.IOException;
import java.util.List;
import java.util.Set;

/** Rows of files, made one after the other. A file is opened only if a column is asked for that the listing does not know. */
final class SemRows implements PartitionReader<InternalRow> {

    private static final Set<String> LISTED = Set.of(Columns.PATH, Columns.MODIFICATION_TIME, Columns.LENGTH);
    private static final long MICROSECONDS = 1000;

    private final List<ListedFile> files;
    private final String[] columns;
    private final ErrorMode mode;
    private final Configuration hadoop;
    private int next;
    private InternalRow row;

    SemRows(List<ListedFile> files, String[] columns, ErrorMode mode, Configuration hadoop) {
        this.files = files;
        this.columns = columns;
        this.mode = mode;
        this.hadoop = hadoop;
    }

    /** @throws IOException of a damaged file, if such files are to fail, and of a file system that fails */
    @Override
    public boolean next() throws IOException {
        while (next < files.size()) {
            row = row(files.get(next++));
            if (row != null) {
                return true;
            }
        }
        return false;
    }

    @Override
    public InternalRow get() {
        return row;
    }

    @Override
    public void close() {
        row = null;
    }

    /** A file's row; null if there is none, as it is damaged. */
    private InternalRow row(ListedFile file) throws IOException {
        Object[] values = new Object[columns.length];
        String error = Set.of(columns).stream().allMatch(LISTED::contains) ? null : read(file, values);
        if (error != null && mode == ErrorMode.FAILFAST) {
            throw new IOException(file.path() + ": " + error);
        }
        if (error != null && mode == ErrorMode.DROPMALFORMED) {
            return null;
        }
        for (int i = 0; i < columns.length; i++) {
            switch (columns[i]) {
                case Columns.PATH -> values[i] = UTF8String.fromString(file.path());
                case Columns.MODIFICATION_TIME -> values[i] = file.modified() * MICROSECONDS;
                case Columns.LENGTH -> values[i] = file.length();
                case Columns.ERROR -> values[i] = UTF8String.fromString(error);
                default -> {
                }
            }
        }
        return new GenericInternalRow(values);
    }

    /**
     * Fills in what the file has; what is wrong with it, or null.
     *
     * @throws IOException if the file system fails, whose fault is no file's
     */
    private String read(ListedFile file, Object[] values) throws IOException {
        Path path = new Path(file.path());
        try (HadoopInput in = HadoopInput.open(path.getFileSystem(hadoop), path, file.length())) {
            String error = read(in, values);
            if (in.failure().isPresent()) {
                throw in.failure().get();
            }
            return error;
        } catch (IOException e) {
            throw new IOException(file.path() + ": " + e.getMessage(), e);
        }
    }

    private String read(HadoopInput in, Object[] values) {
        try (SemPicture picture = new SemPicture(in)) {
            for (int i = 0; i < columns.length; i++) {
                values[i] = picture.value(columns[i]);
            }
            return picture.isCutOff() ? "the file ends before the picture does" : null;
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            return e.getMessage() == null ? e.toString() : e.getMessage();
        }
    }
}
