// SPDX-License-Identifier: Apache-2.0
package org.semimage.torch.network;

import java.util.Locale;
import java.util.Objects;

/**
 * Where networks run and what they count in.
 *
 * @param device    as libtorch names it: {@code cpu} or {@code cuda}
 * @param precision of weights and activations
 */
public record Placement(String device, Precision precision) {

    /** System property: {@code cpu} (the default) or {@code cuda}. */
    public static final String DEVICE_PROPERTY = "org.semimage.device";

    /** System property: {@code float32} (the default), {@code bfloat16} or {@code float16}. */
    public static final String PRECISION_PROPERTY = "org.semimage.precision";

    /** Floating-point formats of weights and activations. */
    public enum Precision {
        /** Single. */
        FLOAT32,
        /** Half the bits, the range of single. */
        BFLOAT16,
        /** Half, up to 65504. */
        FLOAT16
    }

    /** Single precision on the processor. */
    public static final Placement CPU = new Placement("cpu", Precision.FLOAT32);

    /**
     * Checks the device's name; whether the device is there shows on first use.
     *
     * @throws IllegalArgumentException if the device is none that this version knows
     */
    public Placement {
        Objects.requireNonNull(precision, "precision");
        if (!device.equals("cpu") && !device.equals("cuda")) {
            throw new IllegalArgumentException(DEVICE_PROPERTY + " is '" + device + "', expected 'cpu' or 'cuda'");
        }
    }

    /**
     * What the system properties say.
     *
     * @throws IllegalArgumentException if they say something else than above
     */
    public static Placement configured() {
        String precision = System.getProperty(PRECISION_PROPERTY, "float32");
        for (Precision known : Precision.values()) {
            if (known.name().toLowerCase(Locale.ROOT).equals(precision)) {
                return new Placement(System.getProperty(DEVICE_PROPERTY, "cpu"), known);
            }
        }
        throw new IllegalArgumentException(PRECISION_PROPERTY + " is '" + precision + "', expected 'float32', 'bfloat16' or 'float16'");
    }
}
