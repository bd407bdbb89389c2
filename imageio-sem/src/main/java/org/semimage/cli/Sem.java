// SPDX-License-Identifier: Apache-2.0
package org.semimage.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The command line: {@code sem encode | decode | truncate | info | caption | demo | draw | classpath}, and {@link Subcommand}s such as
 * {@code packs} and {@code bench}.
 *
 * <p>Exit status 0: done; 1: failed, with one line why on the error stream; 2: the command was not understood.
 */
@Command(name = "sem",
        description = "Writes, reads and measures pictures in the SEM format.",
        mixinStandardHelpOptions = true,
        versionProvider = Sem.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {EncodeCommand.class, DecodeCommand.class, TruncateCommand.class, InfoCommand.class, CaptionCommand.class,
                DemoCommand.class, DrawCommand.class, ClasspathCommand.class})
public final class Sem {

    /** System property: {@code true} logs more, and adds the stack trace to the line that says why a command failed. */
    public static final String DEBUG_PROPERTY = "org.semimage.debug";

    /** JavaCPP refuses more native memory than twice the heap unless this says otherwise; networks of packs need more. */
    private static final String NATIVE_LIMIT = "org.bytedeco.javacpp.maxPhysicalBytes";

    /** Held here because the log manager holds loggers weakly. */
    private static final Logger LOG = Logger.getLogger("org.semimage");

    /** Stands in an argument for bytes that mean nothing in the locale's character set. */
    private static final char UNMAPPED = '\uFFFD';

    static final int FAILED = CommandLine.ExitCode.SOFTWARE;

    /** Runs one command and ends the process with its exit status. */
    public static void main(String[] arguments) {
        System.setProperty("java.awt.headless", "true");
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        if (System.getProperty(NATIVE_LIMIT) == null) {
            System.setProperty(NATIVE_LIMIT, "0");
        }
        LOG.setLevel(Boolean.getBoolean(DEBUG_PROPERTY) ? Level.ALL : Level.WARNING);
        System.exit(run(commandLine(), arguments));
    }

    /** The parser of the command line, with the errors and exit status of this program. */
    public static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Sem());
        ServiceLoader.load(Subcommand.class).forEach(line::addSubcommand);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler((failure, command, parsed) -> report(failure, command));
        return line;
    }

    private static int run(CommandLine line, String[] arguments) {
        try {
            int status = String.join("", arguments).indexOf(UNMAPPED) < 0 ? line.execute(arguments) : unmapped(line);
            return System.out.checkError() ? report(new IOException("standard output cannot be written"), line) : status;
        } catch (OutOfMemoryError | LinkageError | ServiceConfigurationError failure) {
            return report(failure, line);
        }
    }

    /** Java has lost what it could not tell: a caption or a file's name would be another. */
    private static int unmapped(CommandLine line) {
        line.getErr().println("sem: an argument is not in the character set of the locale, " + System.getProperty("sun.jnu.encoding")
                + ": LC_ALL=C.UTF-8 chooses another");
        line.getErr().flush();
        return CommandLine.ExitCode.USAGE;
    }

    private static int report(Throwable failure, CommandLine command) {
        PrintWriter err = command.getErr();
        err.println("sem: " + reason(failure).lines().findFirst().orElse(""));
        if (Boolean.getBoolean(DEBUG_PROPERTY)) {
            failure.printStackTrace(err);
        }
        err.flush();
        return FAILED;
    }

    private static String reason(Throwable failure) {
        if (failure instanceof NoSuchFileException) {
            return "no such file: " + failure.getMessage();
        }
        if (failure instanceof AccessDeniedException) {
            return "permission denied: " + failure.getMessage();
        }
        if (failure instanceof OutOfMemoryError) {
            return "out of memory: " + failure.getMessage() + " (java -Xmx... allows more)";
        }
        boolean meantForUsers = failure instanceof IOException && failure.getMessage() != null;
        return meantForUsers ? failure.getMessage() : failure.toString();
    }

    /** Reads the version out of the jar's manifest. */
    public static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            return new String[] {"sem " + current() + ", Java " + Runtime.version()};
        }

        /** The version, or a remark in parentheses if the classes are in no jar. */
        public static String current() {
            String version = Sem.class.getPackage().getImplementationVersion();
            return version == null ? "(unpackaged classes)" : version;
        }
    }
}
