// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.lossless;

import org.semimage.picture.PixelPlanes;

/**
 * A plane of a lossless picture in the order of coding, G, R, B, alpha or gray, alpha, and what it is predicted from.
 *
 * @param samples    row-major; the picture's own array
 * @param references places of planes before it in the order of coding
 */
record CodedPlane(short[] samples, int... references) {

    /** The planes of a picture. */
    static CodedPlane[] of(PixelPlanes picture) {
        short[][] s = picture.samples();
        return switch (s.length) {
            case 1 -> new CodedPlane[] {new CodedPlane(s[0])};
            case 2 -> new CodedPlane[] {new CodedPlane(s[0]), new CodedPlane(s[1])};
            case 3 -> new CodedPlane[] {new CodedPlane(s[1]), new CodedPlane(s[0], 0), new CodedPlane(s[2], 0, 1)};
            default -> new CodedPlane[] {new CodedPlane(s[1]), new CodedPlane(s[0], 0), new CodedPlane(s[2], 0, 1), new CodedPlane(s[3])};
        };
    }
}
