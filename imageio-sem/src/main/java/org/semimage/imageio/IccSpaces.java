// SPDX-License-Identifier: Apache-2.0
package org.semimage.imageio;

import java.awt.color.ColorSpace;
import java.awt.color.ICC_ColorSpace;
import java.awt.color.ICC_Profile;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Colour spaces of ICC profiles that come as bytes; Java's own objects for those that are Java's own. */
final class IccSpaces {

    private static final int HEADER = 128;
    private static final int SIGNATURE = 0x61637370; // acsp

    /** Offset and length of header fields that tell of a profile's maker, not of its meaning: CMM, platform, intent, creator, digest. */
    private static final int[][] ACCIDENTAL = {{ICC_Profile.icHdrCmmId, 4}, {ICC_Profile.icHdrPlatform, 4},
        {ICC_Profile.icHdrRenderingIntent, 4}, {ICC_Profile.icHdrCreator, 4}, {ICC_Profile.icHdrProfileID, 16}};

    private static final int[] JAVAS = {ColorSpace.CS_sRGB, ColorSpace.CS_LINEAR_RGB, ColorSpace.CS_GRAY};

    private IccSpaces() {
    }

    /**
     * The colour space of a profile.
     *
     * @param profile bytes behind the length that its header declares are ignored
     * @throws IllegalArgumentException        if the bytes are no profile, or end early
     * @throws java.awt.color.CMMException     if the colour management system cannot use it
     */
    static ICC_ColorSpace of(byte[] profile) {
        if (profile.length < HEADER || ByteBuffer.wrap(profile).getInt(ICC_Profile.icHdrMagic) != SIGNATURE) {
            throw new IllegalArgumentException(profile.length + " bytes that are no ICC profile");
        }
        int declared = ByteBuffer.wrap(profile).getInt(ICC_Profile.icHdrSize);
        if (declared < HEADER || declared > profile.length) {
            throw new IllegalArgumentException("ICC profile of " + (declared & 0xFFFFFFFFL) + " bytes, of which " + profile.length
                    + " are there");
        }
        ICC_Profile parsed = ICC_Profile.getInstance(Arrays.copyOf(profile, declared));
        for (int javas : JAVAS) {
            if (areSame(parsed, ICC_Profile.getInstance(javas))) {
                return (ICC_ColorSpace) ColorSpace.getInstance(javas);
            }
        }
        return new ICC_ColorSpace(parsed);
    }

    /** Whether a space is the one that Java's own gray images have. */
    static boolean isJavasGray(ICC_ColorSpace space) {
        return areSame(space.getProfile(), ICC_Profile.getInstance(ColorSpace.CS_GRAY));
    }

    private static boolean areSame(ICC_Profile a, ICC_Profile b) {
        return a == b || a.getColorSpaceType() == b.getColorSpaceType() && Arrays.equals(essence(a), essence(b));
    }

    private static byte[] essence(ICC_Profile profile) {
        byte[] bytes = profile.getData();
        for (int[] field : ACCIDENTAL) {
            Arrays.fill(bytes, field[0], field[0] + field[1], (byte) 0);
        }
        return bytes;
    }
}
