// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.fit;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import org.semimage.compute.entropy.ScaleTables;
import org.semimage.compute.prior.RefinementTables;
import org.semimage.model.PackManifest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;

/** A pack of the transform profile that gets other refinement tables. */
final class RefinedPack {

    private static final int SYMBOLS = RefinementTables.SYMBOLS;

    private RefinedPack() {
    }

    /** Of all classes, one behind the other. */
    static int[] frequencies(RefinementTables tables) {
        return Arrays.stream(tables.tables().frequencies()).flatMapToInt(Arrays::stream).toArray();
    }

    /** Puts the tables behind the pack's other tensors and vouches for the new file in the manifest. */
    static void write(Path pack, Path weightsFile, RefinementTables tables) throws IOException {
        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(weightsFile)).order(ByteOrder.LITTLE_ENDIAN);
        byte[] text = new byte[(int) file.getLong()];
        file.get(text);
        JsonObject header = JsonParser.parseString(new String(text, StandardCharsets.UTF_8)).getAsJsonObject();
        JsonObject kept = new JsonObject();
        ByteArrayOutputStream blobs = new ByteArrayOutputStream();
        int data = file.position();
        for (Map.Entry<String, JsonElement> tensor : header.entrySet()) {
            if (!tensor.getKey().startsWith("refine.")) {
                JsonArray at = tensor.getValue().getAsJsonObject().getAsJsonArray("data_offsets");
                int from = at.get(0).getAsInt();
                int to = at.get(1).getAsInt();
                add(kept, blobs, tensor.getKey(), tensor.getValue().getAsJsonObject(),
                        Arrays.copyOfRange(file.array(), data + from, data + to));
            }
        }
        ByteBuffer frequencies = ByteBuffer.allocate(4 * (SYMBOLS + 1) * ScaleTables.TABLES).order(ByteOrder.LITTLE_ENDIAN);
        frequencies.asIntBuffer().put(frequencies(tables));
        add(kept, blobs, "refine.frequencies", shape("I32", ScaleTables.TABLES, SYMBOLS + 1), frequencies.array());
        add(kept, blobs, "refine.cells", shape("I8", ScaleTables.TABLES, SYMBOLS, 2), tables.cells());
        byte[] head = kept.toString().getBytes(StandardCharsets.UTF_8);
        int padded = (head.length + 7) / 8 * 8;
        ByteBuffer out = ByteBuffer.allocate(8 + padded + blobs.size()).order(ByteOrder.LITTLE_ENDIAN);
        out.putLong(padded).put(head).put(" ".repeat(padded - head.length).getBytes(StandardCharsets.UTF_8)).put(blobs.toByteArray());
        Files.write(weightsFile, out.array());
        Path manifest = pack.resolve("manifest.json");
        String json = Files.readString(manifest);
        JsonObject vouched = JsonParser.parseString(json).getAsJsonObject().getAsJsonObject("files")
                .getAsJsonObject("transform.safetensors");
        Files.writeString(manifest, json.replace(vouched.get("sha256").getAsString(), sha256(out.array()))
                .replace("\"bytes\": " + vouched.get("bytes").getAsString(), "\"bytes\": " + out.capacity()));
    }

    private static void add(JsonObject header, ByteArrayOutputStream blobs, String name, JsonObject tensor, byte[] blob) {
        JsonArray at = new JsonArray();
        at.add(blobs.size());
        blobs.writeBytes(blob);
        at.add(blobs.size());
        tensor.add("data_offsets", at);
        header.add(name, tensor);
    }

    private static JsonObject shape(String type, int... sizes) {
        JsonObject tensor = new JsonObject();
        tensor.addProperty("dtype", type);
        JsonArray shape = new JsonArray();
        for (int size : sizes) {
            shape.add(size);
        }
        tensor.add("shape", shape);
        return tensor;
    }

    private static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(PackManifest.sha256().digest(bytes));
    }
}
