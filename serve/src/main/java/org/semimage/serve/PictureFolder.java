// SPDX-License-Identifier: Apache-2.0
package org.semimage.serve;

import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The pictures of a folder. A picture is a regular file with a suffix that an ImageIO reader knows. It is not hidden, and neither it nor
 * what a symbolic link leads to lies outside the folder.
 */
final class PictureFolder {

    private final Path root;

    /** Media types by suffix, in lower case. */
    private final Map<String, String> types;

    /** @throws IOException if there is no such folder */
    PictureFolder(Path folder) throws IOException {
        this.root = folder.toRealPath();
        if (!Files.isDirectory(root)) {
            throw new NotDirectoryException(folder.toString());
        }
        this.types = types();
    }

    private static Map<String, String> types() {
        Map<String, String> types = new HashMap<>();
        IIORegistry.getDefaultInstance().getServiceProviders(ImageReaderSpi.class, true).forEachRemaining(provider -> {
            String[] suffixes = provider.getFileSuffixes();
            String[] names = provider.getMIMETypes();
            if (suffixes != null && names != null && names.length > 0 && !names[0].isEmpty()) {
                for (String suffix : suffixes) {
                    types.putIfAbsent(suffix.toLowerCase(Locale.ROOT), names[0]);
                }
            }
        });
        types.put("sem", Picture.SEM);
        types.remove("");
        return Map.copyOf(types);
    }

    /**
     * The picture of a name.
     *
     * @param name untrusted, without percent signs that stand for something else
     * @return empty for everything that is not to be served, whatever the reason
     * @throws IOException if the file system fails in another way than for this name
     */
    Optional<PictureFile> find(String name) throws IOException {
        String type = types.get(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
        if (type == null || !isPlain(name)) {
            return Optional.empty();
        }
        try {
            Path path = root.resolve(name).toRealPath();
            if (!path.startsWith(root) || hidden(root.relativize(path))) {
                return Optional.empty();
            }
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            return attributes.isRegularFile() && Files.isReadable(path) ? Optional.of(PictureFile.of(name, path, type, attributes))
                    : Optional.empty();
        } catch (FileSystemException | InvalidPathException e) {
            System.getLogger(PictureFolder.class.getName()).log(System.Logger.Level.DEBUG, "not served", e);
            return Optional.empty();
        }
    }

    /** The pictures that can be served, by name. */
    List<PictureFile> list() throws IOException {
        List<String> names;
        try (Stream<Path> files = Files.list(root)) {
            names = files.map(file -> file.getFileName().toString()).sorted().toList();
        }
        List<PictureFile> pictures = new ArrayList<>();
        for (String name : names) {
            find(name).ifPresent(pictures::add);
        }
        return pictures;
    }

    /** Whether a name is one of a file, and not of a hidden one, a path, or a stream of a file as Windows has them. */
    private static boolean isPlain(String name) {
        return !name.startsWith(".") && name.chars().noneMatch(c -> c == '/' || c == '\\' || c == ':' || c < ' ' || c == 0x7F);
    }

    private static boolean hidden(Path path) {
        for (Path part : path) {
            if (part.toString().startsWith(".")) {
                return true;
            }
        }
        return false;
    }
}
