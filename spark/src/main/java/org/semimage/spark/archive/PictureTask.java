// SPDX-License-Identifier: Apache-2.0
package org.semimage.spark.archive;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.util.SerializableConfiguration;
import org.semimage.container.SemOutline;
import org.semimage.container.SemParser;
import org.semimage.spark.io.AtomicFile;
import org.semimage.spark.io.HadoopInput;

import javax.imageio.IIOException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What an executor does with a source. A bad one becomes a row of quarantine. A target that cannot be written fails the task, which Spark
 * repeats.
 *
 * @param mirror        says where targets belong
 * @param settings      how they are encoded
 * @param limits        what is put into quarantine
 * @param anew          whether targets are made again that fit their source
 * @param configuration of Hadoop's file systems
 */
record PictureTask(Mirror mirror, TranscodeSettings settings, ArchiveLimits limits, boolean anew,
                   Broadcast<SerializableConfiguration> configuration) implements MapFunction<Row, Row> {

    /** A target, and what it says. */
    record Target(FileStatus status, SemOutline outline, ArchiveRecord record) {
    }

    /** From a row of path, modification time and length to one of {@link Outcome}. */
    @Override
    public Row call(Row row) throws IOException {
        TaskContext task = TaskContext.get();
        if (task.isInterrupted()) {
            throw new TaskKilledException();
        }
        Outcome.Source source = new Outcome.Source(row.getString(0), row.getTimestamp(1), row.getLong(2));
        long start = System.nanoTime();
        try {
            return outcome(source, start);
        } catch (BadPictureException e) {
            // A task that is killed meets failures that are not the picture's.
            if (task.isInterrupted()) {
                throw new TaskKilledException();
            }
            return Outcome.quarantined(source, e, milliseconds(start));
        }
    }

    private Row outcome(Outcome.Source source, long start) throws IOException, BadPictureException {
        Configuration hadoop = configuration.value().value();
        Path path = mirror.of(source.path());
        long modified = source.modified().getTime();
        Optional<Target> target = anew ? Optional.empty()
                : target(path, hadoop).filter(t -> t.record.fits(source.length(), settings, limits));
        if (target.isPresent() && target.get().record.modified() == modified) {
            return kept(source, path, target.get(), start);
        }
        byte[] bytes = read(source, hadoop);
        String sha256 = sha256(bytes);
        if (target.isPresent() && target.get().record.sha256().equals(sha256)) {
            return kept(source, path, target.get(), start);
        }
        Transcoder.Transcoded made = new Transcoder(settings, limits).transcode(bytes, modified, sha256);
        AtomicFile.write(path, made.file(), mirror.temporary(), hadoop);
        return Outcome.written(source, path.toString(), made, milliseconds(start));
    }

    private static Row kept(Outcome.Source source, Path path, Target target, long start) {
        return Outcome.kept(source, path.toString(), target.status.getLen(), target.outline.header(), target.record, milliseconds(start));
    }

    /** What an earlier run has written; empty if it is not there, damaged, cut off, or of another origin. */
    static Optional<Target> target(Path path, Configuration hadoop) throws IOException {
        FileSystem files = path.getFileSystem(hadoop);
        FileStatus status;
        try {
            status = files.getFileStatus(path);
        } catch (FileNotFoundException e) {
            return Optional.empty();
        }
        try (HadoopInput in = HadoopInput.open(files, path, status.getLen())) {
            SemOutline outline = SemParser.outline(in);
            return outline.truncated() ? Optional.empty()
                    : ArchiveRecord.of(outline).map(record -> new Target(status, outline, record));
        } catch (IIOException | ChecksumException malformed) {
            return Optional.empty();
        }
    }

    private byte[] read(Outcome.Source source, Configuration hadoop) throws BadPictureException {
        Path path = new Path(source.path());
        try (FSDataInputStream in = path.getFileSystem(hadoop).open(path)) {
            byte[] bytes = source.length() > limits.maxBytes() ? null : in.readNBytes(limits.maxBytes());
            if (bytes == null || in.read() >= 0) {
                throw new BadPictureException(Reason.TOO_LARGE, source.length() + " bytes, at most " + limits.maxBytes());
            }
            return bytes;
        } catch (IOException e) {
            throw new BadPictureException(Reason.UNREADABLE, e);
        } catch (OutOfMemoryError e) {
            throw new BadPictureException(Reason.OUT_OF_MEMORY, e);
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static long milliseconds(long start) {
        return (System.nanoTime() - start) / 1_000_000;
    }
}
