// SPDX-License-Identifier: Apache-2.0
package org.semimage.cli;

import org.semimage.compute.Watcher;
import org.semimage.container.SemFile;
import org.semimage.generate.Captioner;
import org.semimage.generate.Services;
import org.semimage.metadata.Ancillary;
import org.semimage.model.Models;
import org.semimage.picture.Images;
import org.semimage.profile.generative.GenerativeProfile;
import org.semimage.profile.semantic.SemanticProfile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code sem caption}: prints what a picture shows, as its file says it or as the best captioner at hand does. */
@Command(name = "caption", description = "Prints what a picture shows: the caption of a SEM file; of other pictures, and of SEM files "
        + "without one, what the captioner at hand says, with its bits on the error stream.", mixinStandardHelpOptions = true,
        versionProvider = Sem.Version.class)
final class CaptionCommand implements Callable<Integer> {

    private static final int MOST = 10;

    @Parameters(paramLabel = "FILE", description = "A picture in any format that ImageIO reads; - for standard input.")
    private Path file;

    @Option(names = "--captions", paramLabel = "N", defaultValue = "1",
            description = "Print up to N captions of a captioner, 1..10, the best first (default: ${DEFAULT-VALUE}).")
    private int count;

    @Mixin
    private PictureChoice choice;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        if (count < 1 || count > MOST) {
            throw new ParameterException(spec.commandLine(), "--captions " + count + " is not in 1.." + MOST);
        }
        PrintWriter err = spec.commandLine().getErr();
        List<String> captions = Pictures.read(file, err, reader -> Pictures.isOf(reader, Pictures.SEM) ? ofSem(reader) : ofOther(reader));
        captions.forEach(spec.commandLine().getOut()::println);
        spec.commandLine().getOut().flush();
        return 0;
    }

    private List<String> ofSem(ImageReader reader) throws IOException {
        List<StoredPicture> pictures = StoredPicture.all((ImageInputStream) reader.getInput()).pictures();
        List<Integer> chosen = choice.orFirst(pictures.size(), file, spec.commandLine().getErr());
        List<String> captions = new ArrayList<>();
        for (int index : chosen) {
            SemFile sem = pictures.get(index).sem();
            String name = pictures.size() == 1 ? file.toString() : "picture " + (index + 1) + " of " + file;
            Optional<String> stored = stored(sem);
            if (stored.isPresent()) {
                captions.add(stored.get());
            } else if (sem.header().profile().isSemantic()) {
                throw new IOException(name + " has no caption");
            } else {
                captions.addAll(said(reader, index, name + " has no caption, and no captioner is at hand"));
            }
        }
        return captions;
    }

    private static Optional<String> stored(SemFile sem) throws IOException {
        Optional<String> told = Ancillary.of(sem.chunks()).caption();
        return switch (sem.header().profile()) {
            case CAPTION, DESCRIPTOR -> SemanticProfile.content(sem).caption();
            case GENERATIVE -> GenerativeProfile.caption(sem).or(() -> told);
            case TRANSFORM, LOSSLESS -> told;
        };
    }

    private List<String> ofOther(ImageReader reader) throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        List<String> captions = new ArrayList<>();
        for (int index : choice.orFirst(Pictures.count(reader, file, err), file, err)) {
            captions.addAll(said(reader, index, "no captioner is at hand to say what " + file + " shows"));
        }
        return captions;
    }

    /** What the captioner says of a picture; what each caption takes is told beside. */
    private List<String> said(ImageReader reader, int index, String otherwise) throws IOException {
        Captioner captioner = Services.captioner().orElseThrow(() ->
                new IOException(otherwise + " (-Dorg.semimage.endpoint.caption.url names an endpoint)"));
        PrintWriter err = spec.commandLine().getErr();
        List<String> captions = captioner.captions(Images.toPlanes(reader.read(index)), count, new Watcher() {
            @Override
            public void warning(String message) {
                err.println("sem: warning: " + file + ": " + message);
            }
        });
        for (String caption : captions) {
            err.println(String.format(Locale.ROOT, "%.1f bits, %d bytes, by %s", Models.textCodec().bits(caption),
                    Models.textCodec().encode(caption).length, captioner.name()));
        }
        return captions;
    }
}
