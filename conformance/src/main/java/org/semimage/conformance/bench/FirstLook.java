// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.bench;

import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * How long it takes to learn the size of a picture: in a process that has not looked at any yet, again after its classes are loaded, and on
 * the average. Argument: a SEM file.
 */
public final class FirstLook {

    private static final int ROUNDS = 200;

    private FirstLook() {
    }

    /**
     * Prints how long a first look and later ones take.
     *
     * @param arguments the path of a SEM file
     */
    public static void main(String[] arguments) throws IOException {
        Arguments.require(1, arguments, "FirstLook FILE.sem");
        File file = new File(arguments[0]);
        double first = millis(file);
        double second = millis(file);
        double[] later = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            later[i] = millis(file);
        }
        Arrays.sort(later);
        System.out.printf("first look %.1f ms, second %.2f ms, median of %d more %.3f ms; libtorch %s%n",
                first, second, ROUNDS, later[ROUNDS / 2], isMapped("torch") ? "loaded" : "not loaded");
    }

    private static double millis(File file) throws IOException {
        long start = System.nanoTime();
        try (ImageInputStream in = ImageIO.createImageInputStream(file)) {
            ImageReader reader = ImageIO.getImageReaders(in).next();
            try {
                reader.setInput(in, true, true);
                if (reader.getWidth(0) < 1 || reader.getHeight(0) < 1) {
                    throw new IllegalStateException("a picture without pixels");
                }
            } finally {
                reader.dispose();
            }
        }
        return (System.nanoTime() - start) / 1e6;
    }

    /** Whether a native library of a name is in this process; Linux only, no elsewhere. */
    private static boolean isMapped(String library) throws IOException {
        Path maps = Path.of("/proc/self/maps");
        return Files.isReadable(maps) && Files.readString(maps).contains("lib" + library);
    }
}
