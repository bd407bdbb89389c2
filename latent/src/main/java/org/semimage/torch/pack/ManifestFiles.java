// SPDX-License-Identifier: Apache-2.0
package org.semimage.torch.pack;

import org.semimage.model.PackManifest;

import javax.imageio.IIOException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Manifests of folders: read where there is one, else made.
 *
 * <p>A manifest made from a folder follows from the files alone, so that a published checkpoint gets the same name everywhere.
 */
final class ManifestFiles {

    private static final int CHUNK = 1 << 20;

    private ManifestFiles() {
    }

    /**
     * The manifest of a folder, if it has one.
     *
     * @throws IIOException if that cannot be told, as in a folder that this user may not enter, or it is broken
     */
    static Optional<PackManifest> find(Path folder) throws IIOException {
        try {
            Files.readAttributes(folder.resolve(PackManifest.FILE), BasicFileAttributes.class);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new IIOException(folder + " cannot be read: " + e, e);
        }
        return Optional.of(read(folder));
    }

    /**
     * Reads the manifest of a folder.
     *
     * @throws IIOException if it is broken or names a file outside the pack
     */
    static PackManifest read(Path folder) throws IIOException {
        Path file = folder.resolve(PackManifest.FILE);
        try {
            return PackManifest.parse(PackJson.bytes(file));
        } catch (IllegalArgumentException e) {
            throw new IIOException(file + " " + e.getMessage(), e);
        }
    }

    /** Reads all files and vouches for them. */
    static PackManifest of(Path folder, Collection<String> files) throws IOException {
        Map<String, PackManifest.Entry> entries = new TreeMap<>();
        for (String file : files) {
            try {
                entries.put(PackManifest.checked(file), entry(folder.resolve(file)));
            } catch (IllegalArgumentException e) {
                throw new IIOException(folder + " " + e.getMessage(), e);
            }
        }
        String listed = entries.entrySet().stream().map(file -> """
                    "%s": {
                      "bytes": %d,
                      "sha256": "%s"
                    }""".formatted(file.getKey(), file.getValue().bytes(), file.getValue().sha256()).indent(4).stripTrailing())
                .collect(Collectors.joining(",\n"));
        String json = "{\n  \"format\": 1,\n  \"files\": {" + (listed.isEmpty() ? "" : "\n" + listed + "\n  ") + "}\n}\n";
        return new PackManifest(json.getBytes(StandardCharsets.UTF_8), entries, Optional.empty(), Optional.empty());
    }

    /** Reads a file for what a manifest says of it. */
    static PackManifest.Entry entry(Path file) throws IOException {
        MessageDigest sha256 = PackManifest.sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), sha256)) {
            byte[] chunk = new byte[CHUNK];
            long length = 0;
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                length += n;
            }
            return new PackManifest.Entry(length, HexFormat.of().formatHex(sha256.digest()));
        }
    }
}
