// SPDX-License-Identifier: Apache-2.0
package org.semimage.generate;

import java.lang.System.Logger.Level;
import java.util.Locale;

/** What a reader may do with a file that holds a picture's meaning in place of its pixels, or asks for diffusion. */
public enum SynthesisPolicy {

    /** A {@link Generator} makes the picture if one is installed, else the plain rendition is returned; diffusion happens. */
    ALLOW,

    /** The plain rendition is returned, whatever is installed; latents are decoded without diffusion. */
    PLAIN,

    /** Such files are refused. */
    DENY;

    /** System property with the value that readers use unless their parameter says otherwise: allow, plain or deny. */
    public static final String PROPERTY = "org.semimage.generative";

    /**
     * What the system property says now; {@link #ALLOW} if it is not set. A property of another value is logged and taken as
     * {@link #DENY}.
     */
    public static SynthesisPolicy current() {
        String text = System.getProperty(PROPERTY, "allow");
        for (SynthesisPolicy value : values()) {
            if (value.name().equals(text.strip().toUpperCase(Locale.ROOT))) {
                return value;
            }
        }
        System.getLogger(SynthesisPolicy.class.getName()).log(
                Level.WARNING, "property {0} is ''{1}'', not allow, plain or deny; using deny", PROPERTY, text);
        return DENY;
    }
}
