// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.bench;

import javax.imageio.ImageIO;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What the programs of this module take from their command lines. */
public final class Arguments {

    private Arguments() {
    }

    /**
     * Refuses to run with too few arguments.
     *
     * @throws IllegalArgumentException that says how the program is called, if there are too few arguments
     */
    public static void require(int count, String[] arguments, String usage) {
        if (arguments.length < count) {
            throw new IllegalArgumentException("usage: " + usage);
        }
    }

    /**
     * The pictures that arguments name, in their order: files, and folders that stand for all pictures in them by name, but for SEM's.
     *
     * @throws IOException if there is no such file, or no picture in a folder
     */
    public static List<Path> pictures(List<String> places) throws IOException {
        List<Path> pictures = new ArrayList<>();
        for (String place : places) {
            Path path = Path.of(place);
            if (Files.isDirectory(path)) {
                pictures.addAll(picturesIn(path));
            } else if (Files.exists(path)) {
                pictures.add(path);
            } else {
                throw new NoSuchFileException(place);
            }
        }
        return pictures;
    }

    /** The pictures of one place, as {@link #pictures(List)}. */
    public static List<Path> pictures(String place) throws IOException {
        return pictures(List.of(place));
    }

    private static List<Path> picturesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> pictures = files.filter(Files::isRegularFile).filter(Arguments::isPicture).sorted().toList();
            if (pictures.isEmpty()) {
                throw new IOException("no pictures in " + folder);
            }
            return pictures;
        }
    }

    private static boolean isPicture(Path file) {
        String name = file.getFileName().toString();
        String suffix = name.substring(name.lastIndexOf('.') + 1);
        return !suffix.equalsIgnoreCase("sem") && ImageIO.getImageReadersBySuffix(suffix).hasNext();
    }
}
