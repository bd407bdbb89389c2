// SPDX-License-Identifier: Apache-2.0
package org.semimage.cli;

import org.semimage.container.SemFile;
import org.semimage.container.SemHeader;
import org.semimage.container.SemSerializer;
import org.semimage.profile.transform.TransformProfile;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/** {@code sem truncate}: makes a smaller file of a SEM file without encoding it again. */
@Command(name = "truncate", description = "Cuts a SEM file to a size without encoding it again; best if it was encoded with --progressive.",
        mixinStandardHelpOptions = true, versionProvider = Sem.Version.class)
final class TruncateCommand implements Callable<Integer> {

    @Parameters(paramLabel = "IN.sem", description = "A SEM file; - for standard input.")
    private Path in;

    @Parameters(paramLabel = "OUT.sem", description = "The file to write, replaced if it exists; - for standard output.")
    private Path out;

    @Mixin
    private PictureChoice choice;

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
        StoredPicture.All file = StoredPicture.all(in);
        if (file.rest() > 0) {
            spec.commandLine().getErr().println("sem: warning: " + in + ": " + file.rest() + " bytes behind the last picture are left out");
        }
        List<StoredPicture> chosen = choice.orAll(file.pictures().size(), in).stream().map(file.pictures()::get).toList();
        long cut;
        try (Replacement replacement = new Replacement(out)) {
            try (OutputStream part = Files.newOutputStream(replacement.part())) {
                for (SemFile picture : cut(chosen)) {
                    part.write(SemSerializer.toBytes(picture));
                }
            }
            cut = replacement.commit();
        }
        long samples = chosen.stream().mapToLong(picture -> samples(picture.sem().header())).sum();
        PrintWriter report = Inputs.isStandard(out) ? spec.commandLine().getErr() : spec.commandLine().getOut();
        report.println(String.format(Locale.ROOT, "%s: %d of %d bytes, ratio %.1f", out, cut, file.bytes(), (double) samples / cut));
        return 0;
    }

    /** Pictures that fit the goal; each takes its share of a size, by its length. */
    private List<SemFile> cut(List<StoredPicture> pictures) throws IOException {
        long all = pictures.stream().mapToLong(StoredPicture::bytes).sum();
        List<SemFile> cut = new ArrayList<>();
        for (StoredPicture picture : pictures) {
            SemFile sem = picture.sem();
            long bytes = (long) (goal.bytes != null ? (double) goal.bytes * picture.bytes() / all : samples(sem.header()) / goal.ratio);
            cut.add(SemSerializer.size(sem) <= bytes ? sem : TransformProfile.truncate(sem, bytes));
        }
        return cut;
    }

    /** Bytes of the picture uncompressed. */
    private static long samples(SemHeader header) {
        return (long) header.width() * header.height() * header.format().planes();
    }

    private void validate() {
        Pictures.requireSem(out, spec.commandLine());
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
