// SPDX-License-Identifier: Apache-2.0
package org.semimage.torch.pack;

import org.semimage.compute.tensor.Json;

import javax.imageio.IIOException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** JSON files of packs, read with a limit. */
final class PackJson {

    /** Vocabularies and indices of shards are the largest. */
    static final int MAX_BYTES = 16 << 20;

    private PackJson() {
    }

    /**
     * Reads a file.
     *
     * @throws IIOException if the file is missing, too large or no JSON object; the message names it
     */
    static Json read(Path file) throws IIOException {
        return parse(file.toString(), bytes(file));
    }

    /**
     * The bytes of a file.
     *
     * @throws IIOException if the file is missing or larger than {@link #MAX_BYTES}; the message names it
     */
    static byte[] bytes(Path file) throws IIOException {
        if (!Files.isRegularFile(file)) {
            throw new IIOException("there is no " + file);
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new IIOException(file + " is larger than " + MAX_BYTES + " bytes");
            }
            return bytes;
        } catch (IIOException e) {
            throw e;
        } catch (IOException e) {
            throw new IIOException(file + " cannot be read: " + e, e);
        }
    }

    /**
     * Reads a text in UTF-8.
     *
     * @throws IIOException if the bytes hold no JSON object; the message names their source
     */
    static Json parse(String source, byte[] bytes) throws IIOException {
        Json json;
        try {
            json = Json.parse(new String(bytes, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw new IIOException(source + " is not valid JSON: " + e.getMessage(), e);
        }
        if (json.kind() != Json.Kind.OBJECT) {
            throw new IIOException(source + " holds no JSON object");
        }
        return json;
    }

    /** A string of an object, if there is one. */
    static Optional<String> string(Json object, String key) {
        return object.find(key).filter(value -> value.kind() == Json.Kind.STRING).map(Json::string);
    }
}
