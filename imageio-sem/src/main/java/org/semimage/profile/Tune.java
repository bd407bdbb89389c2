// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What an encoder of the transform profile spends its bits on. */
public enum Tune {

    /** The least squared error. */
    PSNR,

    /** What the eye sees, by the errors that SSIMULACRA 2 and Butteraugli count. */
    PERCEPTUAL;

    /** The name in parameters and on the command line. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The tune of a name; empty if there is none. */
    public static Optional<Tune> ofLabel(String label) {
        return Arrays.stream(values()).filter(tune -> tune.label().equals(label)).findFirst();
    }
}
