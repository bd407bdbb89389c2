// SPDX-License-Identifier: Apache-2.0
package org.semimage.cli;

import org.semimage.container.SemFile;
import org.semimage.metadata.Ancillary;
import org.semimage.profile.generative.GenerativeProfile;
import org.semimage.profile.semantic.SemanticProfile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code sem caption}: prints the caption of a SEM file. */
@Command(name = "caption", description = "Prints what a SEM file says its picture shows.", mixinStandardHelpOptions = true,
        versionProvider = Sem.Version.class)
final class CaptionCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FILE.sem", description = "A SEM file; - for standard input.")
    private Path file;

    @Mixin
    private PictureChoice choice;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        List<StoredPicture> pictures = StoredPicture.all(file).pictures();
        PrintWriter out = spec.commandLine().getOut();
        for (int index : choice.orFirst(pictures.size(), file, spec.commandLine().getErr())) {
            out.println(caption(pictures.get(index).sem(),
                    pictures.size() == 1 ? file.toString() : "picture " + (index + 1) + " of " + file));
        }
        out.flush();
        return 0;
    }

    private static String caption(SemFile sem, String name) throws IOException {
        Optional<String> told = Ancillary.of(sem.chunks()).caption();
        Optional<String> caption = switch (sem.header().profile()) {
            case CAPTION, DESCRIPTOR -> SemanticProfile.content(sem).caption();
            case GENERATIVE -> GenerativeProfile.caption(sem).or(() -> told);
            case TRANSFORM, LOSSLESS -> told;
        };
        return caption.orElseThrow(() -> new IOException(name + " has no caption"));
    }
}
