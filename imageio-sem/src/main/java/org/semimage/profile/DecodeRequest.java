// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile;

import org.semimage.generate.SynthesisPolicy;

import java.awt.Rectangle;

/**
 * What of a picture to decode.
 *
 * @param region in samples of the whole picture at full size
 * @param scale  1, 2, 4 or 8: the picture is decoded at one over this size; sides are rounded up
 * @param generative what may be invented; of no meaning to profiles that invent nothing
 * @param fidelity 0..1: how much of the detail that a very small file does not hold is added, if {@code generative} allows it
 * @param lastPass the last progressive pass to decode, from 0; later ones are left out. {@link #ALL_PASSES} or any number beyond the last
 *                 for the picture as good as it is
 */
public record DecodeRequest(Rectangle region, int scale, SynthesisPolicy generative, float fidelity, int lastPass) {

    /** The picture as good as it is. */
    public static final int ALL_PASSES = Integer.MAX_VALUE;

    /**
     * Checks the numbers, and copies the region.
     *
     * @throws IllegalArgumentException if the scale is none of the above, the region is empty the fidelity beyond 0..1 or the pass negative
     */
    public DecodeRequest {
        if (scale != 1 && scale != 2 && scale != 4 && scale != 8 || region.isEmpty() || lastPass < 0 || !(fidelity >= 0 && fidelity <= 1)) {
            throw new IllegalArgumentException(region + " at 1/" + scale + ", up to pass " + lastPass);
        }
        region = new Rectangle(region);
    }

    /** A region in profiles that invent nothing. */
    public DecodeRequest(Rectangle region, int scale) {
        this(region, scale, SynthesisPolicy.PLAIN, 0, ALL_PASSES);
    }

    /** Whether detail is added to what a file says. */
    public boolean renders() {
        return generative == SynthesisPolicy.ALLOW && fidelity > 0;
    }

    /** All of a picture at full size. */
    public static DecodeRequest whole(int width, int height) {
        return new DecodeRequest(new Rectangle(width, height), 1);
    }

    /** The region in samples of the scaled picture: all that the region's samples touch. */
    public Rectangle scaledRegion() {
        int left = region.x / scale;
        int top = region.y / scale;
        return new Rectangle(left, top, (region.x + region.width - 1) / scale - left + 1, (region.y + region.height - 1) / scale - top + 1);
    }
}
