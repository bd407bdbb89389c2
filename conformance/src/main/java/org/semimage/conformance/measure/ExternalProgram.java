// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.measure;

import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A program of the system, run without a shell.
 *
 * @param file where it is, absolute
 */
record ExternalProgram(Path file) {

    private static final int SHOWN = 300;

    /**
     * Looks for a program.
     *
     * @param name       without a suffix
     * @param searchPath folders as in the environment variable {@code PATH}; relative ones are passed over; may be null
     */
    static Optional<ExternalProgram> find(String name, String searchPath) {
        if (searchPath == null) {
            return Optional.empty();
        }
        String fileName = File.separatorChar == '\\' ? name + ".exe" : name;
        for (String folder : searchPath.split(File.pathSeparator)) {
            File file = new File(folder, fileName);
            if (!folder.isEmpty() && file.isAbsolute() && file.isFile() && file.canExecute()) {
                return Optional.of(new ExternalProgram(file.toPath()));
            }
        }
        return Optional.empty();
    }

    /**
     * Runs the program to its end.
     *
     * @param folder the folder that it runs in; what it says is kept there meanwhile
     * @return what it said, on both its streams
     * @throws IOException if it does not start, takes longer than the limit, or ends with another status than 0
     */
    String run(Path folder, Duration limit, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(file.toString());
        command.addAll(arguments);
        Path said = Files.createTempFile(folder, "said", ".txt");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        try {
            process.getOutputStream().close();
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException(String.format(Locale.ROOT, "%s took longer than %d s", file.getFileName(), limit.toSeconds()));
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while " + file.getFileName() + " ran");
        } finally {
            process.destroyForcibly();
        }
        String text = new String(Files.readAllBytes(said), Charset.defaultCharset()).strip();
        if (process.exitValue() != 0) {
            throw new IOException(file.getFileName() + " failed with status " + process.exitValue() + ": " + start(text));
        }
        Files.delete(said);
        return text;
    }

    private static String start(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    }
}
