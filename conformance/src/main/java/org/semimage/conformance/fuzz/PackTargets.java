// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.fuzz;

import org.semimage.compute.tensor.Json;
import org.semimage.compute.tensor.NamedTensors;
import org.semimage.compute.tensor.Safetensors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The files of packs, as far as they take no network; {@link PackFuzzer} loads those that do. */
final class PackTargets {

    private static final String TEXT = "{\"a\":{\"dtype\":\"F16\",\"shape\":[1,2],\"data_offsets\":[0,4]},"
            + "\"__metadata__\":{\"b\":\"\\u00e9\\n\"}}";

    private PackTargets() {
    }

    /** The text of a value is that value's, and tensors lie within their file. */
    static void tensors(FuzzInput in) {
        boolean json = in.flag();
        byte[] bytes = in.rest();
        try {
            if (json) {
                Json value = Json.parse(new String(bytes, StandardCharsets.UTF_8));
                ask(value);
                Found.unless(Json.parse(value.toString()).kind() == value.kind(), "a value that is another one alone");
            } else {
                file(Safetensors.parse("fuzzed", ByteBuffer.wrap(bytes)), bytes.length);
            }
        } catch (IllegalArgumentException | IOException refused) {
            FuzzTarget.checkRefusal(refused);
        }
    }

    private static void file(NamedTensors tensors, int length) {
        long sum = 0;
        for (String name : tensors.names()) {
            sum += tensors.get(name).data().remaining();
        }
        Found.unless(sum <= length, "tensors of more bytes than the file has");
        tensors.parameters();
        tensors.types();
    }

    private static void ask(Json value) {
        switch (value.kind()) {
            case STRING -> Found.unless(Json.parse(Json.quoted(value.string())).string().equals(value.string()),
                    "a string does not come back");
            case NUMBER -> value.number();
            case OBJECT -> value.members().values().forEach(PackTargets::ask);
            case ARRAY -> value.elements().forEach(PackTargets::ask);
            case FLAG -> value.flag();
            case NULL -> {
            }
        }
    }

    static List<byte[]> seeds() {
        byte[] header = TEXT.getBytes(StandardCharsets.UTF_8);
        byte[] file = ByteBuffer.allocate(8 + header.length + 4).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).put(header).array();
        return List.of(Seeds.behind(file, 0), Seeds.behind(header, 1));
    }
}
