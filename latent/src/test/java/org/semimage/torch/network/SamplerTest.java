// SPDX-License-Identifier: Apache-2.0
package org.semimage.torch.network;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import org.junit.jupiter.api.Test;
import org.semimage.compute.diffusion.Denoiser;
import org.semimage.compute.diffusion.NoiseSchedule;
import org.semimage.compute.diffusion.Philox;
import org.semimage.compute.diffusion.Planes;
import org.semimage.compute.diffusion.Sampler;
import org.semimage.compute.diffusion.TextEmbedding;
import org.semimage.compute.tensor.Json;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CancellationException;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** Samplers against {@code training/samplers.py}, with the same stand-in for a denoiser. */
class SamplerTest {

    private static final Sampler.Guide NO_GUIDE = (clean, step, steps) -> clean;
    private static final Sampler.StepListener NO_LISTENER = (step, steps) -> { };

    /** Smooth, and different for every input; a text is a number. */
    private record Toy() implements Denoiser {
        @Override
        public int channels() {
            return 2;
        }

        @Override
        public int multiple() {
            return 1;
        }

        @Override
        public int textFeatures() {
            return 1;
        }

        @Override
        public Planes predict(Planes x, float timestep, TextEmbedding text) {
            float[] out = new float[x.data().length];
            int plane = x.height() * x.width();
            for (int i = 0; i < out.length; i++) {
                float mirrored = x.data()[(x.channels() - 1 - i / plane) * plane + i % plane];
                out[i] = (float) (0.6 * x.data()[i] * Math.cos(timestep / 300) + 0.1 * Math.sin(i + text.data()[0]) + 0.05 * mirrored);
            }
            return new Planes(x.channels(), x.height(), x.width(), out);
        }

        @Override
        public void close() {
        }
    }

    private static JsonObject vectors() throws IOException {
        try (Reader reader = new InputStreamReader(SamplerTest.class.getResourceAsStream("sampler-vectors.json"), StandardCharsets.UTF_8)) {
            return JsonParser.parseReader(reader).getAsJsonObject();
        }
    }

    private static float[] floats(JsonArray array) {
        float[] values = new float[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).getAsFloat();
        }
        return values;
    }

    private static TextEmbedding text(float number) {
        return new TextEmbedding(1, 1, new float[] {number});
    }

    private static Sampler sampler(String kind, String prediction, float scale) {
        boolean linear = kind.equals("linear");
        JsonObject config = new JsonObject();
        config.addProperty("beta_schedule", kind);
        config.addProperty("beta_start", linear ? 0.0001 : 0.00085);
        config.addProperty("beta_end", linear ? 0.02 : 0.012);
        config.addProperty("prediction_type", prediction);
        NoiseSchedule schedule = ScheduleConfig.parse("scheduler_config.json", Json.parse(config.toString()));
        return new Sampler(new Toy(), schedule, new Sampler.Condition(text(1), text(0), scale));
    }

    @Test
    void everyMethodPredictionAndScheduleGivesTheReferencesLatents() throws IOException {
        JsonObject vectors = vectors();
        Planes start = new Planes(2, 3, 4, floats(vectors.getAsJsonArray("noise")));
        for (JsonElement element : vectors.getAsJsonArray("cases")) {
            JsonObject c = element.getAsJsonObject();
            Sampler.Method method = Sampler.Method.valueOf(c.get("method").getAsString().toUpperCase(Locale.ROOT));
            Planes result = sampler(c.get("schedule").getAsString(), c.get("prediction").getAsString(), c.get("scale").getAsFloat())
                    .sample(method, start, c.get("start").getAsDouble(), c.get("steps").getAsInt(), NO_GUIDE, NO_LISTENER);
            float[] expected = floats(c.getAsJsonArray("result"));
            double largest = 0;
            for (float value : expected) {
                largest = Math.max(largest, Math.abs(value));
            }
            assertArrayEquals(expected, result.data(), (float) (1e-4 * largest), c.toString());
        }
    }

    @Test
    void noiseIsTheReferences() throws IOException {
        assertArrayEquals(floats(vectors().getAsJsonArray("noise")), Philox.normal(0x0123456789ABCDEFL, 3, 2, 3, 4).data(), 1e-6f);
    }

    @Test
    void timestepsAndNoiseLevelsAreEachOthersInverse() {
        NoiseSchedule schedule = ScheduleConfig.parse("scheduler_config.json", Json.parse("{}"));
        for (double t : new double[] {0, 0.25, 17, 500.75, 998.5, 999}) {
            assertEquals(t, schedule.timestep(schedule.logNoise(t)), 1e-6);
        }
        assertEquals(0, schedule.timestep(-100));
        assertEquals(999, schedule.timestep(100));
    }

    @Test
    void stepsAreToldAndStopWhenTheListenerThrows() {
        Sampler sampler = sampler("linear", "epsilon", 1);
        Planes noise = Philox.normal(1, 0, 2, 3, 4);
        List<Integer> told = new ArrayList<>();
        sampler.sample(Sampler.Method.DDIM, noise, 900, 5, NO_GUIDE, (step, steps) -> told.add(step));
        assertEquals(List.of(0, 1, 2, 3, 4), told);
        assertThrows(CancellationException.class, () -> sampler.sample(Sampler.Method.DDIM, noise, 900, 5, NO_GUIDE, (step, steps) -> {
            if (step == 2) {
                throw new CancellationException();
            }
        }));
    }

    @Test
    void theGuideHasTheLastWord() {
        Planes given = Planes.of(2, 3, 4);
        Planes result = sampler("linear", "epsilon", 1).sample(Sampler.Method.DPM_SOLVER, Philox.normal(1, 0, 2, 3, 4), 900, 3,
                (clean, step, steps) -> given, NO_LISTENER);
        assertArrayEquals(given.data(), result.data());
    }

    @Test
    void stepsAndTimestepsOutOfRangeAreRefused() {
        Sampler sampler = sampler("linear", "epsilon", 1);
        Planes noise = Philox.normal(1, 0, 2, 3, 4);
        assertThrows(IllegalArgumentException.class, () -> sampler.sample(Sampler.Method.DDIM, noise, 999.5, 1, NO_GUIDE, NO_LISTENER));
        assertThrows(IllegalArgumentException.class,
                () -> sampler.sample(Sampler.Method.DDIM, noise, Double.NaN, 1, NO_GUIDE, NO_LISTENER));
        assertThrows(IllegalArgumentException.class, () -> sampler.sample(Sampler.Method.DDIM, noise, 10, 0, NO_GUIDE, NO_LISTENER));
    }
}
