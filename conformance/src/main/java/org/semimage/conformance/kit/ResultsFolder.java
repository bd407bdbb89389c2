// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.kit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What a decoder made of the vectors beforehand, many in one process: for each {@code NAME.status} with the status that it would have ended
 * with, and {@code NAME.png}, {@code NAME.json} and {@code NAME.txt}, what it said, as far as there are such.
 *
 * @param folder where they are
 */
record ResultsFolder(Path folder) implements TestedDecoder {

    @Override
    public String name() {
        return "the results in " + folder;
    }

    @Override
    public Outcome decode(Path file, Duration limit) {
        String name = file.getFileName().toString().replaceFirst("\\.sem$", "");
        Path status = folder.resolve(name + ".status");
        if (!Files.exists(status)) {
            return Outcome.failed("there is no " + status.getFileName());
        }
        try {
            return CommandDecoder.outcome(Integer.parseInt(Files.readString(status).strip()), folder.resolve(name + ".png"),
                    folder.resolve(name + ".json"), folder.resolve(name + ".txt"));
        } catch (IOException | NumberFormatException e) {
            return Outcome.failed(status.getFileName() + ": " + e.getMessage());
        }
    }
}
