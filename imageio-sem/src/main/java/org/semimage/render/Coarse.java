// SPDX-License-Identifier: Apache-2.0
package org.semimage.render;

import org.semimage.container.ModelRef;
import org.semimage.container.SemHeader;

/**
 * What the renderer is told of the picture that it adds to.
 *
 * @param qualityIndex of a file of the transform profile, or one of those that stand for something else
 */
public record Coarse(int qualityIndex) {

    /** The highest quality index of the transform profile at which anything is added. */
    public static final int MOST_INDEX = 56;

    /** From this quality index on ever less is added. */
    private static final int FADES_FROM = 40;

    /** A rendered picture at twice its size, which has no detail of its own. */
    public static final Coarse DOUBLED = new Coarse(0);

    /** An eighth of the size is known, and perhaps the energies of what is finer, as grain. */
    static final Coarse THUMBNAIL = new Coarse(128);

    /** A small picture of which descriptors say the layout. */
    static final Coarse LAYOUT = new Coarse(192);

    /**
     * Whether anything is added to a picture of the transform profile: those that are tuned for the eye and say little.
     *
     * @param shrink log2 of the picture's samples along a side to one that is coded
     */
    public static boolean isRendered(SemHeader header, int qualityIndex, int shrink) {
        return header.model().equals(ModelRef.PERCEPTUAL) && (qualityIndex < MOST_INDEX || shrink > 0);
    }

    /** How much of what the network says is added: 1, and less near the highest index, so that no step is seen. */
    float share() {
        return qualityIndex > MOST_INDEX ? 1 : Math.max(0, Math.min(1, (MOST_INDEX - qualityIndex) / (float) (MOST_INDEX - FADES_FROM)));
    }
}
