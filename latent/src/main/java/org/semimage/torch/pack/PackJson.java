// SPDX-License-Identifier: Apache-2.0
package org.semimage.torch.pack;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;

import javax.imageio.IIOException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** JSON files of packs, read with a limit. */
final class PackJson {

    /** Vocabularies and indices of shards are the largest. */
    static final int MAX_BYTES = 16 << 20;

    private PackJson() {
    }

    /** @throws IIOException if the file is missing, too large or no JSON object; the message names it */
    static JsonObject read(Path file) throws IIOException {
        return parse(file.toString(), bytes(file));
    }

    /** @throws IIOException if the file is missing or larger than {@link #MAX_BYTES}; the message names it */
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

    static JsonObject parse(String source, byte[] bytes) throws IIOException {
        try {
            JsonElement element = JsonParser.parseString(new String(bytes, StandardCharsets.UTF_8));
            if (element instanceof JsonObject object) {
                return object;
            }
            throw new IIOException(source + " holds no JSON object");
        } catch (JsonParseException | NumberFormatException e) {
            throw new IIOException(source + " is not valid JSON: " + e.getMessage(), e);
        }
    }

    /** A string of an object, or null if there is none. */
    static String string(JsonObject object, String key) {
        JsonElement value = object.get(key);
        return value != null && value.isJsonPrimitive() && value.getAsJsonPrimitive().isString() ? value.getAsString() : null;
    }
}
