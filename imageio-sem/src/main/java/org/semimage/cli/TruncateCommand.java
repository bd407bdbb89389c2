package org.semimage.cli;

import org.semimage.container.SemFile;
import org.semimage.container.SemHeader;
import org.semimage.container.SemParser;
import org.semimage.container.SemSerializer;
import org.semimage.profile.transform.TransformProfile;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;

/** {@code sem truncate}: makes a smaller file of a SEM file without encoding it again. */
@Command(name = "truncate", description = "Cuts a SEM file to a size without encoding it again; best if it was encoded with --progressive.",
        mixinStandardHelpOptions = true, versionProvider = Sem.Version.class)
final class TruncateCommand implements Callable<Integer> {

    @Parameters(paramLabel = "IN.sem", description = "A SEM file.")
    private Path in;

    @Parameters(paramLabel = "OUT.sem", description = "The file to write; replaced if it exists.")
    private Path out;

    @ArgGroup(multiplicity = "1")
    private Goal goal;

    @Spec
    private CommandSpec spec;

    /** One of the two. */
    private static final class Goal {

        @Option(names = "--bytes", paramLabel = "N", description = "A file of at most N bytes.")
        private Long bytes;

        @Option(names = "--ratio", paramLabel = "R", description = "A file of at most the R-th part of the picture's uncompressed samples.")
        private Double ratio;
    }

    @Override
    public Integer call() throws Exception {
        validate();
        SemFile file = read();
        long bytes = goal.bytes != null ? goal.bytes : (long) (samples(file.header()) / goal.ratio);
        byte[] cut = SemSerializer.toBytes(TransformProfile.truncate(file, bytes));
        try (Replacement replacement = new Replacement(out)) {
            Files.write(replacement.part(), cut);
            replacement.commit();
        }
        spec.commandLine().getOut().println(String.format(Locale.ROOT, "%s: %d of %d bytes, ratio %.1f", out, cut.length, Files.size(in),
                (double) samples(file.header()) / cut.length));
        return 0;
    }

    private SemFile read() throws IOException {
        if (!Files.exists(in)) {
            throw new NoSuchFileException(in.toString());
        }
        try (ImageInputStream stream = new FileImageInputStream(in.toFile())) {
            return SemParser.parse(stream);
        }
    }

    /** Bytes of the picture uncompressed. */
    private static long samples(SemHeader header) {
        return (long) header.width() * header.height() * header.format().planes();
    }

    private void validate() {
        if (!Pictures.suffix(out).equals(Pictures.SEM)) {
            throw usage(out + " does not end in .sem");
        }
        if (goal.bytes != null && goal.bytes < 1) {
            throw usage("--bytes " + goal.bytes + " is not positive");
        }
        if (goal.ratio != null && !(goal.ratio > 0)) {
            throw usage("--ratio " + goal.ratio + " is not positive");
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
