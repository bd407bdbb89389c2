// SPDX-License-Identifier: Apache-2.0
package org.semimage.cli;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * One command, run in this process.
 *
 * @param status exit status
 * @param out    what went to the standard output
 * @param err    what went to the error stream
 */
public record Run(int status, String out, String err) {

    public static Run of(Object... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Sem.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int status = line.execute(Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
        return new Run(status, out.toString(), err.toString());
    }

    /** Draws a small picture into a folder. */
    public static Path draw(Path folder, String name, String size) {
        Path file = folder.resolve(name);
        Run draw = of("draw", file, "--size", size);
        if (draw.status != 0) {
            throw new AssertionError(draw.err);
        }
        return file;
    }
}
