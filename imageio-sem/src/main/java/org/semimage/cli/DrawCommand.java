// SPDX-License-Identifier: Apache-2.0
package org.semimage.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.util.concurrent.Callable;

/** {@code sem draw}: writes the drawn test picture. */
@Command(name = "draw", description = "Draws a test picture: the same one for the same size and seed.", mixinStandardHelpOptions = true,
        versionProvider = Sem.Version.class)
final class DrawCommand implements Callable<Integer> {

    @Parameters(paramLabel = "OUT",
            description = "The file to write, its format named by its suffix (png, sem, ...), replaced if it exists; "
            + "- for standard output, as png.")
    private Path out;

    @Option(names = "--size", paramLabel = "WxH", converter = Size.Converter.class, defaultValue = "768x512",
            description = "Columns and rows (default: ${DEFAULT-VALUE}).")
    private Size size;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Chooses among pictures (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        String suffix = Pictures.writable(out, null, spec.commandLine());
        Pictures.write(suffix, 1, place -> TestPicture.draw(size.width(), size.height(), seed), out, spec.commandLine().getErr());
        (Inputs.isStandard(out) ? spec.commandLine().getErr() : spec.commandLine().getOut()).println(out + ": " + size);
        return 0;
    }
}
