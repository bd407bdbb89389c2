// SPDX-License-Identifier: Apache-2.0
package org.semimage.spark;

import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.SparkSession;
import org.semimage.cli.EffortConverter;
import org.semimage.cli.ProfileConverter;
import org.semimage.cli.ProfileOptions;
import org.semimage.cli.Sem;
import org.semimage.cli.TuneConverter;
import org.semimage.container.ProfileId;
import org.semimage.profile.Tune;
import org.semimage.spark.archive.ArchiveJob;
import org.semimage.spark.archive.ArchiveLimits;
import org.semimage.spark.archive.Summary;
import org.semimage.spark.archive.TranscodeSettings;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.Callable;

/** {@code spark-submit --class org.semimage.spark.TranscodeJob}: transcodes a folder's pictures to SEM files below another. */
@Command(name = "TranscodeJob", mixinStandardHelpOptions = true, versionProvider = Sem.Version.class,
        description = "Transcodes the pictures of IN to SEM files at the same places below OUT, and verifies each by decoding it. "
                + "A further run keeps what is done.",
        footer = "OUT/_sem has tables of results and quarantine in Parquet, and summary.json. One job at a time writes to OUT.")
public final class TranscodeJob implements Callable<Integer> {

    @Parameters(paramLabel = "IN", description = "A folder, file or glob of any of Hadoop's file systems.")
    private String in;

    @Parameters(paramLabel = "OUT", description = "The target folder, outside of IN; made if it is not there.")
    private String out;

    @Option(names = "--glob", paramLabel = "GLOB", description = "Which names of files count, as '*.{jpg,png}' (default: all).")
    private String glob;

    @Option(names = "--no-recursion", description = "Leave out folders within IN.")
    private boolean flat;

    @Option(names = "--profile", paramLabel = "PROFILE", converter = ProfileConverter.class,
            description = "transform or lossless (default: lossless for drawings that take fewer bytes so, else transform).")
    private ProfileId profile;

    @Option(names = "--quality", paramLabel = "Q",
            description = "0 (smallest files) to 1 (best pictures); the encoder's default otherwise.")
    private Float quality;

    @Option(names = "--tune", paramLabel = "TUNE", converter = TuneConverter.class, defaultValue = "perceptual",
            description = "What bits are spent on: psnr or perceptual (default: ${DEFAULT-VALUE}).")
    private Tune tune;

    @Option(names = "--effort", paramLabel = "N", converter = EffortConverter.class, defaultValue = "1",
            description = "1 to 3: how much time to take for smaller files (default: ${DEFAULT-VALUE}).")
    private int effort;

    @Option(names = "--thumbnail", paramLabel = "SIDE", defaultValue = "0",
            description = "Store thumbnails of at most SIDE x SIDE pixels (1..512; default: none).")
    private int thumbnail;

    @Option(names = "--no-metadata", description = "Leave out Exif, XMP and texts.")
    private boolean noMetadata;

    @Option(names = "--min-score", paramLabel = "S",
            description = "Pictures of a lower SSIMULACRA 2 go into quarantine (default: none do).")
    private Double minScore;

    @Option(names = "--max-pixels", paramLabel = "N", defaultValue = "67108864",
            description = "Pictures of more pixels go into quarantine (default: ${DEFAULT-VALUE}).")
    private long maxPixels;

    @Option(names = "--max-bytes", paramLabel = "N", defaultValue = "268435456",
            description = "Files of more bytes go into quarantine (default: ${DEFAULT-VALUE}).")
    private int maxBytes;

    @Option(names = "--partition-bytes", paramLabel = "N", defaultValue = "16777216",
            description = "Bytes of IN that a task takes, about (default: ${DEFAULT-VALUE}).")
    private long partitionBytes;

    @Option(names = "--anew", description = "Make all SEM files anew, those too that fit their source.")
    private boolean anew;

    @Spec
    private CommandSpec spec;

    /** Ends the process only if the job failed: some clusters take every call of exit for a failure. */
    public static void main(String[] arguments) {
        int status = commandLine().execute(arguments);
        if (status != 0) {
            System.exit(status);
        }
    }

    static CommandLine commandLine() {
        return new CommandLine(new TranscodeJob()).setExecutionExceptionHandler((e, command, parsed) -> {
            if (e instanceof IOException || e instanceof UncheckedIOException || e instanceof AnalysisException
                    || e instanceof IllegalArgumentException) {
                command.getErr().println("TranscodeJob: " + e.getMessage());
                return 1;
            }
            throw e;
        });
    }

    @Override
    public Integer call() throws IOException {
        ArchiveJob job = job();
        try (SparkSession spark = SparkSession.builder().appName("SEM archive").getOrCreate()) {
            Summary summary = job.run(spark);
            spec.commandLine().getOut().print(summary.text());
            spec.commandLine().getOut().flush();
        }
        return 0;
    }

    private ArchiveJob job() {
        ProfileOptions.check(profile == null ? ProfileId.TRANSFORM : profile, spec.commandLine());
        try {
            return new ArchiveJob(in, glob, !flat, out, new TranscodeSettings(profile, quality, tune, effort, thumbnail, !noMetadata),
                    new ArchiveLimits(maxBytes, maxPixels, minScore == null ? Double.NEGATIVE_INFINITY : minScore), anew, partitionBytes);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
