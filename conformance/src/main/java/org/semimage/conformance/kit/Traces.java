// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.kit;

import com.google.gson.GsonBuilder;
import org.semimage.compute.entropy.Decisions;
import org.semimage.container.Chunk;
import org.semimage.container.SemFile;
import org.semimage.container.SemParser;
import org.semimage.model.Models;
import org.semimage.picture.PixelPlanes;
import org.semimage.profile.lossless.SingleStrip;
import org.semimage.profile.semantic.DescriptorCodec;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * What a decoder finds on its way through a vector: the first numbers in full and sums of all, so that another decoder can be told where it
 * leaves the way (docs/CONFORMANCE.md, "Traces").
 */
final class Traces {

    /** Vectors with a trace: of each profile and way of coding one that is small. */
    static final List<String> ALL = List.of("caption-capitals", "descriptor-30", "transform-psnr-gray", "transform-psnr-rgb",
            "lossless-banded-rgb", "lossless-repeated-rgb", "lossless-blended-rgb", "latents-own", "latents-palette-groups");
    static final String SUFFIX = ".trace.json";

    /** Numbers of a list that are given in full, and how far those are apart that are given further on. */
    private static final int FIRST = 64;
    private static final int EVERY = 256;

    private static final int SHOWN_UNITS = 16;
    private static final int BANDED = 0;
    private static final int STRIP_AT = 2;
    private static final int BODY_AT = 7;

    private Traces() {
    }

    /** A list of numbers that are too many to give them all: the first ones, every 256th behind them, and their sums by position. */
    static final class Excerpt {

        private int count;
        private final List<int[]> first = new ArrayList<>();
        private final Map<Integer, int[]> later = new LinkedHashMap<>();
        private long[] sums = {};

        void add(int... numbers) {
            if (count < FIRST) {
                first.add(numbers);
            } else if (count % EVERY == 0) {
                later.put(count, numbers);
            }
            sums = Arrays.copyOf(sums, numbers.length);
            for (int i = 0; i < numbers.length; i++) {
                sums[i] += numbers[i];
            }
            count++;
        }

        /** A tap that excerpts decisions: chance of outcome 1, and outcome. */
        UnaryOperator<Decisions> ofDecisions() {
            return decisions -> (chance, outcome) -> {
                int decided = decisions.decide(chance, outcome);
                add(chance, decided);
                return decided;
            };
        }
    }

    /**
     * The trace of a vector, as JSON.
     *
     * @param sem a file that decodes, in one of the ways that {@link #ALL} has
     */
    static String of(byte[] sem) throws IOException {
        SemFile file = SemParser.parse(sem);
        Map<String, Object> trace = switch (file.header().profile()) {
            case CAPTION -> caption(file);
            case DESCRIPTOR -> descriptor(file);
            case GENERATIVE -> latents(file);
            case TRANSFORM -> TransformTrace.of(file);
            case LOSSLESS -> lossless(file);
        };
        String json = new GsonBuilder().disableHtmlEscaping().create().toJson(trace);
        return json.replace(",\"", ",\n\"").replace("},{", "},\n{") + "\n";
    }

    private static Map<String, Object> caption(SemFile file) throws IOException {
        List<Map<String, Object>> tokens = new ArrayList<>();
        Models.textCodec().decode(file.chunk(Chunk.CAPTION).orElseThrow().payload(), (token, state, frequencies) -> {
            Map<String, Object> shown = new LinkedHashMap<>();
            shown.put("token", token);
            shown.put("state", Arrays.copyOf(state, SHOWN_UNITS));
            shown.put("stateSum", Arrays.stream(state).sum());
            shown.put("frequencies", Arrays.copyOf(frequencies, SHOWN_UNITS));
            shown.put("frequencySum", Arrays.stream(frequencies).sum());
            tokens.add(shown);
        });
        return Map.of("tokens", tokens);
    }

    private static Map<String, Object> descriptor(SemFile file) {
        Excerpt numbers = new Excerpt();
        byte[] payload = file.chunk(Chunk.DESCRIPTORS).orElseThrow().payload();
        DescriptorCodec.decode(payload, Math.max(1, payload[0] & 0xFF), file.header().width(), file.header().height(), numbers::add);
        return Map.of("magnitudes", numbers);
    }

    private static Map<String, Object> latents(SemFile file) throws IOException {
        Excerpt decisions = new Excerpt();
        Excerpt values = new Excerpt();
        for (int value : Latents.of(file.header().model()).values(file, decisions.ofDecisions())) {
            values.add(value);
        }
        return ordered("decisions", decisions, "values", values);
    }

    private static Map<String, Object> lossless(SemFile file) throws IOException {
        byte[] payload = file.chunk(Chunk.LOSSLESS).orElseThrow().payload();
        int kind = payload[STRIP_AT];
        byte[] body = Arrays.copyOfRange(payload, BODY_AT, payload.length);
        Excerpt told = new Excerpt();
        if (kind == BANDED) {
            for (int[] symbol : SingleStrip.symbols(body, LibraryDecoder.samples(file, new ArrayList<>()))) {
                told.add(symbol);
            }
            return Map.of("symbols", told);
        }
        PixelPlanes samples = PixelPlanes.blank(file.header().width(), file.header().height(), file.header().format());
        SingleStrip.decode(kind, body, samples, told.ofDecisions());
        return Map.of("decisions", told);
    }

    static Map<String, Object> ordered(Object... namesAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return map;
    }
}
