// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.transform;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import org.junit.jupiter.api.Test;
import org.semimage.compute.entropy.SymbolDecoder;
import org.semimage.compute.entropy.SymbolStep;
import org.semimage.compute.prior.Coded;
import org.semimage.compute.prior.IntegerPrior;
import org.semimage.compute.wavelet.Pyramid;
import org.semimage.model.Models;
import org.semimage.model.TransformModel;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** The Java prior against vectors that training/export.py computed in PyTorch with the same weights. */
class PriorVectorsTest {

    private final JsonObject vectors = read();

    private static JsonObject read() {
        try (Reader in = new InputStreamReader(PriorVectorsTest.class.getResourceAsStream("prior-vectors.json"), StandardCharsets.UTF_8)) {
            return JsonParser.parseReader(in).getAsJsonObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int number(String name) {
        return vectors.get(name).getAsInt();
    }

    private Coded<Pyramid> quantize() throws IOException {
        try (Models.Lease<TransformModel> lease = Models.transform(Models.TRANSFORM)) {
            return lease.model().prior().quantize(new Generator().pyramid(number("height"), number("width")), false, number("quality"), 0);
        }
    }

    @Test
    void everyStepHasThePythonModelsRowsAndSymbols() throws IOException {
        List<SymbolStep> steps = quantize().allSteps();
        JsonArray expected = vectors.getAsJsonArray("steps");
        int at = 0;
        for (int i = 0; i < expected.size(); i++) {
            int length = i < 1 ? 3 * (number("height") >> 6) * (number("width") >> 6) : 1;
            CRC32 rows = new CRC32();
            CRC32 symbols = new CRC32();
            for (SymbolStep step : steps.subList(at, at + length)) {
                rows.update(step.rows());
                ByteBuffer ints = ByteBuffer.allocate(4 * step.symbols().length).order(ByteOrder.LITTLE_ENDIAN);
                ints.asIntBuffer().put(step.symbols());
                symbols.update(ints.array());
            }
            at += length;
            JsonObject step = expected.get(i).getAsJsonObject();
            assertEquals(step.get("rows").getAsLong(), rows.getValue(), "rows of step " + i);
            assertEquals(step.get("symbols").getAsLong(), symbols.getValue(), "symbols of step " + i);
        }
        assertEquals(steps.size(), at);
    }

    @Test
    void theDecoderFindsTheEncodersCoefficientsAtEveryLaneCount() throws IOException {
        Coded<Pyramid> quantized = quantize();
        try (Models.Lease<TransformModel> lease = Models.transform(Models.TRANSFORM)) {
            IntegerPrior prior = lease.model().prior();
            for (int lanes = 1; lanes <= 32; lanes *= 2) {
                byte[] bytes = prior.coder(0).encode(quantized.allSteps(), lanes);
                Pyramid decoded;
                try (SymbolDecoder decoder = prior.coder(0).decoder(bytes, 0, bytes.length, lanes)) {
                    decoded = prior.decode(number("height"), number("width"), false, true, number("quality"), decoder);
                }
                for (int c = 0; c < 3; c++) {
                    assertArrayEquals(quantized.coefficients().low()[c], decoded.low()[c]);
                }
                for (int level = 0; level < Pyramid.LEVELS; level++) {
                    for (int c = 0; c < decoded.detail()[level].length; c++) {
                        assertArrayEquals(quantized.coefficients().detail()[level][c], decoded.detail()[level][c]);
                    }
                }
            }
        }
    }

    /** The linear congruential generator of export.py. */
    private static final class Generator {
        private int state = 12345;

        Pyramid pyramid(int height, int width) {
            Pyramid pyramid = Pyramid.zero(height, width, Pyramid.LEVELS, 1, true);
            for (float[] plane : pyramid.low()) {
                fill(plane, 9);
            }
            for (int level = 1; level <= Pyramid.LEVELS; level++) {
                for (float[] plane : pyramid.detail()[level - 1]) {
                    fill(plane, level);
                }
            }
            return pyramid;
        }

        private void fill(float[] plane, int level) {
            for (int i = 0; i < plane.length; i++) {
                state = state * 1664525 + 1013904223;
                int a = (state >>> 16 & 0xFF) - 128;
                plane[i] = Integer.signum(a) * (a * a >> 14 - level) / 16f * (1 + level);
            }
        }
    }
}
