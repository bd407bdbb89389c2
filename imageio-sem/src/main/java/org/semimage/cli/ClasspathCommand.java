// SPDX-License-Identifier: Apache-2.0
package org.semimage.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.io.File;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** {@code sem classpath}: prints the class path of this program, to run other programs with the plug-in. */
@Command(name = "classpath", description = "Prints the class path with the SEM plug-in, for use after java -cp.",
        mixinStandardHelpOptions = true, versionProvider = Sem.Version.class)
final class ClasspathCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().getOut().println(Pattern.compile(Pattern.quote(File.pathSeparator))
                .splitAsStream(System.getProperty("java.class.path"))
                .map(entry -> Path.of(entry).toAbsolutePath().normalize().toString())
                .collect(Collectors.joining(File.pathSeparator)));
        return 0;
    }
}
