package org.semimage.cli;

import org.semimage.container.SemFile;
import org.semimage.container.SemParser;
import org.semimage.metadata.Ancillary;
import org.semimage.profile.generative.GenerativeProfile;
import org.semimage.profile.semantic.SemanticProfile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code sem caption}: prints the caption of a SEM file. */
@Command(name = "caption", description = "Prints what a SEM file says its picture shows.", mixinStandardHelpOptions = true,
        versionProvider = Sem.Version.class)
final class CaptionCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FILE.sem", description = "A SEM file.")
    private Path file;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(caption());
        out.flush();
        return 0;
    }

    private String caption() throws IOException {
        try (ImageInputStream in = new FileImageInputStream(file.toFile())) {
            SemFile sem = SemParser.parse(in);
            Optional<String> told = Ancillary.of(sem.chunks()).caption();
            Optional<String> caption = switch (sem.header().profile()) {
                case CAPTION, DESCRIPTOR -> SemanticProfile.content(sem).caption();
                case GENERATIVE -> GenerativeProfile.caption(sem).or(() -> told);
                case TRANSFORM, LOSSLESS -> told;
            };
            return caption.orElseThrow(() -> new IOException(file + " has no caption"));
        }
    }
}
