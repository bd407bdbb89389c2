// SPDX-License-Identifier: Apache-2.0
package org.semimage.generate;

import org.semimage.container.ProfileId;

/**
 * Where a decoded picture's pixels come from, in the terms of the IPTC NewsCodes "Digital Source Type" (IPTC, 2022).
 */
public enum SourceType {

    /** By rule alone, from no picture: the plain rendition of a caption. */
    ALGORITHMIC("algorithmicMedia"),

    /** Part measured from the picture (layout, colours), part synthesized (everything finer): the plain rendition of descriptors. */
    COMPOSITE("compositeSynthetic"),

    /** By a trained model, from a caption. */
    TRAINED("trainedAlgorithmicMedia"),

    /** By a trained model, from descriptors of the picture, or from its latents by diffusion. */
    COMPOSITE_TRAINED("compositeWithTrainedAlgorithmicMedia");

    private static final String VOCABULARY = "http://cv.iptc.org/newscodes/digitalsourcetype/";

    private final String code;

    SourceType(String code) {
        this.code = code;
    }

    /** The type's address in the IPTC's vocabulary. */
    public String uri() {
        return VOCABULARY + code;
    }

    /**
     * Of the caption or the descriptor profile.
     *
     * @param trained whether a generator makes the pixels
     */
    public static SourceType of(ProfileId profile, boolean trained) {
        if (profile == ProfileId.CAPTION) {
            return trained ? TRAINED : ALGORITHMIC;
        }
        return trained ? COMPOSITE_TRAINED : COMPOSITE;
    }
}
