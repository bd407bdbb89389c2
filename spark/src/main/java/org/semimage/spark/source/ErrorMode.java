// SPDX-License-Identifier: Apache-2.0
package org.semimage.spark.source;

import java.util.Arrays;
import java.util.Locale;

/** What becomes of damaged files, by the names of Spark's own sources. */
enum ErrorMode {
    /** A row whose columns are null where they cannot be had; {@code error} says why. */
    PERMISSIVE,
    /** No row. */
    DROPMALFORMED,
    /** The query fails. */
    FAILFAST;

    /**
     * The mode of a name in any case.
     *
     * @throws IllegalArgumentException if there is none
     */
    static ErrorMode of(String name) {
        return Arrays.stream(values()).filter(mode -> mode.name().equals(name.toUpperCase(Locale.ROOT))).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("mode '" + name + "' is none of " + Arrays.toString(values())));
    }
}
