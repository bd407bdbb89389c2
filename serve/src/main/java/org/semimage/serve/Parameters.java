// SPDX-License-Identifier: Apache-2.0
package org.semimage.serve;

import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Fields;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The parameters of a request, each there once at most. */
record Parameters(Fields fields) {

    /** Numbers as clients may write them: what is no number, or one that a double does not tell apart, is refused. */
    private static final String FRACTION = "0|1|0?\\.[0-9]{1,6}|1\\.0{1,6}";

    /**
     * Takes them apart.
     *
     * @param names those that there are
     * @throws Refusal 400 for parameters that are unknown or doubled
     */
    static Parameters of(Request request, List<String> names) throws Refusal {
        Fields fields = Request.extractQueryParameters(request);
        for (Fields.Field field : fields) {
            if (!names.contains(field.getName())) {
                throw new Refusal(400, names.isEmpty() ? "there are no parameters" : "parameters are " + String.join(", ", names));
            }
            if (field.getValues().size() != 1) {
                throw new Refusal(400, field.getName() + " is there more than once");
            }
        }
        return new Parameters(fields);
    }

    /**
     * A whole number.
     *
     * @throws Refusal 400 if it is not in 1 to {@code max}
     */
    OptionalLong number(String name, long max) throws Refusal {
        String text = fields.getValue(name);
        if (text == null) {
            return OptionalLong.empty();
        }
        if (!text.matches("[0-9]{1,18}") || Long.parseLong(text) < 1 || Long.parseLong(text) > max) {
            throw new Refusal(400, name + " is a whole number, 1 to " + max);
        }
        return OptionalLong.of(Long.parseLong(text));
    }

    /**
     * A number from 0 to 1.
     *
     * @throws Refusal 400 if it is another, or none
     */
    Optional<Float> fraction(String name) throws Refusal {
        String text = fields.getValue(name);
        if (text == null) {
            return Optional.empty();
        }
        if (!text.matches(FRACTION)) {
            throw new Refusal(400, name + " is a number, 0 to 1, with six decimals at most");
        }
        return Optional.of(Float.parseFloat(text));
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(fields.getValue(name));
    }
}
