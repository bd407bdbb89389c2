// SPDX-License-Identifier: Apache-2.0
package org.semimage.imageio;

import org.semimage.generate.SynthesisPolicy;

import javax.imageio.ImageReadParam;
import java.lang.System.Logger.Level;
import java.util.Objects;

/** How to read a picture. To what every ImageIO reader knows it adds what may be invented, how much of it, and how pixels are left out. */
public final class SemImageReadParam extends ImageReadParam {

    /** System property with the fidelity 0..1 that readers use unless their parameter says otherwise. */
    public static final String FIDELITY_PROPERTY = "org.semimage.fidelity";

    private SynthesisPolicy generative = SynthesisPolicy.current();
    private float fidelity = currentFidelity();
    private Subsampling subsampling = Subsampling.current();

    /**
     * What to do with files that hold no pixels, or ask for diffusion; the system property {@code org.semimage.generative} sets the
     * default.
     */
    public SynthesisPolicy getGenerative() {
        return generative;
    }

    /** Sets what to do with files that hold no pixels, or ask for diffusion. */
    public void setGenerative(SynthesisPolicy generative) {
        this.generative = Objects.requireNonNull(generative, "generative");
    }

    /**
     * How much of the detail that a very small file does not hold is added: from 0, the plain picture, to 1, all that the renderer knows.
     * Of no meaning unless {@link #getGenerative()} allows synthesis, nor for files that say enough.
     */
    public float getFidelity() {
        return fidelity;
    }

    /**
     * Sets how much detail is added.
     *
     * @throws IllegalArgumentException if it is not in 0..1
     */
    public void setFidelity(float fidelity) {
        if (!(fidelity >= 0 && fidelity <= 1)) {
            throw new IllegalArgumentException("fidelity " + fidelity + ", not 0..1");
        }
        this.fidelity = fidelity;
    }

    /** What the system property says now; 1 if it is not set. A property that is no number in 0..1 is logged and taken as 0. */
    static float currentFidelity() {
        String text = System.getProperty(FIDELITY_PROPERTY, "1");
        try {
            float value = Float.parseFloat(text);
            if (value >= 0 && value <= 1) {
                return value;
            }
        } catch (NumberFormatException e) {
            System.getLogger(SemImageReadParam.class.getName()).log(Level.DEBUG, "cannot parse the property " + FIDELITY_PROPERTY, e);
        }
        System.getLogger(SemImageReadParam.class.getName()).log(Level.WARNING,
                "property {0} is ''{1}'', not 0..1; using 0", FIDELITY_PROPERTY, text);
        return 0;
    }

    /** How pixels are left out; the system property {@code org.semimage.subsampling} sets the default. */
    public Subsampling getSubsampling() {
        return subsampling;
    }

    /** Sets how pixels are left out. */
    public void setSubsampling(Subsampling subsampling) {
        this.subsampling = Objects.requireNonNull(subsampling, "subsampling");
    }
}
