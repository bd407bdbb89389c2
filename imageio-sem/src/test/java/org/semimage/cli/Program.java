// SPDX-License-Identifier: Apache-2.0
package org.semimage.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The command line as a process of its own, for what one process cannot show: pipes, signals and locales.
 *
 * @param status exit status
 * @param out    what went to the standard output
 * @param err    what went to the error stream
 */
record Program(int status, byte[] out, String err) {

    private static final int PATIENCE = 120;

    /** The command that starts it. */
    static List<String> command(Object... arguments) {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xshare:auto",
                "-cp", System.getProperty("java.class.path"), Sem.class.getName()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return command;
    }

    static Program of(byte[] in, Object... arguments) throws Exception {
        return of(command(arguments), in, Map.of());
    }

    static Program of(List<String> command, byte[] in, Map<String, String> environment) throws Exception {
        Path err = Files.createTempFile("program", ".err");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(err.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            Thread feeder = new Thread(() -> feed(process, in));
            feeder.start();
            byte[] out;
            try (InputStream stream = process.getInputStream()) {
                out = stream.readAllBytes();
            }
            if (!process.waitFor(PATIENCE, TimeUnit.SECONDS)) {
                throw new AssertionError(command + " runs for more than " + PATIENCE + " s");
            }
            return new Program(process.exitValue(), out, Files.readString(err));
        } finally {
            process.destroyForcibly();
            Files.delete(err);
        }
    }

    private static void feed(Process process, byte[] in) {
        try (OutputStream stream = process.getOutputStream()) {
            stream.write(in);
        } catch (IOException closed) {
            // The program reads no further, which is its own choice.
        }
    }

    String text() {
        return new String(out, StandardCharsets.UTF_8);
    }
}
