// SPDX-License-Identifier: Apache-2.0
package org.semimage.imageio;

import org.semimage.generate.SynthesisPolicy;

import javax.imageio.ImageReadParam;
import java.util.Objects;

/** How to read a picture. To what every ImageIO reader knows it adds a synthesis policy, and how pixels are left out. */
public final class SemImageReadParam extends ImageReadParam {

    private SynthesisPolicy generative = SynthesisPolicy.current();
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

    /** How pixels are left out; the system property {@code org.semimage.subsampling} sets the default. */
    public Subsampling getSubsampling() {
        return subsampling;
    }

    /** Sets how pixels are left out. */
    public void setSubsampling(Subsampling subsampling) {
        this.subsampling = Objects.requireNonNull(subsampling, "subsampling");
    }
}
