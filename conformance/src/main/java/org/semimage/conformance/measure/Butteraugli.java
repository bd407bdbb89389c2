// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.measure;

import org.semimage.picture.RgbSamples;

import javax.imageio.ImageIO;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Butteraugli's 3-norm by {@code butteraugli_main} of libjxl.
 *
 * @param program where it is
 */
record Butteraugli(ExternalProgram program) {

    static final String PROGRAM = "butteraugli_main";

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Pattern NORM = Pattern.compile("3-norm: ([-+.\\deE]+)");
    /** The program refuses smaller pictures. */
    private static final int MIN_SIDE = 8;

    /**
     * Looks for the program.
     *
     * @param searchPath folders as in the environment variable {@code PATH}; may be null
     */
    static Optional<Butteraugli> find(String searchPath) {
        return ExternalProgram.find(PROGRAM, searchPath).map(Butteraugli::new);
    }

    /**
     * The distance of two pictures of one size.
     *
     * @return 0 for equal pictures; empty if a side is shorter than 8
     * @throws IOException if the program fails or says no distance
     */
    OptionalDouble of(RgbSamples original, RgbSamples decoded) throws IOException {
        if (Math.min(original.width(), original.height()) < MIN_SIDE) {
            return OptionalDouble.empty();
        }
        try (TemporaryFolder temporary = new TemporaryFolder()) {
            Path folder = temporary.path();
            String said = program.run(folder, LIMIT, List.of(png(original, folder, "original.png"), png(decoded, folder, "decoded.png")));
            Matcher norm = NORM.matcher(said);
            if (!norm.find()) {
                throw new IOException(PROGRAM + " says no 3-norm: " + said);
            }
            return OptionalDouble.of(Double.parseDouble(norm.group(1)));
        }
    }

    private static String png(RgbSamples samples, Path folder, String name) throws IOException {
        Path file = folder.resolve(name);
        ImageIO.write(EqualBytes.opaque(samples), "png", file.toFile());
        return file.toString();
    }
}
