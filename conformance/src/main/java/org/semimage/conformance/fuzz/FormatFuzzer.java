// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.fuzz;

import org.semimage.conformance.bench.Arguments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Feeds Jazzer's inputs to one of the {@link FuzzTarget}s, which {@code -Dfuzz.target} names. Anything but a result or a refusal that says
 * why is a finding. docs/CONFORMANCE.md says how to run it.
 */
public final class FormatFuzzer {

    private static final FuzzTarget TARGET = FuzzTarget.valueOf(System.getProperty("fuzz.target", "reader").toUpperCase(Locale.ROOT));

    /** In the module's folder, where Maven runs this. */
    private static final Path VECTORS = Path.of("vectors");

    private FormatFuzzer() {
    }

    /** Called by Jazzer first: loads weights and native libraries, which takes longer than any input should. */
    public static void fuzzerInitialize() throws IOException {
        TARGET.feed(new byte[0]);
    }

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        TARGET.feed(input);
    }

    /** Writes the target's first inputs to a folder, for Jazzer to start from. */
    public static void main(String[] arguments) throws IOException {
        Arguments.require(1, arguments, "FormatFuzzer CORPUS");
        Path corpus = Files.createDirectories(Path.of(arguments[0]));
        List<byte[]> seeds = TARGET.seeds(Seeds.files(VECTORS));
        for (int i = 0; i < seeds.size(); i++) {
            Files.write(corpus.resolve("seed-" + i), seeds.get(i));
        }
    }
}
