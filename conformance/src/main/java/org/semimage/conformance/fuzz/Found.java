// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.fuzz;

/** What a fuzzer looks for: an input with which something is not as promised. */
final class Found extends RuntimeException {

    private static final long serialVersionUID = 1;

    Found(String what) {
        super(what);
    }

    Found(String what, Throwable cause) {
        super(what, cause);
    }

    /** Throws if a condition does not hold. */
    static void unless(boolean condition, String what) {
        if (!condition) {
            throw new Found(what);
        }
    }
}
