package org.semimage.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;

/** {@code sem decode}: writes the picture of a SEM file in another format. */
@Command(name = "decode", description = "Writes the picture of a SEM file in another format.", mixinStandardHelpOptions = true,
        versionProvider = Sem.Version.class)
final class DecodeCommand implements Callable<Integer> {

    @Parameters(paramLabel = "IN.sem", description = "A SEM file.")
    private Path in;

    @Parameters(paramLabel = "OUT", description = "The file to write, its format named by its suffix (png, jpg, bmp, ...); replaced if it exists.")
    private Path out;

    @Mixin
    private BackendOption backend;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        if (!Pictures.writable(out)) {
            throw new ParameterException(spec.commandLine(), "no installed picture format has the suffix of " + out.getFileName());
        }
        backend.apply();
        long start = System.nanoTime();
        BufferedImage image = Pictures.read(in, spec.commandLine().getErr());
        double millis = (System.nanoTime() - start) / 1e6;
        Pictures.writeBySuffix(image, out, spec.commandLine().getErr());
        spec.commandLine().getOut().println(String.format(Locale.ROOT, "%s: %dx%d, decoded in %.0f ms",
                out, image.getWidth(), image.getHeight(), millis));
        return 0;
    }
}
