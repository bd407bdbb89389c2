// SPDX-License-Identifier: Apache-2.0
package org.semimage.torch.pack;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import org.semimage.container.ModelRef;
import org.semimage.model.ModelPack;

import javax.imageio.IIOException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What a pack of latent networks consists of: {@code manifest.json}, whose SHA-256 is the name that pictures know the pack by.
 *
 * <p>A manifest made from a folder follows from the files alone, so that a published checkpoint gets the same name everywhere.
 *
 * @param bytes   the manifest as it is in the file
 * @param files   path below the pack's folder, with slashes, to what is vouched for
 * @param licence of the weights, if the manifest says so
 */
record PackManifest(byte[] bytes, Map<String, Entry> files, Optional<String> licence) {

    static final String FILE = "manifest.json";

    private static final Pattern PATH = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)?");
    private static final int MAX_FILES = 4096;
    private static final int CHUNK = 1 << 20;

    /** Length and lower-case SHA-256 of a file. */
    record Entry(long bytes, String sha256) {
    }

    /**
     * The manifest of a folder, if it has one.
     *
     * @throws IIOException if that cannot be told, as in a folder that this user may not enter, or it is broken
     */
    static Optional<PackManifest> find(Path folder) throws IIOException {
        try {
            Files.readAttributes(folder.resolve(FILE), BasicFileAttributes.class);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new IIOException(folder + " cannot be read: " + e, e);
        }
        return Optional.of(read(folder));
    }

    /** @throws IIOException if it is broken or names a file outside the pack */
    static PackManifest read(Path folder) throws IIOException {
        String source = folder.resolve(FILE).toString();
        byte[] bytes = PackJson.bytes(folder.resolve(FILE));
        JsonObject json = PackJson.parse(source, bytes);
        if (!(json.get("files") instanceof JsonObject files) || files.size() == 0 || files.size() > MAX_FILES) {
            throw new IIOException(source + " lists no files, or more than " + MAX_FILES);
        }
        Map<String, Entry> entries = new TreeMap<>();
        for (Map.Entry<String, JsonElement> file : files.entrySet()) {
            String path = checkedPath(source, file.getKey());
            String sha256 = file.getValue() instanceof JsonObject entry ? PackJson.string(entry, "sha256") : null;
            if (sha256 == null || !sha256.matches("[0-9a-f]{64}")) {
                throw new IIOException(source + " has no SHA-256 of " + path);
            }
            entries.put(path, new Entry(length(source, path, (JsonObject) file.getValue()), sha256));
        }
        return new PackManifest(bytes, Collections.unmodifiableMap(entries), Optional.ofNullable(PackJson.string(json, "licence")));
    }

    private static long length(String source, String path, JsonObject entry) throws IIOException {
        try {
            long bytes = entry.get("bytes").getAsLong();
            if (bytes >= 0) {
                return bytes;
            }
        } catch (RuntimeException e) {
            throw new IIOException(source + " has no length of " + path, e);
        }
        throw new IIOException(source + " has a negative length of " + path);
    }

    private static String checkedPath(String source, String path) throws IIOException {
        if (!PATH.matcher(path).matches()) {
            throw new IIOException(source + " names the file '" + path + "', which is none of a pack");
        }
        return path;
    }

    /** Reads all files and vouches for them. */
    static PackManifest of(Path folder, Collection<String> files) throws IOException {
        Map<String, Entry> entries = new TreeMap<>();
        for (String file : files) {
            entries.put(checkedPath(folder.toString(), file), entry(folder.resolve(file)));
        }
        JsonObject listed = new JsonObject();
        entries.forEach((path, entry) -> {
            JsonObject object = new JsonObject();
            object.addProperty("bytes", entry.bytes);
            object.addProperty("sha256", entry.sha256);
            listed.add(path, object);
        });
        JsonObject json = new JsonObject();
        json.addProperty("format", 1);
        json.add("files", listed);
        byte[] bytes = (new GsonBuilder().setPrettyPrinting().create().toJson(json) + "\n").getBytes(StandardCharsets.UTF_8);
        return new PackManifest(bytes, entries, Optional.empty());
    }

    static Entry entry(Path file) throws IOException {
        MessageDigest sha256 = ModelPack.sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), sha256)) {
            byte[] chunk = new byte[CHUNK];
            long length = 0;
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                length += n;
            }
            return new Entry(length, HexFormat.of().formatHex(sha256.digest()));
        }
    }

    /** How pictures name the pack. */
    ModelRef ref() {
        return ModelRef.ofDigest(ByteBuffer.wrap(ModelPack.sha256().digest(bytes)).getLong());
    }

    /** All bytes that it vouches for. */
    long size() {
        return files.values().stream().mapToLong(Entry::bytes).sum();
    }
}
