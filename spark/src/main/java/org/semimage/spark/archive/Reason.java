// SPDX-License-Identifier: Apache-2.0
package org.semimage.spark.archive;

import java.util.Locale;

/** Why a source is in quarantine. */
public enum Reason {
    /** Its bytes cannot be had. */
    UNREADABLE,
    /** No ImageIO plug-in knows it. */
    UNKNOWN_FORMAT,
    /** It is a SEM file. */
    ALREADY_SEM,
    /** It has more bytes or pixels than allowed. */
    TOO_LARGE,
    /** It holds several pictures, of which a SEM file of one would lose some. */
    SEVERAL_PICTURES,
    /** Its reader fails, or warns that it is cut off or corrupt. */
    DAMAGED,
    /** The writer refuses it. */
    NOT_ENCODED,
    /** What was encoded does not decode to it, or scores too low. */
    NOT_VERIFIED,
    /** It takes more memory than there is. */
    OUT_OF_MEMORY;

    /** The name in tables: lower case, with hyphens. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
