// SPDX-License-Identifier: Apache-2.0
package org.semimage.torch.network;

import org.semimage.compute.tensor.Json;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * A network's {@code config.json}, read with limits: every size that it names is bounded before anything is made of it.
 *
 * <p>Keys that are absent or null have the published default. All errors are IllegalArgumentExceptions that name file and key.
 */
final class NetworkConfig {

    /** No published network has a wider layer or a longer table. */
    static final int MAX_SIZE = 1 << 20;
    static final int MAX_CHANNELS = 1 << 14;
    static final int MAX_BLOCKS = 8;
    static final int MAX_LAYERS = 64;

    private final String source;
    private final Json json;

    NetworkConfig(String source, Json json) {
        this.source = source;
        this.json = json;
    }

    IllegalArgumentException wrong(String key, String why) {
        return new IllegalArgumentException(source + ": " + key + " " + why);
    }

    boolean has(String key) {
        return json.find(key).filter(value -> value.kind() != Json.Kind.NULL).isPresent();
    }

    int integer(String key, int fallback, int min, int max) {
        return has(key) ? integer(key, json.get(key), min, max) : fallback;
    }

    private int integer(String key, Json element, int min, int max) {
        double value = number(key, element);
        if (value != Math.rint(value) || value < min || value > max) {
            throw wrong(key, "is " + brief(element) + ", expected a whole number from " + min + " to " + max);
        }
        return (int) value;
    }

    double number(String key, double fallback, double min, double max) {
        if (!has(key)) {
            return fallback;
        }
        double value = number(key, json.get(key));
        if (!(value >= min && value <= max)) {
            throw wrong(key, "is " + brief(json.get(key)) + ", expected " + min + " to " + max);
        }
        return value;
    }

    private double number(String key, Json element) {
        if (element.kind() == Json.Kind.NUMBER) {
            return element.number();
        }
        throw wrong(key, "is " + brief(element) + ", expected a number");
    }

    /** One number for each of {@code count} blocks; a single number stands for all. */
    int[] perBlock(String key, int fallback, int count, int min, int max) {
        int[] values = new int[count];
        if (has(key) && json.get(key).kind() == Json.Kind.ARRAY) {
            List<Json> array = json.get(key).elements();
            if (array.size() != count) {
                throw wrong(key, "has " + array.size() + " entries, expected " + count);
            }
            for (int i = 0; i < count; i++) {
                values[i] = integer(key, array.get(i), min, max);
            }
        } else {
            Arrays.fill(values, integer(key, fallback, min, max));
        }
        return values;
    }

    /** A list of one to {@link #MAX_BLOCKS} channel counts. */
    int[] channels(String key, int... fallback) {
        if (!has(key)) {
            return fallback;
        }
        List<Json> array = list(key);
        int[] values = new int[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = integer(key, array.get(i), 1, MAX_CHANNELS);
        }
        return values;
    }

    /** A list of names, one for each of {@code count} blocks. */
    String[] names(String key, int count, Set<String> known, String... fallback) {
        String[] values = fallback;
        if (has(key)) {
            List<Json> array = list(key);
            values = new String[array.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = text(key, array.get(i));
            }
        }
        if (values.length != count) {
            throw wrong(key, "has " + values.length + " entries, expected " + count);
        }
        for (String value : values) {
            if (!known.contains(value)) {
                throw wrong(key, "names '" + value + "', of which this version knows " + String.join(", ", known));
            }
        }
        return values;
    }

    private List<Json> list(String key) {
        List<Json> array = json.get(key).kind() == Json.Kind.ARRAY ? json.get(key).elements() : List.of();
        if (!array.isEmpty() && array.size() <= MAX_BLOCKS) {
            return array;
        }
        throw wrong(key, "is " + brief(json.get(key)) + ", expected a list of one to " + MAX_BLOCKS);
    }

    boolean flag(String key, boolean fallback) {
        if (!has(key)) {
            return fallback;
        }
        if (json.get(key).kind() == Json.Kind.FLAG) {
            return json.get(key).flag();
        }
        throw wrong(key, "is " + brief(json.get(key)) + ", expected true or false");
    }

    String text(String key, String fallback) {
        return has(key) ? text(key, json.get(key)) : fallback;
    }

    private String text(String key, Json element) {
        if (element.kind() == Json.Kind.STRING) {
            return element.string();
        }
        throw wrong(key, "is " + brief(element) + ", expected a string");
    }

    /**
     * Refuses anything but the default for keys that would make another network.
     *
     * @param fallback a string, a double or a boolean; null for keys that must be absent or null
     */
    void only(Object fallback, String... keys) {
        for (String key : keys) {
            if (has(key) && !is(json.get(key), fallback)) {
                throw wrong(key, "is " + brief(json.get(key)) + ", which this version does not support");
            }
        }
    }

    private static boolean is(Json json, Object value) {
        return switch (json.kind()) {
            case STRING -> json.string().equals(value);
            case NUMBER -> Double.valueOf(json.number()).equals(value);
            case FLAG -> Boolean.valueOf(json.flag()).equals(value);
            default -> false;
        };
    }

    private static String brief(Json element) {
        String text = String.valueOf(element);
        return text.length() > 40 ? text.substring(0, 40) + "..." : text;
    }
}
