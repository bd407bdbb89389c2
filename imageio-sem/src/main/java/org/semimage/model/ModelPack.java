// SPDX-License-Identifier: Apache-2.0
package org.semimage.model;

import org.semimage.compute.tensor.Json;
import org.semimage.compute.tensor.NamedTensors;
import org.semimage.compute.tensor.Safetensors;

import javax.imageio.IIOException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A model pack: a manifest and the weights it vouches for (docs/MODELS.md). Packs hold data, never code.
 *
 * @param id      the pack's name
 * @param licence of the weights
 * @param digest  the first eight bytes of the manifest's SHA-256, big-endian
 * @param weights the tensors, checked against the manifest's digest
 */
public record ModelPack(String id, String licence, long digest, NamedTensors weights) {

    private static final String MANIFEST = "manifest.json";

    /** Where a pack's files come from: a folder of the class path, or of a disk. */
    interface Files {
        /** @return the stream, or null if there is no such file */
        InputStream open(String name) throws IOException;
    }

    /**
     * Loads a pack.
     *
     * @param name  what to call it in messages
     * @param files its files
     * @param file  the weights' file name
     * @throws IIOException if a file is missing, broken or not what the manifest vouches for
     */
    static ModelPack load(String name, Files files, String file) throws IIOException {
        try {
            byte[] manifestBytes = read(name, files, MANIFEST);
            Json manifest = Json.parse(new String(manifestBytes, StandardCharsets.UTF_8));
            byte[] bytes = read(name, files, file);
            String expected = manifest.get("files").get(file).get("sha256").string();
            String found = HexFormat.of().formatHex(sha256(bytes));
            if (!found.equals(expected)) {
                throw new IIOException("model pack '" + name + "': " + file + " has SHA-256 " + found + ", its manifest says " + expected);
            }
            long digest = ByteBuffer.wrap(sha256(manifestBytes)).order(ByteOrder.BIG_ENDIAN).getLong();
            NamedTensors weights = Safetensors.parse("model pack '" + name + "', " + file, ByteBuffer.wrap(bytes));
            return new ModelPack(manifest.get("id").string(), manifest.get("licence").string(), digest, weights);
        } catch (IIOException e) {
            throw e;
        } catch (IOException | IllegalArgumentException e) {
            throw new IIOException("model pack '" + name + "' cannot be read: " + e.getMessage(), e);
        }
    }

    private static byte[] read(String name, Files files, String file) throws IOException {
        try (InputStream in = files.open(file)) {
            if (in == null) {
                throw new IIOException("model pack '" + name + "' has no " + file);
            }
            return in.readAllBytes();
        }
    }

    private static byte[] sha256(byte[] bytes) {
        return sha256().digest(bytes);
    }

    /** A digest of no bytes yet. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
