// SPDX-License-Identifier: Apache-2.0
package org.semimage.torch.network;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import org.bytedeco.pytorch.Tensor;
import org.semimage.compute.tensor.Json;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What {@code training/latent_reference.py} computed. */
public final class LatentVectors {

    private static final JsonObject VECTORS = load();
    private static final double TOLERANCE = 1e-4;

    private LatentVectors() {
    }

    private static JsonObject load() {
        try (Reader in = new InputStreamReader(LatentVectors.class.getResourceAsStream("latent-vectors.json"), StandardCharsets.UTF_8)) {
            return JsonParser.parseReader(in).getAsJsonObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Published configurations by name. */
    public static JsonObject published() {
        return VECTORS.getAsJsonObject("published");
    }

    /** The configuration of a case. */
    public static Json config(String name) {
        return Json.parse(find(name).getAsJsonObject("config").toString());
    }

    private static JsonObject find(String name) {
        for (JsonElement element : VECTORS.getAsJsonArray("cases")) {
            if (element.getAsJsonObject().get("case").getAsString().equals(name)) {
                return element.getAsJsonObject();
            }
        }
        throw new IllegalArgumentException(name);
    }

    /** Collects a network's activations. */
    static final class Recorder implements Layers.Tap {

        private final Map<String, float[]> stops = new HashMap<>();

        @Override
        public void at(String stop, Tensor activation) {
            stops.put(stop, Layers.floats(activation));
        }

        /** Compares every stop of a case: the largest difference over the root mean square is at most 1e-4. */
        void assertFit(String name, float[] output) {
            stops.put("output", output);
            find(name).getAsJsonObject("stops").entrySet()
                    .forEach(stop -> assertFit(name + ", " + stop.getKey(), stop.getValue().getAsJsonObject(), stops.get(stop.getKey())));
        }

        private static void assertFit(String stop, JsonObject expected, float[] found) {
            assertNotNull(found, stop);
            assertEquals(expected.get("count").getAsInt(), found.length, stop);
            double rms = expected.get("rms").getAsDouble();
            double square = 0;
            for (float v : found) {
                square += (double) v * v;
            }
            assertEquals(rms, Math.sqrt(square / found.length), TOLERANCE * rms, stop);
            JsonArray values = expected.getAsJsonArray("values");
            for (int k = 0; k < values.size(); k++) {
                double difference = Math.abs(values.get(k).getAsDouble() - found[(int) ((long) k * found.length / values.size())]);
                assertTrue(difference <= TOLERANCE * rms, stop + ", value " + k + ": " + difference / rms);
            }
        }
    }
}
