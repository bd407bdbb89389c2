// SPDX-License-Identifier: Apache-2.0
package org.semimage.model;

import org.semimage.compute.tensor.Json;
import org.semimage.container.ModelRef;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What a pack consists of, as its {@code manifest.json} says (docs/MODELS.md). Its SHA-256 is the name by which pictures know an
 * installed pack.
 *
 * @param bytes   the manifest as it is in the file; not copied
 * @param files   path below the pack's folder, with slashes, to what is vouched for; sorted, never empty, not modifiable
 * @param id      of the pack, if the manifest says so
 * @param licence of the weights, if the manifest says so
 */
public record PackManifest(byte[] bytes, Map<String, Entry> files, Optional<String> id, Optional<String> licence) {

    /** Its file's name in a pack's folder. */
    public static final String FILE = "manifest.json";

    private static final Pattern PATH = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)?");
    private static final int MAX_FILES = 4096;

    /**
     * A file of a pack.
     *
     * @param bytes  its length
     * @param sha256 64 lower-case hexadecimal digits
     */
    public record Entry(long bytes, String sha256) {
    }

    /**
     * Reads a manifest.
     *
     * @throws IllegalArgumentException if it is broken, or names a file outside the pack; the message continues the manifest's name
     */
    public static PackManifest parse(byte[] bytes) {
        Json json;
        try {
            json = Json.parse(new String(bytes, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("is not valid JSON: " + e.getMessage(), e);
        }
        if (json.kind() != Json.Kind.OBJECT) {
            throw new IllegalArgumentException("holds no JSON object");
        }
        Map<String, Json> listed = json.find("files").filter(f -> f.kind() == Json.Kind.OBJECT).map(Json::members).orElse(Map.of());
        if (listed.isEmpty() || listed.size() > MAX_FILES) {
            throw new IllegalArgumentException("lists no files, or more than " + MAX_FILES);
        }
        Map<String, Entry> files = new TreeMap<>();
        listed.forEach((path, file) -> files.put(checked(path), entry(path, file)));
        return new PackManifest(bytes, Collections.unmodifiableMap(files), string(json, "id"), string(json, "licence"));
    }

    private static Entry entry(String path, Json file) {
        String sha256 = file.kind() == Json.Kind.OBJECT ? string(file, "sha256").orElse("") : "";
        if (!sha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("has no SHA-256 of " + path);
        }
        long bytes;
        try {
            bytes = file.get("bytes").integer();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("has no length of " + path, e);
        }
        if (bytes < 0) {
            throw new IllegalArgumentException("has a negative length of " + path);
        }
        return new Entry(bytes, sha256);
    }

    private static Optional<String> string(Json object, String name) {
        return object.find(name).filter(value -> value.kind() == Json.Kind.STRING).map(Json::string);
    }

    /**
     * A path that may be a pack's file, at most one folder deep.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static String checked(String path) {
        if (!PATH.matcher(path).matches()) {
            throw new IllegalArgumentException("names the file '" + path + "', which is none of a pack");
        }
        return path;
    }

    /** A digest of no bytes yet. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** How pictures name the pack if it is an installed one. */
    public ModelRef ref() {
        return ModelRef.ofDigest(ByteBuffer.wrap(sha256().digest(bytes)).getLong());
    }

    /** All bytes that it vouches for. */
    public long size() {
        return files.values().stream().mapToLong(Entry::bytes).sum();
    }
}
